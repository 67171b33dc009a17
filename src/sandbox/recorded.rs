use std::fmt;

use http::header::{
    ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING,
    USER_AGENT,
};
use http::{HeaderMap, HeaderName, Method};
use serde_json::Value;

/// The headers that are recorded. Other headers may contain a secret.
const HEADERS: [HeaderName; 8] = [
    ACCEPT,
    ACCEPT_ENCODING,
    CONNECTION,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    HOST,
    TRANSFER_ENCODING,
    USER_AGENT,
];

/// A request to one of the API's own paths, and its outcome.
///
/// Only fields that the spec describes are recorded, but no keys, passwords, tokens or identities. The recorded headers are
/// `Accept`, `Accept-Encoding`, `Connection`, `Content-Length`, `Content-Type`, `Host`, `Transfer-Encoding` and `User-Agent`.
///
/// The `Display` form is the line that the sandbox program prints.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use bizkithub::RegisterAccountRequest;
/// use bizkithub::sandbox::Sandbox;
///
/// let sandbox = Sandbox::start().await?;
/// let request = RegisterAccountRequest::builder().email("jan@barasek.com").password("x").build();
/// sandbox.client().register_account(&request).await.unwrap();
///
/// let [recorded] = &sandbox.requests()[..] else { panic!("one request") };
/// assert_eq!(recorded.body().unwrap()["email"], "jan@barasek.com");
/// assert_eq!(recorded.outcome(), "success");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RecordedRequest {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) query: Value,
    pub(super) api_key: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Value>,
    pub(super) status: Option<u16>,
    pub(super) outcome: String,
}

impl RecordedRequest {
    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The path as the spec writes it, with the names of its parameters instead of their values.
    pub fn path(&self) -> &str {
        self.path
    }

    /// The documented parameters of the query, as an object of strings without secrets.
    pub fn query(&self) -> &Value {
        &self.query
    }

    /// The kind of the API key, such as `DEV_[masked]`; empty if the request had no key.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The recorded headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The documented fields of the body, without secrets; `None` if the request has no body or was rejected before the
    /// endpoint ran.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// The HTTP status of the response; `None` if the connection was closed without one.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The outcome: `success`, or the error code, and the fault.
    pub fn outcome(&self) -> &str {
        &self.outcome
    }
}

/// The kind of a key, without the rest of it.
pub(super) fn masked_key(key: &str) -> String {
    let prefix = ["PROD", "DEV_", "ROOT"].into_iter().find(|prefix| key.starts_with(prefix));
    match key {
        "" => String::new(),
        _ => format!("{}[masked]", prefix.unwrap_or_default()),
    }
}

pub(super) fn recordable(headers: &HeaderMap) -> HeaderMap {
    let recordable = headers.iter().filter(|(name, _)| HEADERS.contains(name));
    recordable.map(|(name, value)| (name.clone(), value.clone())).collect()
}

impl fmt::Display for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.method, self.path, self.outcome)
    }
}

/// Does not show the customer's data, since the output of a test is a log, too.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RecordedRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("api_key", &self.api_key)
            .field("status", &self.status)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}
