//! Rejects what the generator would silently accept, or reject without a reason.

use serde_json::Value;

use super::error::SpecError;
use super::names::{is_ident, snake};
use super::spec::{Schema, children, operations, resolve, schemas};
use super::{openapi, secret};

/// The types of a schema in OpenAPI 3.0.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

pub fn spec(spec: &Value) -> Result<(), SpecError> {
    let schemas = schemas(spec);
    openapi::check(spec, &schemas)?;
    check_references(spec, spec, "")?;
    for schema in &schemas {
        check_schema(schema)?;
        secret::check(schema)?;
    }
    check_operations(spec)?;
    check_security(spec)?;
    check_servers(spec)
}

/// Rejects references that lead nowhere or to another file, which the generator does not read.
fn check_references(spec: &Value, value: &Value, pointer: &str) -> Result<(), SpecError> {
    if let Some(reference) = value["$ref"].as_str()
        && reference.strip_prefix('#').and_then(|target| spec.pointer(target)).is_none()
    {
        let reason = format!("{reference} points to nothing in this file");
        return Err(SpecError::at(&format!("{pointer}/$ref"), reason));
    }
    children(value)
        .into_iter()
        .try_for_each(|(key, child)| check_references(spec, child, &format!("{pointer}/{key}")))
}

/// Rejects misspelled types, which the generator would treat as "anything", and `anyOf`, for which it would generate types
/// that do not work.
fn check_schema(schema: &Schema) -> Result<(), SpecError> {
    if let Some(kind) = schema.value.get("type")
        && !TYPES.iter().any(|name| kind == name)
    {
        let reason = format!("{kind} is not a type of OpenAPI 3.0, which has {}", TYPES.join(", "));
        return Err(SpecError::at(&format!("{}/type", schema.pointer), reason));
    }
    if let Some(key) = ["anyOf", "not"].iter().find(|key| schema.value.get(**key).is_some()) {
        let pointer = format!("{}/{key}", schema.pointer);
        return Err(SpecError::at(&pointer, "is not supported: use a plain type"));
    }
    let Some(properties) = schema.value["properties"].as_object() else { return Ok(()) };
    for key in ["required", "x-required-on-success"] {
        for name in schema.value[key].as_array().into_iter().flatten() {
            if !name.as_str().is_some_and(|name| properties.contains_key(name)) {
                let reason = format!("{name} is not a property of this schema");
                return Err(SpecError::at(&format!("{}/{key}", schema.pointer), reason));
            }
        }
    }
    Ok(())
}

fn check_operations(spec: &Value) -> Result<(), SpecError> {
    for operation in operations(spec) {
        let pointer = operation.pointer();
        if !is_ident(&snake(operation.id())) {
            let reason = "an operation needs an id that can be a Rust name";
            return Err(SpecError::at(&format!("{pointer}/operationId"), reason));
        }
        if ["head", "options", "trace"].contains(&operation.method) {
            return Err(SpecError::at(
                &pointer,
                "the client does not send requests of this method",
            ));
        }
        let item = pointer.rsplit_once('/').map(|(item, _)| item).unwrap_or_default();
        for place in [item, &pointer].map(|owner| format!("{owner}/servers")) {
            if spec.pointer(&place).is_some() {
                return Err(SpecError::at(&place, "the server is the same for all operations"));
            }
        }
        if operation.value.get("security").is_some() {
            let place = format!("{pointer}/security");
            return Err(SpecError::at(&place, "the key is the same for all operations"));
        }
    }
    Ok(())
}

/// Accepts only a key in the query, where the client always puts it. The generator ignores security schemes.
fn check_security(spec: &Value) -> Result<(), SpecError> {
    for (name, scheme) in children(&spec["components"]["securitySchemes"]) {
        if (&scheme["type"], &scheme["in"]) != (&"apiKey".into(), &"query".into()) {
            let pointer = format!("/components/securitySchemes/{name}");
            return Err(SpecError::at(&pointer, "only an apiKey in the query is supported"));
        }
    }
    match api_key_parameter(spec) {
        Some(_) => Ok(()),
        None => Err(SpecError::at("/security", "must name the one security scheme")),
    }
}

/// The name of the query parameter that the API key goes into.
pub fn api_key_parameter(spec: &Value) -> Option<&str> {
    let [security] = spec["security"].as_array()?.as_slice() else { return None };
    let (scheme, _) = security.as_object()?.iter().next()?;
    resolve(spec, &spec["components"]["securitySchemes"][scheme.as_str()])["name"].as_str()
}

fn check_servers(spec: &Value) -> Result<(), SpecError> {
    match spec["servers"][0]["url"].as_str() {
        Some(url) if url.starts_with("https://") && !url.contains('{') => Ok(()),
        _ => Err(SpecError::at("/servers/0/url", "must be an https URL without variables")),
    }
}
