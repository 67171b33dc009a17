//! The emails of the sandbox. `main.rs` makes sure that only this machine can reach a shop with a sandbox.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use bizkithub::sandbox::EmailKind;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::messages;
use crate::pages::Visit;
use crate::shop;

#[derive(Serialize)]
struct Email {
    to: String,
    subject: &'static str,
    link: String,
}

pub async fn mailbox(visit: Visit, headers: HeaderMap) -> Response {
    let sandbox = visit.shop.sandbox.as_ref().filter(|_| is_for_this_machine(&headers));
    let Some(sandbox) = sandbox else {
        return visit.message_page(StatusCode::NOT_FOUND, &messages::PAGE_NOT_FOUND);
    };
    let emails: Vec<Email> = sandbox.emails().into_iter().rev().map(Email::from).collect();
    visit.page("mailbox.html", context! { emails => Serde(emails) })
}

/// Rejects other host names. Otherwise, a website whose name resolves to this machine (DNS rebinding) could read the page.
fn is_for_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    Url::parse(&format!("http://{host}")).is_ok_and(|url| shop::is_loopback(&url))
}

impl From<bizkithub::sandbox::Email> for Email {
    fn from(email: bizkithub::sandbox::Email) -> Self {
        let (subject, page) = match email.kind {
            EmailKind::VerifyAccount => ("Please confirm your email address", "/verify"),
            _ => ("Set a new password", "/new-password"),
        };
        let query =
            Serializer::new(String::new()).append_pair("token", email.token.expose()).finish();
        Self { to: email.to, subject, link: format!("{page}?{query}") }
    }
}
