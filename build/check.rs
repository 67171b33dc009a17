//! What the generator would take without a word, or refuse without a reason.

use serde_json::Value;

use super::document::children;
use super::problem::Problem;
use super::secret;

/// The types of a schema in OpenAPI 3.0.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

pub fn document(document: &Value) -> Result<(), Problem> {
    references(document, document, "")?;
    schemas(document, "")
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

/// Finds the schemas: a property may be called `type`, and an example may hold anything.
fn schemas(value: &Value, pointer: &str) -> Result<(), Problem> {
    for (key, child) in children(value) {
        let pointer = format!("{pointer}/{key}");
        match key.as_str() {
            "example" | "examples" | "default" | "enum" => {}
            "schemas" | "properties" | "allOf" | "anyOf" | "oneOf" => {
                for (entry, value) in children(child) {
                    let name = if key == "properties" { &entry } else { "" };
                    schema(value, &format!("{pointer}/{entry}"), name)?;
                }
            }
            // A parameter has its name beside its schema.
            "schema" => schema(child, &pointer, value["name"].as_str().unwrap_or_default())?,
            "items" | "not" | "additionalProperties" => schema(child, &pointer, "")?,
            _ => schemas(child, &pointer)?,
        }
    }
    Ok(())
}

fn schema(schema: &Value, pointer: &str, name: &str) -> Result<(), Problem> {
    // The generator takes a schema with a misspelt type for one that allows anything.
    if let Some(kind) = schema.get("type")
        && !TYPES.iter().any(|name| kind == name)
    {
        let reason = format!("{kind} is no type of OpenAPI 3.0; it has {}", TYPES.join(", "));
        return Err(Problem::at(&format!("{pointer}/type"), reason));
    }
    secret::check(schema, pointer, name)?;
    schemas(schema, pointer)
}
