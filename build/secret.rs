//! Checks that secrets have types of their own: a property or parameter named like a secret must not be a plain string.

use serde_json::Value;

use super::error::SpecError;
use super::spec::{Schema, reference};

/// The schemas of secrets. This crate has a type of the same name for each, which is never printed.
pub const SECRETS: [&str; 3] = ["IdentityId", "Password", "Token"];

/// Parts of a name, and the schema that they require.
const WORDS: [(&str, &str); 3] =
    [("identity", "IdentityId"), ("password", "Password"), ("token", "Token")];

pub fn check(schema: &Schema) -> Result<(), SpecError> {
    let pointer = format!("#{}", schema.pointer);
    if SECRETS.iter().any(|secret| pointer == target(secret)) || is_secret(schema.value) {
        return Ok(());
    }
    let name = schema.name.to_lowercase().replace(['_', '-'], "");
    let by_name = WORDS.iter().find(|(word, _)| name.contains(word)).map(|(_, secret)| secret);
    let by_format = (schema.value["format"] == "password").then_some(&"Password");
    match by_name.or(by_format) {
        Some(secret) => {
            let reason = format!("a secret must be a type of its own: refer to {}", target(secret));
            Err(SpecError::at(&schema.pointer, reason))
        }
        None => Ok(()),
    }
}

/// Returns `true` for a reference to a secret.
pub fn is_secret(schema: &Value) -> bool {
    SECRETS.iter().any(|secret| reference(schema) == Some(&target(secret)))
}

fn target(schema: &str) -> String {
    format!("#/components/schemas/{schema}")
}
