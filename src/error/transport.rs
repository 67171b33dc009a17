use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::Outcome;

/// No complete answer arrived: no connection, a timeout, a broken connection.
///
/// Its source is the technical cause, down to the operating system's or the TLS library's word.
///
/// ```
/// # use bizkithub::TransportError;
/// fn log(error: &TransportError) {
///     eprintln!("timeout: {}, never connected: {}", error.is_timeout(), error.is_connect());
/// }
/// ```
#[derive(Debug)]
pub struct TransportError {
    failure: Failure,
    status: Option<StatusCode>,
}

#[derive(Debug)]
enum Failure {
    /// The call's time was up.
    Deadline { timeout: Duration },
    /// The HTTP library failed. Its URL, which holds the key, is removed.
    Http(reqwest::Error),
    /// The generated client could not build the request.
    NotBuilt,
    /// The generated client could not read the answer.
    NotRead,
}

impl TransportError {
    pub(crate) fn deadline(timeout: Duration, status: Option<StatusCode>) -> Self {
        Self { failure: Failure::Deadline { timeout }, status }
    }

    pub(crate) fn http(error: reqwest::Error, status: Option<StatusCode>) -> Self {
        Self { failure: Failure::Http(error.without_url()), status }
    }

    pub(crate) fn not_built() -> Self {
        Self { failure: Failure::NotBuilt, status: None }
    }

    pub(crate) fn not_read(status: Option<StatusCode>) -> Self {
        Self { failure: Failure::NotRead, status }
    }

    fn http_error(&self) -> Option<&reqwest::Error> {
        match &self.failure {
            Failure::Http(error) => Some(error),
            Failure::Deadline { .. } | Failure::NotBuilt | Failure::NotRead => None,
        }
    }

    /// Whether the time was up: the call's own timeout, the connection's, or the operating system's.
    ///
    /// # Troubleshooting
    ///
    /// Together with [`is_connect`](Self::is_connect), the host did not answer at all; alone, BizKitHub was slow
    /// and may yet have registered the account.
    ///
    /// ```
    /// # use bizkithub::TransportError;
    /// fn is_slow(error: &TransportError) -> bool {
    ///     error.is_timeout() && !error.is_connect()
    /// }
    /// ```
    pub fn is_timeout(&self) -> bool {
        matches!(self.failure, Failure::Deadline { .. })
            || self.http_error().is_some_and(reqwest::Error::is_timeout)
    }

    /// Whether no connection was made: the name not found, the port closed, the certificate not accepted.
    ///
    /// ```
    /// # use bizkithub::TransportError;
    /// fn check_the_network(error: &TransportError) -> bool {
    ///     error.is_connect()
    /// }
    /// ```
    pub fn is_connect(&self) -> bool {
        self.http_error().is_some_and(reqwest::Error::is_connect)
    }

    /// The HTTP status, if the answer's head arrived before the connection broke or the time was up.
    ///
    /// ```
    /// # use bizkithub::TransportError;
    /// fn answer_was_cut_off(error: &TransportError) -> bool {
    ///     error.status().is_some()
    /// }
    /// ```
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// With redirects off, a connect error and a request that could not be built are all that is known to have sent
    /// no byte. (With them on, a 307 to a closed port is a connect error too, after the POST was delivered.)
    pub(super) fn outcome(&self) -> Outcome {
        match &self.failure {
            Failure::NotBuilt => Outcome::NotSent,
            Failure::Http(error) if error.is_connect() || error.is_builder() => Outcome::NotSent,
            Failure::Http(_) | Failure::Deadline { .. } | Failure::NotRead => Outcome::Unknown,
        }
    }

    pub(super) fn error_type(&self) -> &'static str {
        match (self.is_connect(), self.is_timeout()) {
            (true, true) => "connect_timeout",
            (true, false) => "connect",
            (false, true) => "timeout",
            (false, false) => "transport",
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.failure {
            Failure::Deadline { timeout } => {
                write!(formatter, "no complete answer came within the timeout of {timeout:?}")?;
            }
            Failure::NotBuilt => formatter.write_str("the request could not be built")?,
            Failure::Http(error) if error.is_builder() => {
                formatter.write_str("the request could not be built")?;
            }
            Failure::NotRead => formatter.write_str("the answer could not be read")?,
            Failure::Http(error) if error.is_connect() => {
                formatter.write_str("no connection to BizKitHub could be made")?;
            }
            Failure::Http(_) => {
                formatter.write_str("the connection broke before a complete answer came")?;
            }
        }
        formatter.write_str(match self.outcome() {
            Outcome::NotSent => "; nothing was sent, so repeat the call once the cause is gone",
            _ => "; the account may exist: have the shopper check the inbox before trying again",
        })
    }
}

impl std::error::Error for TransportError {
    /// The cause without the two wrappers of the HTTP library above it ("error sending request", "client error
    /// (Connect)"), which would say again what the message says.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let wrapper = std::error::Error::source(self.http_error()?)?;
        wrapper.source().or(Some(wrapper))
    }
}
