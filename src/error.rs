//! [`Error`] and its accessors.

mod any_error_code;
mod cause;
mod code;
mod endpoint;
mod outcome;
mod platform;
mod platform_code;
mod transport;
mod unexpected;

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::operation::Operation;
pub use any_error_code::AnyErrorCode;
pub use code::ErrorCode;
pub(crate) use code::{
    EndpointCode, debug_unknown, error_codes, is_short_code, sealed, unknown_advice,
    unknown_message,
};
pub use endpoint::EndpointError;
pub use outcome::Outcome;
pub use platform::PlatformError;
pub use platform_code::{PlatformErrorCode, PlatformErrorKind};
pub use transport::TransportError;
pub(crate) use unexpected::UnexpectedReason;
pub use unexpected::UnexpectedResponse;

/// The error of a call: what happened, what it did to the account, and what to do next.
///
/// | variant | what happened |
/// | --- | --- |
/// | [`Endpoint`](Error::Endpoint) | the endpoint ran and returned an error code |
/// | [`Platform`](Error::Platform) | BizKitHub rejected the request before the endpoint ran |
/// | [`UnexpectedResponse`](Error::UnexpectedResponse) | a response in no documented form: a gateway's HTML page, a redirect |
/// | [`Transport`](Error::Transport) | no complete response: no connection, a timeout, a lost connection |
///
/// `E` is the type of the endpoint's own error codes. Without a parameter, `Error` is one type for a function that makes
/// several calls: `?` converts each endpoint's error into it.
///
/// ```
/// use bizkithub::{Client, Error, LoginRequest, LogoutRequest};
///
/// async fn sign_in_and_out(client: &Client, login: &LoginRequest) -> Result<(), Error> {
///     let identity_id = client.login(login).await?.into_inner().identity_id;
///     client.logout(&LogoutRequest::builder().identity_id(identity_id).build()).await?;
///     Ok(())
/// }
/// ```
///
/// # Logging
///
/// `Display` and `Debug` show only this crate's own words, the HTTP status, and error codes that are documented or consist of
/// `E` and three digits. They contain nothing else that a server wrote or a customer typed, so they can be logged.
/// [`EndpointError::message`], [`PlatformError::message`], [`UnexpectedResponse::excerpt`] and [`TransportError::detail`]
/// return the text of the server or the HTTP library, which may quote the request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = AnyErrorCode> {
    /// The endpoint ran and returned an error code.
    Endpoint(EndpointError<E>),
    /// BizKitHub rejected the request before the endpoint ran.
    Platform(PlatformError),
    /// A response in no documented form.
    UnexpectedResponse(UnexpectedResponse),
    /// No complete response arrived.
    Transport(TransportError),
}

impl<E: ErrorCode> Error<E> {
    /// The endpoint's error code, if it returned one.
    ///
    /// # Troubleshooting
    ///
    /// It is `None` for every other error: see the [`outcome`](Self::outcome) for the effect of the call.
    pub fn reason(&self) -> Option<&E> {
        match self {
            Self::Endpoint(error) => Some(error.reason()),
            _ => None,
        }
    }

    /// BizKitHub's code as it was sent: the endpoint's (`"E002"`) or the platform's (`"PUBLIC_API_KEY_…"`).
    ///
    /// It is `None` if no response arrived, or a response without a code. Of a code that is longer, only 256 bytes are kept.
    ///
    /// # Troubleshooting
    ///
    /// Codes are per endpoint: `E002` has another meaning at each. Unknown codes are untrusted server text; don't log them.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Endpoint(error) => Some(error.reason().code()),
            Self::Platform(error) => Some(error.code()),
            Self::UnexpectedResponse(_) | Self::Transport(_) => None,
        }
        .filter(|code| !code.is_empty())
    }

    /// The HTTP status, if the head of a response arrived.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Endpoint(error) => Some(error.status()),
            Self::Platform(error) => Some(error.status()),
            Self::UnexpectedResponse(response) => Some(response.status()),
            Self::Transport(error) => error.status(),
        }
    }

    /// The time to wait before the next attempt, if it is known.
    ///
    /// It comes from the header `Retry-After` (seconds or an HTTP date), or else from the platform error's `retry_after`, or
    /// else from the documentation of the code: ten minutes for `E004` of register-account.
    ///
    /// # Troubleshooting
    ///
    /// A known time does not make the call safe to retry: see [`is_retryable`](Self::is_retryable).
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Endpoint(error) => error.retry_after,
            Self::Platform(error) => error.retry_after,
            Self::UnexpectedResponse(response) => response.retry_after,
            Self::Transport(_) => None,
        }
    }

    /// Returns `true` if the same call may be made again without any risk of doing it twice.
    ///
    /// It is `true` for a request that was never sent, for one that the rate limit rejected, and for
    /// [`get_account_info`](crate::Client::get_account_info) if its outcome is unknown, since it changes nothing. Wait for
    /// [`retry_after`](Self::retry_after) first, if it is known.
    ///
    /// # Troubleshooting
    ///
    /// It is `false` for a timeout or a 502 of any other call, which may have succeeded. It is also `false` for `E004` of
    /// register-account: ten minutes later, the call registers again and sends another email, so let the customer decide.
    pub fn is_retryable(&self) -> bool {
        match self.outcome() {
            Outcome::NotSent => true,
            Outcome::Unchanged => self.is_rate_limited(),
            Outcome::Unknown => self.is_idempotent(),
        }
    }

    /// The effect of the call at BizKitHub.
    ///
    /// ```
    /// # use bizkithub::{Error, Outcome};
    /// fn message_for_the_customer(error: &Error) -> &'static str {
    ///     match error.outcome() {
    ///         Outcome::NotSent | Outcome::Unchanged => "That did not work. Please try again.",
    ///         Outcome::Unknown => "We are not sure that it worked. Please check your inbox.",
    ///     }
    /// }
    /// ```
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Endpoint(error) => error.outcome(),
            Self::Platform(error) => error.outcome(),
            Self::UnexpectedResponse(response) => response.outcome(),
            Self::Transport(error) => error.outcome(),
        }
    }

    /// Returns `true` if the rate limit rejected the request.
    pub(crate) fn is_rate_limited(&self) -> bool {
        match self {
            Self::Platform(error) => error.is_rate_limited(),
            Self::UnexpectedResponse(response) => response.is_rate_limited(),
            Self::Endpoint(_) | Self::Transport(_) => false,
        }
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        self.operation().facts.is_idempotent
    }

    /// Returns `true` if the next attempt would certainly fail in the same way.
    pub(crate) fn is_permanent(&self) -> bool {
        matches!(self, Self::Transport(error) if error.is_permanent())
    }

    fn operation(&self) -> &'static Operation {
        match self {
            Self::Endpoint(error) => error.operation,
            Self::Platform(error) => error.operation,
            Self::UnexpectedResponse(response) => response.operation,
            Self::Transport(error) => error.operation,
        }
    }

    /// The kind of the error as OpenTelemetry's `error.type`, which has a low cardinality.
    pub(crate) fn error_type(&self) -> &'static str {
        match self {
            Self::Endpoint(_) => "endpoint",
            Self::Platform(_) => "platform",
            Self::UnexpectedResponse(_) => "unexpected_response",
            Self::Transport(error) => error.error_type(),
        }
    }

    /// The code, if it is safe to log: a server may send anything as a code.
    pub(crate) fn printable_code(&self) -> Option<&str> {
        let is_printable = match self {
            Self::Endpoint(error) => error.reason().is_documented(),
            Self::Platform(error) => error.reason().is_documented(),
            _ => false,
        };
        self.code().filter(|code| is_printable || is_short_code(code))
    }
}

impl<E: EndpointCode> From<Error<E>> for Error {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Endpoint(error) => Self::Endpoint(error.into_any()),
            Error::Platform(error) => Self::Platform(error),
            Error::UnexpectedResponse(response) => Self::UnexpectedResponse(response),
            Error::Transport(error) => Self::Transport(error),
        }
    }
}

impl<E: ErrorCode> fmt::Display for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(error) => error.fmt(formatter),
            Self::Platform(error) => error.fmt(formatter),
            Self::UnexpectedResponse(response) => response.fmt(formatter),
            Self::Transport(error) => error.fmt(formatter),
        }
    }
}

impl<E: ErrorCode> std::error::Error for Error<E> {}
