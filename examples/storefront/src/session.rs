//! The customer's cookies: the identity, and for half an hour the token of an email's link. The shop itself stores nothing.
//!
//! Scripts cannot read these cookies, and forms of other sites do not send them. If other machines can reach the shop, they
//! are sent over TLS only.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponseParts, ResponseParts};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::shop::Shop;

#[derive(Clone, Copy)]
pub enum SecretCookie {
    Identity,
    /// The token moves from the address bar to a cookie at once: neither the browser's history nor the next page's
    /// `Referer` contains it.
    VerificationToken,
    NewPasswordToken,
}

/// The request's cookies, and the response's changes to them.
pub struct Session {
    jar: CookieJar,
    over_tls: bool,
}

impl Session {
    pub fn get(&self, cookie: SecretCookie) -> Option<&str> {
        let value = self.jar.get(self.cookie(cookie, "").name())?.value();
        Some(value).filter(|value| !value.is_empty())
    }

    pub fn set(mut self, cookie: SecretCookie, value: &str) -> Self {
        self.jar = self.jar.clone().add(self.cookie(cookie, value));
        self
    }

    pub fn delete(mut self, cookie: SecretCookie) -> Self {
        self.jar = self.jar.clone().remove(self.cookie(cookie, ""));
        self
    }

    fn cookie(&self, cookie: SecretCookie, value: &str) -> Cookie<'static> {
        let name = match cookie {
            SecretCookie::Identity => "identity",
            SecretCookie::VerificationToken => "verification-token",
            SecretCookie::NewPasswordToken => "new-password-token",
        };
        // Browsers accept a `__Host-` cookie only from this host, not from a subdomain or over plain HTTP.
        let prefix = if self.over_tls { "__Host-" } else { "" };
        let built = Cookie::build((format!("{prefix}{name}"), value.to_owned()))
            .path("/")
            .http_only(true)
            // With `Strict`, a browser would not send it after a link from another site: from an email, for instance.
            .same_site(SameSite::Lax)
            .secure(self.over_tls);
        match cookie {
            // Until the browser is closed or BizKitHub ends the identity.
            SecretCookie::Identity => built.build(),
            SecretCookie::VerificationToken | SecretCookie::NewPasswordToken => {
                built.max_age(time::Duration::minutes(30)).build()
            }
        }
    }
}

impl FromRequestParts<Arc<Shop>> for Session {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, shop: &Arc<Shop>) -> Result<Self, Infallible> {
        Ok(Self { jar: CookieJar::from_headers(&parts.headers), over_tls: shop.over_tls() })
    }
}

impl IntoResponseParts for Session {
    type Error = Infallible;

    fn into_response_parts(self, response: ResponseParts) -> Result<ResponseParts, Infallible> {
        self.jar.into_response_parts(response)
    }
}
