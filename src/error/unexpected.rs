use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::{Outcome, ServerText};
use crate::call::Endpoint;

/// The longest excerpt of an answer, in bytes.
const EXCERPT_LIMIT: usize = 512;

/// An answer in no documented form: a gateway's HTML page, a redirect, an answer that is too long.
#[derive(Clone, Debug)]
pub struct UnexpectedResponse {
    pub(super) endpoint: &'static Endpoint,
    status: StatusCode,
    reason: Reason,
    excerpt: ServerText,
    retry_after: Option<Duration>,
}

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Empty,
    NotJson,
    /// It starts as an object and is none: what it would have said is not known.
    BrokenJson,
    NotDocumented,
    Redirect,
    /// It says both that it succeeded and that it failed.
    Contradiction,
    TooLong {
        limit: usize,
    },
}

impl UnexpectedResponse {
    pub(crate) fn new(
        endpoint: &'static Endpoint,
        status: StatusCode,
        reason: Reason,
        body: &[u8],
        retry_after: Option<Duration>,
    ) -> Self {
        let excerpt = ServerText::new(body, EXCERPT_LIMIT);
        Self { endpoint, status, reason, excerpt, retry_after }
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The start of the answer's body: at most 512 bytes, those that are not UTF-8 replaced. Raw: it may quote what was
    /// sent, the API key included, so look at it before you log it.
    pub fn excerpt(&self) -> &str {
        self.excerpt.as_str()
    }

    /// A 429 turned the request away: that is what the status means, unless the body may say otherwise.
    pub(super) fn is_turned_away(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            && matches!(self.reason, Reason::Empty | Reason::NotJson | Reason::NotDocumented)
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.is_turned_away() { Outcome::Unchanged } else { Outcome::Unknown }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "an empty body",
            Self::NotJson => "a body that is not JSON",
            Self::BrokenJson => "broken JSON",
            Self::NotDocumented => "JSON in no documented form",
            Self::Redirect => "a redirect, which was not followed",
            Self::Contradiction => "a body that says both yes and no",
            Self::TooLong { limit } => {
                return write!(formatter, "a body longer than {limit} bytes");
            }
        })
    }
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, status) = (self.endpoint.operation.name, self.status.as_u16());
        write!(formatter, "{name} was answered by HTTP {status} with {}. ", self.reason)?;
        if self.reason == Reason::Redirect {
            formatter.write_str("Check the base URL. ")?;
        }
        formatter.write_str(match self.outcome() {
            Outcome::Unknown => self.endpoint.in_doubt,
            _ => "Nothing was changed: repeat the call later",
        })?;
        if !self.excerpt.as_str().is_empty() {
            formatter.write_str(". UnexpectedResponse::excerpt() has the start of the body")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnexpectedResponse {}
