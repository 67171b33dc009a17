//! Whether the description has the form of OpenAPI 3.0, and where it has not.

use openapiv3::{OpenAPI, PathItem, ReferenceOr, Response, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::document::{self, children, escaped, operations};
use super::problem::Problem;

/// Reads each part on its own, what is in it before it. Read as a whole, a mistake was told with the place where all
/// paths or all schemas begin, since `openapiv3` reads some of its parts twice.
pub fn check(document: &Value, schemas: &[document::Schema]) -> Result<(), Problem> {
    for schema in schemas.iter().rev() {
        read::<ReferenceOr<Schema>>(schema.value, &schema.pointer)?;
    }
    for operation in operations(document) {
        let pointer = format!("{}/responses", operation.pointer());
        parts(&operation.value["responses"], &pointer)
            .try_for_each(|(pointer, answer)| read::<ReferenceOr<Response>>(answer, &pointer))?;
    }
    for (pointer, item) in parts(&document["paths"], "/paths") {
        // The generator leaves such a path out, and says nothing.
        if !pointer.starts_with("/paths/~1") {
            return Err(Problem::at(&pointer, "a path begins with a slash"));
        }
        read::<PathItem>(item, &pointer)?;
    }
    read::<OpenAPI>(document, "")
}

/// What stands under a key of its own, except for extensions.
fn parts<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = (String, &'a Value)> {
    let parts = children(value).into_iter().filter(|(key, _)| !key.starts_with("x-"));
    parts.map(move |(key, part)| (format!("{pointer}/{key}"), part))
}

fn read<T: DeserializeOwned>(part: &Value, pointer: &str) -> Result<(), Problem> {
    let Err(error) = serde_path_to_error::deserialize::<_, T>(part) else { return Ok(()) };
    let mut pointer = pointer.to_owned();
    for segment in error.path() {
        use serde_path_to_error::Segment;
        match segment {
            Segment::Seq { index } => pointer += &format!("/{index}"),
            Segment::Map { key } => pointer += &format!("/{}", escaped(key)),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    Err(Problem::at(&pointer, error.inner()))
}
