use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::platform_codes::PlatformCode;
use super::refused::MESSAGE_LIMIT;
use super::{CODE_LIMIT, Outcome, ServerText};
use crate::call::Endpoint;

/// BizKitHub turned the request away before the endpoint ran: the key, a permission, the rate limit.
#[derive(Clone, Debug)]
pub struct PlatformError {
    pub(super) endpoint: &'static Endpoint,
    code: ServerText,
    known: Option<&'static PlatformCode>,
    message: ServerText,
    description: Option<ServerText>,
    status: StatusCode,
    retry_after: Option<Duration>,
}

/// What a [`PlatformError`] is about, told from its code, or from the HTTP status for a code newer than this crate.
///
/// ```
/// # use bizkithub::{PlatformError, PlatformErrorKind};
/// fn wake_somebody_up(error: &PlatformError) -> bool {
///     matches!(error.kind(), PlatformErrorKind::ApiKey | PlatformErrorKind::Permission)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlatformErrorKind {
    /// The API key: unknown, malformed, deleted, expired, a sample. BizKitHub answers these with a 404.
    ApiKey,
    /// The key's rate limit is exhausted (429).
    RateLimited,
    /// The key (403), or the member behind it (401), may not do this.
    Permission,
    /// A value that BizKitHub cannot take.
    Validation,
    /// Anything else.
    Other,
}

impl PlatformError {
    pub(crate) fn new(
        endpoint: &'static Endpoint,
        code: String,
        message: String,
        description: Option<String>,
        status: StatusCode,
        retry_after: Option<Duration>,
    ) -> Self {
        let bounded = |text: String| ServerText::new(text.as_bytes(), MESSAGE_LIMIT);
        Self {
            endpoint,
            known: PlatformCode::find(&code),
            code: ServerText::new(code.as_bytes(), CODE_LIMIT),
            message: bounded(message),
            description: description.map(bounded),
            status,
            retry_after,
        }
    }

    /// The platform's code as it came, like `PUBLIC_API_KEY_DOES_NOT_EXIST`: the one thing to switch on. Each is
    /// documented at `https://docs.bizkithub.com/errors/<CODE>`.
    pub fn code(&self) -> &str {
        self.code.as_str()
    }

    /// The code in BizKitHub's words, for developers; empty if it sent none. At most 1,024 bytes, raw: they may quote what
    /// was sent. They may change, so switch on the code.
    pub fn message(&self) -> &str {
        self.message.as_str()
    }

    /// BizKitHub's longer explanation, if it gave one. At most 1,024 bytes, raw: it may quote what was sent.
    pub fn description(&self) -> Option<&str> {
        self.description.as_ref().map(ServerText::as_str)
    }

    /// The HTTP status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What it is about.
    pub fn kind(&self) -> PlatformErrorKind {
        match (self.known, self.status.as_u16()) {
            (Some(known), _) => known.kind,
            (None, 429) => PlatformErrorKind::RateLimited,
            (None, 401 | 403) => PlatformErrorKind::Permission,
            (None, 400 | 422) => PlatformErrorKind::Validation,
            (None, _) => PlatformErrorKind::Other,
        }
    }

    pub(super) fn known_code(&self) -> Option<&'static str> {
        self.known.map(|known| known.code)
    }

    pub(super) fn is_turned_away(&self) -> bool {
        self.status == StatusCode::TOO_MANY_REQUESTS
            && self.kind() == PlatformErrorKind::RateLimited
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.known {
            Some(_) => Outcome::Unchanged,
            None => Outcome::of_an_unknown_code(self.status),
        }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    fn advice(&self) -> &'static str {
        match self.known {
            Some(known) => known.advice,
            None if self.is_turned_away() => "repeat the call once its Retry-After has passed",
            None => {
                "look the code up at https://docs.bizkithub.com/errors, and see whether a newer version of this \
                 crate knows it"
            }
        }
    }
}

impl fmt::Display for PlatformError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code =
            self.known_code().unwrap_or("a code that this version of the crate does not know");
        let (name, status) = (self.endpoint.operation.name, self.status.as_u16());
        match self.outcome() {
            Outcome::Unknown => {
                write!(formatter, "{name} was answered by HTTP {status} with {code}. ")?;
                formatter.write_str(self.endpoint.in_doubt)?;
            }
            _ => {
                write!(formatter, "BizKitHub turned {name} away (HTTP {status}) with {code}. ")?;
                write!(formatter, "Nothing was changed: {}", self.advice())?;
            }
        }
        if let Some(code) = self.known_code() {
            write!(formatter, ". See https://docs.bizkithub.com/errors/{code}")?;
        } else {
            formatter.write_str(". PlatformError::code() has the code")?;
        }
        if !self.message.as_str().is_empty() {
            formatter.write_str("; PlatformError::message() has BizKitHub's own words")?;
        }
        Ok(())
    }
}

impl std::error::Error for PlatformError {}
