//! What is written for each operation: progenitor gives its hooks no more than an identifier.

use serde_json::Value;

use crate::document::{Operation, operations};
use crate::problem::Problem;

pub fn module(document: &Value) -> Result<String, Problem> {
    let mut names = Vec::new();
    let mut constants = String::new();
    for operation in operations(document) {
        let name = name(&operation)?;
        if names.contains(&name) || name == "ALL" {
            let reason =
                format!("a constant {name} is there already; the path's last segment makes it");
            return Err(Problem::at(operation.pointer(), reason));
        }
        constants += &constant(&name, &operation)?;
        names.push(name);
    }
    Ok(format!(
        "pub(crate) mod operations {{\n{constants}\
         pub(crate) const ALL: &[crate::call::Operation] = &[{}];\n}}\n",
        names.join(", ")
    ))
}

fn constant(name: &str, operation: &Operation) -> Result<String, Problem> {
    let repeat = repeat(operation)?;
    let (path, method) = (operation.path, operation.method.to_uppercase());
    // The generator stops at an operation without one, or at one that is there twice.
    let id = operation.value["operationId"].as_str().unwrap_or_default();
    let full_name = format!("{method} {path}");
    Ok(format!(
        "pub(crate) const {name}: crate::call::Operation = crate::call::Operation {{ \
         id: {id:?}, method: {method:?}, path: {path:?}, name: {full_name:?}, \
         repeat: crate::call::Repeat::{repeat} }};\n"
    ))
}

/// The last segment of the path in capitals.
fn name(operation: &Operation) -> Result<String, Problem> {
    let segment = operation.path.rsplit('/').next().unwrap_or_default();
    let is_name = segment.starts_with(|first: char| first.is_ascii_alphabetic())
        && segment.chars().all(|other| other.is_ascii_alphanumeric() || other == '-');
    if !is_name {
        let reason =
            "the path's last segment names a constant: a letter, then letters, digits, hyphens";
        return Err(Problem::at(operation.pointer(), reason));
    }
    Ok(segment.to_ascii_uppercase().replace('-', "_"))
}

/// What may be repeated is said by the description, never guessed from a method or a status.
fn repeat(operation: &Operation) -> Result<&'static str, Problem> {
    match operation.value["x-repeat"].as_str() {
        Some("never") => Ok("Never"),
        Some("lost-answer") => Ok("LostAnswer"),
        _ => Err(Problem::at(
            format!("{}/x-repeat", operation.pointer()),
            "must be never, or lost-answer if the call may be made again when its answer was lost",
        )),
    }
}
