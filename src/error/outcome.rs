use std::fmt;

use http::StatusCode;

use crate::operation::Operation;

/// The effect of a failed call at BizKitHub.
///
/// It is a promise: [`NotSent`](Self::NotSent) and [`Unchanged`](Self::Unchanged) are returned only if they are certain.
/// [`RetryPolicy`](crate::RetryPolicy#outcomes) lists the outcome of each failure.
// Not `#[non_exhaustive]`: every caller would have to handle a fourth outcome, so it should break the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// BizKitHub never saw the request.
    NotSent,
    /// BizKitHub responded and did nothing.
    Unchanged,
    /// The request was sent, and no conclusive response arrived: it may have succeeded.
    Unknown,
}

impl Outcome {
    /// The outcome of an error response whose code is unknown. A 5xx may come after the work was done, and a 408 says only
    /// that the server stopped waiting.
    pub(super) fn of_unknown_code(status: StatusCode) -> Self {
        let is_rejection = status.is_success() || status.is_client_error();
        match is_rejection && status != StatusCode::REQUEST_TIMEOUT {
            true => Self::Unchanged,
            false => Self::Unknown,
        }
    }

    /// Writes the start of the message of an error that BizKitHub returned.
    pub(super) fn write_start(
        self,
        operation: &Operation,
        status: StatusCode,
        formatter: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        let (name, status) = (operation.facts.name, status.as_u16());
        match self {
            // A rejected call has certainly done nothing.
            Self::Unknown => write!(formatter, "{name} failed at BizKitHub (HTTP {status}): "),
            _ => write!(formatter, "BizKitHub rejected {name} (HTTP {status}): "),
        }
    }
}
