//! From a call to its answer: the key goes in, secrets stay out of errors, the answer is bounded, what is safe to
//! repeat is repeated, and all of it is traced.
//!
//! A call's way: [`Api::call`] starts the clock and the span, runs attempts of the generated method, and repeats
//! what [`RetryPolicy`] allows. The generated method builds the request and hands it to the hooks below, which finish
//! it. The answer comes back untouched, as progenitor's `UnexpectedResponse`: `build.rs` gives the generator no answers
//! to decode, since its decoding loses status and headers and has no bound. [`Answer`] then decides what the answer
//! means.
//!
#![doc = include_str!("outcomes.md")]

use std::time::Instant;

use bytes::Bytes;
use http::header::{ACCEPT, HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo, ResponseValue};
use reqwest::{Request, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tracing::field::{Empty, display};
use tracing::{Instrument, Span};
use url::Url;

use crate::answer::{Answer, Answered};
use crate::base_url::BaseUrl;
use crate::generated::operations;
use crate::mask::Secrets;
use crate::retry::{self, Repeatable};
use crate::{ApiKey, EndpointError, Error, Outcome, RetryPolicy, TransportError, generated};

/// Everything that is unreserved in a URL stays; a key in the documented format is left as it is.
const QUERY_VALUE: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The header that progenitor sends of its own accord; the documented request has none.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// What the generated client carries for its hooks: the one place where the key lives.
#[derive(Clone)]
pub(crate) struct Authentication {
    api_key: ApiKey,
    /// `apiKey=…`, percent-encoded once.
    query: SecretString,
    base_url: BaseUrl,
    /// The URL of each path that has no parameters, parsed once; without the key.
    urls: Vec<(&'static str, Url)>,
}

impl Authentication {
    pub(crate) fn new(api_key: ApiKey, base_url: BaseUrl) -> Self {
        let encoded = percent_encoding::utf8_percent_encode(api_key.expose(), QUERY_VALUE);
        let query = format!("apiKey={encoded}").into();
        let urls =
            operations::FIXED_PATHS.iter().map(|path| (*path, base_url.join(path))).collect();
        Self { api_key, query, base_url, urls }
    }

    /// Where the generated method for a path without parameters sends its request.
    pub(crate) fn url(&self, path: &str) -> Url {
        match self.urls.iter().find(|(prepared, _)| *prepared == path) {
            Some((_, url)) => url.clone(),
            None => self.base_url.join(path),
        }
    }
}

/// The generated client derives its own `Debug` from this.
impl std::fmt::Debug for Authentication {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.api_key.fmt(formatter)
    }
}

impl ClientHooks<Authentication> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let query = self.inner().query.expose_secret();
        match request.url().query() {
            None => request.url_mut().set_query(Some(query)),
            Some(others) => {
                let query = format!("{others}&{query}");
                request.url_mut().set_query(Some(&query));
            }
        }
        request.headers_mut().remove(API_VERSION);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(())
    }
}

/// An operation of the description; `build.rs` writes one for each.
pub(crate) struct Operation {
    /// Method and path, OpenTelemetry's name for the span of an HTTP client call.
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
}

/// The generated client and what every call of it needs.
pub(crate) struct Api {
    pub(crate) generated: generated::Client,
    pub(crate) base_url: BaseUrl,
    pub(crate) timeout: std::time::Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) answer_limit: usize,
}

/// What one attempt came to, before anyone has looked into the answer.
type Attempt = Result<ResponseValue<()>, progenitor_client::Error<()>>;

/// How far a call has come: what is left to tell once its time is up.
#[derive(Default)]
struct Progress {
    status: Option<StatusCode>,
    repeats: u32,
}

impl Api {
    /// Makes a call: `attempt` runs the generated method once, `of_request` are the secrets that the request carries
    /// besides the key.
    pub(crate) async fn call<T, E, Run>(
        &self,
        operation: &Operation,
        of_request: &[&str],
        attempt: impl Fn() -> Run,
    ) -> Result<Answered<T>, Error<E>>
    where
        T: DeserializeOwned,
        E: EndpointError,
        Run: Future<Output = Attempt>,
    {
        let span = self.span(operation);
        let secrets = Secrets { api_key: self.generated.inner().api_key.expose(), of_request };
        let mut progress = Progress::default();
        let attempts = self.attempts(&secrets, attempt, &mut progress);
        let result = tokio::time::timeout(self.timeout, attempts).instrument(span.clone()).await;
        let result = result.unwrap_or_else(|_| {
            Err(Error::Transport(TransportError::deadline(self.timeout, progress.status)))
        });
        record(&span, &progress, &result);
        result
    }

    async fn attempts<T, E, Run>(
        &self,
        secrets: &Secrets<'_>,
        attempt: impl Fn() -> Run,
        progress: &mut Progress,
    ) -> Result<Answered<T>, Error<E>>
    where
        T: DeserializeOwned,
        E: EndpointError,
        Run: Future<Output = Attempt>,
    {
        let started = Instant::now();
        let mut backoff = self.retry.backoff();
        let mut turned_away = None;
        loop {
            progress.status = None;
            let error = match self.read(attempt().await, secrets, progress).await {
                Ok(answered) => return Ok(answered),
                Err(error) => error,
            };
            let Some(repeatable) = repeatable(&error) else {
                return Err(error);
            };
            let left = self.timeout.saturating_sub(started.elapsed());
            let pause = retry::pause(repeatable, backoff.next(), fastrand::f64(), left);
            // "Never sent" is said of the whole call: after a 429, BizKitHub has seen it.
            let error = match repeatable {
                Repeatable::NeverSent => turned_away.take().unwrap_or(error),
                Repeatable::TurnedAway { .. } => error,
            };
            let Some(pause) = pause else {
                return Err(error);
            };
            progress.repeats += 1;
            tracing::warn!(
                reason = error.error_type(),
                error_code = error.code().filter(|code| looks_like_a_code(code)),
                pause_ms = pause.as_millis(),
                http.request.resend_count = progress.repeats,
                "repeating a call that changed nothing"
            );
            turned_away = (error.outcome() == Outcome::Refused).then_some(error);
            tokio::time::sleep(pause).await;
        }
    }

    async fn read<T: DeserializeOwned, E: EndpointError>(
        &self,
        attempt: Attempt,
        secrets: &Secrets<'_>,
        progress: &mut Progress,
    ) -> Result<Answered<T>, Error<E>> {
        use progenitor_client::Error::{
            CommunicationError, Custom, ErrorResponse, InvalidRequest, InvalidResponsePayload,
            InvalidUpgrade, ResponseBodyError, UnexpectedResponse,
        };
        let mut response = match attempt {
            Err(UnexpectedResponse(response)) => response,
            Err(CommunicationError(error) | InvalidUpgrade(error) | ResponseBodyError(error)) => {
                return Err(Error::Transport(TransportError::http(error, progress.status)));
            }
            // A 204: it has no body by definition.
            Ok(empty) | Err(ErrorResponse(empty)) => {
                progress.status = Some(empty.status());
                let answer = Answer { status: empty.status(), headers: empty.headers(), body: &[] };
                return answer.read(secrets);
            }
            Err(InvalidRequest(_) | Custom(_)) => {
                return Err(Error::Transport(TransportError::not_built()));
            }
            Err(InvalidResponsePayload(..)) => {
                return Err(Error::Transport(TransportError::not_read(progress.status)));
            }
        };
        progress.status = Some(response.status());
        let body = self.body(&mut response).await.map_err(|error| {
            Error::Transport(TransportError::http(error, Some(response.status())))
        })?;
        let answer = Answer { status: response.status(), headers: response.headers(), body: &body };
        if body.len() > self.answer_limit {
            return Err(answer.too_long(self.answer_limit, secrets));
        }
        answer.read(secrets)
    }

    /// The body, read no further than the first chunk that goes past the limit.
    async fn body(&self, response: &mut Response) -> reqwest::Result<Bytes> {
        let Some(first) = response.chunk().await? else {
            return Ok(Bytes::new());
        };
        let mut body = Vec::new();
        while first.len() + body.len() <= self.answer_limit {
            let Some(chunk) = response.chunk().await? else {
                break;
            };
            body.extend_from_slice(&chunk);
        }
        if body.is_empty() {
            return Ok(first);
        }
        body.splice(..0, first);
        Ok(body.into())
    }

    fn span(&self, operation: &Operation) -> Span {
        tracing::info_span!(
            "bizkithub",
            otel.name = operation.name,
            otel.kind = "client",
            http.request.method = operation.method,
            url.template = operation.path,
            server.address = self.base_url.host(),
            server.port = self.base_url.port(),
            http.response.status_code = Empty,
            http.request.resend_count = Empty,
            error.type = Empty,
            bizkithub.error_code = Empty,
        )
    }
}

fn record<T, E: EndpointError>(span: &Span, progress: &Progress, result: &Result<T, Error<E>>) {
    if span.is_disabled() {
        return;
    }
    if let Some(status) = progress.status {
        span.record("http.response.status_code", status.as_u16());
    }
    if progress.repeats > 0 {
        span.record("http.request.resend_count", progress.repeats);
    }
    if let Err(error) = result {
        span.record("error.type", error.error_type());
        if let Some(code) = error.code().filter(|code| looks_like_a_code(code)) {
            span.record("bizkithub.error_code", display(code));
        }
    }
}

/// Keeps out of traces what a server may put where a code belongs: an e-mail address, a sentence.
fn looks_like_a_code(code: &str) -> bool {
    code.len() <= 64
        && code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// What of a failure may be repeated without any risk of a second registration.
fn repeatable<E: EndpointError>(error: &Error<E>) -> Option<Repeatable> {
    match error {
        Error::Refused(_) => None,
        Error::Transport(_) => {
            (error.outcome() == Outcome::NotSent).then_some(Repeatable::NeverSent)
        }
        Error::Platform(_) | Error::Unexpected(_) => {
            let turned_away = error.status() == Some(StatusCode::TOO_MANY_REQUESTS)
                && error.outcome() == Outcome::Refused;
            turned_away.then(|| Repeatable::TurnedAway { retry_after: error.retry_after() })
        }
    }
}
