use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::{EndpointError, RegisterAccountError};

/// The endpoint ran and said no; nothing was registered.
///
/// ```
/// # use bizkithub::{Error, Refused};
/// fn log(refused: &Refused) {
///     eprintln!("{} ({}): {}", refused.error().code(), refused.status(), refused.message());
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refused<E = RegisterAccountError> {
    error: E,
    message: Box<str>,
    status: StatusCode,
    retry_after: Option<Duration>,
}

impl<E: EndpointError> Refused<E> {
    pub(crate) fn new(
        error: E,
        message: Box<str>,
        status: StatusCode,
        retry_after: Option<Duration>,
    ) -> Self {
        let retry_after = retry_after.or_else(|| error.passes_after());
        Self { error, message, status, retry_after }
    }

    /// Why the endpoint refused.
    ///
    /// ```
    /// # use bizkithub::{Refused, RegisterAccountError};
    /// fn is_banned(refused: &Refused) -> bool {
    ///     refused.error() == &RegisterAccountError::AccountBanned
    /// }
    /// ```
    pub fn error(&self) -> &E {
        &self.error
    }

    /// BizKitHub's message, for developers; empty if there was none.
    ///
    /// At most 1,024 bytes, the API key and the password masked if they were in it. Not for shoppers: it may be in
    /// another language and it may change.
    ///
    /// ```
    /// # use bizkithub::Refused;
    /// fn log(refused: &Refused) {
    ///     eprintln!("{}", refused.message());
    /// }
    /// ```
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The HTTP status of the answer. A refusal may come with any, 200 included.
    ///
    /// ```
    /// # use bizkithub::Refused;
    /// fn came_with_200(refused: &Refused) -> bool {
    ///     refused.status() == http::StatusCode::OK
    /// }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl<E: EndpointError> fmt::Display for Refused<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BizKitHub refused the call and changed nothing: ")?;
        if !self.error.code().is_empty() {
            write!(formatter, "{}, ", self.error.code().escape_debug())?;
        }
        let message = match &*self.message {
            "" => self.error.to_string(),
            message => message.escape_debug().to_string(),
        };
        write!(formatter, "{} (HTTP {}); ", message.trim_end_matches('.'), self.status.as_u16())?;
        formatter.write_str(self.error.advice())
    }
}

impl<E: EndpointError> std::error::Error for Refused<E> {}
