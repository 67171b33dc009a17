use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::Outcome;

/// An answer in no documented form: a gateway's HTML page, a redirect, an answer that is too long.
///
/// ```
/// # use bizkithub::UnexpectedResponse;
/// fn log(response: &UnexpectedResponse) {
///     eprintln!("{}: {}", response.status(), response.excerpt());
/// }
/// ```
#[derive(Clone, Debug)]
pub struct UnexpectedResponse {
    status: StatusCode,
    reason: Reason,
    excerpt: Box<str>,
    retry_after: Option<Duration>,
}

/// What is wrong with an answer. It quotes nothing of it: `serde_json`'s own messages do, and would print a key
/// that the answer echoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Empty,
    NotJson {
        line: usize,
        column: usize,
    },
    NotDocumented,
    Redirect,
    /// `success: true` with a status that says otherwise.
    Contradiction,
    TooLong {
        limit: usize,
    },
}

impl UnexpectedResponse {
    pub(crate) fn new(
        status: StatusCode,
        reason: Reason,
        excerpt: Box<str>,
        retry_after: Option<Duration>,
    ) -> Self {
        Self { status, reason, excerpt, retry_after }
    }

    /// The HTTP status of the answer.
    ///
    /// ```
    /// # use bizkithub::UnexpectedResponse;
    /// fn is_a_redirect(response: &UnexpectedResponse) -> bool {
    ///     response.status().is_redirection()
    /// }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The start of the answer's body: at most 512 bytes, bytes that are not UTF-8 replaced, the API key and the
    /// password masked.
    ///
    /// They are found as they are, percent-encoded, JSON-escaped, as HTML entities, and in any two of these on top
    /// of each other. They are not found inside base64 or another transformation of the whole URL.
    ///
    /// ```
    /// # use bizkithub::UnexpectedResponse;
    /// fn looks_like_html(response: &UnexpectedResponse) -> bool {
    ///     response.excerpt().trim_start().starts_with('<')
    /// }
    /// ```
    pub fn excerpt(&self) -> &str {
        &self.excerpt
    }

    /// A 429 turned the request away: that is what the status means, unless the body says, or may say past the bound,
    /// that it did not.
    pub(super) fn is_turned_away(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            && !matches!(self.reason, Reason::Contradiction | Reason::TooLong { .. })
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.is_turned_away() { Outcome::Refused } else { Outcome::Unknown }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("an empty body"),
            Self::NotJson { line, column } => {
                write!(formatter, "a body that is not JSON (line {line}, column {column})")
            }
            Self::NotDocumented => formatter.write_str("JSON in no documented form"),
            Self::Redirect => formatter.write_str("a redirect, which was not followed"),
            Self::Contradiction => formatter.write_str("a body that says that it succeeded"),
            Self::TooLong { limit } => write!(formatter, "a body longer than {limit} bytes"),
        }
    }
}

impl fmt::Display for UnexpectedResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the answer was HTTP {} with {}", self.status.as_u16(), self.reason)?;
        if !self.excerpt.is_empty() {
            write!(formatter, " that starts \"{}\"", self.excerpt.escape_debug())?;
        }
        formatter.write_str(if self.is_turned_away() {
            "; nothing was registered, repeat the call later"
        } else if self.reason == Reason::Redirect {
            "; check the base URL, and have the shopper check the inbox before trying again: the account may exist"
        } else {
            "; the account may exist: have the shopper check the inbox before trying again"
        })
    }
}

impl std::error::Error for UnexpectedResponse {}
