use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::Outcome;

/// BizKitHub turned the request away before the endpoint ran: the key, a permission, the rate limit.
///
/// Each code is documented at `https://docs.bizkithub.com/errors/<CODE>`.
///
/// ```
/// # use bizkithub::{PlatformError, PlatformErrorKind};
/// fn wake_somebody_up(error: &PlatformError) -> bool {
///     matches!(error.kind(), PlatformErrorKind::ApiKey | PlatformErrorKind::Permission)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct PlatformError {
    code: Box<str>,
    message: Box<str>,
    description: Option<Box<str>>,
    status: StatusCode,
    retry_after: Option<Duration>,
}

/// What a [`PlatformError`] is about, told from its code, or from the HTTP status for a code newer than this crate.
///
/// ```
/// # use bizkithub::{PlatformError, PlatformErrorKind};
/// fn is_our_own_fault(error: &PlatformError) -> bool {
///     error.kind() == PlatformErrorKind::Validation
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlatformErrorKind {
    /// The API key: unknown, malformed, deleted, expired, a sample. BizKitHub answers these with a 404:
    /// [`PUBLIC_API_KEY_DOES_NOT_EXIST`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_DOES_NOT_EXIST),
    /// [`PUBLIC_API_KEY_SAMPLE_VALUE`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_SAMPLE_VALUE),
    /// [`PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT),
    /// [`PUBLIC_API_KEY_HAS_BEEN_DELETED`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_HAS_BEEN_DELETED),
    /// [`PUBLIC_API_KEY_IS_NOT_ACTIVE`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_IS_NOT_ACTIVE),
    /// [`PUBLIC_API_KEY_IS_EMPTY`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_IS_EMPTY),
    /// [`PUBLIC_API_KEY_HAS_BEEN_EXPIRED`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_HAS_BEEN_EXPIRED).
    ApiKey,
    /// The key's rate limit is exhausted (429):
    /// [`INTERNAL_TOO_MANY_REQUESTS`](https://docs.bizkithub.com/errors/INTERNAL_TOO_MANY_REQUESTS),
    /// [`RATE_LIMIT_EXCEEDED`](https://docs.bizkithub.com/errors/RATE_LIMIT_EXCEEDED).
    RateLimited,
    /// The key (403), or the member behind it (401), may not do this:
    /// [`PUBLIC_API_KEY_SCOPE_NOT_ALLOWED`](https://docs.bizkithub.com/errors/PUBLIC_API_KEY_SCOPE_NOT_ALLOWED),
    /// [`PERMISSION_MEMBER_HAS_NO_PERMISSION`](https://docs.bizkithub.com/errors/PERMISSION_MEMBER_HAS_NO_PERMISSION),
    /// [`PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION`](https://docs.bizkithub.com/errors/PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION).
    Permission,
    /// A value that BizKitHub cannot take:
    /// [`INTERNAL_VALIDATION_FAILED`](https://docs.bizkithub.com/errors/INTERNAL_VALIDATION_FAILED).
    Validation,
    /// Anything else.
    Other,
}

impl PlatformError {
    pub(crate) fn new(
        code: Box<str>,
        message: Box<str>,
        description: Option<Box<str>>,
        status: StatusCode,
        retry_after: Option<Duration>,
    ) -> Self {
        Self { code, message, description, status, retry_after }
    }

    /// The platform's code, like `PUBLIC_API_KEY_DOES_NOT_EXIST`. The one thing to switch on.
    ///
    /// ```
    /// # use bizkithub::PlatformError;
    /// fn has_expired(error: &PlatformError) -> bool {
    ///     error.code() == "PUBLIC_API_KEY_HAS_BEEN_EXPIRED"
    /// }
    /// ```
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The code in BizKitHub's words, for developers; it may change.
    ///
    /// At most 1,024 bytes, the API key and the password masked if they were in it.
    ///
    /// ```
    /// # use bizkithub::PlatformError;
    /// fn log(error: &PlatformError) {
    ///     eprintln!("{}", error.message());
    /// }
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// BizKitHub's longer explanation, if it gave one; bounded and masked like [`message`](Self::message).
    ///
    /// ```
    /// # use bizkithub::PlatformError;
    /// fn log(error: &PlatformError) {
    ///     eprintln!("{}", error.description().unwrap_or_default());
    /// }
    /// ```
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The HTTP status of the answer.
    ///
    /// ```
    /// # use bizkithub::PlatformError;
    /// fn is_on_their_side(error: &PlatformError) -> bool {
    ///     error.status().is_server_error()
    /// }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// What it is about.
    ///
    /// ```
    /// # use bizkithub::{PlatformError, PlatformErrorKind};
    /// fn slow_down(error: &PlatformError) -> bool {
    ///     error.kind() == PlatformErrorKind::RateLimited
    /// }
    /// ```
    pub fn kind(&self) -> PlatformErrorKind {
        self.known_kind().unwrap_or(match self.status.as_u16() {
            401 | 403 => PlatformErrorKind::Permission,
            400 | 422 => PlatformErrorKind::Validation,
            429 => PlatformErrorKind::RateLimited,
            _ => PlatformErrorKind::Other,
        })
    }

    fn known_kind(&self) -> Option<PlatformErrorKind> {
        match &*self.code {
            "INTERNAL_TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED" => {
                Some(PlatformErrorKind::RateLimited)
            }
            "INTERNAL_VALIDATION_FAILED" => Some(PlatformErrorKind::Validation),
            "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED" => Some(PlatformErrorKind::Permission),
            code if code.starts_with("PUBLIC_API_KEY_") => Some(PlatformErrorKind::ApiKey),
            code if code.starts_with("PERMISSION_") => Some(PlatformErrorKind::Permission),
            _ => None,
        }
    }

    /// A code that this crate knows, or a client error, says that the endpoint never ran. An unknown code with a 5xx
    /// may be a crash after the account was made, so it proves nothing.
    pub(super) fn outcome(&self) -> Outcome {
        if self.known_kind().is_some() || self.status.is_client_error() {
            Outcome::Refused
        } else {
            Outcome::Unknown
        }
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    fn advice(&self) -> &'static str {
        match self.kind() {
            PlatformErrorKind::ApiKey => {
                "check the API key that the client was built with (BIZKITHUB_API_KEY) in BizKitHub's administration"
            }
            PlatformErrorKind::RateLimited => {
                "repeat the call after the time in retry_after, or raise the key's quota"
            }
            PlatformErrorKind::Permission => {
                "give the key, or the member it belongs to, the permission to register customers"
            }
            PlatformErrorKind::Validation => {
                "correct the value that BizKitHub names; a repeat cannot help"
            }
            PlatformErrorKind::Other if self.outcome() == Outcome::Unknown => {
                "the account may exist: have the shopper check the inbox before trying again"
            }
            PlatformErrorKind::Other => "look the code up at the address above",
        }
    }
}

impl fmt::Display for PlatformError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.outcome() {
            Outcome::Unknown => "BizKitHub failed: ",
            _ => "BizKitHub turned the request away and changed nothing: ",
        })?;
        write!(formatter, "{} (HTTP {})", self.code.escape_debug(), self.status.as_u16())?;
        if !self.message.is_empty() {
            let message = self.message.escape_debug().to_string();
            write!(formatter, ", {}", message.trim_end_matches('.'))?;
        }
        if self
            .code
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        {
            write!(formatter, ", see https://docs.bizkithub.com/errors/{}", self.code)?;
        }
        write!(formatter, "; {}", self.advice())
    }
}

impl std::error::Error for PlatformError {}
