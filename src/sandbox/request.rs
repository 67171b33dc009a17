//! Reads a request, and converts it into the form of the spec's schema.

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::endpoint::Route;
use super::reply::Reply;
use super::spec;

/// Far more than any documented request.
const BODY_LIMIT: usize = 64 * 1024;
/// The rest of a longer body is read up to this limit and discarded: a client that is still sending does not read the
/// response.
const DISCARD_LIMIT: usize = 16 * 1024 * 1024;

/// A request whose body has been read.
pub(super) struct Request {
    pub(super) head: Parts,
    /// The parameters of the query, decoded.
    query: Vec<(String, String)>,
    body: Body,
}

pub(super) enum Body {
    Complete(Bytes),
    TooLong,
    Incomplete,
}

impl Request {
    pub(super) async fn read(request: http::Request<Incoming>) -> Self {
        let (head, body) = request.into_parts();
        Self::new(head, Body::read(body).await)
    }

    pub(super) fn new(head: Parts, body: Body) -> Self {
        let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
        let query = query.into_owned().collect();
        Self { head, query, body }
    }

    pub(super) fn path(&self) -> &str {
        self.head.uri.path()
    }

    /// A parameter of the query. If it occurs several times, the last one counts.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query_values(name).last()
    }

    fn query_values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.query.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The parameters of the query that can be recorded.
    pub(super) fn recordable_query(&self, route: &Route) -> Value {
        let parameters = route.endpoint.parameters().iter();
        let in_query = parameters.filter(|parameter| *spec::get(parameter, "in") == "query");
        let entry = |parameter: &'static Value| {
            let name = parameter.get("name")?.as_str()?;
            let (schema, last) = (spec::get(parameter, "schema"), self.query(name)?);
            let value = match spec::kind(schema) {
                Some("array") => self.query_values(name).collect(),
                _ => Value::from(last),
            };
            Some((name.to_owned(), spec::without_secrets(&value, schema)?))
        };
        in_query.filter_map(entry).collect()
    }

    /// The request as one JSON value that is valid according to the spec: the body, or an object of the parameters with the
    /// body as its field `body`.
    pub(super) fn decode(&self, route: &Route) -> Result<Value, Reply> {
        let parameters = route.endpoint.parameters();
        let body = match route.endpoint.body_schema() {
            Some(_) => Some(self.json()?),
            None => None,
        };
        let request = match body {
            Some(body) if parameters.is_empty() => body,
            body => {
                let entry = |parameter: &'static Value| {
                    let name = parameter.get("name")?.as_str()?;
                    Some((name.to_owned(), self.parameter(name, parameter, route)?))
                };
                let mut fields: Map<_, _> = parameters.iter().filter_map(entry).collect();
                fields.extend(body.map(|body| ("body".to_owned(), body)));
                fields.into()
            }
        };
        route.endpoint.validate(&request).map_err(Reply::invalid)?;
        Ok(request)
    }

    /// The value of a parameter, in the type that the spec states.
    fn parameter(&self, name: &str, parameter: &'static Value, route: &Route) -> Option<Value> {
        let in_path = || route.parameters.iter().filter(|(key, _)| *key == name);
        let texts: Vec<&str> = match parameter.get("in")?.as_str()? {
            "query" => self.query_values(name).collect(),
            "path" => in_path().map(|(_, value)| value.as_str()).collect(),
            _ => return None,
        };
        let last = texts.last()?;
        let schema = spec::get(parameter, "schema");
        Some(match spec::kind(schema) {
            Some("array") => {
                let kind = spec::items(schema).and_then(spec::kind);
                texts.iter().map(|text| convert(text, kind)).collect()
            }
            kind => convert(last, kind),
        })
    }

    fn json(&self) -> Result<Value, Reply> {
        let bytes = match &self.body {
            Body::Complete(bytes) => bytes,
            Body::TooLong => {
                let message = "The body is longer than 65,536 bytes.";
                let status = StatusCode::PAYLOAD_TOO_LARGE;
                return Err(Reply::http(status, "SANDBOX_BODY_TOO_LARGE", message));
            }
            Body::Incomplete => return Err(Reply::invalid("the body ended early".to_owned())),
        };
        let content_type =
            self.head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
        if !essence.trim().eq_ignore_ascii_case("application/json") {
            let message = "The body must be application/json.";
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(Reply::http(status, "SANDBOX_UNSUPPORTED_MEDIA_TYPE", message));
        }
        serde_json::from_slice(bytes).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Reply::invalid(format!("the body is not valid JSON (line {line}, column {column})"))
        })
    }
}

impl Body {
    async fn read(mut body: Incoming) -> Self {
        let mut bytes = BytesMut::new();
        let mut length = 0_usize;
        while let Some(frame) = body.frame().await {
            let Ok(frame) = frame else { return Self::Incomplete };
            let Ok(data) = frame.into_data() else { continue };
            length = length.saturating_add(data.len());
            if length > DISCARD_LIMIT {
                break;
            }
            if length <= BODY_LIMIT {
                bytes.extend_from_slice(&data);
            }
        }
        if length > BODY_LIMIT { Self::TooLong } else { Self::Complete(bytes.freeze()) }
    }
}

/// Converts a text to a type of the spec. A text that does not fit stays a text, which the schema then rejects.
fn convert(text: &str, kind: Option<&str>) -> Value {
    let is_of_kind = |value: &Value| match kind {
        Some("integer" | "number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        _ => false,
    };
    serde_json::from_str(text).ok().filter(is_of_kind).unwrap_or_else(|| text.into())
}
