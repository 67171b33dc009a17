//! [`Error`] and what can be asked of it.

mod endpoint;
mod platform;
mod refused;
mod register_account;
mod transport;
mod unexpected;

use std::fmt;
use std::time::Duration;

use http::StatusCode;

pub use endpoint::EndpointError;
pub use platform::{PlatformError, PlatformErrorKind};
pub use refused::Refused;
pub use register_account::RegisterAccountError;
pub use transport::TransportError;
pub use unexpected::UnexpectedResponse;

pub(crate) use unexpected::Reason;

/// Why a call gave no result: whether the account may exist, and what to do next.
///
/// `E` is the type of the endpoint's own refusals; without it, [`RegisterAccountError`].
///
/// | variant | what happened |
/// | --- | --- |
/// | [`Refused`](Error::Refused) | the endpoint ran and said no |
/// | [`Platform`](Error::Platform) | BizKitHub turned the request away before the endpoint ran |
/// | [`Unexpected`](Error::Unexpected) | an answer in no documented form: a gateway's HTML page, a redirect |
/// | [`Transport`](Error::Transport) | no complete answer: no connection, a timeout, a broken connection |
///
/// Its message ends with what to do next; the sources (as `anyhow` or `{:#}` of an error reporter print them) add
/// the technical cause. Neither holds the API key or the password, even where BizKitHub's answer echoes them.
///
/// ```
/// # use bizkithub::{Error, Outcome};
/// fn words_for_the_log(error: &Error) -> String {
///     match error.outcome() {
///         Outcome::NotSent => format!("safe to repeat: {error}"),
///         Outcome::Refused => format!("no account: {error}"),
///         Outcome::Unknown => format!("there may be an account: {error}"),
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = RegisterAccountError> {
    /// The endpoint ran and said no.
    Refused(Refused<E>),
    /// BizKitHub turned the request away before the endpoint ran.
    Platform(PlatformError),
    /// An answer in no documented form.
    Unexpected(UnexpectedResponse),
    /// No complete answer arrived.
    Transport(TransportError),
}

/// What a failed call left behind at BizKitHub.
///
/// The table of what leads to which outcome stands at [`RetryPolicy`](crate::RetryPolicy).
///
/// ```
/// # use bizkithub::{Error, Outcome};
/// fn may_have_an_account(error: &Error) -> bool {
///     error.outcome() == Outcome::Unknown
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// BizKitHub never saw the request: repeat it freely.
    NotSent,
    /// BizKitHub answered and registered nothing.
    Refused,
    /// The request was sent and no conclusive answer came: the account may exist.
    Unknown,
}

impl<E: EndpointError> Error<E> {
    /// The endpoint's refusal, if that is what happened.
    ///
    /// # Troubleshooting
    ///
    /// `None` is every other failure: see [`outcome`](Self::outcome) for whether the account may exist.
    ///
    /// ```
    /// # use bizkithub::{Error, RegisterAccountError};
    /// fn has_an_account_already(error: &Error) -> bool {
    ///     error.refusal() == Some(&RegisterAccountError::AlreadyRegistered)
    /// }
    /// ```
    pub fn refusal(&self) -> Option<&E> {
        match self {
            Self::Refused(refused) => Some(refused.error()),
            _ => None,
        }
    }

    /// BizKitHub's code for what happened: the endpoint's (`"E002"`) or the platform's (`"PUBLIC_API_KEY_…"`).
    ///
    /// `None` if no answer arrived, or none that carries a code.
    ///
    /// ```
    /// # use bizkithub::Error;
    /// fn label_for_a_metric(error: &Error) -> &str {
    ///     error.code().unwrap_or("none")
    /// }
    /// ```
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => Some(refused.error().code()).filter(|code| !code.is_empty()),
            Self::Platform(platform) => Some(platform.code()),
            Self::Unexpected(_) | Self::Transport(_) => None,
        }
    }

    /// The HTTP status, whenever an answer's head arrived.
    ///
    /// ```
    /// # use bizkithub::Error;
    /// fn is_from_a_gateway(error: &Error) -> bool {
    ///     error.status().is_some_and(|status| matches!(status.as_u16(), 502 | 503 | 504))
    /// }
    /// ```
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(refused) => Some(refused.status()),
            Self::Platform(platform) => Some(platform.status()),
            Self::Unexpected(unexpected) => Some(unexpected.status()),
            Self::Transport(transport) => transport.status(),
        }
    }

    /// How long to wait before the next attempt, where it is known.
    ///
    /// From the header `Retry-After` (seconds or an HTTP date), else from the platform error's `retry_after`, else
    /// from what is documented for the endpoint's code: ten minutes for `E004`.
    ///
    /// ```
    /// # use bizkithub::Error;
    /// # use std::time::Duration;
    /// fn pause(error: &Error) -> Duration {
    ///     error.retry_after().unwrap_or(Duration::from_secs(60))
    /// }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refused) => refused.retry_after(),
            Self::Platform(platform) => platform.retry_after(),
            Self::Unexpected(unexpected) => unexpected.retry_after(),
            Self::Transport(_) => None,
        }
    }

    /// Whether the same call, made again later, may succeed without any risk of a second registration.
    ///
    /// True for what was never sent, for a rate limit, and for a refusal that passes with time (`E004`); wait
    /// [`retry_after`](Self::retry_after) first.
    ///
    /// # Troubleshooting
    ///
    /// False for a timeout or a 502: the account may exist, and a repeat might send the shopper a second e-mail.
    ///
    /// ```
    /// # use bizkithub::Error;
    /// fn put_back_into_the_queue(error: &Error) -> bool {
    ///     error.is_retryable()
    /// }
    /// ```
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.error().passes_after().is_some(),
            Self::Platform(platform) => platform.kind() == PlatformErrorKind::RateLimited,
            Self::Unexpected(unexpected) => unexpected.is_turned_away(),
            Self::Transport(transport) => transport.outcome() == Outcome::NotSent,
        }
    }

    /// What the call left behind at BizKitHub.
    ///
    /// ```
    /// # use bizkithub::{Error, Outcome};
    /// fn words_for_the_shopper(error: &Error) -> &'static str {
    ///     match error.outcome() {
    ///         Outcome::Unknown => "We are not sure that it worked. Please check your inbox.",
    ///         _ => "That did not work. Please try again.",
    ///     }
    /// }
    /// ```
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Refused(_) => Outcome::Refused,
            Self::Platform(platform) => platform.outcome(),
            Self::Unexpected(unexpected) => unexpected.outcome(),
            Self::Transport(transport) => transport.outcome(),
        }
    }

    /// A word of low cardinality for what happened, OpenTelemetry's `error.type`.
    pub(crate) fn error_type(&self) -> &str {
        match self {
            Self::Refused(_) => "refused",
            Self::Platform(_) => "platform",
            Self::Unexpected(_) => "unexpected",
            Self::Transport(transport) => transport.error_type(),
        }
    }
}

impl<E: EndpointError> fmt::Display for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(formatter),
            Self::Platform(platform) => platform.fmt(formatter),
            Self::Unexpected(unexpected) => unexpected.fmt(formatter),
            Self::Transport(transport) => transport.fmt(formatter),
        }
    }
}

impl<E: EndpointError> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(refused) => refused.source(),
            Self::Platform(platform) => platform.source(),
            Self::Unexpected(unexpected) => unexpected.source(),
            Self::Transport(transport) => transport.source(),
        }
    }
}
