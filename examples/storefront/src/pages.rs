//! The pages, rendered from templates. Their names end with `.html`, which enables escaping.

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
use crate::messages::{Message, Placement, Row};
use crate::return_path::ReturnPath;
use crate::session::{SecretCookie, Session};
use crate::shop::Shop;

macro_rules! templates {
    ($($name:literal)+) => { [$(($name, include_str!(concat!("../templates/", $name)))),+] };
}

const TEMPLATES: [(&str, &str); 11] = templates! {
    "frame.html" "notice.html" "message.html" "front.html" "register.html" "verify.html" "sign-in.html" "account.html"
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
                tracing::error!("cannot render {template}: {error}");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// A request, apart from its form. It renders the pages of the response.
pub struct Visit {
    pub shop: Arc<Shop>,
    pub session: Session,
    pub address: IpAddr,
}

impl Visit {
    pub fn page(&self, template: &str, context: Value) -> Response {
        self.page_with_status(StatusCode::OK, template, context)
    }

    pub fn message_page(&self, status: StatusCode, message: &Message) -> Response {
        self.message_page_with_return(status, message, &ReturnPath::default())
    }

    /// A page with a message, whose links have the return path.
    pub fn message_page_with_return(
        &self,
        status: StatusCode,
        message: &Message,
        return_path: &ReturnPath,
    ) -> Response {
        let query = return_path.append_to("");
        let context = context! { message => Serde(message), return_query => query };
        self.page_with_status(status, "message.html", context)
    }

    /// The message of a call's result. `template` is the page with the form, and `form` its content.
    pub fn respond(
        &self,
        row: &Row,
        return_path: &ReturnPath,
        template: &str,
        form: Value,
    ) -> Response {
        match row.placement {
            Placement::OwnPage(path) => Redirect::to(&return_path.append_to(path)).into_response(),
            Placement::WithoutForm(status) => {
                self.message_page_with_return(status, &row.message, return_path)
            }
            Placement::AboveForm(status) => self.page_with_status(
                status,
                template,
                context! { message => Serde(&row.message), ..form },
            ),
        }
    }

    fn page_with_status(&self, status: StatusCode, template: &str, context: Value) -> Response {
        let signed_in = self.session.get(SecretCookie::Identity).is_some();
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
