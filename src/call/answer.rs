//! What an answer means: the one place that decides it.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::Deserializer;
use serde_json::value::RawValue;

use super::json::{self, Text};
use super::{Endpoint, rate_limit};
use crate::error::{CODE_LIMIT, Reason, ServerText};
use crate::{Answered, EndpointError, Error, PlatformError, Refused, UnexpectedResponse};

/// What a success gives. It is filled field by field while the answer is read, once.
pub(crate) trait Success: for<'a> json::Fields<'a> {
    /// Whether a success says `success: true`. Otherwise it is any object that does not speak of a failure.
    const SAYS_SUCCESS: bool = true;

    fn of(answer: &Text) -> Self;

    /// What is taken, if it is enough.
    fn complete(self) -> Option<Self> {
        Some(self)
    }
}

/// Nothing to tell but that it succeeded.
impl Success for () {
    fn of(_: &Text) -> Self {}
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

impl<'a, T: Success> json::Fields<'a> for Fields<'a, T> {
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
        let field = match name {
            "success" => &mut self.success,
            "error" => &mut self.error,
            "errorCode" => &mut self.error_code,
            "message" => &mut self.message,
            _ => return self.rest.take(name, value),
        };
        let value = json::raw(value)?;
        if !json::is_null(value) {
            self.ambiguous |= field.replace(value).is_some() && name != "message";
        }
        Ok(())
    }
}

impl<'a, T: Success> Fields<'a, T> {
    fn of(answer: &Text) -> Self {
        Self {
            success: None,
            error: None,
            error_code: None,
            message: None,
            ambiguous: false,
            rest: T::of(answer),
        }
    }

    fn read(&mut self, answer: &'a Text) -> Result<(), Reason> {
        let text = answer.as_str();
        json::fields(text, self, || Self::of(answer)).map_err(|_| {
            if text.trim_ascii().is_empty() {
                Reason::Empty
            } else if text.trim_ascii_start().starts_with('{') {
                Reason::BrokenJson
            } else if json::is_json(text) {
                Reason::NotDocumented
            } else {
                Reason::NotJson
            }
        })
    }
}

/// A platform error's own fields.
#[derive(Default, PartialEq)]
struct PlatformFields<'a> {
    code: Option<Cow<'a, str>>,
    message: Option<Cow<'a, str>>,
    description: Option<Cow<'a, str>>,
    retry_after: Option<u64>,
}

impl<'a> json::Fields<'a> for PlatformFields<'a> {
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
        match name {
            "code" => self.code = json::string(value)?,
            "message" => self.message = json::string(value)?,
            "description" => self.description = json::string(value)?,
            "retry_after" => self.retry_after = json::of_type(json::raw(value)?),
            _ => json::skip(value)?,
        }
        Ok(())
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
        let text = Text::of(body);
        let body = text.as_str().as_bytes();
        let mut fields = Fields::<T>::of(&text);
        if let Err(reason) = fields.read(&text) {
            return Err(self.unexpected(reason, body));
        }
        let success = fields.success.map(RawValue::get);
        let fails = fields.error.is_some() || fields.error_code.is_some();
        if fields.ambiguous
            || (success == Some("true") && fails)
            || (success.is_some_and(|success| success != "false") && !self.status.is_success())
        {
            return Err(self.unexpected(Reason::Contradiction, body));
        }
        if success == Some("false") {
            return Err(self.refused(fields.error_code, fields.message));
        }
        if let Some(error) = fields.error {
            return Err(match self.platform_error(error) {
                Some(error) => Error::Platform(error),
                None => self.unexpected(Reason::NotDocumented, body),
            });
        }
        let succeeds = success == Some("true") || !T::SAYS_SUCCESS;
        if succeeds
            && self.status.is_success()
            && let Some(value) = fields.rest.complete()
        {
            return Ok(Answered::new(value, self.headers));
        }
        Err(self.unexpected(Reason::NotDocumented, body))
    }

    fn refused<E: EndpointError>(
        &self,
        code: Option<&RawValue>,
        message: Option<&RawValue>,
    ) -> Error<E> {
        let code: String = code.and_then(json::of_type).unwrap_or_default();
        let message = message.and_then(json::of_type).unwrap_or_default();
        let refusal = E::from_code(ServerText::new(code.as_bytes(), CODE_LIMIT).as_str());
        let retry_after = self.retry_after().or(refusal.passes_after());
        Error::Refused(Refused::new(self.endpoint, refusal, message, self.status, retry_after))
    }

    fn platform_error(&self, error: &RawValue) -> Option<PlatformError> {
        let error: PlatformFields<'_> = json::object(error.get())?;
        Some(PlatformError::new(
            self.endpoint,
            error.code?.into_owned(),
            error.message.unwrap_or_default().into_owned(),
            error.description.map(Cow::into_owned),
            self.status,
            self.retry_after().or(error.retry_after.map(Duration::from_secs)),
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
