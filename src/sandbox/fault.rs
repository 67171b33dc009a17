use std::time::Duration;

use http::StatusCode;

use super::endpoint::segment;
use crate::call::Operation;

/// The domain whose addresses play faults. `.test` is reserved (RFC 6761): no real address can be there.
const DOMAIN: &str = "sandbox.test";

/// Longer than the client's default timeout.
const SLOW: Duration = Duration::from_secs(15);

/// Something that goes wrong on demand, in place of what the sandbox would have answered.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use bizkithub::sandbox::{Fault, Sandbox};
/// use bizkithub::{LoginError, LoginRequest, Outcome};
///
/// let sandbox = Sandbox::start().await?;
/// let request = LoginRequest::builder().email("jan@barasek.com").password("x").build();
///
/// sandbox.inject(Fault::Dropped);
/// let error = sandbox.client().login(&request).await.unwrap_err();
/// assert_eq!(error.outcome(), Outcome::Unknown);
///
/// // A code that is newer than this crate.
/// sandbox.inject(Fault::Refusal("E099".to_owned()));
/// let error = sandbox.client().login(&request).await.unwrap_err();
/// assert_eq!(error.refusal(), Some(&LoginError::Unknown("E099".to_owned())));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The endpoint refuses with this code, documented or not; with none if it is empty. Nothing is changed.
    Refusal(String),
    /// The platform turns the request away with this code. Nothing is changed.
    Platform(PlatformFault),
    /// A gateway answers with this status and an HTML page. Nothing is changed. HTTP gives a 1xx, a 204 and a 304 no page.
    Html(StatusCode),
    /// The request is served as usual, but its answer waits for this long.
    Slow(Duration),
    /// The request is served as usual, then the connection closes without an answer.
    Dropped,
    /// The request is served as usual, but its answer breaks off in the middle.
    Truncated,
}

/// The platform's errors: each with its code, its status (some are not documented, and are what HTTP suggests), and the
/// message in which it comes.
macro_rules! platform_faults {
    ($($name:ident $status:ident $code:literal, $message:literal $(, $note:literal)?;)+) => {
        /// The platform's errors.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum PlatformFault {
            $(
                #[doc = concat!("`", $code, "`", $(", ", $note,)? ".")]
                $name,
            )+
        }

        impl PlatformFault {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The platform's code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The status that it comes with.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            pub(super) fn message(self) -> &'static str {
                match self { $(Self::$name => $message,)+ }
            }
        }
    };
}

platform_faults! {
    ApiKeyIsEmpty NOT_FOUND "PUBLIC_API_KEY_IS_EMPTY", "The API key is empty.";
    ApiKeySampleValue NOT_FOUND
        "PUBLIC_API_KEY_SAMPLE_VALUE", "The API key is a sample value from the documentation.";
    ApiKeyIsNotInValidFormat NOT_FOUND
        "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT", "The API key is not in a valid format.";
    ApiKeyDoesNotExist NOT_FOUND "PUBLIC_API_KEY_DOES_NOT_EXIST", "The API key does not exist.";
    ApiKeyHasBeenDeleted NOT_FOUND "PUBLIC_API_KEY_HAS_BEEN_DELETED", "The API key has been deleted.";
    ApiKeyIsNotActive NOT_FOUND "PUBLIC_API_KEY_IS_NOT_ACTIVE", "The API key is not active.";
    ApiKeyHasBeenExpired NOT_FOUND "PUBLIC_API_KEY_HAS_BEEN_EXPIRED", "The API key has expired.";
    ApiKeyScopeNotAllowed FORBIDDEN
        "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED", "The API key may not call this endpoint.";
    MemberHasNoPermission UNAUTHORIZED
        "PERMISSION_MEMBER_HAS_NO_PERMISSION", "The member has no permission.";
    MemberIsBlocked UNAUTHORIZED
        "PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION", "The member is blocked in the organisation.";
    UserMustBeAuthorized UNAUTHORIZED
        "INTERNAL_USER_MUST_BE_AUTHORIZED", "The user must be authorized.";
    TooManyRequests TOO_MANY_REQUESTS
        "INTERNAL_TOO_MANY_REQUESTS", "Too many requests.", "with `Retry-After: 3600` on demand";
    RateLimitExceeded TOO_MANY_REQUESTS
        "RATE_LIMIT_EXCEEDED", "Too many requests.", "with `Retry-After: 3600` on demand";
    ApiKeyTooManyRequest TOO_MANY_REQUESTS
        "PUBLIC_API_KEY_TOO_MANY_REQUEST", "Too many requests.", "with `Retry-After: 3600` on demand";
    ValidationFailed BAD_REQUEST
        "INTERNAL_VALIDATION_FAILED", "The request is not valid.", "status not documented";
    ResourceNotFound NOT_FOUND
        "INTERNAL_RESOURCE_NOT_FOUND", "The record does not exist.", "status not documented";
    CanNotDeterminateUserIp BAD_REQUEST
        "INTERNAL_ACCOUNT_CAN_NOT_DETERMINATE_USER_IP",
        "The user's IP address cannot be determined.",
        "status not documented";
}

/// A fault that is to be played.
pub(super) struct Demand {
    pub(super) fault: Fault,
    /// Not if it is a code that the endpoint does not document: of an address that is used at several.
    pub(super) only_if_documented: bool,
}

impl Fault {
    /// The fault with a name. The module's documentation has the table.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rate-limited" => Self::Platform(PlatformFault::TooManyRequests),
            "bad-gateway" => Self::Html(StatusCode::BAD_GATEWAY),
            "unavailable" => Self::Html(StatusCode::SERVICE_UNAVAILABLE),
            "gateway-timeout" => Self::Html(StatusCode::GATEWAY_TIMEOUT),
            "slow" => Self::Slow(SLOW),
            "dropped" => Self::Dropped,
            "truncated" => Self::Truncated,
            _ => {
                let code = name.to_ascii_uppercase().replace('-', "_");
                let digits = code.strip_prefix('E').unwrap_or_default();
                if digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit()) {
                    return Some(Self::Refusal(code));
                }
                let known = PlatformFault::ALL.iter().find(|fault| fault.code() == code)?;
                Self::Platform(*known)
            }
        })
    }

    /// The fault that a reserved address plays at an endpoint.
    pub(super) fn of_address(email: &str, operation: &Operation) -> Option<Demand> {
        let name = email.strip_suffix(DOMAIN)?.strip_suffix('@')?;
        let of_endpoint = || {
            let rest = name.strip_prefix(segment(operation))?.strip_prefix('-')?;
            Some(Demand { fault: Self::named(rest)?, only_if_documented: false })
        };
        let of_any = || Some(Demand { fault: Self::named(name)?, only_if_documented: true });
        of_endpoint().or_else(of_any)
    }
}
