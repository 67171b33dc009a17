//! [`Answered`]: what every method gives.

use std::ops::Deref;

use crate::RateLimit;

/// A success, with what its answer said besides.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered<T> {
    value: T,
    rate_limit: Option<RateLimit>,
}

impl<T> Answered<T> {
    pub(crate) fn new(value: T, rate_limit: Option<RateLimit>) -> Self {
        Self { value, rate_limit }
    }

    /// What is left of the API key's quota, if the answer said so.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.rate_limit
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
