//! The endpoints of the spec: finds the one that a request or a test refers to, and validates its requests.

use std::sync::LazyLock;

use http::StatusCode;
use jsonschema::Validator;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::spec;
use crate::generated::operations::ALL;
use crate::operation::Facts;

static ENDPOINTS: LazyLock<Vec<Endpoint>> = LazyLock::new(|| {
    let endpoint = |facts: &'static Facts| Endpoint {
        facts,
        operation: spec::operation(facts.method, facts.path),
        validator: spec::validator(facts.request_schema),
    };
    ALL.iter().map(endpoint).collect()
});

pub(super) struct Endpoint {
    pub(super) facts: &'static Facts,
    /// The operation as the spec has it.
    pub(super) operation: &'static Value,
    pub(super) validator: Result<Validator, String>,
}

/// An endpoint whose path template fits a request's path.
pub(super) struct Route {
    pub(super) endpoint: &'static Endpoint,
    /// The values of the template's parameters.
    pub(super) parameters: Vec<(&'static str, String)>,
}

/// The endpoints at a path, with any method. Those with the fewest parameters come first.
pub(super) fn routes(path: &str) -> Vec<Route> {
    routes_in(&ENDPOINTS, path)
}

pub(super) fn routes_in(endpoints: &'static [Endpoint], path: &str) -> Vec<Route> {
    let mut routes: Vec<Route> = endpoints
        .iter()
        .filter_map(|endpoint| {
            Some(Route { endpoint, parameters: match_path(endpoint.facts.path, path)? })
        })
        .collect();
    routes.sort_by_key(|route| route.parameters.len());
    routes
}

/// The values of a template's parameters, if the path fits.
fn match_path<'a>(template: &'a str, path: &str) -> Option<Vec<(&'a str, String)>> {
    let mut values = Vec::new();
    let mut segments = path.split('/');
    for expected in template.split('/') {
        let segment = segments.next()?;
        let parameter =
            expected.split_once('{').and_then(|(start, rest)| Some((start, rest.split_once('}')?)));
        if let Some((start, (name, end))) = parameter {
            let value = segment.strip_prefix(start)?.strip_suffix(end)?;
            if value.is_empty() {
                return None;
            }
            values.push((name, percent_decoded(value)));
        } else if segment != expected {
            return None;
        }
    }
    segments.next().is_none().then_some(values)
}

fn percent_decoded(segment: &str) -> String {
    // These characters have a meaning in a form, but not in a path.
    let form = segment.replace('&', "%26").replace('=', "%3D").replace('+', "%2B");
    let mut pairs = form_urlencoded::parse(form.as_bytes());
    pairs.next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

/// The operation with an `operationId`, or with a path whose last literal segment is `name`.
pub(super) fn named(name: &str) -> Result<&'static Facts, String> {
    named_in(ALL, name)
}

pub(super) fn named_in(all: &'static [Facts], name: &str) -> Result<&'static Facts, String> {
    if let Some(operation) = all.iter().find(|operation| operation.id == name) {
        return Ok(operation);
    }
    let mut found = all.iter().filter(|operation| last_segment(operation) == name);
    match (found.next(), found.next()) {
        (Some(operation), None) => Ok(operation),
        (None, _) => Err(format!("the spec has no endpoint called {name}")),
        (Some(_), Some(_)) => {
            Err(format!("the spec has several endpoints called {name}: use the operationId"))
        }
    }
}

/// The last segment of an operation's path that is not a parameter.
pub(super) fn last_segment(operation: &Facts) -> &'static str {
    let mut segments = operation.path.rsplit('/');
    segments.find(|segment| !segment.contains('{')).unwrap_or_default()
}

impl Endpoint {
    /// The parameters, as the spec has them.
    pub(super) fn parameters(&self) -> &'static [Value] {
        spec::get(self.operation, "parameters").as_array().map_or(&[], Vec::as_slice)
    }

    /// The schema of the JSON body, if there is one.
    pub(super) fn body_schema(&self) -> Option<&'static Value> {
        self.operation.pointer("/requestBody/content/application~1json/schema")
    }

    /// Checks a request against its schema in the spec.
    ///
    /// The error names the field and the rule. It does not quote the value, which may be a password.
    pub(super) fn validate(&self, request: &Value) -> Result<(), String> {
        let validator = self.validator.as_ref().map_err(Clone::clone)?;
        let Some(error) = validator.iter_errors(request).next() else { return Ok(()) };
        let (place, rule) = (error.instance_path().to_string(), error.masked());
        Err(if place.is_empty() { rule.to_string() } else { format!("{place}: {rule}") })
    }

    /// Returns `true` if the spec lists this error code for the endpoint.
    pub(super) fn documents(&self, code: &str) -> bool {
        let responses = spec::get(self.operation, "responses").as_object().into_iter().flatten();
        let contents = responses.filter_map(|(_, response)| response.get("content")?.as_object());
        let schemas = contents.flatten().map(|(_, media)| spec::get(media, "schema"));
        let mut codes = schemas.filter_map(|schema| spec::property(schema, "errorCode"));
        codes.any(|codes| spec::values(codes).any(|value| value == code))
    }

    /// The fields that every success must have.
    pub(super) fn required_on_success(&self) -> Vec<&'static str> {
        let schema = spec::resolve(spec::get(self.success().1, "schema"));
        let required = spec::get(schema, "x-required-on-success").as_array();
        required.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The spec's example of a success, and its status.
    pub(super) fn success_example(&self) -> (StatusCode, Value) {
        let (status, media) = self.success();
        let examples =
            spec::get(media, "examples").as_object().into_iter().flat_map(|all| all.values());
        let examples = examples.map(|example| spec::get(example, "value"));
        let schema = spec::resolve(spec::get(media, "schema"));
        let mut all = examples.chain([media, schema].map(|parent| spec::get(parent, "example")));
        let example =
            all.find(|example| example.is_object() && *spec::get(example, "success") != false);
        let default = || match self.facts.has_success_flag {
            true => json!({ "success": true }),
            false => json!({}),
        };
        (status, example.cloned().unwrap_or_else(default))
    }

    /// The status of a success, and the content of its body.
    fn success(&self) -> (StatusCode, &'static Value) {
        let mut responses =
            spec::get(self.operation, "responses").as_object().into_iter().flatten();
        let success = responses.find(|(status, _)| status.starts_with('2'));
        let Some((status, response)) = success else { return (StatusCode::OK, &Value::Null) };
        let content = spec::get(response, "content").as_object();
        let media = content.and_then(|content| content.values().next()).unwrap_or(&Value::Null);
        (status.parse().unwrap_or(StatusCode::OK), media)
    }
}
