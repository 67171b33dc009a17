//! The endpoints of the description: which one a request is for, and what it takes.

use std::collections::HashMap;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::call::Operation;
use crate::generated::operations::ALL;

/// The description that the client was generated from, as JSON.
const DESCRIPTION: &str = include_str!(concat!(env!("OUT_DIR"), "/description.json"));

/// An operation by its path. None of the description's paths has two.
pub(super) fn at(path: &str) -> Option<&'static Operation> {
    ALL.iter().find(|operation| operation.path == path)
}

/// An operation by the last segment of its path.
pub(super) fn named(name: &str) -> Option<&'static Operation> {
    ALL.iter().find(|operation| segment(operation) == name)
}

pub(super) fn segment(operation: &Operation) -> &'static str {
    operation.path.rsplit('/').next().unwrap_or_default()
}

/// What an operation takes: a body, or the parameters of a query.
pub(super) struct Input {
    pub(super) is_body: bool,
    schema: Validator,
}

impl Input {
    pub(super) fn of(operation: &Operation) -> Result<&'static Self, String> {
        static ALL_OF_THEM: LazyLock<Result<HashMap<&str, Input>, String>> = LazyLock::new(|| {
            let description = serde_json::from_str(DESCRIPTION).map_err(|e| e.to_string())?;
            ALL.iter().map(|each| Ok((each.id, Input::read(each, &description)?))).collect()
        });
        let inputs = ALL_OF_THEM.as_ref().map_err(Clone::clone)?;
        inputs.get(operation.id).ok_or_else(|| "the description has no such operation".to_owned())
    }

    fn read(operation: &Operation, description: &Value) -> Result<Self, String> {
        let method = operation.method.to_ascii_lowercase();
        let path = description.get("paths").and_then(|paths| paths.get(operation.path));
        let operation = path.and_then(|item| item.get(method)).unwrap_or(&Value::Null);
        let body = operation.pointer("/requestBody/content/application~1json/schema");
        let schema = match body {
            Some(schema) => schema.clone(),
            None => query_schema(operation),
        };
        let root = json!({ "allOf": [schema], "components": description.get("components") });
        let schema = jsonschema::options()
            .should_validate_formats(true)
            .build(&root)
            .map_err(|error| error.to_string())?;
        Ok(Self { is_body: body.is_some(), schema })
    }

    /// Checks a request against the description, so that client and sandbox cannot drift apart.
    ///
    /// The error names the field and the rule, and quotes no value: one of them is the password.
    pub(super) fn check(&self, request: &Value) -> Result<(), String> {
        let Some(error) = self.schema.iter_errors(request).next() else { return Ok(()) };
        let (place, rule) = (error.instance_path().to_string(), error.masked());
        Err(if place.is_empty() { rule.to_string() } else { format!("{place}: {rule}") })
    }
}

/// The query as one object.
fn query_schema(operation: &Value) -> Value {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in parameters.into_iter().flatten() {
        let Some(name) = parameter.get("name").and_then(Value::as_str) else { continue };
        properties.insert(name.to_owned(), parameter.get("schema").cloned().unwrap_or_default());
        if parameter.get("required") == Some(&Value::Bool(true)) {
            required.push(name);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required })
}
