use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::code::is_short_code;
use super::{AnyErrorCode, EndpointCode, ErrorCode, Outcome};
use crate::ServerText;
use crate::operation::Operation;

/// The endpoint ran and returned an error code.
#[derive(Clone, Debug)]
pub struct EndpointError<E> {
    pub(crate) operation: &'static Operation,
    pub(crate) reason: E,
    pub(crate) message: ServerText,
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<Duration>,
}

impl<E> EndpointError<E> {
    /// The error code.
    pub fn reason(&self) -> &E {
        &self.reason
    }

    /// BizKitHub's own message for developers, at most 1,024 bytes; empty if it sent none. It may quote the request.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The HTTP status. Not documented: the status of an endpoint's error.
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl<E: ErrorCode> EndpointError<E> {
    pub(super) fn outcome(&self) -> Outcome {
        match self.reason.is_documented() {
            true => Outcome::Unchanged,
            false => Outcome::of_unknown_code(self.status),
        }
    }
}

impl<E: EndpointCode> EndpointError<E> {
    pub(super) fn into_any(self) -> EndpointError<AnyErrorCode> {
        let Self { operation, reason, message, status, retry_after } = self;
        let reason = AnyErrorCode::new(operation.facts.id, &reason);
        EndpointError { operation, reason, message, status, retry_after }
    }
}

impl<E: ErrorCode> fmt::Display for EndpointError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.outcome().write_start(self.operation, self.status, formatter)?;
        if self.reason.is_documented() || is_short_code(self.reason.code()) {
            write!(formatter, "{}. ", self.reason.code())?;
        }
        write!(formatter, "{} ", self.reason.message())?;
        match self.outcome() {
            Outcome::Unknown => formatter.write_str(self.operation.unknown_outcome_advice),
            _ => write!(formatter, "Nothing was changed: {}", self.reason.advice()),
        }
    }
}

impl<E: ErrorCode> std::error::Error for EndpointError<E> {}
