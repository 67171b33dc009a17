//! What the generator would take without a word, or refuse without a reason.

use serde_json::Value;

use super::document::{Schema, children, schemas};
use super::problem::Problem;
use super::{form, names, secret};

/// The types of a schema in OpenAPI 3.0.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

pub fn document(document: &Value) -> Result<(), Problem> {
    let schemas = schemas(document);
    form::check(document, &schemas)?;
    references(document, document, "")?;
    names::check(document, &schemas)?;
    for schema in &schemas {
        kind(schema)?;
        pattern(schema)?;
        itself(document, schema)?;
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

/// The generator writes code for a crate, `regress`, that this one does not have: rustc could not find it.
fn pattern(schema: &Schema) -> Result<(), Problem> {
    match schema.value.get("pattern") {
        Some(_) => {
            let reason = "no pattern is checked by this crate: put it into the description's words";
            Err(Problem::at(&format!("{}/pattern", schema.pointer), reason))
        }
        None => Ok(()),
    }
}

/// A schema may hold itself, in a field or a list, but not be itself: the generator wrote a type that rustc refused,
/// or ended by a stack overflow.
fn itself(document: &Value, schema: &Schema) -> Result<(), Problem> {
    if leads_to(&schema.pointer, schema.value, document, &mut Vec::new()) {
        return Err(Problem::at(&schema.pointer, "is nothing but a reference to itself"));
    }
    Ok(())
}

fn leads_to<'a>(
    goal: &str,
    schema: &'a Value,
    document: &'a Value,
    seen: &mut Vec<&'a str>,
) -> bool {
    if let Some(target) = schema["$ref"].as_str().and_then(|target| target.strip_prefix('#'))
        && !seen.contains(&target)
    {
        seen.push(target);
        return target == goal
            || document.pointer(target).is_some_and(|next| leads_to(goal, next, document, seen));
    }
    let parts = ["allOf", "anyOf", "oneOf"].iter().flat_map(|key| schema[key].as_array());
    parts.flatten().any(|part| leads_to(goal, part, document, seen))
}
