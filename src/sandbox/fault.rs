use std::time::Duration;

use http::StatusCode;

use crate::types::RegisterAccountErrorCode;

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
/// use bizkithub::{Outcome, RegisterAccountRequest};
///
/// let sandbox = Sandbox::start().await?;
/// sandbox.next(Fault::Dropped);
/// let request = RegisterAccountRequest::builder().email("jan@barasek.com").password("x").build();
/// let error = sandbox.client().register_account(&request).await.unwrap_err();
/// assert_eq!(error.outcome(), Outcome::Unknown);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The endpoint refuses with this code. Nothing is registered.
    Refusal(RegisterAccountErrorCode),
    /// The platform turns the request away with this code. Nothing is registered.
    Platform(PlatformFault),
    /// A gateway answers with this status and an HTML page. Nothing is registered.
    Html(StatusCode),
    /// The request is served as usual, but its answer waits for this long.
    Slow(Duration),
    /// The request is served as usual, then the connection closes without an answer.
    Dropped,
    /// The request is served as usual, but its answer breaks off in the middle.
    Truncated,
}

/// The platform's errors, each with its documented status.
///
/// ```
/// use bizkithub::sandbox::PlatformFault;
///
/// assert_eq!(PlatformFault::ApiKeyDoesNotExist.code(), "PUBLIC_API_KEY_DOES_NOT_EXIST");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlatformFault {
    /// 404 `PUBLIC_API_KEY_IS_EMPTY`.
    ApiKeyIsEmpty,
    /// 404 `PUBLIC_API_KEY_SAMPLE_VALUE`.
    ApiKeySampleValue,
    /// 404 `PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT`.
    ApiKeyIsNotInValidFormat,
    /// 404 `PUBLIC_API_KEY_DOES_NOT_EXIST`.
    ApiKeyDoesNotExist,
    /// 404 `PUBLIC_API_KEY_HAS_BEEN_DELETED`.
    ApiKeyHasBeenDeleted,
    /// 404 `PUBLIC_API_KEY_IS_NOT_ACTIVE`.
    ApiKeyIsNotActive,
    /// 404 `PUBLIC_API_KEY_HAS_BEEN_EXPIRED`.
    ApiKeyHasBeenExpired,
    /// 429 `INTERNAL_TOO_MANY_REQUESTS`, with `Retry-After: 3600` when played on demand.
    TooManyRequests,
    /// 429 `RATE_LIMIT_EXCEEDED`, as the platform's page on rate limits has it.
    RateLimitExceeded,
    /// 403 `PUBLIC_API_KEY_SCOPE_NOT_ALLOWED`.
    ApiKeyScopeNotAllowed,
    /// 401 `PERMISSION_MEMBER_HAS_NO_PERMISSION`.
    MemberHasNoPermission,
    /// 401 `PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION`.
    MemberIsBlocked,
    /// 400 `INTERNAL_VALIDATION_FAILED`; the code is documented, its status is not.
    ValidationFailed,
}

impl PlatformFault {
    const ALL: [Self; 13] = [
        Self::ApiKeyIsEmpty,
        Self::ApiKeySampleValue,
        Self::ApiKeyIsNotInValidFormat,
        Self::ApiKeyDoesNotExist,
        Self::ApiKeyHasBeenDeleted,
        Self::ApiKeyIsNotActive,
        Self::ApiKeyHasBeenExpired,
        Self::TooManyRequests,
        Self::RateLimitExceeded,
        Self::ApiKeyScopeNotAllowed,
        Self::MemberHasNoPermission,
        Self::MemberIsBlocked,
        Self::ValidationFailed,
    ];

    /// The platform's code.
    ///
    /// ```
    /// use bizkithub::sandbox::PlatformFault;
    ///
    /// assert_eq!(PlatformFault::TooManyRequests.code(), "INTERNAL_TOO_MANY_REQUESTS");
    /// ```
    pub fn code(self) -> &'static str {
        match self {
            Self::ApiKeyIsEmpty => "PUBLIC_API_KEY_IS_EMPTY",
            Self::ApiKeySampleValue => "PUBLIC_API_KEY_SAMPLE_VALUE",
            Self::ApiKeyIsNotInValidFormat => "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT",
            Self::ApiKeyDoesNotExist => "PUBLIC_API_KEY_DOES_NOT_EXIST",
            Self::ApiKeyHasBeenDeleted => "PUBLIC_API_KEY_HAS_BEEN_DELETED",
            Self::ApiKeyIsNotActive => "PUBLIC_API_KEY_IS_NOT_ACTIVE",
            Self::ApiKeyHasBeenExpired => "PUBLIC_API_KEY_HAS_BEEN_EXPIRED",
            Self::TooManyRequests => "INTERNAL_TOO_MANY_REQUESTS",
            Self::RateLimitExceeded => "RATE_LIMIT_EXCEEDED",
            Self::ApiKeyScopeNotAllowed => "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED",
            Self::MemberHasNoPermission => "PERMISSION_MEMBER_HAS_NO_PERMISSION",
            Self::MemberIsBlocked => "PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION",
            Self::ValidationFailed => "INTERNAL_VALIDATION_FAILED",
        }
    }

    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::TooManyRequests | Self::RateLimitExceeded => StatusCode::TOO_MANY_REQUESTS,
            Self::ApiKeyScopeNotAllowed => StatusCode::FORBIDDEN,
            Self::MemberHasNoPermission | Self::MemberIsBlocked => StatusCode::UNAUTHORIZED,
            Self::ValidationFailed => StatusCode::BAD_REQUEST,
            _ => StatusCode::NOT_FOUND,
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::ApiKeyIsEmpty => "The API key is empty.",
            Self::ApiKeySampleValue => "The API key is a sample value from the documentation.",
            Self::ApiKeyIsNotInValidFormat => "The API key is not in a valid format.",
            Self::ApiKeyDoesNotExist => "The API key does not exist.",
            Self::ApiKeyHasBeenDeleted => "The API key has been deleted.",
            Self::ApiKeyIsNotActive => "The API key is not active.",
            Self::ApiKeyHasBeenExpired => "The API key has expired.",
            Self::TooManyRequests | Self::RateLimitExceeded => "Too many requests.",
            Self::ApiKeyScopeNotAllowed => "The API key may not call this endpoint.",
            Self::MemberHasNoPermission => "The member has no permission.",
            Self::MemberIsBlocked => "The member is blocked in the organisation.",
            Self::ValidationFailed => "The request is not valid.",
        }
    }
}

impl Fault {
    /// The fault that a reserved address plays. The module's documentation has the table.
    pub(super) fn of_address(email: &str) -> Option<Self> {
        let (name, domain) = email.trim().rsplit_once('@')?;
        if !domain.eq_ignore_ascii_case(DOMAIN) {
            return None;
        }
        let name = name.to_ascii_lowercase();
        Some(match name.as_str() {
            "rate-limited" => Self::Platform(PlatformFault::TooManyRequests),
            "bad-gateway" => Self::Html(StatusCode::BAD_GATEWAY),
            "unavailable" => Self::Html(StatusCode::SERVICE_UNAVAILABLE),
            "gateway-timeout" => Self::Html(StatusCode::GATEWAY_TIMEOUT),
            "slow" => Self::Slow(SLOW),
            "dropped" => Self::Dropped,
            "truncated" => Self::Truncated,
            _ => {
                let code = name.to_ascii_uppercase().replace('-', "_");
                if let Ok(code) = code.parse() {
                    return Some(Self::Refusal(code));
                }
                let platform = PlatformFault::ALL.into_iter().find(|fault| fault.code() == code)?;
                Self::Platform(platform)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_platform_error_and_every_code_has_an_address() {
        for fault in PlatformFault::ALL {
            let name = fault.code().to_lowercase().replace('_', "-");
            assert_eq!(
                Fault::of_address(&format!("{name}@sandbox.test")),
                Some(Fault::Platform(fault))
            );
        }
        let refusal = Fault::Refusal(RegisterAccountErrorCode::E003);
        assert_eq!(Fault::of_address(" E003@Sandbox.Test "), Some(refusal));
        for ordinary in
            ["e003@example.com", "jan@sandbox.test", "sandbox.test", "e003@not-sandbox.test"]
        {
            assert_eq!(Fault::of_address(ordinary), None, "{ordinary}");
        }
    }
}
