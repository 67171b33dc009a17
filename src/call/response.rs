//! Decides what a response means. No other module does.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;

use super::envelope::Envelope;
use super::{lenient, rate_limit};
use crate::error::{EndpointCode, UnexpectedReason};
use crate::generated::types::PlatformErrorDetail;
use crate::operation::Operation;
use crate::response::without_bom;
use crate::{
    EndpointError, Error, PlatformError, PlatformErrorCode, RateLimit, Response, ServerText,
    UnexpectedResponse,
};

/// The longest part of a code, a message and an unexpected body that is kept, in bytes.
const CODE_LIMIT: usize = 256;
const MESSAGE_LIMIT: usize = 1024;
const EXCERPT_LIMIT: usize = 512;

/// The result of a success: a generated type, or `()` where a success says nothing more.
pub(crate) trait Success: DeserializeOwned {
    /// The result together with the envelope, as it is on the wire.
    type Wire<'a>: Wire<'a, Self>;

    /// Returns `None` if a field is missing that every success must have.
    fn decode(json: &str, operation: &Operation) -> Option<Self> {
        lenient::from_str(json).or_else(|| {
            // `success: true` is certain, even next to content that no parser accepts.
            let nothing = operation.facts.has_success_flag.then_some("{}")?;
            serde_json::from_str(nothing).ok()
        })
    }
}

impl Success for () {
    type Wire<'a> = Envelope<'a>;

    fn decode(_: &str, _: &Operation) -> Option<Self> {
        Some(())
    }
}

/// A result together with the envelope. The macro `wire` defines one for the type of each success.
pub(crate) trait Wire<'a, T>: Deserialize<'a> {
    fn split(self) -> (Envelope<'a>, T);
}

impl<'a> Wire<'a, ()> for Envelope<'a> {
    fn split(self) -> (Envelope<'a>, ()) {
        (self, ())
    }
}

/// The head of a response, and the operation that was called.
pub(crate) struct Head {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl Head {
    /// Decides what the response means. A `body` longer than `limit` was not read to its end.
    pub(crate) fn decode<T: Success, E: EndpointCode>(
        &self,
        body: Bytes,
        limit: usize,
    ) -> Result<Response<T>, Error<E>> {
        if body.len() > limit {
            return Err(self.unexpected(UnexpectedReason::TooLong { limit }, &body));
        }
        let json = text(without_bom(&body));
        let (envelope, result) =
            Envelope::parse::<T>(&json).map_err(|reason| self.unexpected(reason, &body))?;
        let success = envelope.success.map(RawValue::get);
        let says_error = envelope.error.is_some() || envelope.error_code.is_some();
        let is_contradiction = match success {
            Some("false") => false,
            Some("true") => says_error || !self.status.is_success(),
            Some(_) => true,
            None => envelope.error_code.is_some(),
        };
        if is_contradiction {
            return Err(self.unexpected(UnexpectedReason::Contradiction, &body));
        }
        if success == Some("false") {
            // A success with a field called `message` has taken it.
            let envelope = serde_json::from_str(&json).unwrap_or(envelope);
            return Err(self.endpoint_error(&envelope));
        }
        if let Some(error) = envelope.error {
            return Err(match self.platform_error(error.get()) {
                Ok(error) => Error::Platform(error),
                Err(reason) => self.unexpected(reason, &body),
            });
        }
        let says_success = success.is_some() || !self.operation.facts.has_success_flag;
        if says_success
            && self.status.is_success()
            && let Some(result) = result.or_else(|| T::decode(&json, self.operation))
        {
            return Ok(Response::new(result, RateLimit::from_headers(&self.headers), body));
        }
        Err(self.unexpected(UnexpectedReason::Undocumented, &body))
    }

    fn endpoint_error<E: EndpointCode>(&self, envelope: &Envelope) -> Error<E> {
        let code = envelope.error_code.and_then(string).unwrap_or_default();
        let message = envelope.message.and_then(string).unwrap_or_default();
        let reason = E::from(&ServerText::bounded(code.as_bytes(), CODE_LIMIT));
        let retry_after = self.retry_after().or(reason.retry_after());
        let (operation, status) = (self.operation, self.status);
        let message = ServerText::bounded(message.as_bytes(), MESSAGE_LIMIT);
        Error::Endpoint(EndpointError { operation, reason, message, status, retry_after })
    }

    fn platform_error(&self, error: &str) -> Result<PlatformError, UnexpectedReason> {
        if !error.starts_with('{') {
            return Err(UnexpectedReason::Undocumented);
        }
        // The lenient reading would take the last of two codes.
        serde_json::from_str::<OneCode>(error).map_err(|_| UnexpectedReason::Contradiction)?;
        let error: Option<PlatformErrorDetail> = lenient::from_str(error);
        // With another field or type in the spec, this does not compile.
        let PlatformErrorDetail { code, message, description, retry_after } =
            error.ok_or(UnexpectedReason::Undocumented)?;
        let bounded = |text: ServerText| ServerText::bounded(text.as_bytes(), MESSAGE_LIMIT);
        let code = code.ok_or(UnexpectedReason::Undocumented)?;
        let code = ServerText::bounded(code.as_bytes(), CODE_LIMIT);
        let seconds = retry_after.and_then(|time: f64| Duration::try_from_secs_f64(time).ok());
        Ok(PlatformError {
            operation: self.operation,
            reason: PlatformErrorCode::from(&*code),
            message: message.map(bounded).unwrap_or_default(),
            description: description.map(bounded),
            status: self.status,
            retry_after: self.retry_after().or(seconds),
        })
    }

    fn unexpected<E>(&self, reason: UnexpectedReason, body: &[u8]) -> Error<E> {
        let reason = match self.status.as_u16() {
            301 | 302 | 303 | 307 | 308 => UnexpectedReason::Redirect,
            _ => reason,
        };
        Error::UnexpectedResponse(UnexpectedResponse {
            operation: self.operation,
            status: self.status,
            reason,
            excerpt: ServerText::bounded(body, EXCERPT_LIMIT),
            retry_after: self.retry_after(),
        })
    }

    fn retry_after(&self) -> Option<Duration> {
        rate_limit::retry_after(&self.headers, SystemTime::now())
    }
}

/// Fits every object, except one with two codes.
#[derive(Deserialize)]
struct OneCode {
    #[serde(rename = "code")]
    _code: Option<IgnoredAny>,
}

/// The body as text. Invalid UTF-8 is replaced, since it may be in a field that is not needed.
fn text(body: &[u8]) -> Cow<'_, str> {
    // For valid text, this is much faster than `from_utf8_lossy`.
    std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

fn string(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// Reads a body, and stops after the first chunk that exceeds the limit.
pub(super) async fn read_body(
    response: &mut reqwest::Response,
    limit: usize,
) -> reqwest::Result<Bytes> {
    let Some(first) = response.chunk().await? else { return Ok(Bytes::new()) };
    // Most responses are one chunk, which needs no copy.
    if first.len() > limit || response.content_length() == Some(0) {
        return Ok(first);
    }
    let mut body = BytesMut::from(first);
    while body.len() <= limit
        && let Some(chunk) = response.chunk().await?
    {
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
