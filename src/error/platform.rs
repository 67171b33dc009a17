use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::code::is_short_code;
use super::{Outcome, PlatformErrorCode, PlatformErrorKind};
use crate::ServerText;
use crate::operation::Operation;

/// BizKitHub rejected the request before the endpoint ran, because of the key, a permission or the rate limit.
#[derive(Clone, Debug)]
pub struct PlatformError {
    pub(crate) operation: &'static Operation,
    pub(crate) reason: PlatformErrorCode,
    pub(crate) message: ServerText,
    pub(crate) description: Option<ServerText>,
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<Duration>,
}

impl PlatformError {
    /// The platform's error code.
    pub fn reason(&self) -> &PlatformErrorCode {
        &self.reason
    }

    /// The code as it was sent, like `PUBLIC_API_KEY_DOES_NOT_EXIST`. Each code is documented at
    /// `https://docs.bizkithub.com/errors/<CODE>`.
    pub fn code(&self) -> &str {
        self.reason.code()
    }

    /// BizKitHub's own message for developers, at most 1,024 bytes; empty if it sent none. It may quote the request, and its
    /// wording may change: match the code instead.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// BizKitHub's longer explanation, at most 1,024 bytes, if it sent one. It may quote the request.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The kind of the error, by its code, or by the HTTP status for a code newer than this crate.
    pub fn kind(&self) -> PlatformErrorKind {
        self.reason.kind().unwrap_or(match self.status.as_u16() {
            429 => PlatformErrorKind::RateLimited,
            401 | 403 => PlatformErrorKind::Permission,
            400 | 422 => PlatformErrorKind::Validation,
            _ => PlatformErrorKind::Other,
        })
    }

    /// Returns `true` if the rate limit rejected the request. The status of a documented code may be any.
    pub(super) fn is_rate_limited(&self) -> bool {
        self.kind() == PlatformErrorKind::RateLimited
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.reason.is_documented() {
            true => Outcome::Unchanged,
            false => Outcome::of_unknown_code(self.status),
        }
    }

    fn advice(&self) -> &'static str {
        self.reason.advice().unwrap_or(match self.status.as_u16() {
            429 => "retry the call later",
            404 | 405 => {
                "check the base URL, or look the code up at https://docs.bizkithub.com/errors"
            }
            _ => "look it up at https://docs.bizkithub.com/errors, or update this crate",
        })
    }
}

impl fmt::Display for PlatformError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = match self.code() {
            code if self.reason.is_documented() || is_short_code(code) => code,
            _ => "an unknown error code",
        };
        self.outcome().write_start(self.operation, self.status, formatter)?;
        write!(formatter, "{code}. ")?;
        match self.outcome() {
            Outcome::Unknown => formatter.write_str(self.operation.unknown_outcome_advice),
            _ => write!(formatter, "Nothing was changed: {}", self.advice()),
        }
    }
}

impl std::error::Error for PlatformError {}
