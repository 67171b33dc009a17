use std::fmt;

use super::PlatformErrorKind::{self, ApiKey, Other, Permission, RateLimited, Validation};

/// A code of the platform, documented at `https://docs.bizkithub.com/errors/<CODE>`.
pub(super) struct PlatformCode {
    pub(super) code: &'static str,
    pub(super) kind: PlatformErrorKind,
    pub(super) advice: &'static str,
}

impl PlatformCode {
    /// Exactly this code: a prefix says nothing of what a newer code means.
    pub(super) fn find(code: &str) -> Option<&'static Self> {
        CODES.iter().find(|known| known.code == code)
    }
}

impl fmt::Debug for PlatformCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code)
    }
}

const fn code(code: &'static str, kind: PlatformErrorKind, advice: &'static str) -> PlatformCode {
    PlatformCode { code, kind, advice }
}

const SLOW_DOWN: &str = "repeat the call once its Retry-After has passed, and send fewer requests";

static CODES: &[PlatformCode] = &[
    code(
        "PUBLIC_API_KEY_IS_EMPTY",
        ApiKey,
        "give the client a key; a proxy on the way may have dropped the query",
    ),
    code(
        "PUBLIC_API_KEY_SAMPLE_VALUE",
        ApiKey,
        "replace the sample from the documentation by your own key",
    ),
    code(
        "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT",
        ApiKey,
        "check that the key was copied whole: 32 characters that start with PROD, DEV_ or ROOT",
    ),
    code("PUBLIC_API_KEY_DOES_NOT_EXIST", ApiKey, "check the key in BizKitHub's administration"),
    code("PUBLIC_API_KEY_HAS_BEEN_DELETED", ApiKey, "make a new key in BizKitHub's administration"),
    code("PUBLIC_API_KEY_IS_NOT_ACTIVE", ApiKey, "switch the key on in BizKitHub's administration"),
    code(
        "PUBLIC_API_KEY_HAS_BEEN_EXPIRED",
        ApiKey,
        "make a new key in BizKitHub's administration; one made without an expiry date lasts 90 days",
    ),
    code(
        "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED",
        Permission,
        "add this endpoint to the key's scopes in BizKitHub's administration",
    ),
    code(
        "PERMISSION_MEMBER_HAS_NO_PERMISSION",
        Permission,
        "give the member behind the key the permission in BizKitHub's administration",
    ),
    code(
        "PERMISSION_MEMBER_IS_BLOCKED_IN_ORGANISATION",
        Permission,
        "unblock the member behind the key, or use another key",
    ),
    code(
        "INTERNAL_USER_MUST_BE_AUTHORIZED",
        Permission,
        "check what the key may do in BizKitHub's administration",
    ),
    code("INTERNAL_TOO_MANY_REQUESTS", RateLimited, SLOW_DOWN),
    code("RATE_LIMIT_EXCEEDED", RateLimited, SLOW_DOWN),
    code("PUBLIC_API_KEY_TOO_MANY_REQUEST", RateLimited, SLOW_DOWN),
    code(
        "INTERNAL_VALIDATION_FAILED",
        Validation,
        "check the values of the request; BizKitHub's own words name the field",
    ),
    code(
        "INTERNAL_RESOURCE_NOT_FOUND",
        Other,
        "there is no such token, identity or record; treat it like a refusal of the endpoint",
    ),
    code(
        "INTERNAL_ACCOUNT_CAN_NOT_DETERMINATE_USER_IP",
        Other,
        "send the shopper's address as customerRealIp",
    ),
];
