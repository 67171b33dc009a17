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
use crate::types::{
    PlatformErrorDetail, PlatformErrorResponse, RegisterAccountData, RegisterAccountErrorCode,
    RegisterAccountRefusal, RegisterAccountSuccess,
};
use crate::{EndpointError, RegisterAccountError};

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
    pub(super) fn registered() -> Self {
        let message = Some(
            "Customer has been registered; a verification e-mail was not really sent.".to_owned(),
        );
        let data = Some(RegisterAccountData { message });
        let body = RegisterAccountSuccess { success: true, data };
        Self::json(StatusCode::OK, "registered", &body)
    }

    pub(super) fn refused(code: RegisterAccountErrorCode, status: StatusCode) -> Self {
        let error = RegisterAccountError::from(code);
        let message = Some(error.to_string());
        let body = RegisterAccountRefusal { success: false, error_code: code, message };
        Self::json(status, EndpointError::code(&error), &body)
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

    pub(super) fn allow(mut self, methods: &'static str) -> Self {
        self.allow = Some(methods);
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

    /// The HTTP answer. `reset` is in Unix seconds.
    pub(super) fn into_response(self, allowance: Allowance, reset: u64) -> Response<Body> {
        let numbers = [
            (Some(allowance.limit), HeaderName::from_static("x-ratelimit-limit")),
            (Some(allowance.remaining), HeaderName::from_static("x-ratelimit-remaining")),
            (Some(reset), HeaderName::from_static("x-ratelimit-reset")),
            (self.retry_after, RETRY_AFTER),
        ];
        let mut response =
            Response::new(Full::from(self.body).map_err(|never| match never {}).boxed());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        for (number, name) in numbers {
            if let Some(number) = number {
                headers.insert(name, HeaderValue::from(number));
            }
        }
        if let Some(methods) = self.allow {
            headers.insert(ALLOW, HeaderValue::from_static(methods));
        }
        response
    }
}

/// The same answer, but its connection breaks in the middle of the body.
pub(super) async fn truncated(response: Response<Body>) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let half = Frame::data(bytes.slice(..bytes.len() / 2));
    let broken = io::Error::other("the sandbox breaks the answer off, as it was asked to");
    let frames = stream::once(ready(Ok(half))).chain(stream::once(async {
        // Without a pause, hyper drops the head and the half that it has not written yet.
        tokio::task::yield_now().await;
        Err(broken)
    }));
    Response::from_parts(head, BodyExt::boxed(StreamBody::new(frames)))
}
