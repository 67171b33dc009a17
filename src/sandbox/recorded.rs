use std::fmt;

use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION};
use http::{HeaderMap, Method};
use serde_json::Value;

/// A request as the sandbox received it, and what it answered: without whatever is called like a key, a password, a token or
/// an identity.
///
/// Its `Display` form is the line that the sandbox program prints.
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
    pub(super) path: String,
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

    /// The path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query's parameters as an object, without secrets.
    pub fn query(&self) -> &Value {
        &self.query
    }

    /// The key, masked but for its kind: `DEV_[masked]`; empty if there was none.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// The headers, without `Authorization`, `Proxy-Authorization` and `Cookie`.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, without secrets; `None` if there was none, if it was not read, or if it did not fit the description.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// The HTTP status of the answer; `None` if the connection was dropped.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What came of it: `success`, an error code, or the fault that was played.
    pub fn outcome(&self) -> &str {
        &self.outcome
    }
}

/// A key that can be printed: what kind it is, and nothing else of it.
pub(super) fn masked_key(key: &str) -> String {
    let prefix = ["PROD", "DEV_", "ROOT"].into_iter().find(|prefix| key.starts_with(prefix));
    match key {
        "" => String::new(),
        _ => format!("{}[masked]", prefix.unwrap_or_default()),
    }
}

/// What can be recorded. `build.rs` sees to it that a secret is called like one, and so is one that no page documents: the
/// key in the body, a repeated password.
pub(super) fn without_secrets(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let public = fields.iter().filter(|(name, _)| !is_secret(name));
            public.map(|(name, value)| (name.clone(), without_secrets(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_secrets).collect(),
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase().replace(['_', '-'], "");
    ["apikey", "password", "token", "identity"].iter().any(|secret| name.contains(secret))
}

pub(super) fn without_credentials(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in [AUTHORIZATION, PROXY_AUTHORIZATION, COOKIE] {
        headers.remove(name);
    }
    headers
}

impl fmt::Display for RecordedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.method, self.path.escape_debug(), self.outcome)
    }
}

/// What a shopper typed is not shown: a test's log is a log too.
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
