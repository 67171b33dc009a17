//! [`Answered`]: what every method gives.

use std::fmt;
use std::ops::Deref;

use http::HeaderMap;

use crate::RateLimit;

/// A success, and what is left of the API key's quota.
///
/// It derefs to what the endpoint gives, which is `()` where there is nothing to tell.
///
/// ```no_run
/// # async fn run(client: bizkithub::Client, request: bizkithub::LoginRequest) -> Result<(), bizkithub::Error> {
/// let login = client.login(&request).await?;
/// if login.rate_limit().is_some_and(|limit| limit.remaining < 100) {
///     eprintln!("the API key's quota is nearly used up");
/// }
/// let identity = login.identity_id();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Answered<T> {
    value: T,
    headers: HeaderMap,
}

impl<T> Answered<T> {
    pub(crate) fn new(value: T, headers: HeaderMap) -> Self {
        Self { value, headers }
    }

    /// What is left of the API key's quota, if the answer said so.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }

    /// What the endpoint gives, without the rest.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Answered<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Without the other headers, which are a server's text.
impl<T: fmt::Debug> fmt::Debug for Answered<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Answered")
            .field("value", &self.value)
            .field("rate_limit", &self.rate_limit())
            .finish()
    }
}
