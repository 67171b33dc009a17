use std::fmt;

use super::code::debug_unknown;
use crate::generated::platform;

/// The kind of a [`PlatformError`](crate::PlatformError).
///
/// ```
/// # use bizkithub::{PlatformError, PlatformErrorKind};
/// fn needs_an_engineer(error: &PlatformError) -> bool {
///     matches!(error.kind(), PlatformErrorKind::ApiKey | PlatformErrorKind::Permission)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlatformErrorKind {
    /// The API key is missing, malformed, a sample, unknown, deleted, inactive or expired. BizKitHub returns a 404 for these.
    ApiKey,
    /// The key's rate limit is exhausted (429).
    RateLimited,
    /// The key (403), or the member that it belongs to (401), lacks a permission.
    Permission,
    /// A value of the request is not valid.
    Validation,
    /// Anything else.
    Other,
}

/// Defines the platform's codes as a table: the code, its name, its kind, and advice for developers. The messages are the
/// spec's.
///
/// The build fails here if the spec has a code that the table lacks.
macro_rules! platform_codes {
    ($($code:ident $variant:ident $kind:ident: $advice:expr;)+) => {
        /// The error codes of the platform, documented at `https://docs.bizkithub.com/errors/<CODE>`.
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum PlatformErrorCode {
            $(
                #[doc = concat!("`", stringify!($code), "`: ", platform::message!($code))]
                $variant,
            )+
            /// A code newer than this crate, as it was sent.
            Unknown(String),
        }

        impl PlatformErrorCode {
            /// All documented codes.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code as it was sent.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$variant => stringify!($code),)+
                    Self::Unknown(code) => code,
                }
            }

            /// The kind of a documented code.
            pub(super) fn kind(&self) -> Option<PlatformErrorKind> {
                match self {
                    $(Self::$variant => Some(PlatformErrorKind::$kind),)+
                    Self::Unknown(_) => None,
                }
            }

            /// The next step, for developers.
            pub(super) fn advice(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => Some($advice),)+
                    Self::Unknown(_) => None,
                }
            }

            /// The spec's message and status, which the sandbox sends.
            #[cfg(feature = "sandbox")]
            pub(crate) fn message_and_status(&self) -> Option<(&'static str, u16)> {
                Some(match self {
                    $(Self::$variant => (platform::message!($code), platform::Code::$code.status()),)+
                    Self::Unknown(_) => return None,
                })
            }
        }

        impl From<&str> for PlatformErrorCode {
            fn from(code: &str) -> Self {
                match code {
                    $(stringify!($code) => Self::$variant,)+
                    _ => Self::Unknown(code.to_owned()),
                }
            }
        }

        impl From<platform::Code> for PlatformErrorCode {
            fn from(code: platform::Code) -> Self {
                match code {
                    $(platform::Code::$code => Self::$variant,)+
                }
            }
        }

        impl fmt::Debug for PlatformErrorCode {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => formatter.write_str(stringify!($variant)),)+
                    Self::Unknown(code) => debug_unknown(code, formatter),
                }
            }
        }
    };
}

impl PlatformErrorCode {
    pub(super) fn is_documented(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

const SLOW_DOWN: &str = "retry the call later, and send fewer requests";

platform_codes! {
    PUBLIC_API_KEY_IS_EMPTY ApiKeyIsEmpty ApiKey:
        "pass a key to the client, and check that no proxy drops the query";
    PUBLIC_API_KEY_SAMPLE_VALUE ApiKeySampleValue ApiKey:
        "replace the sample key from the documentation with your own";
    PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT ApiKeyIsNotInValidFormat ApiKey:
        "check that the whole key was copied: 32 characters that start with PROD, DEV_ or ROOT";
    PUBLIC_API_KEY_DOES_NOT_EXIST ApiKeyDoesNotExist ApiKey:
        "check the key in BizKitHub's administration";
    PUBLIC_API_KEY_HAS_BEEN_DELETED ApiKeyHasBeenDeleted ApiKey:
        "create a new key in BizKitHub's administration";
    PUBLIC_API_KEY_IS_NOT_ACTIVE ApiKeyIsNotActive ApiKey:
        "activate the key in BizKitHub's administration";
    PUBLIC_API_KEY_HAS_BEEN_EXPIRED ApiKeyHasBeenExpired ApiKey:
        "create a new key in BizKitHub's administration; without an expiry date it lasts 90 days";
    PUBLIC_API_KEY_SCOPE_NOT_ALLOWED ApiKeyScopeNotAllowed Permission:
        "add this endpoint to the key's scopes in BizKitHub's administration";
    PERMISSION_MEMBER_HAS_NO_PERMISSION MemberHasNoPermission Permission:
        "give the key's member the permission in BizKitHub's administration";
    PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION MemberIsBlocked Permission:
        "unblock the key's member, or use another key";
    INTERNAL_USER_MUST_BE_AUTHORIZED UserMustBeAuthorized Permission:
        "check the key's permissions in BizKitHub's administration";
    INTERNAL_TOO_MANY_REQUESTS TooManyRequests RateLimited: SLOW_DOWN;
    RATE_LIMIT_EXCEEDED RateLimitExceeded RateLimited: SLOW_DOWN;
    PUBLIC_API_KEY_TOO_MANY_REQUEST ApiKeyTooManyRequest RateLimited: SLOW_DOWN;
    INTERNAL_VALIDATION_FAILED ValidationFailed Validation:
        "check the values of the request; BizKitHub's message or description may name the field";
    INTERNAL_RESOURCE_NOT_FOUND ResourceNotFound Other:
        "treat it like an error code of the endpoint, since the token, session or record does not exist";
    INTERNAL_ACCOUNT_CAN_NOT_DETERMINATE_USER_IP CanNotDeterminateUserIp Other:
        "send the customer's address as customerRealIp, if the request has that field";
}
