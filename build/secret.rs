//! Secrets are types: nothing that is called like one is a plain string.

use serde_json::Value;

use crate::document::reference;
use crate::problem::Problem;

/// The schemas that stand for a type of the same name in this crate, one that is never printed.
pub const SECRETS: [&str; 3] = ["IdentityId", "Password", "Token"];

/// Checks a schema, and the name of the property or parameter that it is of.
pub fn check(pointer: &str, name: &str, schema: &Value) -> Result<(), Problem> {
    let is_itself = SECRETS.iter().any(|secret| pointer == format!("#/{}", components(secret)));
    let refers = reference(schema).is_some_and(|target| {
        SECRETS.iter().any(|secret| target == format!("#/{}", components(secret)))
    });
    let name = name.to_lowercase().replace(['_', '-'], "");
    let is_called_so = SECRETS.iter().find(|secret| name.ends_with(&secret.to_lowercase()));
    let is_marked = (schema["format"] == "password").then_some(&"Password");
    match is_called_so.or(is_marked) {
        Some(secret) if !is_itself && !refers => Err(Problem::at(
            pointer,
            format!(
                "a secret must not be a plain value; make it a $ref to #/{}",
                components(secret)
            ),
        )),
        _ => Ok(()),
    }
}

fn components(schema: &str) -> String {
    format!("components/schemas/{schema}")
}
