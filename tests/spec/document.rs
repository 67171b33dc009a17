//! The spec as the tests read and change it.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::documented_api::{ENDPOINTS, Endpoint};

pub const FILE: &str = "openapi/bizkithub.yaml";

pub static SPEC: LazyLock<Value> =
    LazyLock::new(|| yaml_serde::from_str(include_str!("../../openapi/bizkithub.yaml")).unwrap());

/// The target of a reference; any other value is returned as it is.
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Sets the value at a JSON pointer. Only the last part of the pointer may be new. `null` removes the value.
pub fn set(spec: &mut Value, pointer: &str, value: Value) {
    let (owner, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    let owner = spec.pointer_mut(owner).unwrap_or_else(|| panic!("{owner} is not in the spec"));
    match (owner, value) {
        (Value::Object(object), Value::Null) => {
            object.remove(&key).unwrap_or_else(|| panic!("{pointer} is not in the spec"));
        }
        (Value::Array(items), Value::Null) => drop(items.remove(key.parse().unwrap())),
        (Value::Array(items), value) => items.push(value),
        (owner, value) => owner[key] = value,
    }
}

pub fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// Each operation of the spec with its documented facts.
pub fn documented() -> impl Iterator<Item = (&'static Value, &'static Endpoint)> {
    operations().map(|(name, operation)| {
        let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.operation() == name);
        (operation, endpoint.unwrap_or_else(|| panic!("no row in documented_api.rs for {name}")))
    })
}

/// The operations, each with its method and path: `POST /api/v1/customer/login`.
pub fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = SPEC["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters");
        methods.map(move |(method, operation)| {
            (format!("{} {path}", method.to_uppercase()), operation)
        })
    })
}

/// The responses of an operation, each with its status.
pub fn responses(
    operation: &'static Value,
) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let responses = operation["responses"].as_object().unwrap().iter();
    responses.map(|(status, response)| (status.as_str(), resolve(&SPEC, response)))
}

/// The schema of the JSON body of a request or response.
pub fn body(message: &'static Value) -> &'static Value {
    &json_content(message)["schema"]
}

/// The examples of the JSON body of a request or response, each with its name.
pub fn examples(message: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let examples = json_content(message)["examples"].as_object().into_iter().flatten();
    examples.map(|(name, example)| (name.as_str(), &resolve(&SPEC, example)["value"]))
}

fn json_content(message: &'static Value) -> &'static Value {
    &resolve(&SPEC, message)["content"]["application/json"]
}
