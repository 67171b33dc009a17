//! The platform's checks, which come before the endpoint.

use http::StatusCode;

use super::endpoint::{self, Route};
use super::quota::Allowance;
use super::reply::{Reply, rate_limit};
use super::request::Request;
use super::state::Shared;
use crate::generated::API_KEY_PARAMETER;

/// The result of the checks.
pub(super) struct Checked {
    /// The path as the spec has it, if it is one of the API's.
    pub(super) path: Option<&'static str>,
    pub(super) api_key: String,
    /// The headers of the response.
    pub(super) rate_limit: [(http::HeaderName, http::HeaderValue); 3],
    pub(super) result: Result<Route, Reply>,
}

pub(super) fn check(request: &Request, shared: &Shared) -> Checked {
    let routes = endpoint::routes(request.path());
    let path = routes.first().map(|route| route.endpoint.facts.path);
    let api_key = request.query(API_KEY_PARAMETER).unwrap_or_default();
    let state = &mut *shared.state();
    let now = state.clock.now();
    let keys = &shared.settings.keys;
    let route = route(routes, request).and_then(|route| {
        keys.check(api_key).map_err(|code| Reply::platform(&code))?;
        Ok(route)
    });
    let (allowance, result) = match route {
        Ok(route) => {
            let allowance = state.quotas.take(api_key, now);
            let result = match allowance {
                Allowance { wait: Some(wait), .. } => Err(Reply::rate_limited(wait)),
                _ => keys.check_permission(api_key).map_err(|code| Reply::platform(&code)),
            };
            (allowance, result.map(|()| route))
        }
        Err(reply) => (state.quotas.untouched(now), Err(reply)),
    };
    let rate_limit = rate_limit(allowance, state.clock.unix_seconds(allowance.reset));
    Checked { path, api_key: api_key.to_owned(), rate_limit, result }
}

/// The route with the request's method.
fn route(routes: Vec<Route>, request: &Request) -> Result<Route, Reply> {
    if routes.is_empty() {
        let message = "The spec has no such path.";
        return Err(Reply::http(StatusCode::NOT_FOUND, "SANDBOX_PATH_NOT_FOUND", message));
    }
    let methods: Vec<_> = routes.iter().map(|route| route.endpoint.facts.method).collect();
    let mut matching = routes.into_iter();
    matching.find(|route| request.head.method == route.endpoint.facts.method).ok_or_else(|| {
        let message = "This path has no operation with this method.";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Reply::http(status, "SANDBOX_METHOD_NOT_ALLOWED", message).allow(&methods)
    })
}
