//! A small shop with a sign-up page: how a backend uses this crate, from the form to words for the shopper.
//!
//!     cargo run --example storefront             works against an embedded BizKitHub
//!     cargo run --example storefront -- --live   works against the real one, with the key in BIZKITHUB_API_KEY
//!
//! With the embedded one, the addresses at `sandbox.test` play failures: try `e002@sandbox.test`.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Form, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Router, middleware};
use bizkithub::sandbox::Sandbox;
use bizkithub::{
    Client, Error, Outcome, PlatformErrorKind, RegisterAccountError, RegisterAccountRequest,
};
use clap::Parser;
use minijinja::{Environment, context};
use serde::{Deserialize, Serialize};

/// Far more than the form's fields can hold.
const BODY_LIMIT: usize = 16 * 1024;

/// Serves a sign-up page.
#[derive(Parser)]
struct Arguments {
    /// Where to listen. Port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Use the real BizKitHub, with the environment's BIZKITHUB_API_KEY.
    #[arg(long)]
    live: bool,
}

struct Shop {
    bizkithub: Client,
    pages: Environment<'static>,
    /// Kept while the shop is open; none with `--live`.
    _sandbox: Option<Sandbox>,
}

/// What the shopper typed. There is no `Debug`: it would print the password.
#[derive(Default, Deserialize, Serialize)]
#[serde(default)]
struct Shopper {
    email: String,
    /// Never goes back into a page.
    #[serde(skip_serializing)]
    password: String,
    name: String,
    phone: String,
}

/// What the shopper is told: never a code, never the platform's own message.
#[derive(Serialize)]
struct Notice {
    #[serde(skip)]
    status: StatusCode,
    tone: &'static str,
    title: &'static str,
    text: &'static str,
    sign_in: bool,
    /// Whether the form is shown again.
    form: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { listen, live } = Arguments::parse();
    let sandbox = if live { None } else { Some(Sandbox::start().await?) };
    let bizkithub = match &sandbox {
        Some(sandbox) => sandbox.client(),
        None => Client::from_env()?,
    };
    let mut pages = Environment::new();
    // The name's ending switches escaping on.
    pages.add_template("storefront.html", include_str!("storefront.html"))?;
    let shop = Shop { bizkithub, pages, _sandbox: sandbox };

    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    println!("The shop is open at http://{}", listener.local_addr()?);
    axum::serve(listener, routes(shop).into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

fn routes(shop: Shop) -> Router {
    Router::new()
        .route("/", get(form).post(sign_up))
        .route("/sign-in", get(sign_in))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::map_response(safe))
        .with_state(Arc::new(shop))
}

async fn form(State(shop): State<Arc<Shop>>) -> Response {
    page(&shop, &Shopper::default(), None)
}

async fn sign_in() -> &'static str {
    "Here your shop's own sign-in page would be."
}

async fn sign_up(
    State(shop): State<Arc<Shop>>,
    // Behind a reverse proxy this is the proxy: take the address from the header that your proxy sets, and only then.
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Form(shopper): Form<Shopper>,
) -> Response {
    if shopper.email.trim().is_empty() || shopper.password.is_empty() {
        return page(&shop, &shopper, Some(&incomplete()));
    }
    let request = RegisterAccountRequest::builder()
        .email(shopper.email.trim())
        .password(shopper.password.as_str())
        .maybe_name(typed(&shopper.name))
        .maybe_phone(typed(&shopper.phone))
        .customer_real_ip(peer.ip())
        .build();
    let notice = match shop.bizkithub.register_account(&request).await {
        Ok(_) => welcome(),
        Err(error) => {
            // For whoever is on call: the error says what to do next, and holds neither key nor password.
            eprintln!("sign-up failed: {error}");
            words(&error)
        }
    };
    page(&shop, &shopper, Some(&notice))
}

/// An empty field of a form is a field that was left out.
fn typed(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The words for a shopper.
fn words(error: &Error) -> Notice {
    if let Error::Platform(platform) = error
        && platform.kind() == PlatformErrorKind::Validation
    {
        return bad(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Please check what you typed",
            "Is the e-mail address right? A phone number starts with a plus sign and the country code.",
        );
    }
    match error.refusal() {
        Some(RegisterAccountError::AlreadyRegistered) => Notice {
            sign_in: true,
            ..bad(
                StatusCode::CONFLICT,
                "You have an account already",
                "Sign in, or reset your password if you have forgotten it.",
            )
        },
        Some(RegisterAccountError::TooManyAttempts) => bad(
            StatusCode::TOO_MANY_REQUESTS,
            "Please check your inbox",
            "We have sent you an e-mail with a link. If it does not come, try again in ten minutes.",
        ),
        Some(RegisterAccountError::AccountBanned) => bad(
            StatusCode::FORBIDDEN,
            "We cannot open an account for you",
            "Please write to us if you think that this is a mistake.",
        ),
        _ if error.outcome() == Outcome::Unknown => Notice {
            status: StatusCode::BAD_GATEWAY,
            tone: "calm",
            title: "We are not sure that it worked",
            text: "Please check your inbox in a few minutes. If there is no e-mail from us, come back and try again.",
            sign_in: false,
            form: false,
        },
        _ => bad(
            StatusCode::SERVICE_UNAVAILABLE,
            "That did not work",
            "Nothing is wrong on your side. Please try again in a few minutes.",
        ),
    }
}

fn welcome() -> Notice {
    Notice {
        status: StatusCode::OK,
        tone: "good",
        title: "Welcome!",
        text: "We have sent you an e-mail. Click the link in it, then you can sign in.",
        sign_in: false,
        form: false,
    }
}

fn incomplete() -> Notice {
    bad(
        StatusCode::UNPROCESSABLE_ENTITY,
        "Something is missing",
        "Please give your e-mail address and choose a password.",
    )
}

fn bad(status: StatusCode, title: &'static str, text: &'static str) -> Notice {
    Notice { status, tone: "bad", title, text, sign_in: false, form: true }
}

fn page(shop: &Shop, shopper: &Shopper, notice: Option<&Notice>) -> Response {
    let status = notice.map_or(StatusCode::OK, |notice| notice.status);
    let page = shop
        .pages
        .get_template("storefront.html")
        .and_then(|page| page.render(context! { shopper, notice }));
    match page {
        Ok(page) => (status, Html(page)).into_response(),
        Err(error) => {
            eprintln!("the page cannot be rendered: {error}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// No scripts, no frames, no caches, no address in a `Referer`.
async fn safe(mut response: Response) -> Response {
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, header::HeaderValue::from_static(value));
    }
    response
}
