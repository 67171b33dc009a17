//! What is written for each operation: progenitor gives its hooks no more than an identifier.

use serde_json::Value;

use super::document::{Operation, operations};
use super::problem::Problem;

pub fn module(document: &Value) -> Result<String, Problem> {
    let mut constants = String::new();
    let mut names = vec!["ALL".to_owned()];
    for operation in operations(document) {
        let name = name(operation.path);
        if names.contains(&name) || !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let reason = format!(
                "the last segment of a path gives a constant its name; {name:?} cannot be it, or is taken"
            );
            return Err(Problem::at(&operation.pointer(), reason));
        }
        constants += &constant(&name, &operation, repeat(&operation)?);
        names.push(name);
    }
    let all = names.split_off(1).join(", ");
    Ok(format!(
        "pub(crate) mod operations {{\n{constants}\
         pub(crate) const ALL: &[crate::call::Operation] = &[{all}];\n}}\n"
    ))
}

fn name(path: &str) -> String {
    let segment = path.rsplit('/').next().unwrap_or_default();
    segment.to_ascii_uppercase().replace(|other: char| !other.is_ascii_alphanumeric(), "_")
}

/// What may be repeated is said by the description, never guessed from a method or a status.
fn repeat(operation: &Operation) -> Result<&'static str, Problem> {
    match operation.value["x-repeat"].as_str() {
        Some("never") => Ok("Never"),
        Some("lost-answer") => Ok("LostAnswer"),
        _ => Err(Problem::at(
            &format!("{}/x-repeat", operation.pointer()),
            "must be never, or lost-answer if the call may be made again when its answer was lost",
        )),
    }
}

fn constant(name: &str, operation: &Operation, repeat: &str) -> String {
    // The generator stops at an operation without an identifier.
    let id = operation.value["operationId"].as_str().unwrap_or_default();
    let (path, method) = (operation.path, operation.method.to_uppercase());
    let title = format!("{method} {path}");
    format!(
        "pub(crate) const {name}: crate::call::Operation = crate::call::Operation {{ \
         id: {id:?}, method: {method:?}, path: {path:?}, name: {title:?}, \
         repeat: crate::call::Repeat::{repeat} }};\n"
    )
}
