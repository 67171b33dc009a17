//! [`Error`] and what can be asked of it.

mod any_refusal;
mod cause;
mod outcome;
mod platform;
mod platform_codes;
mod refusals;
mod refused;
mod server_text;
mod transport;
mod undocumented;
mod unexpected;

use std::fmt;
use std::time::Duration;

use http::StatusCode;

use crate::call::{Endpoint, Repeat};
pub use any_refusal::AnyRefusal;
pub use outcome::Outcome;
pub use platform::{PlatformError, PlatformErrorKind};
pub use refusals::{EndpointError, Refusal};
pub(crate) use refusals::{private, refusals, unknown_code_advice, unknown_code_words};
pub use refused::Refused;
pub(crate) use server_text::{CODE_LIMIT, ServerText};
pub use transport::TransportError;
pub use undocumented::UndocumentedRefusal;
pub use unexpected::UnexpectedResponse;

pub(crate) use unexpected::Reason;

/// Why a call gave no result: what became of it, and what to do next.
///
/// | variant | what happened |
/// | --- | --- |
/// | [`Refused`](Error::Refused) | the endpoint ran and said no |
/// | [`Platform`](Error::Platform) | BizKitHub turned the request away before the endpoint ran |
/// | [`Unexpected`](Error::Unexpected) | an answer in no documented form: a gateway's HTML page, a redirect |
/// | [`Transport`](Error::Transport) | no complete answer: no connection, a timeout, a broken connection |
///
/// `E` is the type of the endpoint's own refusals. Without it, an `Error` is one type for a function that makes several
/// calls: `?` turns each endpoint's error into it.
///
/// ```
/// use bizkithub::{Client, Error, IdentityId, LoginRequest, LogoutRequest};
///
/// async fn sign_in_and_out(client: &Client, login: &LoginRequest) -> Result<(), Error> {
///     let identity_id = client.login(login).await?.identity_id().clone();
///     client.logout(&LogoutRequest::builder().identity_id(identity_id).build()).await?;
///     Ok(())
/// }
/// ```
///
/// # What it prints
///
/// Its message, its `Debug` form and its sources are made of this crate's own words, the HTTP status, and codes that this
/// crate knows. They hold nothing that a server wrote or a shopper typed, so all of them can go into a log. What BizKitHub
/// wrote is behind accessors: [`Refused::message`], [`PlatformError::message`], [`UnexpectedResponse::excerpt`],
/// [`TransportError::detail`]. It may quote what was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<E = AnyRefusal> {
    /// The endpoint ran and said no.
    Refused(Refused<E>),
    /// BizKitHub turned the request away before the endpoint ran.
    Platform(PlatformError),
    /// An answer in no documented form.
    Unexpected(UnexpectedResponse),
    /// No complete answer arrived.
    Transport(TransportError),
}

impl<E: Refusal> Error<E> {
    /// The endpoint's refusal, if that is what happened.
    ///
    /// # Troubleshooting
    ///
    /// `None` is every other failure: ask [`outcome`](Self::outcome) what became of the call.
    pub fn refusal(&self) -> Option<&E> {
        match self {
            Self::Refused(refused) => Some(refused.error()),
            _ => None,
        }
    }

    /// BizKitHub's code for what happened, as it came: the endpoint's (`"E002"`) or the platform's (`"PUBLIC_API_KEY_…"`).
    ///
    /// `None` if no answer arrived, or none that carries a code.
    ///
    /// # Troubleshooting
    ///
    /// Codes are per endpoint: `E002` means something else at each. A code that this crate does not know is whatever the
    /// server put there. Don't log it unseen.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => Some(refused.error().code()).filter(|code| !code.is_empty()),
            Self::Platform(platform) => Some(platform.code()),
            Self::Unexpected(_) | Self::Transport(_) => None,
        }
    }

    /// The HTTP status, whenever an answer's head arrived.
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
    /// From the header `Retry-After` (seconds or an HTTP date), else from the platform error's `retry_after`, else from
    /// what is documented for the endpoint's code: ten minutes for `E004` of register-account.
    ///
    /// # Troubleshooting
    ///
    /// A time does not make the call safe to repeat: ask [`is_retryable`](Self::is_retryable).
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refused) => refused.retry_after(),
            Self::Platform(platform) => platform.retry_after(),
            Self::Unexpected(unexpected) => unexpected.retry_after(),
            Self::Transport(_) => None,
        }
    }

    /// Whether the same call may be made again without any risk of doing it twice.
    ///
    /// True for what was never sent, for what a 429 turned away, and for a call that changes nothing
    /// ([`get_account_info`](crate::Client::get_account_info)) when its answer was lost. Wait
    /// [`retry_after`](Self::retry_after) first, if it is known.
    ///
    /// # Troubleshooting
    ///
    /// False for a timeout or a 502 of every other call: it may have been done. False for `E004` of register-account
    /// too: after its ten minutes a repeat registers and mails anew, which is the shopper's decision.
    pub fn is_retryable(&self) -> bool {
        self.may_be_repeated_at_once()
            || (self.changes_nothing() && self.outcome() == Outcome::Unknown)
    }

    /// What the call left behind at BizKitHub.
    ///
    /// ```
    /// # use bizkithub::{Error, Outcome};
    /// fn words_for_the_shopper(error: &Error) -> &'static str {
    ///     match error.outcome() {
    ///         Outcome::NotSent | Outcome::Unchanged => "That did not work. Please try again.",
    ///         Outcome::Unknown => "We are not sure that it worked. Please check your inbox.",
    ///     }
    /// }
    /// ```
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Refused(refused) => refused.outcome(),
            Self::Platform(platform) => platform.outcome(),
            Self::Unexpected(unexpected) => unexpected.outcome(),
            Self::Transport(transport) => transport.outcome(),
        }
    }

    /// What a client repeats by itself.
    pub(crate) fn may_be_repeated_at_once(&self) -> bool {
        match self {
            Self::Refused(_) => false,
            Self::Platform(platform) if platform.is_turned_away() => true,
            Self::Unexpected(unexpected) if unexpected.is_turned_away() => true,
            Self::Platform(_) | Self::Unexpected(_) => {
                let by_a_gateway =
                    self.status().is_some_and(|status| matches!(status.as_u16(), 502..=504));
                self.changes_nothing() && by_a_gateway && self.outcome() == Outcome::Unknown
            }
            // Of the call's own timeout this is never asked before a repeat: it ends all attempts.
            Self::Transport(transport) => {
                transport.outcome() == Outcome::NotSent || self.changes_nothing()
            }
        }
    }

    fn changes_nothing(&self) -> bool {
        self.endpoint().operation.repeat == Repeat::LostAnswer
    }

    fn endpoint(&self) -> &'static Endpoint {
        match self {
            Self::Refused(refused) => refused.endpoint,
            Self::Platform(platform) => platform.endpoint,
            Self::Unexpected(unexpected) => unexpected.endpoint,
            Self::Transport(transport) => transport.endpoint,
        }
    }

    /// A word of low cardinality for what happened, OpenTelemetry's `error.type`.
    pub(crate) fn error_type(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Platform(_) => "platform",
            Self::Unexpected(_) => "unexpected",
            Self::Transport(transport) => transport.error_type(),
        }
    }

    /// The code, if it is one that may be printed: a server may put anything where a code belongs.
    pub(crate) fn known_code(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) if refused.error().is_documented() => {
                Some(refused.error().code())
            }
            Self::Platform(platform) => platform.known_code(),
            _ => None,
        }
    }
}

impl<E: EndpointError> From<Error<E>> for Error {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Refused(refused) => Self::Refused(refused.into_any()),
            Error::Platform(platform) => Self::Platform(platform),
            Error::Unexpected(unexpected) => Self::Unexpected(unexpected),
            Error::Transport(transport) => Self::Transport(transport),
        }
    }
}

impl<E: Refusal> fmt::Display for Error<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refused) => refused.fmt(formatter),
            Self::Platform(platform) => platform.fmt(formatter),
            Self::Unexpected(unexpected) => unexpected.fmt(formatter),
            Self::Transport(transport) => transport.fmt(formatter),
        }
    }
}

impl<E: Refusal> std::error::Error for Error<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport(transport) => transport.source(),
            _ => None,
        }
    }
}
