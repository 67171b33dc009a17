//! What the generator would take without a word, or refuse without a reason.

use serde_json::Value;

use super::document::{Schema, children, schemas};
use super::problem::Problem;
use super::{form, secret};

/// The types of a schema in OpenAPI 3.0.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

pub fn document(document: &Value) -> Result<(), Problem> {
    form::check(document)?;
    references(document, document, "")?;
    for schema in &schemas(document) {
        kind(schema)?;
        secret::check(schema)?;
    }
    Ok(())
}

/// The generator never sees the references in answers, which are withheld from it.
fn references(document: &Value, value: &Value, pointer: &str) -> Result<(), Problem> {
    if let Some(reference) = value["$ref"].as_str()
        && reference.strip_prefix('#').and_then(|target| document.pointer(target)).is_none()
    {
        let reason = format!("{reference} points to nothing in this file");
        return Err(Problem::at(&format!("{pointer}/$ref"), reason));
    }
    children(value)
        .into_iter()
        .try_for_each(|(key, child)| references(document, child, &format!("{pointer}/{key}")))
}

/// The generator takes a schema with a misspelt type for one that allows anything.
fn kind(schema: &Schema) -> Result<(), Problem> {
    match schema.value.get("type") {
        Some(kind) if !TYPES.iter().any(|name| kind == name) => {
            let reason = format!("{kind} is no type of OpenAPI 3.0; it has {}", TYPES.join(", "));
            Err(Problem::at(&format!("{}/type", schema.pointer), reason))
        }
        _ => Ok(()),
    }
}
