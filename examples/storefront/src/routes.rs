//! The pages and their handlers.

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
use serde::{Deserialize, Deserializer, Serialize};

use crate::messages::{self, CallResult, Endpoint, Placement};
use crate::pages::Visit;
use crate::return_path::{ReturnPath, ReturnQuery};
use crate::session::SecretCookie;
use crate::shop::Shop;
use crate::{mailbox, security};

/// The lifetime of the link that resets a password.
const RESET_LINK_LIFETIME: &str = "1h";

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
    for (path, message) in messages::pages() {
        let page = move |visit: Visit, Query(query): Query<ReturnQuery>| async move {
            visit.message_page_with_return(StatusCode::OK, message, &query.path)
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
    visit.message_page(StatusCode::NOT_FOUND, &messages::PAGE_NOT_FOUND)
}

/// The fields of all forms. A page that shows the form again fills them in, except the password.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Fields {
    email: String,
    #[serde(skip_serializing, deserialize_with = "non_empty_secret")]
    password: Option<Password>,
    name: String,
    phone: String,
    #[serde(rename = "return")]
    return_path: ReturnPath,
}

impl Fields {
    fn email(&self) -> Option<String> {
        non_empty(&self.email)
    }
}

/// The text of an optional field. Browsers send an empty text if the customer left it out.
fn non_empty(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn non_empty_secret<'de, D: Deserializer<'de>, T: From<String>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(if text.is_empty() { None } else { Some(T::from(text)) })
}

fn empty_form(visit: &Visit, template: &str, return_path: ReturnPath) -> Response {
    visit.page(template, context! { form => Serde(Fields { return_path, ..Fields::default() }) })
}

async fn register_form(visit: Visit, Query(query): Query<ReturnQuery>) -> Response {
    empty_form(&visit, "register.html", query.path)
}

async fn register(visit: Visit, Form(form): Form<Fields>) -> Response {
    let result = match (form.email(), form.password.clone()) {
        (Some(email), Some(password)) => {
            let request = RegisterAccountRequest::builder()
                .email(email)
                .password(password)
                .maybe_name(non_empty(&form.name))
                .maybe_phone(non_empty(&form.phone))
                .maybe_return_url(form.return_path.path().map(str::to_owned))
                .customer_real_ip(visit.address)
                .build();
            let call = visit.shop.bizkithub.register_account(&request);
            visit
                .shop
                .call(Endpoint::RegisterAccount, call)
                .await
                .err()
                .unwrap_or(CallResult::Success)
        }
        _ => CallResult::Incomplete,
    };
    let row = messages::of(Endpoint::RegisterAccount, result);
    visit.respond(row, &ReturnPath::default(), "register.html", context! { form => Serde(form) })
}

/// The query of an email's link.
#[derive(Deserialize)]
struct Link {
    #[serde(default, deserialize_with = "non_empty_secret")]
    token: Option<Token>,
}

/// Moves the token from the address to a cookie, then shows the page.
fn from_email(
    visit: Visit,
    link: Link,
    cookie: SecretCookie,
    path: &str,
    template: &str,
) -> Response {
    match link.token {
        Some(token) => {
            (visit.session.set(cookie, token.expose()), Redirect::to(path)).into_response()
        }
        None if visit.session.get(cookie).is_some() => visit.page(template, context! {}),
        None => no_link(&visit),
    }
}

fn no_link(visit: &Visit) -> Response {
    visit.message_page(StatusCode::BAD_REQUEST, &messages::NO_LINK)
}

/// The response to a form that redeems a token. The token stays for another try after an unknown outcome, or if the form is
/// shown again.
fn redeemed(
    visit: Visit,
    cookie: SecretCookie,
    (endpoint, result): (Endpoint, CallResult),
    return_path: &ReturnPath,
    template: &str,
) -> Response {
    let row = messages::of(endpoint, result);
    let response = visit.respond(row, return_path, template, context! {});
    match row.placement {
        Placement::AboveForm(_) => response,
        _ if result == CallResult::Unknown => response,
        _ => (visit.session.delete(cookie), response).into_response(),
    }
}

/// A page with a button: email scanners follow links, and a token works once.
async fn verify_form(visit: Visit, Query(link): Query<Link>) -> Response {
    from_email(visit, link, SecretCookie::VerificationToken, "/verify", "verify.html")
}

async fn verify(visit: Visit) -> Response {
    let cookie = SecretCookie::VerificationToken;
    let Some(token) = visit.session.get(cookie) else { return no_link(&visit) };
    let request = RegisterAccountVerifyRequest::builder().token(token).build();
    let endpoint = Endpoint::RegisterAccountVerify;
    let call = visit.shop.bizkithub.register_account_verify(&request);
    let (result, return_path) = match visit.shop.call(endpoint, call).await {
        Ok(account) => {
            let return_url = account.return_url.as_deref().unwrap_or_default();
            (CallResult::Success, ReturnPath::new(return_url))
        }
        Err(result) => (result, ReturnPath::default()),
    };
    redeemed(visit, cookie, (endpoint, result), &return_path, "verify.html")
}

async fn sign_in_form(visit: Visit, Query(query): Query<ReturnQuery>) -> Response {
    empty_form(&visit, "sign-in.html", query.path)
}

async fn sign_in(visit: Visit, Form(form): Form<Fields>) -> Response {
    let result = match (form.email(), form.password.clone()) {
        (Some(email), Some(password)) => {
            let request = LoginRequest::builder()
                .email(email)
                .password(password)
                .customer_real_ip(visit.address)
                .build();
            match visit.shop.call(Endpoint::Login, visit.shop.bizkithub.login(&request)).await {
                Ok(login) => {
                    end_session(&visit);
                    let identity_id = login.identity_id.expose();
                    let session = visit.session.set(SecretCookie::Identity, identity_id);
                    let next = form.return_path.append_to("/signed-in");
                    return (session, Redirect::to(&next)).into_response();
                }
                Err(result) => result,
            }
        }
        _ => CallResult::Incomplete,
    };
    let row = messages::of(Endpoint::Login, result);
    visit.respond(row, &ReturnPath::default(), "sign-in.html", context! { form => Serde(form) })
}

/// Checks that the browser has kept the cookie.
async fn signed_in(visit: Visit, Query(query): Query<ReturnQuery>) -> Response {
    match visit.session.get(SecretCookie::Identity) {
        Some(_) => Redirect::to(query.path.path().unwrap_or("/account")).into_response(),
        None => {
            let status = StatusCode::BAD_REQUEST;
            visit.message_page_with_return(status, &messages::NO_COOKIES, &query.path)
        }
    }
}

async fn account(visit: Visit) -> Response {
    let Some(identity) = visit.session.get(SecretCookie::Identity) else {
        return Redirect::to("/sign-in").into_response();
    };
    let request = GetAccountInfoRequest::builder()
        .identity_id(identity)
        .customer_real_ip(visit.address)
        .build();
    let call = visit.shop.bizkithub.get_account_info(&request);
    let result = match visit.shop.call(Endpoint::GetAccountInfo, call).await {
        Ok(info) if info.is_logged_in() => {
            return visit.page("account.html", context! { account => account_context(&info) });
        }
        Ok(_) => CallResult::NotFound,
        Err(result) => result,
    };
    let row = messages::of(Endpoint::GetAccountInfo, result);
    let response = visit.respond(row, &ReturnPath::default(), "message.html", context! {});
    match row.placement {
        Placement::OwnPage(_) => {
            (visit.session.delete(SecretCookie::Identity), response).into_response()
        }
        // The customer may still be signed in.
        _ => response,
    }
}

fn account_context(info: &AccountInfo) -> Value {
    let names = [info.first_name.as_deref(), info.last_name.as_deref()];
    let groups = info.groups.iter().filter_map(|group| group.name.as_deref());
    context! {
        name => names.into_iter().flatten().collect::<Vec<_>>().join(" "),
        email => info.email.as_deref(),
        phone => info.phone.as_deref(),
        company => info.company_name.as_deref(),
        number => info.cu_ref_no.as_deref(),
        credit => info.credit_balance,
        groups => groups.map(str::to_owned).collect::<Vec<_>>(),
    }
}

/// Deletes the cookie at once: it must not depend on the result of the call, nor on a browser that waits for it.
async fn sign_out(visit: Visit) -> Response {
    end_session(&visit);
    let row = messages::of(Endpoint::Logout, CallResult::Success);
    let response = visit.respond(row, &ReturnPath::default(), "message.html", context! {});
    (visit.session.delete(SecretCookie::Identity), response).into_response()
}

/// Ends the identity of the request's cookie, in the background. If that fails, it stays open until it expires; `Shop::call`
/// logs the error.
fn end_session(visit: &Visit) {
    let Some(identity) = visit.session.get(SecretCookie::Identity) else { return };
    let request =
        LogoutRequest::builder().identity_id(identity).customer_real_ip(visit.address).build();
    let shop = visit.shop.clone();
    tokio::spawn(async move { shop.call(Endpoint::Logout, shop.bizkithub.logout(&request)).await });
}

async fn forgot_password_form(visit: Visit) -> Response {
    empty_form(&visit, "forgot-password.html", ReturnPath::default())
}

async fn forgot_password(visit: Visit, Form(form): Form<Fields>) -> Response {
    let result = match form.email() {
        Some(email) => {
            let request = ResetPasswordRequest::builder()
                .email(email)
                .expiration_time(RESET_LINK_LIFETIME)
                .customer_real_ip(visit.address)
                .build();
            let call = visit.shop.bizkithub.reset_password(&request);
            visit
                .shop
                .call(Endpoint::ResetPassword, call)
                .await
                .err()
                .unwrap_or(CallResult::Success)
        }
        None => CallResult::Incomplete,
    };
    let row = messages::of(Endpoint::ResetPassword, result);
    visit.respond(
        row,
        &ReturnPath::default(),
        "forgot-password.html",
        context! { form => Serde(form) },
    )
}

async fn new_password_form(visit: Visit, Query(link): Query<Link>) -> Response {
    let cookie = SecretCookie::NewPasswordToken;
    from_email(visit, link, cookie, "/new-password", "new-password.html")
}

async fn new_password(visit: Visit, Form(form): Form<Fields>) -> Response {
    let cookie = SecretCookie::NewPasswordToken;
    let Some(token) = visit.session.get(cookie) else { return no_link(&visit) };
    let endpoint = Endpoint::SetNewPassword;
    let result = match form.password {
        Some(password) => {
            let request = SetNewPasswordRequest::builder()
                .token(token)
                .password(password)
                .customer_real_ip(visit.address)
                .build();
            let call = visit.shop.bizkithub.set_new_password(&request);
            visit.shop.call(endpoint, call).await.err().unwrap_or(CallResult::Success)
        }
        None => CallResult::Incomplete,
    };
    redeemed(visit, cookie, (endpoint, result), &ReturnPath::default(), "new-password.html")
}
