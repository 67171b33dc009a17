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

use super::PlatformFault;
use super::quota::Allowance;
use crate::EndpointError;
use crate::types::{Answer, PlatformErrorDetail, PlatformErrorResponse};

pub(super) type Body = BoxBody<Bytes, io::Error>;

/// An answer, and the word for it that is recorded. It is made from the types of the description, so it keeps to it.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) outcome: String,
    content_type: &'static str,
    body: Vec<u8>,
    retry_after: Option<u64>,
    allow: Option<&'static str>,
}

impl Reply {
    pub(super) fn success(body: &impl Serialize) -> Self {
        Self::json(StatusCode::OK, "success", body)
    }

    pub(super) fn refused<E: EndpointError>(refusal: &E, status: StatusCode) -> Self {
        let code = Some(refusal.code()).filter(|code| !code.is_empty());
        let body = Answer {
            success: false,
            error_code: code.map(str::to_owned),
            message: refusal.is_documented().then(|| refusal.words().to_owned()),
        };
        Self::json(status, code.unwrap_or("refused"), &body)
    }

    /// `wait` is in seconds.
    pub(super) fn platform(
        fault: PlatformFault,
        description: Option<String>,
        wait: Option<u64>,
    ) -> Self {
        let body = PlatformErrorResponse {
            error: PlatformErrorDetail {
                code: fault.code().to_owned(),
                message: fault.message().to_owned(),
                description,
                retry_after: wait,
            },
        };
        Self { retry_after: wait, ..Self::json(fault.status(), fault.code(), &body) }
    }

    /// For what the platform's documentation has no code for.
    pub(super) fn http(status: StatusCode, code: &'static str, message: &str) -> Self {
        let body = PlatformErrorResponse {
            error: PlatformErrorDetail {
                code: code.to_owned(),
                message: message.to_owned(),
                description: None,
                retry_after: None,
            },
        };
        Self::json(status, code, &body)
    }

    /// The description has an operation that the sandbox has no rules for.
    pub(super) fn not_implemented() -> Self {
        let message = "The sandbox has no rules for this operation.";
        Self::http(StatusCode::NOT_IMPLEMENTED, "SANDBOX_NOT_IMPLEMENTED", message)
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

    pub(super) fn allow(mut self, method: &'static str) -> Self {
        self.allow = Some(method);
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
        if let Some(method) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(method));
        }
        response
    }
}

/// The headers on every answer of the platform. `reset` is in Unix seconds.
pub(super) fn rate_limit(allowance: Allowance, reset: u64) -> [(HeaderName, HeaderValue); 3] {
    [
        (HeaderName::from_static("x-ratelimit-limit"), HeaderValue::from(allowance.limit)),
        (HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from(allowance.remaining)),
        (HeaderName::from_static("x-ratelimit-reset"), HeaderValue::from(reset)),
    ]
}

/// The same answer, but its connection breaks in the middle of the body.
pub(super) async fn truncated(response: Response<Body>) -> Response<Body> {
    let (head, body) = response.into_parts();
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let half = Frame::data(bytes.slice(..bytes.len() / 2));
    let broken = io::Error::other("the sandbox breaks the answer off, as it was asked to");
    let frames = stream::once(ready(Ok(half))).chain(stream::once(async {
        // Without a pause, hyper drops the head and the half that it has not written yet.
        tokio::task::yield_now().await;
        Err(broken)
    }));
    Response::from_parts(head, BodyExt::boxed(StreamBody::new(frames)))
}
