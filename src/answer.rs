//! From the bytes of an answer to a value or an [`Error`]: the one place that decides what an answer means.

use std::time::SystemTime;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Reason;
use crate::mask::{Secrets, masked};
use crate::{
    EndpointError, Error, PlatformError, RateLimit, Refused, UnexpectedResponse, rate_limit,
};

/// The longest excerpt of an unexpected answer, in bytes.
const EXCERPT_LIMIT: usize = 512;
/// The longest message, description or code that an error keeps, in bytes.
const MESSAGE_LIMIT: usize = 1024;

/// An answer as it came, its body read.
pub(crate) struct Answer<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

/// What a successful answer says.
#[derive(Debug)]
pub(crate) struct Answered<T> {
    pub(crate) value: T,
    pub(crate) rate_limit: Option<RateLimit>,
}

#[derive(Deserialize)]
struct Flag {
    success: bool,
}

impl Answer<'_> {
    /// Decides what the answer means. `secrets` are masked in whatever is quoted of it.
    ///
    /// A success is a 2xx with `success: true`, a refusal is `success: false` with any status, a platform error is
    /// an `error` object with a `code`, with any status; everything else is unexpected.
    pub(crate) fn read<T: DeserializeOwned, E: EndpointError>(
        &self,
        secrets: &Secrets<'_>,
    ) -> Result<Answered<T>, Error<E>> {
        if self.status.is_success()
            && serde_json::from_slice::<Flag>(self.body).is_ok_and(|flag| flag.success)
        {
            return match serde_json::from_slice(self.body) {
                Ok(value) => {
                    Ok(Answered { value, rate_limit: RateLimit::from_headers(self.headers) })
                }
                Err(_) => Err(self.unexpected(Reason::NotDocumented, secrets)),
            };
        }
        Err(self.read_failure(secrets))
    }

    /// The error for a body that was not read to its end because it is longer than allowed.
    pub(crate) fn too_long<E>(&self, limit: usize, secrets: &Secrets<'_>) -> Error<E> {
        self.unexpected(Reason::TooLong { limit }, secrets)
    }

    fn read_failure<E: EndpointError>(&self, secrets: &Secrets<'_>) -> Error<E> {
        let body: Value = match serde_json::from_slice(self.body) {
            Ok(body) => body,
            Err(_) if self.status.is_redirection() => {
                return self.unexpected(Reason::Redirect, secrets);
            }
            Err(_) if self.body.trim_ascii().is_empty() => {
                return self.unexpected(Reason::Empty, secrets);
            }
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                return self.unexpected(Reason::NotJson { line, column }, secrets);
            }
        };
        let text = |object: &Value, field: &str| {
            let text = object.get(field).and_then(Value::as_str)?;
            Some(masked(text, secrets, MESSAGE_LIMIT))
        };
        let retry_after = rate_limit::retry_after(self.headers, SystemTime::now());

        if body.get("success") == Some(&Value::Bool(false)) {
            let code = text(&body, "errorCode").unwrap_or_default();
            let message = text(&body, "message").unwrap_or_default();
            return Error::Refused(Refused::new(
                E::from_code(&code),
                message,
                self.status,
                retry_after,
            ));
        }
        if let Some(error) = body.get("error")
            && let Some(code) = text(error, "code")
        {
            let seconds = error.get("retry_after").and_then(Value::as_u64);
            return Error::Platform(PlatformError::new(
                code,
                text(error, "message").unwrap_or_default(),
                text(error, "description"),
                self.status,
                retry_after.or(seconds.map(std::time::Duration::from_secs)),
            ));
        }
        if body.get("success") == Some(&Value::Bool(true)) {
            return self.unexpected(Reason::Contradiction, secrets);
        }
        if self.status.is_redirection() {
            return self.unexpected(Reason::Redirect, secrets);
        }
        self.unexpected(Reason::NotDocumented, secrets)
    }

    fn unexpected<E>(&self, reason: Reason, secrets: &Secrets<'_>) -> Error<E> {
        let excerpt = masked(&String::from_utf8_lossy(self.body), secrets, EXCERPT_LIMIT);
        let retry_after = rate_limit::retry_after(self.headers, SystemTime::now());
        Error::Unexpected(UnexpectedResponse::new(self.status, reason, excerpt, retry_after))
    }
}
