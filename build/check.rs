//! What the generator would take without a word, or refuse without a reason.

use serde_json::Value;

use crate::document::children;
use crate::problem::Problem;
use crate::secret;

/// The types of a schema in OpenAPI 3.0.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

pub fn document(document: &Value) -> Result<(), Problem> {
    references(document, document, "#")?;
    schemas(document, "#")
}

/// The generator panics on a reference to nothing, and does not see those in answers.
fn references(document: &Value, value: &Value, pointer: &str) -> Result<(), Problem> {
    if let Some(reference) = value["$ref"].as_str() {
        let target = reference.strip_prefix('#').and_then(|target| document.pointer(target));
        if target.is_none() {
            let reason = format!("{reference} points to nothing in this file");
            return Err(Problem::at(format!("{pointer}/$ref"), reason));
        }
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
                for (name, entry) in children(child) {
                    let name_of_property = if key == "properties" { &name } else { "" };
                    schema(entry, &format!("{pointer}/{name}"), name_of_property)?;
                }
            }
            // Beside a parameter's `schema` stands its `name`.
            "schema" => schema(child, &pointer, value["name"].as_str().unwrap_or_default())?,
            "items" | "not" | "additionalProperties" => schema(child, &pointer, "")?,
            _ => schemas(child, &pointer)?,
        }
    }
    Ok(())
}

fn schema(value: &Value, pointer: &str, name: &str) -> Result<(), Problem> {
    // The generator takes a schema with a misspelt type for one that allows anything.
    if let Some(kind) = value.get("type") {
        let kind = kind.as_str().unwrap_or("(not a string)");
        if !TYPES.contains(&kind) {
            let reason = format!("{kind} is no type of OpenAPI 3.0; it has {}", TYPES.join(", "));
            return Err(Problem::at(format!("{pointer}/type"), reason));
        }
    }
    secret::check(pointer, name, value)?;
    schemas(value, pointer)
}
