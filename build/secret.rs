//! Checks that secrets have types of their own: what is named like one must not be a plain string.

use serde_json::Value;

use super::error::SpecError;
use super::spec::{child, reference, resolve};

/// The schemas of secrets. This crate has a type of the same name for each, which is never printed.
pub const SECRETS: [&str; 3] = ["IdentityId", "Password", "Token"];

pub fn check(spec: &Value, name: &str, schema: &Value, pointer: &str) -> Result<(), SpecError> {
    let target = resolve(spec, schema);
    if target["type"] == "array" {
        return check(spec, name, &target["items"], &child(pointer, "items"));
    }
    // A number, a flag, a time, an object or one of a few values only says something about a secret.
    let is_known = ["enum", "oneOf", "properties"].iter().any(|key| target.get(key).is_some());
    let is_text = !is_known && (target["type"].is_null() || target["type"] == "string");
    let is_time = target["format"] == "date" || target["format"] == "date-time";
    let word = name.to_lowercase().replace(['_', '-'], "");
    let is_named = |secret: &&str| word.contains(&secret.trim_end_matches("Id").to_lowercase());
    let named = SECRETS.into_iter().find(is_named).filter(|_| is_text && !is_time);
    match named.or((target["format"] == "password").then_some("Password")) {
        Some(secret) if !is_secret(schema) => {
            let reason = format!("{name:?} is a secret: refer to #/components/schemas/{secret}");
            Err(SpecError::at(pointer, reason))
        }
        _ => Ok(()),
    }
}

/// Returns `true` for a reference to a secret.
pub fn is_secret(schema: &Value) -> bool {
    reference(schema).is_some_and(|name| SECRETS.contains(&name))
}
