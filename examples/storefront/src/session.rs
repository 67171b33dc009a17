//! What a shopper's browser keeps for the shop: the identity that stands for them, and for half an hour the token of a
//! mail's link. Nothing is kept in the shop itself.
//!
//! Each is a cookie that no script can read and that no other site's form carries along. It travels over TLS alone
//! wherever others can reach the shop.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponseParts, ResponseParts};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::shop::Shop;

#[derive(Clone, Copy)]
pub enum Kept {
    Identity,
    /// A token leaves the address bar at once, by way of a cookie: neither the browser's history nor the next page's
    /// `Referer` has it.
    VerificationToken,
    NewPasswordToken,
}

/// The request's cookies, and what the answer does to them.
pub struct Session {
    jar: CookieJar,
    over_tls: bool,
}

impl Session {
    pub fn get(&self, kept: Kept) -> Option<&str> {
        let cookie = self.jar.get(self.cookie(kept, "").name())?;
        Some(cookie.value()).filter(|value| !value.is_empty())
    }

    pub fn keep(mut self, kept: Kept, value: &str) -> Self {
        self.jar = self.jar.clone().add(self.cookie(kept, value));
        self
    }

    pub fn forget(mut self, kept: Kept) -> Self {
        self.jar = self.jar.clone().remove(self.cookie(kept, ""));
        self
    }

    fn cookie(&self, kept: Kept, value: &str) -> Cookie<'static> {
        let name = match kept {
            Kept::Identity => "identity",
            Kept::VerificationToken => "verification-token",
            Kept::NewPasswordToken => "new-password-token",
        };
        // Browsers take a `__Host-` cookie from this very host alone, not from a subdomain or over plain HTTP.
        let prefix = if self.over_tls { "__Host-" } else { "" };
        let cookie = Cookie::build((format!("{prefix}{name}"), value.to_owned()))
            .path("/")
            .http_only(true)
            // `Strict` would leave it out when a shopper comes by a link from elsewhere: from a mail, say.
            .same_site(SameSite::Lax)
            .secure(self.over_tls);
        match kept {
            // Until the browser is closed, or BizKitHub ends the identity.
            Kept::Identity => cookie.build(),
            Kept::VerificationToken | Kept::NewPasswordToken => {
                cookie.max_age(time::Duration::minutes(30)).build()
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
