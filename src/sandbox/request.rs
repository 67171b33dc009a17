//! Reading a request, up to what the endpoint's own rules are for.

use std::net::{IpAddr, Ipv4Addr};

use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde_json::{Map, Value};

use super::PlatformFault;
use super::endpoint::Input;
use super::reply::Reply;
use crate::call::Operation;

/// Far more than any documented request.
const BODY_LIMIT: usize = 64 * 1024;

/// The parameters of a request's query, decoded.
pub(super) struct Query(Map<String, Value>);

impl Query {
    pub(super) fn of(head: &Parts) -> Self {
        let query = head.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        Self(pairs.map(|(name, value)| (name.into_owned(), Value::from(value))).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    /// Without the key.
    pub(super) fn parameters(&self) -> Value {
        let mut parameters = self.0.clone();
        parameters.remove("apiKey");
        parameters.into()
    }
}

/// What an operation is asked, valid by the description.
pub(super) async fn read(
    operation: &Operation,
    head: &Parts,
    query: &Query,
    body: Incoming,
) -> Result<Value, Reply> {
    let input = Input::of(operation).map_err(invalid)?;
    let request = if input.is_body { json(head, body).await? } else { query.parameters() };
    input.check(&request).map_err(invalid)?;
    check_strings(&request)?;
    Ok(request)
}

pub(super) fn invalid(description: impl Into<String>) -> Reply {
    Reply::platform(PlatformFault::ValidationFailed, Some(description.into()), None)
}

async fn json(head: &Parts, body: Incoming) -> Result<Value, Reply> {
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/json") {
        let message = "The body must be application/json.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Reply::http(status, "SANDBOX_UNSUPPORTED_MEDIA_TYPE", message));
    }
    let bytes = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let message = "The body is longer than 65,536 bytes.";
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Reply::http(status, "SANDBOX_BODY_TOO_LARGE", message));
        }
        Err(_) => return Err(invalid("the body ended early")),
    };
    serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        invalid(format!("the body is not JSON (line {line}, column {column})"))
    })
}

/// What the description has as plain strings: an address, for the sake of other generators, and a time, for want of a
/// grammar.
fn check_strings(request: &Value) -> Result<(), Reply> {
    let text = |name| request.get(name).and_then(Value::as_str);
    let is_address = |text: &str| THIS_MACHINE.contains(&text) || text.parse::<IpAddr>().is_ok();
    if text("customerRealIp").is_some_and(|text| !is_address(text)) {
        return Err(invalid("/customerRealIp: it is no IP address"));
    }
    if text("expirationTime").is_some_and(|text| humantime::parse_duration(text).is_err()) {
        return Err(invalid("/expirationTime: it is no time such as 3h 20m"));
    }
    Ok(())
}

/// What the later pages say is taken as `127.0.0.1`.
const THIS_MACHINE: [&str; 4] = ["", "localhost", "0.0.0.0", "::1"];

pub(super) fn resolve_address(request: &mut Value) {
    if let Some(field) = request.get_mut("customerRealIp")
        && field.as_str().is_some_and(|text| THIS_MACHINE.contains(&text))
    {
        *field = Ipv4Addr::LOCALHOST.to_string().into();
    }
}
