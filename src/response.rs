//! [`Response`]: what every method returns.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use serde::de::{DeserializeOwned, Error as _};

use crate::RateLimit;

/// A success: the endpoint's result, the rate limit of the API key, and the whole body.
///
/// It derefs to the result, which is `()` where the endpoint returns nothing more.
///
/// ```no_run
/// # async fn run(client: bizkithub::Client, request: bizkithub::LoginRequest) -> Result<(), bizkithub::Error> {
/// let login = client.login(&request).await?;
/// if login.rate_limit().is_some_and(|limit| limit.remaining < 100) {
///     eprintln!("the API key has fewer than 100 requests left");
/// }
/// let identity = login.identity_id.clone();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    result: T,
    rate_limit: Option<RateLimit>,
    body: Bytes,
}

impl<T> Response<T> {
    pub(crate) fn new(result: T, rate_limit: Option<RateLimit>, body: Bytes) -> Self {
        Self { result, rate_limit, body }
    }

    /// The rate limit of the API key, if the response has all three of its headers.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.rate_limit
    }

    /// The whole body as a type of yours, for a field that the spec lacks.
    ///
    /// ```no_run
    /// # fn run(response: bizkithub::Response<bizkithub::AccountInfo>) -> serde_json::Result<()> {
    /// #[derive(serde::Deserialize)]
    /// struct Loyalty {
    ///     points: u64,
    /// }
    ///
    /// let points = response.json::<Loyalty>()?.points;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// An error with a line and a column if the body does not fit the type or is not UTF-8. It quotes nothing of the body.
    pub fn json<U: DeserializeOwned>(&self) -> serde_json::Result<U> {
        let body = without_bom(&self.body);
        serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            // serde_json parses line and column from the end of the message.
            serde_json::Error::custom(format!(
                "the body does not fit the requested type at line {line} column {column}"
            ))
        })
    }

    /// Returns the result alone.
    pub fn into_inner(self) -> T {
        self.result
    }
}

/// RFC 8259 lets a reader ignore a byte order mark.
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body)
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.result
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Response")
            .field("result", &self.result)
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}
