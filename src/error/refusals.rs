use std::time::Duration;

/// What every refusal tells, whichever endpoint it comes from. Its `Display` form is its [`words`](Self::words).
pub trait Refusal:
    std::error::Error + Clone + PartialEq + Eq + Send + Sync + private::Sealed + 'static
{
    /// The code as it stands on the wire; empty if the endpoint refused without one.
    fn code(&self) -> &str;

    /// Whether the endpoint documents the code.
    fn is_documented(&self) -> bool;

    /// The code in the documented words; this crate's own for a code that is not documented.
    fn words(&self) -> &'static str;

    /// What to do next, for developers.
    fn advice(&self) -> &'static str;
}

/// The refusals of one endpoint: what its error codes mean.
///
/// Codes are per endpoint, so each endpoint has a type of its own that implements this.
///
/// ```
/// use bizkithub::{EndpointError, LoginError, RegisterAccountError};
///
/// assert_eq!(RegisterAccountError::from_code("E002"), RegisterAccountError::AlreadyRegistered);
/// assert_eq!(LoginError::from_code("E002"), LoginError::UnknownEmail);
/// ```
pub trait EndpointError: Refusal {
    /// The meaning of a code. One that is newer than this crate is kept as it is.
    fn from_code(code: &str) -> Self;

    /// How long until the same call may be accepted, for a refusal that passes with time.
    fn passes_after(&self) -> Option<Duration> {
        None
    }
}

pub(crate) mod private {
    /// Refusals come from this crate's tables alone.
    pub trait Sealed {}
}

/// The codes of an endpoint as one table: code, meaning, documented words, advice, and the time in which it passes.
///
/// A code that the description gains and the table gives no meaning stops the build, and the compiler names it.
macro_rules! refusals {
    (
        $(#[$attribute:meta])*
        $name:ident of $codes:ident:
        $(
            $(#[$variant_attribute:meta])*
            $code:ident $variant:ident, $words:literal, $advice:expr $(, passes after $time:expr)?;
        )+
    ) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", stringify!($code), "`: ", $words)]
                ///
                $(#[$variant_attribute])*
                $variant,
            )+
            /// A code newer than this crate, as it came; empty if the endpoint refused without one.
            Unknown(String),
        }

        impl $name {
            /// The code as it stands on the wire; empty if the endpoint refused without one.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => stringify!($code),)+
                    Self::Unknown(code) => code,
                }
            }
        }

        impl From<$crate::types::$codes> for $name {
            fn from(code: $crate::types::$codes) -> Self {
                match code {
                    $($crate::types::$codes::$code => Self::$variant,)+
                }
            }
        }

        impl $crate::error::private::Sealed for $name {}

        impl $crate::Refusal for $name {
            fn code(&self) -> &str {
                self.code()
            }

            fn is_documented(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

            fn words(&self) -> &'static str {
                match self {
                    $(Self::$variant => $words,)+
                    Self::Unknown(code) => $crate::error::unknown_code_words(code),
                }
            }

            fn advice(&self) -> &'static str {
                match self {
                    $(Self::$variant => $advice,)+
                    Self::Unknown(code) => $crate::error::unknown_code_advice(code),
                }
            }
        }

        impl $crate::EndpointError for $name {
            fn from_code(code: &str) -> Self {
                match code {
                    $(stringify!($code) => Self::$variant,)+
                    _ => Self::Unknown(code.to_owned()),
                }
            }

            fn passes_after(&self) -> Option<std::time::Duration> {
                match self {
                    $($(Self::$variant => Some($time),)?)+
                    _ => None,
                }
            }
        }

        /// An unknown code is whatever the server put there, so only its length is shown.
        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => formatter.write_str(stringify!($variant)),)+
                    Self::Unknown(code) => write!(formatter, "Unknown([{} bytes])", code.len()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str($crate::Refusal::words(self))
            }
        }

        impl std::error::Error for $name {}
    };
}
pub(crate) use refusals;

pub(crate) fn unknown_code_words(code: &str) -> &'static str {
    if code.is_empty() {
        "The endpoint gave no error code."
    } else {
        "The endpoint gave an error code that this version of the crate does not know."
    }
}

pub(crate) fn unknown_code_advice(code: &str) -> &'static str {
    if code.is_empty() {
        "a token or identity, if one was sent, may be used up; otherwise write to BizKitHub's support"
    } else {
        "look the code up on the endpoint's page, and see whether a newer version of this crate knows it"
    }
}
