use std::time::Duration;

use http::StatusCode;

use super::endpoint::last_segment;
use crate::PlatformErrorCode;
use crate::operation::Facts;

/// The domain of the addresses that cause faults. RFC 6761 reserves `.test`, so no real address is in it.
const DOMAIN: &str = "sandbox.test";

/// Longer than the client's default timeout.
const SLOW: Duration = Duration::from_secs(15);

/// A failure on demand, in place of the sandbox's usual response.
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
/// sandbox.inject(Fault::EndpointError("E099".to_owned()));
/// let error = sandbox.client().login(&request).await.unwrap_err();
/// assert_eq!(error.reason(), Some(&LoginError::Unknown("E099".to_owned())));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The endpoint returns an error with this code, documented or not. An empty code is left out. Nothing changes.
    EndpointError(String),
    /// The platform rejects the request with this code. Nothing changes.
    Platform(PlatformErrorCode),
    /// A gateway responds with this status and an HTML page. Nothing changes. In HTTP, a 1xx, a 204 and a 304 have no body, so
    /// they cannot carry a page.
    Html(StatusCode),
    /// The request is processed as usual, but its response is delayed by this time.
    Slow(Duration),
    /// The request is processed as usual, and then the connection closes without a response.
    Dropped,
    /// The request is processed as usual, but the connection closes in the middle of the response.
    Truncated,
}

/// A fault for the current request.
pub(super) struct PlannedFault {
    pub(super) fault: Fault,
    /// Ignores an error code that the endpoint does not document. Such a fault comes from an address, which is used at several
    /// endpoints.
    pub(super) only_if_documented: bool,
}

impl Fault {
    /// The fault with a name. The documentation of the module lists the names.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "rate-limited" => Self::Platform(PlatformErrorCode::TooManyRequests),
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
                    return Some(Self::EndpointError(code));
                }
                let known = PlatformErrorCode::ALL.iter().find(|known| known.code() == code)?;
                Self::Platform(known.clone())
            }
        })
    }

    /// The fault that a reserved address causes at an endpoint.
    pub(super) fn of_address(email: &str, operation: &Facts) -> Option<PlannedFault> {
        let name = email.strip_suffix(DOMAIN)?.strip_suffix('@')?;
        let of_endpoint = || {
            let rest = name.strip_prefix(last_segment(operation))?.strip_prefix('-')?;
            Some(PlannedFault { fault: Self::named(rest)?, only_if_documented: false })
        };
        let of_any = || Some(PlannedFault { fault: Self::named(name)?, only_if_documented: true });
        of_endpoint().or_else(of_any)
    }
}
