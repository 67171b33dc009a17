//! Security headers, the origin of forms, and the limits of a request, for every page.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use minijinja::context;
use minijinja::value::Serde;
use tower_http::csrf::{CsrfLayer, ProtectionError};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::messages;
use crate::shop::Shop;

/// Far more than the fields of any form can hold.
const BODY_LIMIT: usize = 16 * 1024;

/// Longer than a call to BizKitHub may take. It also ends a request whose body arrives too slowly.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

const HEADERS: [(HeaderName, &str); 5] = [
    // No scripts, no frames, nothing from other hosts.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    // The back button does not show the account after sign-out.
    (header::CACHE_CONTROL, "no-store"),
    // At most the shop's host, never a path or a query. With `no-referrer`, a form's `Origin` would be `null`, and browsers
    // without `Sec-Fetch-Site` (Safari before 16.4) could not send any form.
    (header::REFERRER_POLICY, "strict-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

pub fn secured(routes: Router<Arc<Shop>>, shop: &Arc<Shop>) -> Result<Router<Arc<Shop>>> {
    let mut routes = routes
        .layer(same_origin(shop)?)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_TIMEOUT));
    for (name, value) in HEADERS {
        let value = HeaderValue::from_static(value);
        routes = routes.layer(SetResponseHeaderLayer::if_not_present(name, value));
    }
    Ok(routes)
}

/// Accepts forms only from the shop's own pages, by `Sec-Fetch-Site`, or by `Origin` if a browser does not send that. This
/// needs neither a token in the page nor a script.
///
/// Browsers from before 2020 send neither header with some forms. These forms are accepted: the session's cookie is
/// `SameSite`, so a form from another site comes without it.
fn same_origin(
    shop: &Arc<Shop>,
) -> Result<CsrfLayer<impl FnMut(ProtectionError) -> Response + Clone + Send + use<>>> {
    // In addition to `Host`, which a proxy may have changed.
    let layer =
        CsrfLayer::new().add_trusted_origin(shop.public_url.origin().ascii_serialization())?;
    let shop = shop.clone();
    Ok(layer.with_rejection_response(move |_| {
        let context = context! { message => Serde(&messages::OTHER_SITE) };
        shop.pages.page(StatusCode::FORBIDDEN, "message.html", context)
    }))
}
