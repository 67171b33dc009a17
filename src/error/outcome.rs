use http::StatusCode;

/// What a failed call left behind at BizKitHub.
///
/// It is a promise: [`NotSent`](Self::NotSent) and [`Unchanged`](Self::Unchanged) are said only where nothing else can be
/// true. The table of what leads to which outcome stands at [`RetryPolicy`](crate::RetryPolicy).
// Not `#[non_exhaustive]`: a fourth outcome would have to be handled by every caller, so it is to break the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// BizKitHub never saw the request: repeat it freely.
    NotSent,
    /// BizKitHub answered and did nothing.
    Unchanged,
    /// The request was sent and no conclusive answer came: it may have been done.
    Unknown,
}

impl Outcome {
    /// Of a "no" whose code says nothing to this crate. A 5xx may come after the work was done. A 408 says that the
    /// server gave up waiting, not that it did nothing.
    pub(super) fn of_an_unknown_code(status: StatusCode) -> Self {
        let said_no = status.is_success() || status.is_client_error();
        if said_no && status != StatusCode::REQUEST_TIMEOUT {
            Self::Unchanged
        } else {
            Self::Unknown
        }
    }
}
