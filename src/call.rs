//! A call's way to the wire and back.
//!
//! [`Client::call`] opens the span and runs [`attempts`]. Each attempt runs a generated method, which builds the request
//! and hands it to [`hooks`], where the API key goes in. The answer comes back untouched, as progenitor's
//! `UnexpectedResponse`: `build.rs` gives the generator no answers to decode, since its decoding loses status and headers
//! and has no bound. [`body`] reads it, [`answer`] decides what it means, and [`retry`] what may be repeated.
//!
#![doc = include_str!("outcomes.md")]

pub(crate) mod answer;
mod attempts;
mod body;
mod hooks;
pub(crate) mod json;
pub(crate) mod rate_limit;
pub(crate) mod retry;

use std::pin::pin;

use tower::retry::budget::TpsBudget;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::base_url::BaseUrl;
use crate::{Answered, Client, EndpointError, Error, generated};
use answer::Success;
pub(crate) use hooks::Authentication;

/// An operation of the description; `build.rs` writes one for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    /// The description's `operationId`.
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Method and path: OpenTelemetry's name for the span of an HTTP client call.
    pub(crate) name: &'static str,
    pub(crate) repeat: Repeat,
}

/// What may be repeated, besides what was never sent or was turned away: the description's `x-repeat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Nothing: a repeat could mail, count or use up something a second time.
    Never,
    /// A request whose answer was lost: the operation changes nothing.
    LostAnswer,
}

/// An operation, and what its file under `src/customer/` adds to the description.
pub(crate) struct Endpoint {
    pub(crate) operation: Operation,
    /// What may have happened when no conclusive answer came, and what to do about it. It ends an error's message.
    pub(crate) in_doubt: &'static str,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.operation.name)
    }
}

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) generated: generated::Client,
    pub(crate) base_url: BaseUrl,
    pub(crate) connect_timeout: std::time::Duration,
    pub(crate) answer_limit: usize,
    pub(crate) budget: TpsBudget,
}

/// What a generated method gives: no answer of the description is decoded but a 204.
type Sent = Result<progenitor_client::ResponseValue<()>, progenitor_client::Error<()>>;

impl Client {
    /// Makes a call; `send` runs the generated method once.
    pub(crate) async fn call<'a, T, E, Sending>(
        &'a self,
        endpoint: &'static Endpoint,
        send: impl Fn(&'a generated::Client) -> Sending,
    ) -> Result<Answered<T>, Error<E>>
    where
        T: Success,
        E: EndpointError,
        Sending: Future<Output = Sent>,
    {
        let span = self.span(&endpoint.operation);
        let mut progress = attempts::Progress::default();
        let result = {
            // Kept where it is: it is large, and awaiting it would move it.
            let attempts = pin!(self.attempts(endpoint, send, &mut progress));
            if span.is_disabled() {
                return attempts.await;
            }
            attempts.instrument(span.clone()).await
        };
        record(&span, &progress, &result);
        result
    }

    fn span(&self, operation: &Operation) -> Span {
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

fn record<T, E: EndpointError>(
    span: &Span,
    progress: &attempts::Progress,
    result: &Result<T, Error<E>>,
) {
    let status = match result {
        Ok(_) => progress.status,
        Err(error) => error.status(),
    };
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    if progress.repeats > 0 {
        span.record("http.request.resend_count", progress.repeats);
    }
    if let Err(error) = result {
        span.record("error.type", error.error_type());
        if let Some(code) = error.known_code() {
            span.record("bizkithub.error_code", code);
        }
    }
}
