//! Checks that the spec is valid OpenAPI 3.0, part by part, so that a mistake is reported with its place.

use openapiv3::{OpenAPI, PathItem, ReferenceOr, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::SpecError;
use super::spec::{self, children};

/// Reads each part on its own, innermost first. Reading the whole file at once reported every mistake at the place where
/// all paths or all schemas begin, since `openapiv3` reads some of its parts twice.
pub fn check(spec: &Value, schemas: &[spec::Schema]) -> Result<(), SpecError> {
    let version = spec["openapi"].as_str().unwrap_or_default();
    if !version.starts_with("3.0.") {
        let reason = format!("{version:?} is not supported: the spec must be OpenAPI 3.0");
        return Err(SpecError::at("/openapi", reason));
    }
    for schema in schemas.iter().rev() {
        read::<ReferenceOr<Schema>>(schema.value, &schema.pointer)?;
    }
    for (path, item) in
        children(&spec["paths"]).into_iter().filter(|(key, _)| !key.starts_with("x-"))
    {
        // The generator silently drops such a path.
        if item.get("$ref").is_some() || !path.starts_with("~1") {
            let reason = "a path must begin with a slash, and not be a reference";
            return Err(SpecError::at(&format!("/paths/{path}"), reason));
        }
        read::<PathItem>(item, &format!("/paths/{path}"))?;
    }
    read::<OpenAPI>(spec, "")
}

fn read<T: DeserializeOwned>(part: &Value, pointer: &str) -> Result<(), SpecError> {
    serde_path_to_error::deserialize::<_, T>(part)
        .map(drop)
        .map_err(|error| SpecError::at(&spec::pointer(pointer, error.path()), error.inner()))
}
