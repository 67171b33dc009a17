//! A call's path to the wire and back.
//!
//! [`Client::call`] opens the span and runs [`attempts`]. Each attempt runs a generated method, which builds the request
//! and passes it to [`hooks`], where the API key is added. The response comes back unread, as progenitor's
//! `UnexpectedResponse`: `build.rs` gives the generator no responses to decode, since its decoding loses status and headers
//! and has no size limit. [`response`] decides what it means, and [`retry`] decides whether the call is made again.
//!
#![doc = include_str!("outcomes.md")]

mod attempts;
mod envelope;
pub(crate) mod hooks;
mod lenient;
pub(crate) mod rate_limit;
pub(crate) mod response;
pub(crate) mod retry;

use std::pin::pin;

use tower::retry::budget::TpsBudget;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::base_url::BaseUrl;
use crate::error::EndpointCode;
use crate::operation::{Facts, Operation, SendResult};
use crate::{Client, Error, Response, generated};
pub(crate) use envelope::{Envelope, wire};
pub(crate) use hooks::Authentication;
pub(crate) use response::{Success, Wire};

/// The state that all clones of a client share.
pub(crate) struct Shared {
    pub(crate) generated: generated::Client,
    pub(crate) base_url: BaseUrl,
    pub(crate) connect_timeout: std::time::Duration,
    pub(crate) max_response_size: usize,
    pub(crate) budget: TpsBudget,
}

impl Client {
    /// Makes a call; `send` runs the generated method once.
    pub(crate) async fn call<'a, T, E, Sending>(
        &'a self,
        operation: &'static Operation,
        send: impl Fn(&'a generated::Client) -> Sending,
    ) -> Result<Response<T>, Error<E>>
    where
        T: Success,
        E: EndpointCode,
        Sending: Future<Output = SendResult>,
    {
        let span = self.span(&operation.facts);
        let mut state = attempts::CallState::default();
        let result = {
            // Pinned in place: the future is large, and awaiting it would move it.
            let attempts = pin!(self.attempts(operation, send, &mut state));
            if span.is_disabled() {
                return attempts.await;
            }
            attempts.instrument(span.clone()).await
        };
        record(&span, &state, &result);
        result
    }

    fn span(&self, operation: &Facts) -> Span {
        tracing::info_span!(
            "bizkithub",
            otel.name = operation.name,
            otel.kind = "client",
            http.request.method = operation.method,
            url.template = operation.path,
            server.address = self.shared.base_url.host(),
            server.port = self.shared.base_url.port(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
            bizkithub.error_code = Empty,
        )
    }
}

fn record<T, E: EndpointCode>(
    span: &Span,
    state: &attempts::CallState,
    result: &Result<T, Error<E>>,
) {
    let status = match result {
        Ok(_) => state.status,
        Err(error) => error.status(),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if state.retries > 0 {
        span.record("http.request.resend_count", state.retries);
    }
    if let Err(error) = result {
        span.record("error.type", error.error_type());
        if let Some(code) = error.printable_code() {
            span.record("bizkithub.error_code", code);
        }
    }
}
