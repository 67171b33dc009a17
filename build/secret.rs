//! Secrets are types: nothing that is called like one is a plain string.

use super::document::{Schema, reference};
use super::problem::Problem;

/// The schemas that stand for a type of the same name in this crate, one that is never printed.
pub const SECRETS: [&str; 3] = ["IdentityId", "Password", "Token"];

/// What a property or parameter has in its name that must be such a schema.
const WORDS: [(&str, &str); 3] =
    [("identity", "IdentityId"), ("password", "Password"), ("token", "Token")];

pub fn check(schema: &Schema) -> Result<(), Problem> {
    let is_secret = |reference: &str| SECRETS.iter().any(|secret| reference == target(secret));
    if is_secret(&format!("#{}", schema.pointer)) || reference(schema.value).is_some_and(is_secret)
    {
        return Ok(());
    }
    let name = schema.name.to_lowercase().replace(['_', '-'], "");
    let called_so = WORDS.iter().find(|(word, _)| name.contains(word)).map(|(_, secret)| secret);
    let marked_so = (schema.value["format"] == "password").then_some(&"Password");
    match called_so.or(marked_so) {
        Some(secret) => {
            let reason = format!("a secret must be a type of its own: refer to {}", target(secret));
            Err(Problem::at(&schema.pointer, reason))
        }
        None => Ok(()),
    }
}

fn target(schema: &str) -> String {
    format!("#/components/schemas/{schema}")
}
