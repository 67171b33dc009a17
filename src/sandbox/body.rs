use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

/// The description that the client was generated from, as JSON.
const DESCRIPTION: &str = include_str!(concat!(env!("OUT_DIR"), "/description.json"));

/// Checks the body of a registration against the description, so that client and sandbox cannot drift apart.
///
/// The error names the field and the rule, and quotes no value: one of them is the password.
pub(super) fn check_registration(body: &Value) -> Result<(), String> {
    static SCHEMA: LazyLock<Result<Validator, String>> =
        LazyLock::new(|| validator("RegisterAccountRequest"));
    let schema = SCHEMA.as_ref().map_err(Clone::clone)?;
    let Some(error) = schema.iter_errors(body).next() else { return Ok(()) };
    let (place, rule) = (error.instance_path().to_string(), error.masked());
    Err(if place.is_empty() { rule.to_string() } else { format!("{place}: {rule}") })
}

fn validator(schema: &str) -> Result<Validator, String> {
    let description: Value =
        serde_json::from_str(DESCRIPTION).map_err(|error| error.to_string())?;
    let root = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": description.get("components"),
    });
    jsonschema::options()
        .should_validate_formats(true)
        .build(&root)
        .map_err(|error| error.to_string())
}
