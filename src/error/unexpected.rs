use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::Outcome;
use crate::ServerText;
use crate::operation::Operation;

/// A response in no documented form: a gateway's HTML page, a redirect, a body that is too long.
#[derive(Clone, Debug)]
pub struct UnexpectedResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) status: StatusCode,
    pub(crate) reason: UnexpectedReason,
    pub(crate) excerpt: ServerText,
    pub(crate) retry_after: Option<Duration>,
}

/// The reason why a response is unexpected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnexpectedReason {
    Empty,
    NotJson,
    /// It starts like an object, so it may be a success or an error.
    BrokenJson,
    Undocumented,
    Redirect,
    /// It says both that the call succeeded and that it failed.
    Contradiction,
    TooLong {
        limit: usize,
    },
}

impl UnexpectedResponse {
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The start of the body: at most 512 bytes, with bytes that are not UTF-8 replaced. It may quote the request, including
    /// the API key, so check it before you log it.
    pub fn excerpt(&self) -> &str {
        &self.excerpt
    }

    /// Returns `true` if a 429 rejected the request. A body that may contradict the status makes this uncertain.
    pub(super) fn is_rate_limited(&self) -> bool {
        use UnexpectedReason::{Empty, NotJson, Undocumented};
        self.status == StatusCode::TOO_MANY_REQUESTS
            && matches!(self.reason, Empty | NotJson | Undocumented)
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.is_rate_limited() { Outcome::Unchanged } else { Outcome::Unknown }
    }
}

impl fmt::Display for UnexpectedReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "an empty body",
            Self::NotJson => "a body that is not JSON",
            Self::BrokenJson => "broken JSON",
            Self::Undocumented => "an unrecognized JSON body",
            Self::Redirect => "a redirect; check the base URL",
            Self::Contradiction => "a contradictory body",
            Self::TooLong { limit } => {
                return write!(formatter, "a body longer than {limit} bytes");
            }
        })
    }
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, status) = (self.operation.facts.name, self.status.as_u16());
        write!(formatter, "{name} returned HTTP {status} with {}", self.reason)?;
        // BizKitHub has each path of the spec, so another server sent this.
        if matches!(status, 404 | 405) {
            formatter.write_str("; check the base URL")?;
        }
        formatter.write_str(". ")?;
        formatter.write_str(match self.outcome() {
            Outcome::Unknown => self.operation.unknown_outcome_advice,
            _ => "Nothing was changed: retry the call later",
        })
    }
}

impl std::error::Error for UnexpectedResponse {}
