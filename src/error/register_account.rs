use std::fmt;
use std::time::Duration;

use super::EndpointError;
use crate::generated::types::RegisterAccountErrorCode as Code;

/// The provider's later documentation: a fresh attempt for an address that was never confirmed is accepted once
/// every ten minutes.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(10 * 60);

/// Why BizKitHub did not register an account.
///
/// The codes and their messages are those of the endpoint's reference page; what to do about them comes from
/// [BizKitHub's documentation](https://docs.bizkithub.com).
///
/// ```
/// use bizkithub::RegisterAccountError;
///
/// let error = RegisterAccountError::AlreadyRegistered;
/// assert_eq!(error.code(), "E002");
/// assert_eq!(error.to_string(), "Customer has been registered.");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RegisterAccountError {
    /// `E001`: a generic failure, typically on the platform's side; rare. Nothing was registered.
    RegisterFailed,
    /// `E002`: registered and confirmed already. Offer to sign in or to reset the password.
    AlreadyRegistered,
    /// `E003`: the merchant has forbidden any interaction with this contact.
    AccountBanned,
    /// `E004`: too many pending registrations for this address without a confirmation. A fresh attempt is accepted
    /// once every ten minutes.
    TooManyAttempts,
    /// A code newer than this crate, as it came; empty if the endpoint refused without one.
    Unknown(String),
}

impl RegisterAccountError {
    /// The code as it stands on the wire.
    ///
    /// ```
    /// # use bizkithub::RegisterAccountError;
    /// assert_eq!(RegisterAccountError::TooManyAttempts.code(), "E004");
    /// ```
    pub fn code(&self) -> &str {
        match self {
            Self::RegisterFailed => "E001",
            Self::AlreadyRegistered => "E002",
            Self::AccountBanned => "E003",
            Self::TooManyAttempts => "E004",
            Self::Unknown(code) => code,
        }
    }
}

/// Without a wildcard on purpose: a code that the description gains and this crate gives no meaning stops the
/// build, and the compiler names it.
impl From<Code> for RegisterAccountError {
    fn from(code: Code) -> Self {
        match code {
            Code::E001 => Self::RegisterFailed,
            Code::E002 => Self::AlreadyRegistered,
            Code::E003 => Self::AccountBanned,
            Code::E004 => Self::TooManyAttempts,
        }
    }
}

impl EndpointError for RegisterAccountError {
    fn from_code(code: &str) -> Self {
        code.parse::<Code>().map_or_else(|_| Self::Unknown(code.to_owned()), Self::from)
    }

    fn code(&self) -> &str {
        self.code()
    }

    fn advice(&self) -> &'static str {
        match self {
            Self::RegisterFailed => {
                "let the shopper try again later, and write to BizKitHub's support if it stays"
            }
            Self::AlreadyRegistered => "direct the shopper to sign in or to reset the password",
            Self::AccountBanned => {
                "do not try again: the merchant has forbidden any interaction with this contact"
            }
            Self::TooManyAttempts => {
                "have the shopper look for the verification e-mail, or try again in ten minutes"
            }
            Self::Unknown(_) => {
                "look the code up in BizKitHub's documentation of this endpoint, and update this crate"
            }
        }
    }

    fn passes_after(&self) -> Option<Duration> {
        matches!(self, Self::TooManyAttempts).then_some(BETWEEN_ATTEMPTS)
    }
}

impl fmt::Display for RegisterAccountError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::RegisterFailed => "Customer register failed.",
            Self::AlreadyRegistered => "Customer has been registered.",
            Self::AccountBanned => "Customer account has been banned.",
            Self::TooManyAttempts => "Too many registration attempts.",
            Self::Unknown(code) if code.is_empty() => "The endpoint gave no error code.",
            Self::Unknown(code) => {
                return write!(formatter, "Unknown error code {}.", code.escape_debug());
            }
        })
    }
}

impl std::error::Error for RegisterAccountError {}
