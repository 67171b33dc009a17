//! Which page is where, and what it does.

use std::borrow::Cow;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::{Form, Query};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use bizkithub::{
    AccountInfo, GetAccountInfoRequest, LoginRequest, LogoutRequest, Password,
    RegisterAccountRequest, RegisterAccountVerifyRequest, ResetPasswordRequest,
    SetNewPasswordRequest, Token,
};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use crate::pages::Visit;
use crate::return_path::{Back, ReturnPath};
use crate::session::Kept;
use crate::shop::Shop;
use crate::words::{self, Came, Endpoint, Row, Shown};
use crate::{mailbox, security};

/// How long the link in the mail for a new password works.
const NEW_PASSWORD_WITHIN: &str = "1h";

pub fn routes(shop: Shop) -> Result<Router> {
    let mut routes = Router::new()
        .route("/", get(front))
        .route("/style.css", get(style))
        .route("/register", get(register_form).post(register))
        .route("/verify", get(verify_form).post(verify))
        .route("/sign-in", get(sign_in_form).post(sign_in))
        .route("/signed-in", get(signed_in))
        .route("/account", get(account))
        .route("/sign-out", post(sign_out))
        .route("/forgot-password", get(forgot_password_form).post(forgot_password))
        .route("/new-password", get(new_password_form).post(new_password))
        .fallback(not_found);
    for (path, words) in words::pages() {
        let page = move |visit: Visit, Query(back): Query<Back>| async move {
            visit.told(StatusCode::OK, words, &back.to)
        };
        routes = routes.route(path, get(page));
    }
    if shop.sandbox.is_some() {
        routes = routes.route("/mailbox", get(mailbox::mailbox));
    }
    let shop = Arc::new(shop);
    Ok(security::secured(routes, &shop)?.with_state(shop))
}

async fn front(visit: Visit) -> Response {
    visit.page("front.html", context! {})
}

async fn style() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    let cached = (header::CACHE_CONTROL, "max-age=3600");
    ([kind, cached], include_str!("../templates/style.css"))
}

async fn not_found(visit: Visit) -> Response {
    visit.told(StatusCode::NOT_FOUND, &words::NOT_FOUND, &ReturnPath::default())
}

/// What a shopper types. A page that shows the form again shows it too, the password excepted.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Typed {
    email: String,
    #[serde(skip_serializing)]
    password: Option<Password>,
    name: String,
    phone: String,
    #[serde(rename = "return")]
    back: ReturnPath,
}

impl Typed {
    fn email(&self) -> Option<&str> {
        typed(&self.email)
    }

    fn password(&self) -> Option<Password> {
        self.password.clone().filter(|password| !password.expose().is_empty())
    }
}

/// An empty field of a form is a field that was left out.
fn typed(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn form_to_fill_in(visit: &Visit, template: &str, back: ReturnPath) -> Response {
    visit.page(template, context! { form => Serde(Typed { back, ..Typed::default() }) })
}

async fn register_form(visit: Visit, Query(back): Query<Back>) -> Response {
    form_to_fill_in(&visit, "register.html", back.to)
}

async fn register(visit: Visit, Form(form): Form<Typed>) -> Response {
    let came = match (form.email(), form.password()) {
        (Some(email), Some(password)) => {
            let request = RegisterAccountRequest::builder()
                .email(email)
                .password(password)
                .maybe_name(typed(&form.name))
                .maybe_phone(typed(&form.phone))
                .maybe_return_url(form.back.path())
                .customer_real_ip(visit.address)
                .build();
            let call = visit.shop.bizkithub.register_account(&request);
            visit.shop.call(Endpoint::RegisterAccount, call).await.err().unwrap_or(Came::Done)
        }
        _ => Came::Incomplete,
    };
    let row = words::of(Endpoint::RegisterAccount, came);
    visit.answer(row, &ReturnPath::default(), "register.html", context! { form => Serde(form) })
}

/// The query of a mail's link.
#[derive(Deserialize)]
struct Link {
    token: Option<Token>,
}

/// Takes the token out of the address at once, then shows the page.
fn from_mail(visit: Visit, link: Link, kept: Kept, path: &str, template: &str) -> Response {
    match link.token {
        Some(token) => {
            (visit.session.keep(kept, token.expose()), Redirect::to(path)).into_response()
        }
        None if visit.session.get(kept).is_some() => visit.page(template, context! {}),
        None => no_link(&visit),
    }
}

fn no_link(visit: &Visit) -> Response {
    visit.told(StatusCode::BAD_REQUEST, &words::NO_LINK, &ReturnPath::default())
}

/// Keeps the token only while the form may be sent again.
fn used(visit: Visit, kept: Kept, row: &Row, answer: Response) -> Response {
    match row.shown {
        Shown::WithForm(_) => answer,
        Shown::At(_) | Shown::Alone(_) => (visit.session.forget(kept), answer).into_response(),
    }
}

/// It has a button, since mail scanners follow links and a token works once.
async fn verify_form(visit: Visit, Query(link): Query<Link>) -> Response {
    from_mail(visit, link, Kept::VerificationToken, "/verify", "verify.html")
}

async fn verify(visit: Visit) -> Response {
    let Some(token) = visit.session.get(Kept::VerificationToken) else { return no_link(&visit) };
    let request = RegisterAccountVerifyRequest::builder().token(token).build();
    let call = visit.shop.bizkithub.register_account_verify(&request);
    let (came, back) = match visit.shop.call(Endpoint::RegisterAccountVerify, call).await {
        Ok(account) => (Came::Done, ReturnPath::new(account.return_url().unwrap_or_default())),
        Err(came) => (came, ReturnPath::default()),
    };
    let row = words::of(Endpoint::RegisterAccountVerify, came);
    let answer = visit.answer(row, &back, "verify.html", context! {});
    used(visit, Kept::VerificationToken, row, answer)
}

async fn sign_in_form(visit: Visit, Query(back): Query<Back>) -> Response {
    form_to_fill_in(&visit, "sign-in.html", back.to)
}

async fn sign_in(visit: Visit, Form(form): Form<Typed>) -> Response {
    let came = match (form.email(), form.password()) {
        (Some(email), Some(password)) => {
            let request = LoginRequest::builder()
                .email(email)
                .password(password)
                .customer_real_ip(visit.address)
                .build();
            match visit.shop.call(Endpoint::Login, visit.shop.bizkithub.login(&request)).await {
                Ok(login) => {
                    let session = visit.session.keep(Kept::Identity, login.identity_id().expose());
                    return (session, Redirect::to(&form.back.onto("/signed-in"))).into_response();
                }
                Err(came) => came,
            }
        }
        _ => Came::Incomplete,
    };
    let row = words::of(Endpoint::Login, came);
    visit.answer(row, &ReturnPath::default(), "sign-in.html", context! { form => Serde(form) })
}

/// Where it shows whether the browser has kept the cookie.
async fn signed_in(visit: Visit, Query(back): Query<Back>) -> Response {
    match visit.session.get(Kept::Identity) {
        Some(_) => Redirect::to(back.to.path().unwrap_or("/account")).into_response(),
        None => visit.told(StatusCode::BAD_REQUEST, &words::NO_COOKIES, &back.to),
    }
}

async fn account(visit: Visit) -> Response {
    let Some(identity) = visit.session.get(Kept::Identity) else {
        return Redirect::to("/sign-in").into_response();
    };
    let request = GetAccountInfoRequest::builder()
        .identity_id(identity)
        .customer_real_ip(visit.address)
        .build();
    let call = visit.shop.bizkithub.get_account_info(&request);
    let came = match visit.shop.call(Endpoint::GetAccountInfo, call).await {
        Ok(info) if info.is_logged_in() => {
            return visit.page("account.html", context! { account => shown(&info) });
        }
        Ok(_) => Came::NoSuchRecord,
        Err(came) => came,
    };
    let row = words::of(Endpoint::GetAccountInfo, came);
    let answer = visit.answer(row, &ReturnPath::default(), "told.html", context! {});
    match came {
        Came::NoSuchRecord | Came::RefusedOtherwise => {
            (visit.session.forget(Kept::Identity), answer).into_response()
        }
        // The shopper may well be signed in.
        _ => answer,
    }
}

fn shown(info: &AccountInfo) -> Value {
    let name = [info.first_name(), info.last_name()].into_iter().flatten().collect::<Vec<_>>();
    context! {
        name => name.join(" "),
        email => info.email(),
        phone => info.phone(),
        company => info.company_name(),
        number => info.cu_ref_no(),
        credit => info.credit_balance(),
        groups => info.groups().into_iter().filter_map(|group| group.name).map(Cow::into_owned).collect::<Vec<_>>(),
    }
}

async fn sign_out(visit: Visit) -> Response {
    let came = match visit.session.get(Kept::Identity) {
        Some(identity) => {
            let request = LogoutRequest::builder()
                .identity_id(identity)
                .customer_real_ip(visit.address)
                .build();
            let call = visit.shop.bizkithub.logout(&request);
            visit.shop.call(Endpoint::Logout, call).await.err().unwrap_or(Came::Done)
        }
        None => Came::Done,
    };
    let row = words::of(Endpoint::Logout, came);
    let answer = visit.answer(row, &ReturnPath::default(), "told.html", context! {});
    (visit.session.forget(Kept::Identity), answer).into_response()
}

async fn forgot_password_form(visit: Visit) -> Response {
    form_to_fill_in(&visit, "forgot-password.html", ReturnPath::default())
}

async fn forgot_password(visit: Visit, Form(form): Form<Typed>) -> Response {
    let came = match form.email() {
        Some(email) => {
            let request = ResetPasswordRequest::builder()
                .email(email)
                .expiration_time(NEW_PASSWORD_WITHIN)
                .customer_real_ip(visit.address)
                .build();
            let call = visit.shop.bizkithub.reset_password(&request);
            visit.shop.call(Endpoint::ResetPassword, call).await.err().unwrap_or(Came::Done)
        }
        None => Came::Incomplete,
    };
    let row = words::of(Endpoint::ResetPassword, came);
    visit.answer(
        row,
        &ReturnPath::default(),
        "forgot-password.html",
        context! { form => Serde(form) },
    )
}

async fn new_password_form(visit: Visit, Query(link): Query<Link>) -> Response {
    from_mail(visit, link, Kept::NewPasswordToken, "/new-password", "new-password.html")
}

async fn new_password(visit: Visit, Form(form): Form<Typed>) -> Response {
    let Some(token) = visit.session.get(Kept::NewPasswordToken) else { return no_link(&visit) };
    let came = match form.password() {
        Some(password) => {
            let request = SetNewPasswordRequest::builder()
                .token(token)
                .password(password)
                .customer_real_ip(visit.address)
                .build();
            let call = visit.shop.bizkithub.set_new_password(&request);
            visit.shop.call(Endpoint::SetNewPassword, call).await.err().unwrap_or(Came::Done)
        }
        None => Came::Incomplete,
    };
    let row = words::of(Endpoint::SetNewPassword, came);
    let answer = visit.answer(row, &ReturnPath::default(), "new-password.html", context! {});
    used(visit, Kept::NewPasswordToken, row, answer)
}
