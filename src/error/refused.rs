use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::{AnyRefusal, EndpointError, Outcome, Refusal, ServerText};
use crate::call::Endpoint;

/// The most that an error keeps of a message or a description, in bytes.
pub(super) const MESSAGE_LIMIT: usize = 1024;

/// The endpoint ran and said no.
#[derive(Clone, Debug)]
pub struct Refused<E> {
    pub(super) endpoint: &'static Endpoint,
    error: E,
    message: ServerText,
    status: StatusCode,
    retry_after: Option<Duration>,
}

impl<E> Refused<E> {
    pub(crate) fn new(
        endpoint: &'static Endpoint,
        error: E,
        message: String,
        status: StatusCode,
        retry_after: Option<Duration>,
    ) -> Self {
        let message = ServerText::new(message.as_bytes(), MESSAGE_LIMIT);
        Self { endpoint, error, message, status, retry_after }
    }

    /// Why.
    pub fn error(&self) -> &E {
        &self.error
    }

    /// BizKitHub's own words, for developers; empty if it sent none. At most 1,024 bytes, raw: they may quote what was sent.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }

    /// The HTTP status of the answer. No page documents which one a refusal has.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl<E: Refusal> Refused<E> {
    pub(super) fn outcome(&self) -> Outcome {
        if self.error.is_documented() {
            Outcome::Unchanged
        } else {
            Outcome::of_an_unknown_code(self.status)
        }
    }
}

impl<E: EndpointError> Refused<E> {
    pub(super) fn into_any(self) -> Refused<AnyRefusal> {
        let Self { endpoint, error, message, status, retry_after } = self;
        let error = AnyRefusal::new(endpoint.operation.id, &error);
        Refused { endpoint, error, message, status, retry_after }
    }
}

impl<E: Refusal> fmt::Display for Refused<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = &self.endpoint.operation;
        write!(formatter, "BizKitHub refused {} (HTTP {})", operation.name, self.status.as_u16())?;
        if self.error.is_documented() {
            write!(formatter, " with {}", self.error.code())?;
        }
        write!(formatter, ": {} ", self.error.words())?;
        match self.outcome() {
            Outcome::Unknown => formatter.write_str(self.endpoint.in_doubt)?,
            _ => write!(formatter, "Nothing was changed: {}", self.error.advice())?,
        }
        write!(
            formatter,
            ". The endpoint's page is https://docs.bizkithub.com/swagger/{}",
            operation.path.replace('/', "-")
        )?;
        if !self.message.as_str().is_empty() {
            formatter.write_str("; Refused::message() has BizKitHub's own words")?;
        }
        Ok(())
    }
}

impl<E: Refusal> std::error::Error for Refused<E> {}
