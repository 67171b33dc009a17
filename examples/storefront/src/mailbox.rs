//! The mails that BizKitHub would have sent. With the sandbox alone, and so on this machine alone: main.rs sees to it.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use bizkithub::sandbox::MailKind;
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::pages::Visit;
use crate::return_path::ReturnPath;
use crate::shop;
use crate::words;

#[derive(Serialize)]
struct Mail {
    to: String,
    subject: &'static str,
    link: String,
}

pub async fn mailbox(visit: Visit, headers: HeaderMap) -> Response {
    let sandbox = visit.shop.sandbox.as_ref().filter(|_| is_for_this_machine(&headers));
    let Some(sandbox) = sandbox else {
        return visit.told(StatusCode::NOT_FOUND, &words::NOT_FOUND, &ReturnPath::default());
    };
    let mails: Vec<Mail> = sandbox.mails().into_iter().rev().map(Mail::from).collect();
    visit.page("mailbox.html", context! { mails => Serde(mails) })
}

/// A website that has its own name lead to this machine could read the page in a browser here: it comes under that name.
fn is_for_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    Url::parse(&format!("http://{host}")).is_ok_and(|url| shop::is_loopback(&url))
}

impl From<bizkithub::sandbox::Mail> for Mail {
    fn from(mail: bizkithub::sandbox::Mail) -> Self {
        let (subject, page) = match mail.kind {
            MailKind::VerifyAccount => ("Please confirm your e-mail address", "/verify"),
            _ => ("Set a new password", "/new-password"),
        };
        let query =
            Serializer::new(String::new()).append_pair("token", mail.token.expose()).finish();
        Self { to: mail.to, subject, link: format!("{page}?{query}") }
    }
}
