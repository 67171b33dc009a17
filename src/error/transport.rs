use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::cause::Cause;
use super::{Outcome, ServerText};
use crate::call::Endpoint;

/// The most that is kept of what the HTTP library says, in bytes.
const DETAIL_LIMIT: usize = 512;

/// No complete answer arrived: no connection, a timeout, a broken connection.
///
/// Its source is the technical cause in words that no server chose.
#[derive(Debug)]
pub struct TransportError {
    pub(super) endpoint: &'static Endpoint,
    failure: Failure,
    is_timeout: bool,
    status: Option<StatusCode>,
    cause: Option<Cause>,
    detail: ServerText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// The call's time was up.
    Deadline { timeout: Duration },
    /// The request could not be built.
    NotBuilt,
    /// No connection was made.
    Connect,
    /// The connection broke, or a timeout of the caller's own HTTP settings passed.
    Broken,
    /// The generated client could not read the answer.
    NotRead,
}

impl TransportError {
    pub(crate) fn deadline(
        endpoint: &'static Endpoint,
        timeout: Duration,
        status: Option<StatusCode>,
    ) -> Self {
        let failure = Failure::Deadline { timeout };
        Self { is_timeout: true, status, ..Self::new(endpoint, failure) }
    }

    /// With redirects off, a connect error and a request that could not be built are all that is known to have sent no
    /// byte. (With them on, a 307 to a closed port is a connect error too, after the POST was delivered.)
    pub(crate) fn http(
        endpoint: &'static Endpoint,
        error: reqwest::Error,
        status: Option<StatusCode>,
    ) -> Self {
        let failure = if error.is_builder() {
            Failure::NotBuilt
        } else if error.is_connect() {
            Failure::Connect
        } else {
            Failure::Broken
        };
        let is_timeout = error.is_timeout();
        // Its URL holds the key.
        let error = error.without_url();
        let detail = std::iter::successors(error.source(), |error| (*error).source())
            .map(|error| error.to_string())
            .collect::<Vec<_>>()
            .join(": ");
        Self {
            is_timeout,
            status,
            cause: Cause::of(&error),
            detail: ServerText::new(detail.as_bytes(), DETAIL_LIMIT),
            ..Self::new(endpoint, failure)
        }
    }

    pub(crate) fn not_built(endpoint: &'static Endpoint) -> Self {
        Self::new(endpoint, Failure::NotBuilt)
    }

    pub(crate) fn not_read(endpoint: &'static Endpoint) -> Self {
        Self::new(endpoint, Failure::NotRead)
    }

    fn new(endpoint: &'static Endpoint, failure: Failure) -> Self {
        let detail = ServerText::new(&[], 0);
        Self { endpoint, failure, is_timeout: false, status: None, cause: None, detail }
    }

    /// Whether the time was up: the call's own timeout, the connection's, or one of your own HTTP settings.
    ///
    /// # Troubleshooting
    ///
    /// Together with [`is_connect`](Self::is_connect), the host did not answer at all. Alone, BizKitHub was slow, and may
    /// yet have done what was asked.
    pub fn is_timeout(&self) -> bool {
        self.is_timeout
    }

    /// Whether no connection was made: the name not found, the port closed, the certificate not accepted.
    pub fn is_connect(&self) -> bool {
        self.failure == Failure::Connect
    }

    /// The HTTP status, if the answer's head arrived before the connection broke or the time was up.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The HTTP library's own words; empty if it had none. At most 512 bytes, raw: they may quote the other side, a
    /// certificate's names for instance.
    pub fn detail(&self) -> &str {
        self.detail.as_str()
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.failure {
            Failure::NotBuilt | Failure::Connect => Outcome::NotSent,
            Failure::Deadline { .. } | Failure::Broken | Failure::NotRead => Outcome::Unknown,
        }
    }

    pub(super) fn error_type(&self) -> &'static str {
        match (self.is_connect(), self.is_timeout) {
            (true, true) => "connect_timeout",
            (true, false) => "connect",
            (false, true) => "timeout",
            (false, false) => "transport",
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.endpoint.operation.name;
        match self.failure {
            Failure::Deadline { timeout } => {
                write!(formatter, "{name} had no complete answer within its timeout of {timeout:?}")
            }
            Failure::NotBuilt => write!(formatter, "{name} could not be built as a request"),
            Failure::Connect if self.is_timeout => {
                write!(formatter, "{name}: no connection to BizKitHub within the connect timeout")
            }
            Failure::Connect => write!(formatter, "{name}: no connection to BizKitHub"),
            Failure::Broken if self.is_timeout => write!(
                formatter,
                "{name} had no complete answer within the timeout of the HTTP settings"
            ),
            Failure::Broken => {
                write!(formatter, "{name}: the connection broke before a complete answer came")
            }
            Failure::NotRead => write!(formatter, "{name}: the answer could not be read"),
        }?;
        if !self.detail.as_str().is_empty() {
            formatter.write_str(" (TransportError::detail() has the HTTP library's own words)")?;
        }
        formatter.write_str(". ")?;
        // The source follows: the cause.
        formatter.write_str(match self.outcome() {
            Outcome::NotSent => "Nothing was sent: repeat the call once the cause is gone",
            _ => self.endpoint.in_doubt,
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}
