//! Checks that secrets have types of their own: what is named like one must not be a plain string.

use serde_json::Value;

use super::error::{SpecError, ensure};
use super::spec::{child, reference};

/// The schemas of secrets. This crate has a type of the same name for each, which is never printed.
pub const SECRETS: [&str; 3] = ["IdentityId", "Password", "Token"];

/// Parts of a name, and the schema that they require.
const WORDS: [(&str, &str); 3] =
    [("identity", "IdentityId"), ("password", "Password"), ("token", "Token")];

pub fn check(name: &str, schema: &Value, pointer: &str) -> Result<(), SpecError> {
    if schema["type"] == "array" {
        return check(name, &schema["items"], &child(pointer, "items"));
    }
    // A number, a flag or a time only says something about a secret.
    let is_text = schema["type"].is_null() || schema["type"] == "string";
    let is_time = schema["format"] == "date" || schema["format"] == "date-time";
    let word = name.to_lowercase().replace(['_', '-'], "");
    match WORDS.iter().find(|(part, _)| word.contains(part)) {
        Some((_, secret)) if is_text && !is_time => {
            let reason = format!("{name:?} is a secret: refer to #/components/schemas/{secret}");
            ensure(is_secret(schema), pointer, reason)
        }
        _ => Ok(()),
    }
}

/// Returns `true` for a reference to a secret.
pub fn is_secret(schema: &Value) -> bool {
    reference(schema).is_some_and(|name| SECRETS.contains(&name))
}
