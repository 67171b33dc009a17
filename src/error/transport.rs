use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

use super::Outcome;
use super::cause::Cause;
use crate::ServerText;
use crate::operation::Operation;

/// The most that is kept of the HTTP library's message, in bytes.
const DETAIL_LIMIT: usize = 512;

/// No complete response arrived: no connection, a timeout, a lost connection.
#[derive(Debug)]
pub struct TransportError {
    pub(super) operation: &'static Operation,
    failure: Failure,
    is_timeout: bool,
    status: Option<StatusCode>,
    cause: Option<Cause>,
    detail: ServerText,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    /// The call had no time left before it was sent.
    NoTime {
        timeout: Duration,
    },
    /// The call's timeout expired.
    Timeout {
        timeout: Duration,
    },
    RequestBuild,
    Connect,
    /// The connection was lost, or a timeout of the caller's own HTTP settings expired.
    ConnectionLost,
    /// The generated client could not read the response.
    ResponseRead,
}

impl TransportError {
    pub(crate) fn no_time(operation: &'static Operation, timeout: Duration) -> Self {
        Self { is_timeout: true, ..Self::new(operation, Failure::NoTime { timeout }) }
    }

    pub(crate) fn timeout(
        operation: &'static Operation,
        timeout: Duration,
        status: Option<StatusCode>,
    ) -> Self {
        let failure = Failure::Timeout { timeout };
        Self { is_timeout: true, status, ..Self::new(operation, failure) }
    }

    /// Only a connect error and a request that could not be built are known to have sent nothing. This relies on redirects
    /// being off: otherwise, a 307 to a closed port would also be a connect error, after the POST was delivered.
    pub(crate) fn http(
        operation: &'static Operation,
        error: reqwest::Error,
        status: Option<StatusCode>,
    ) -> Self {
        let failure = if error.is_builder() {
            Failure::RequestBuild
        } else if error.is_connect() {
            Failure::Connect
        } else {
            Failure::ConnectionLost
        };
        let (is_timeout, cause) = (error.is_timeout(), Cause::of(&error));
        // The error's URL contains the key.
        let error = error.without_url();
        let detail = std::iter::successors(error.source(), |error| (*error).source())
            .map(|error| error.to_string())
            .collect::<Vec<_>>()
            .join(": ");
        Self {
            is_timeout,
            status,
            cause,
            detail: ServerText::bounded(detail.as_bytes(), DETAIL_LIMIT),
            ..Self::new(operation, failure)
        }
    }

    pub(crate) fn request_build(operation: &'static Operation) -> Self {
        Self::new(operation, Failure::RequestBuild)
    }

    pub(crate) fn response_read(operation: &'static Operation) -> Self {
        Self::new(operation, Failure::ResponseRead)
    }

    fn new(operation: &'static Operation, failure: Failure) -> Self {
        let detail = ServerText::default();
        Self { operation, failure, is_timeout: false, status: None, cause: None, detail }
    }

    /// Returns `true` if a timeout expired: the call's, the connection's, or one set in
    /// [`configure_http`](crate::ClientBuilder::configure_http).
    ///
    /// # Troubleshooting
    ///
    /// If [`is_connect`](Self::is_connect) is also `true`, no connection was made in time. Otherwise the
    /// [outcome](crate::Error::outcome) says whether the call may still have taken effect.
    pub fn is_timeout(&self) -> bool {
        self.is_timeout
    }

    /// Returns `true` if no connection was made: the name was not found, the port was closed, or the certificate was not
    /// accepted, for instance.
    pub fn is_connect(&self) -> bool {
        self.failure == Failure::Connect
    }

    /// The HTTP status, if the head of the response arrived before the connection was lost or the timeout expired.
    pub fn status(&self) -> Option<StatusCode> {
        self.status
    }

    /// The HTTP library's own message, at most 512 bytes; empty if it had none. It may quote the server, for instance the
    /// names in a certificate.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns `true` if the next attempt would certainly fail in the same way.
    pub(super) fn is_permanent(&self) -> bool {
        self.failure == Failure::RequestBuild
            || self.cause.as_ref().is_some_and(Cause::is_permanent)
    }

    pub(super) fn outcome(&self) -> Outcome {
        match self.failure {
            Failure::NoTime { .. } | Failure::RequestBuild | Failure::Connect => Outcome::NotSent,
            Failure::Timeout { .. } | Failure::ConnectionLost | Failure::ResponseRead => {
                Outcome::Unknown
            }
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
        let name = self.operation.facts.name;
        match self.failure {
            Failure::NoTime { timeout } => {
                write!(
                    formatter,
                    "{name} has a timeout of {timeout:?}, which is too short to send it"
                )
            }
            Failure::Timeout { timeout } => write!(formatter, "{name} timed out after {timeout:?}"),
            Failure::RequestBuild => write!(formatter, "{name} could not be built as a request"),
            Failure::Connect if self.is_timeout => {
                write!(formatter, "{name} timed out while connecting")
            }
            Failure::Connect => write!(formatter, "{name} could not connect"),
            Failure::ConnectionLost if self.is_timeout => {
                write!(formatter, "{name} timed out (a timeout of the HTTP settings)")
            }
            Failure::ConnectionLost => {
                write!(formatter, "{name} lost its connection")
            }
            Failure::ResponseRead => write!(formatter, "{name} returned an unreadable response"),
        }?;
        if let Some(cause) = self.cause.as_ref().filter(|_| !self.is_timeout) {
            write!(formatter, ": {cause}")?;
        }
        formatter.write_str(". ")?;
        formatter.write_str(match self.outcome() {
            Outcome::NotSent if self.is_permanent() => "Nothing was sent",
            Outcome::NotSent if matches!(self.failure, Failure::NoTime { .. }) => {
                "Nothing was sent: use a longer timeout"
            }
            Outcome::NotSent => "Nothing was sent: the call can be retried",
            _ => self.operation.unknown_outcome_advice,
        })
    }
}

impl std::error::Error for TransportError {}
