//! The pages: templates, filled in. Their names' `.html` switches escaping on.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};

use crate::client_address::ClientAddress;
use crate::return_path::ReturnPath;
use crate::session::{Kept, Session};
use crate::shop::Shop;
use crate::words::{Row, Shown, Words};

macro_rules! templates {
    ($($name:literal)+) => { [$(($name, include_str!(concat!("../templates/", $name)))),+] };
}

const TEMPLATES: [(&str, &str); 11] = templates! {
    "frame.html" "notice.html" "told.html" "front.html" "register.html" "verify.html" "sign-in.html" "account.html"
    "forgot-password.html" "new-password.html" "mailbox.html"
};

pub struct Pages(Environment<'static>);

impl Pages {
    pub fn new() -> Result<Self, minijinja::Error> {
        let mut environment = Environment::new();
        for (name, template) in TEMPLATES {
            environment.add_template(name, template)?;
        }
        Ok(Self(environment))
    }

    pub fn page(&self, status: StatusCode, template: &str, context: Value) -> Response {
        match self.0.get_template(template).and_then(|page| page.render(context)) {
            Ok(page) => (status, Html(page)).into_response(),
            Err(error) => {
                tracing::error!("{template} cannot be filled in: {error}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// What a handler needs to know of a request besides its form, and how it answers with a page.
pub struct Visit {
    pub shop: Arc<Shop>,
    pub session: Session,
    pub address: IpAddr,
}

impl Visit {
    pub fn page(&self, template: &str, context: Value) -> Response {
        self.page_with_status(StatusCode::OK, template, context)
    }

    /// Words on a page of their own.
    pub fn told(&self, status: StatusCode, words: &Words, back: &ReturnPath) -> Response {
        self.page_with_status(
            status,
            "told.html",
            context! { told => Serde(words), back => back.onto("") },
        )
    }

    /// What came of a call. `template` is the page of the form that led to it, `form` what stands in it.
    pub fn answer(&self, row: &Row, back: &ReturnPath, template: &str, form: Value) -> Response {
        match row.shown {
            Shown::At(path) => Redirect::to(&back.onto(path)).into_response(),
            Shown::Alone(status) => self.told(status, &row.words, back),
            Shown::WithForm(status) => self.page_with_status(
                status,
                template,
                context! { told => Serde(&row.words), ..form },
            ),
        }
    }

    fn page_with_status(&self, status: StatusCode, template: &str, context: Value) -> Response {
        let signed_in = self.session.get(Kept::Identity).is_some();
        let mailbox = self.shop.sandbox.is_some();
        self.shop.pages.page(status, template, context! { signed_in, mailbox, ..context })
    }
}

impl FromRequestParts<Arc<Shop>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shop: &Arc<Shop>) -> Result<Self, Infallible> {
        Ok(Self {
            session: Session::from_request_parts(parts, shop).await?,
            address: ClientAddress::from_request_parts(parts, shop).await?.0,
            shop: shop.clone(),
        })
    }
}
