//! [`Reply`]: a response of the sandbox.

use std::future::ready;
use std::io;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde::Serialize;
use serde_json::{Value, json};

use super::quota::Allowance;
use crate::PlatformErrorCode;

pub(super) type Body = BoxBody<Bytes, io::Error>;

/// The example of `Retry-After` in BizKitHub's documentation, in seconds.
const RETRY_AFTER_EXAMPLE: u64 = 3600;

/// A response, and the outcome to record.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) outcome: String,
    content_type: &'static str,
    body: Vec<u8>,
    retry_after: Option<u64>,
    allow: Option<String>,
}

impl Reply {
    pub(super) fn success(body: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, "success", body)
    }

    /// The spec's example of a success.
    pub(super) fn example((status, body): (StatusCode, Value)) -> Self {
        Self::json(status, "success", &body)
    }

    /// An error of an endpoint. An empty code is left out.
    pub(super) fn endpoint_error(status: StatusCode, code: &str, message: Option<&str>) -> Self {
        let body = object([
            ("success", Some(false.into())),
            ("errorCode", (!code.is_empty()).then(|| code.into())),
            ("message", message.map(Value::from)),
        ]);
        Self::json(status, if code.is_empty() { "error" } else { code }, &body)
    }

    pub(super) fn platform(code: &PlatformErrorCode) -> Self {
        Self::platform_error(code, None, None)
    }

    /// A platform error on demand. It says when to retry if its status is 429.
    pub(super) fn platform_fault(code: &PlatformErrorCode) -> Self {
        let reply = Self::platform(code);
        match reply.status {
            StatusCode::TOO_MANY_REQUESTS => {
                Self::platform_error(code, None, Some(RETRY_AFTER_EXAMPLE))
            }
            _ => reply,
        }
    }

    /// A request past the quota. `wait` is in seconds.
    pub(super) fn rate_limited(wait: u64) -> Self {
        Self::platform_error(&PlatformErrorCode::TooManyRequests, None, Some(wait))
    }

    /// A request that does not match the spec.
    pub(super) fn invalid(description: String) -> Self {
        Self::platform_error(&PlatformErrorCode::ValidationFailed, Some(description), None)
    }

    fn platform_error(
        code: &PlatformErrorCode,
        description: Option<String>,
        retry_after: Option<u64>,
    ) -> Self {
        let (message, status) = code.message_and_status().unwrap_or(("Unknown error.", 500));
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let error = object([
            ("code", Some(code.code().into())),
            ("message", Some(message.into())),
            ("description", description.map(Value::from)),
            ("retry_after", retry_after.map(Value::from)),
        ]);
        let reply = Self::json(status, code.code(), &json!({ "error": error }));
        Self { retry_after, ..reply }
    }

    /// An error for which the platform documents no code.
    pub(super) fn http(status: StatusCode, code: &'static str, message: &str) -> Self {
        Self::json(status, code, &json!({ "error": { "code": code, "message": message } }))
    }

    pub(super) fn html(status: StatusCode) -> Self {
        let body = format!(
            "<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>\n"
        );
        Self {
            status,
            outcome: format!("{} as HTML", status.as_u16()),
            content_type: "text/html; charset=utf-8",
            body: body.into_bytes(),
            retry_after: None,
            allow: None,
        }
    }

    /// Lists the methods of the path in the header `Allow`.
    pub(super) fn allow(mut self, methods: &[&str]) -> Self {
        self.allow = Some(methods.join(", "));
        self
    }

    fn json(status: StatusCode, outcome: &str, body: &impl Serialize) -> Self {
        Self {
            status,
            outcome: outcome.to_owned(),
            content_type: "application/json",
            body: serde_json::to_vec(body).unwrap_or_default(),
            retry_after: None,
            allow: None,
        }
    }

    pub(super) fn into_response(self) -> Response<Body> {
        let length = self.body.len();
        let mut response =
            Response::new(Full::from(self.body).map_err(|never| match never {}).boxed());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(methods) = self.allow.and_then(|methods| methods.try_into().ok()) {
            headers.insert(ALLOW, methods);
        }
        response
    }

    /// Returns the same response, but closes the connection after the first half of the body.
    pub(super) fn into_truncated_response(mut self) -> Response<Body> {
        let whole = self.body.len();
        self.body.truncate(whole / 2);
        let half = Frame::data(Bytes::from(std::mem::take(&mut self.body)));
        let mut response = self.into_response();
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(whole));
        let frames = stream::once(ready(Ok(half))).chain(stream::once(async {
            // Without a pause, hyper drops the head and the half that it has not written yet.
            tokio::task::yield_now().await;
            Err(io::Error::other("a fault of the sandbox truncates the response"))
        }));
        *response.body_mut() = BodyExt::boxed(StreamBody::new(frames));
        response
    }
}

/// An object of the fields that have a value.
fn object<const N: usize>(fields: [(&str, Option<Value>); N]) -> Value {
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The headers of every response. `reset` is in Unix seconds.
pub(super) fn rate_limit(allowance: Allowance, reset: u64) -> [(HeaderName, HeaderValue); 3] {
    [
        (HeaderName::from_static("x-ratelimit-limit"), HeaderValue::from(allowance.limit)),
        (HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from(allowance.remaining)),
        (HeaderName::from_static("x-ratelimit-reset"), HeaderValue::from(reset)),
    ]
}
