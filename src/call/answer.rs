//! What an answer means: the one place that decides it.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde_json::value::RawValue;

use super::{Endpoint, json, rate_limit};
use crate::error::{CODE_LIMIT, Reason, ServerText};
use crate::{Answered, EndpointError, Error, PlatformError, Refused, UnexpectedResponse};

/// What a success gives. It is filled field by field while the answer is read, once.
pub(crate) trait Success: Sized {
    /// Whether a success says `success: true`. Otherwise it is any object that does not speak of a failure.
    const SAYS_SUCCESS: bool = true;

    fn empty() -> Self;

    /// Takes a field of the answer. One that is of another type than documented is left out.
    fn take(&mut self, field: &str, value: &RawValue);

    /// What is taken, if it is enough, with the whole answer as it came.
    fn complete(self, answer: Bytes) -> Option<Self>;
}

/// Nothing to tell but that it succeeded.
impl Success for () {
    fn empty() -> Self {}

    fn take(&mut self, _: &str, _: &RawValue) {}

    fn complete(self, _: Bytes) -> Option<Self> {
        Some(())
    }
}

/// The fields that say what an answer means, and what takes the others. What is `null` counts as left out.
struct Fields<'a, T> {
    success: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
    error_code: Option<&'a RawValue>,
    message: Option<&'a RawValue>,
    /// One of the first three stands there twice: which of them is meant?
    ambiguous: bool,
    rest: T,
}

impl<'a, T: Success> Fields<'a, T> {
    fn read(text: &'a str) -> Result<Self, Reason> {
        let mut fields = Self {
            success: None,
            error: None,
            error_code: None,
            message: None,
            ambiguous: false,
            rest: T::empty(),
        };
        let read = json::fields(text, |name, value| {
            let field = match name {
                "success" => &mut fields.success,
                "error" => &mut fields.error,
                "errorCode" => &mut fields.error_code,
                "message" => &mut fields.message,
                _ => return fields.rest.take(name, value),
            };
            if !json::is_null(value) {
                fields.ambiguous |= field.replace(value).is_some() && name != "message";
            }
        });
        match read {
            Ok(()) => Ok(fields),
            Err(_) if text.trim_ascii().is_empty() => Err(Reason::Empty),
            Err(_) if text.trim_ascii_start().starts_with('{') => Err(Reason::BrokenJson),
            Err(_) if json::is_json(text) => Err(Reason::NotDocumented),
            Err(_) => Err(Reason::NotJson),
        }
    }
}

/// An answer's head, and which endpoint it comes from.
pub(crate) struct Answer {
    endpoint: &'static Endpoint,
    status: StatusCode,
    headers: HeaderMap,
}

impl Answer {
    pub(crate) fn new(endpoint: &'static Endpoint, status: StatusCode, headers: HeaderMap) -> Self {
        Self { endpoint, status, headers }
    }

    /// Decides what the answer means. A `body` longer than `limit` was not read to its end.
    pub(crate) fn read<T: Success, E: EndpointError>(
        self,
        body: Bytes,
        limit: usize,
    ) -> Result<Answered<T>, Error<E>> {
        if body.len() > limit {
            return Err(self.unexpected(Reason::TooLong { limit }, &body));
        }
        // A byte that is not UTF-8 may stand in a part that nobody needs: it must not turn a success into an error.
        let text = match std::str::from_utf8(&body) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(&body),
        };
        let fields = match Fields::<T>::read(&text) {
            Ok(fields) => fields,
            Err(reason) => return Err(self.unexpected(reason, &body)),
        };
        let success = fields.success.map(RawValue::get);
        let fails = fields.error.is_some() || fields.error_code.is_some();
        if fields.ambiguous
            || (success == Some("true") && fails)
            || (success.is_some_and(|success| success != "false") && !self.status.is_success())
        {
            return Err(self.unexpected(Reason::Contradiction, &body));
        }
        if success == Some("false") {
            return Err(self.refused(fields.error_code, fields.message));
        }
        if let Some(error) = fields.error {
            return Err(match self.platform_error(error) {
                Some(error) => Error::Platform(error),
                None => self.unexpected(Reason::NotDocumented, &body),
            });
        }
        let succeeds = success == Some("true") || !T::SAYS_SUCCESS;
        if succeeds
            && self.status.is_success()
            && let Some(value) = fields.rest.complete(body.clone())
        {
            return Ok(Answered::new(value, self.headers));
        }
        Err(self.unexpected(Reason::NotDocumented, &body))
    }

    fn refused<E: EndpointError>(
        &self,
        code: Option<&RawValue>,
        message: Option<&RawValue>,
    ) -> Error<E> {
        let code = code.and_then(json::text).unwrap_or_default();
        let message = message.and_then(json::text).unwrap_or_default();
        let refusal = E::from_code(ServerText::new(code.as_bytes(), CODE_LIMIT).as_str());
        let retry_after = self.retry_after().or(refusal.passes_after());
        Error::Refused(Refused::new(self.endpoint, refusal, message, self.status, retry_after))
    }

    fn platform_error(&self, error: &RawValue) -> Option<PlatformError> {
        let (mut code, mut message, mut description, mut retry_after) = (None, None, None, None);
        json::fields(error.get(), |name, value| match name {
            "code" => code = json::text(value),
            "message" => message = json::text(value),
            "description" => description = json::text(value),
            "retry_after" => retry_after = json::value(value).map(Duration::from_secs),
            _ => {}
        })
        .ok()?;
        Some(PlatformError::new(
            self.endpoint,
            code?,
            message.unwrap_or_default(),
            description,
            self.status,
            self.retry_after().or(retry_after),
        ))
    }

    /// A redirect is what the status says, whatever the body is.
    fn unexpected<E>(&self, reason: Reason, body: &[u8]) -> Error<E> {
        let reason = if self.status.is_redirection() { Reason::Redirect } else { reason };
        let retry_after = self.retry_after();
        let response =
            UnexpectedResponse::new(self.endpoint, self.status, reason, body, retry_after);
        Error::Unexpected(response)
    }

    fn retry_after(&self) -> Option<Duration> {
        rate_limit::retry_after(&self.headers, SystemTime::now())
    }
}
