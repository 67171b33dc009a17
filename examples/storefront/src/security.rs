//! What holds for every page: its headers, where its forms may come from, how long and how large a request may be.

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

use crate::shop::Shop;
use crate::words;

/// Far more than any form's fields can hold.
const BODY_LIMIT: usize = 16 * 1024;

/// Longer than a call to BizKitHub may take. It ends a body that trickles in.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

const HEADERS: [(HeaderName, &str); 5] = [
    // No scripts, no frames, nothing from elsewhere.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    // After signing out, the back button shows no account.
    (header::CACHE_CONTROL, "no-store"),
    // At most the shop's own host, never a path or a query. With `no-referrer`, a form's `Origin` would be `null`, and
    // browsers that know no `Sec-Fetch-Site` (Safari before 16.4) could not send one.
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

/// Takes a form from the shop's own pages alone, by `Sec-Fetch-Site`, and where a browser does not send that, by `Origin`.
/// No token in a page and no script are needed.
///
/// Browsers from before 2020 send neither with every form. Theirs are taken: the session's cookie is `SameSite`, so a form
/// from elsewhere comes without it.
fn same_origin(
    shop: &Arc<Shop>,
) -> Result<CsrfLayer<impl FnMut(ProtectionError) -> Response + Clone + Send + use<>>> {
    // Beside `Host`, into which a proxy may have put another name.
    let layer =
        CsrfLayer::new().add_trusted_origin(shop.public_url.origin().ascii_serialization())?;
    let shop = shop.clone();
    Ok(layer.with_rejection_response(move |_| {
        let told = context! { told => Serde(&words::FROM_ELSEWHERE) };
        shop.pages.page(StatusCode::FORBIDDEN, "told.html", told)
    }))
}
