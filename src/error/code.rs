use std::fmt;
use std::time::Duration;

/// An error code of an endpoint. Its `Display` form is the documented message.
///
/// Codes are per endpoint, so each endpoint has an enum of its own that implements this trait.
///
/// ```
/// use bizkithub::{ErrorCode, LoginError, RegisterAccountError};
///
/// assert_eq!(RegisterAccountError::from("E002"), RegisterAccountError::AlreadyRegistered);
/// assert_eq!(LoginError::from("E002"), LoginError::UnknownEmail);
/// assert_eq!(LoginError::UnknownEmail.to_string(), "Customer e-mail does not exist.");
/// ```
pub trait ErrorCode:
    std::error::Error + Clone + PartialEq + Eq + Send + Sync + sealed::Details + 'static
{
    /// The code as it was sent; empty if the endpoint returned an error without one.
    fn code(&self) -> &str;
}

pub(crate) mod sealed {
    /// The part of a code that only this crate needs.
    pub trait Details {
        fn is_documented(&self) -> bool;

        /// The documented message, or this crate's own for an unknown code.
        fn message(&self) -> &'static str;

        /// The next step, for developers.
        fn advice(&self) -> &'static str;
    }
}

/// The code of one endpoint.
pub trait EndpointCode: ErrorCode + for<'a> From<&'a str> {
    /// The documented time after which the same call may be accepted.
    fn retry_after(&self) -> Option<Duration>;
}

/// Defines the error codes of an endpoint as a table: the code, its name, and advice for developers. The messages are the
/// spec's.
///
/// The build fails here if the spec has a code that the table lacks.
macro_rules! error_codes {
    (
        $(#[$attribute:meta])*
        $name:ident of $operation:ident {
            $(
                $(#[$variant_attribute:meta])*
                $code:ident $variant:ident: $advice:expr $(, retry after $time:expr)?;
            )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", stringify!($code), "`: ", $operation::message!($code))]
                ///
                $(#[$variant_attribute])*
                $variant,
            )*
            /// A code newer than this crate, as it was sent; empty if the endpoint returned an error without one.
            Unknown(String),
        }

        impl $name {
            /// The code as it was sent; empty if the endpoint returned an error without one.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => stringify!($code),)*
                    Self::Unknown(code) => code,
                }
            }
        }

        impl $crate::operation::Implemented for $operation::Code {}

        impl From<$operation::Code> for $name {
            fn from(code: $operation::Code) -> Self {
                match code {
                    $($operation::Code::$code => Self::$variant,)*
                }
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                match code {
                    $(stringify!($code) => Self::$variant,)*
                    _ => Self::Unknown(code.to_owned()),
                }
            }
        }

        impl $crate::error::sealed::Details for $name {
            fn is_documented(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

            fn message(&self) -> &'static str {
                match self {
                    $(Self::$variant => $operation::message!($code),)*
                    Self::Unknown(code) => $crate::error::unknown_message(code),
                }
            }

            fn advice(&self) -> &'static str {
                match self {
                    $(Self::$variant => $advice,)*
                    Self::Unknown(code) => $crate::error::unknown_advice(code),
                }
            }
        }

        impl $crate::ErrorCode for $name {
            fn code(&self) -> &str {
                self.code()
            }
        }

        impl $crate::error::EndpointCode for $name {
            fn retry_after(&self) -> Option<std::time::Duration> {
                match self {
                    $($(Self::$variant => Some($time),)?)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant => formatter.write_str(stringify!($variant)),)*
                    Self::Unknown(code) => $crate::error::debug_unknown(code, formatter),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str($crate::error::sealed::Details::message(self))
            }
        }

        impl std::error::Error for $name {}
    };
}
pub(crate) use error_codes;

/// Returns `true` if a code is `E` and three digits. Such a code can be logged even if it is unknown: it is too short for a
/// secret.
pub(crate) fn is_short_code(code: &str) -> bool {
    let digits = code.strip_prefix('E').unwrap_or_default();
    digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit())
}

/// Shows only the length of an unknown code, unless it is short: a server may send anything as a code.
pub(crate) fn debug_unknown(code: &str, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match is_short_code(code) {
        true => write!(formatter, "Unknown({code:?})"),
        false => write!(formatter, "Unknown([{} bytes])", code.len()),
    }
}

pub(crate) fn unknown_message(code: &str) -> &'static str {
    match code {
        "" => "No error code.",
        _ => "Unknown error code.",
    }
}

pub(crate) fn unknown_advice(code: &str) -> &'static str {
    match code {
        "" => {
            "the token or session, if it needs one, may have expired or been used; otherwise contact BizKitHub support"
        }
        _ => "look it up on the endpoint's page, or update this crate",
    }
}
