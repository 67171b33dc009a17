//! Ways through the description.

use std::sync::LazyLock;

use serde_json::Value;

use crate::facts::{ENDPOINTS, Endpoint};

pub static DESCRIPTION: LazyLock<Value> =
    LazyLock::new(|| yaml_serde::from_str(include_str!("../../openapi/bizkithub.yaml")).unwrap());

/// What a reference of the description, or of a schema that was derived, points to; anything else is itself.
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Each operation of the description with its facts.
pub fn described() -> impl Iterator<Item = (&'static Value, &'static Endpoint)> {
    operations().map(|(name, operation)| {
        let endpoint = ENDPOINTS.iter().find(|endpoint| endpoint.operation == name);
        (operation, endpoint.unwrap_or_else(|| panic!("no row in facts.rs for {name}")))
    })
}

/// The operations, each with its method and path: `POST /api/v1/customer/login`.
pub fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    const METHODS: [&str; 8] =
        ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let paths = DESCRIPTION["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| {
            Some((format!("{} {path}", method.to_uppercase()), item.get(method)?))
        })
    })
}

/// The answers of an operation, each with its status.
pub fn answers(operation: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let answers = operation["responses"].as_object().unwrap().iter();
    answers.map(|(status, answer)| (status.as_str(), resolve(&DESCRIPTION, answer)))
}

/// The schema of a request's or an answer's JSON body.
pub fn body(message: &'static Value) -> &'static Value {
    &json(message)["schema"]
}

/// The examples of a request's or an answer's JSON body, each with its name.
pub fn examples(message: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    let examples = json(message)["examples"].as_object().unwrap().iter();
    examples.map(|(name, example)| (name.as_str(), &resolve(&DESCRIPTION, example)["value"]))
}

fn json(message: &'static Value) -> &'static Value {
    &resolve(&DESCRIPTION, message)["content"]["application/json"]
}
