//! No two names of the description become one in Rust. The generator sees to it among the values of an enum; other names
//! it writes twice, and rustc refuses them.

use std::collections::HashMap;

use serde_json::Value;

use super::document::{Schema, children, escaped, operations};
use super::problem::Problem;

/// What the generated client and its hooks have without the description: `operationId: new` gave it two constructors.
const METHODS: [&str; 7] =
    ["new", "new_with_client", "api_version", "inner", "pre", "post", "exec"];

/// A name and where it stands.
type Name<'a> = (&'a str, String);

pub fn check(document: &Value, schemas: &[Schema]) -> Result<(), Problem> {
    distinct(keys(&document["components"]["schemas"], "/components/schemas"))?;
    for schema in schemas {
        let pointer = format!("{}/properties", schema.pointer);
        distinct(keys(&schema.value["properties"], &pointer))?;
    }
    let mut methods: Vec<Name> = METHODS.map(|name| (name, String::new())).into();
    for operation in operations(document) {
        let pointer = operation.pointer();
        if let Some(id) = operation.value["operationId"].as_str() {
            methods.push((id, format!("{pointer}/operationId")));
        }
        // A method takes the body by this name.
        let body = operation.value.get("requestBody").map(|_| ("body", String::new()));
        let parameters = children(&operation.value["parameters"]).into_iter();
        let parameters = parameters.filter_map(|(index, parameter)| {
            Some((parameter["name"].as_str()?, format!("{pointer}/parameters/{index}/name")))
        });
        distinct(body.into_iter().chain(parameters))?;
    }
    distinct(methods)
}

fn keys<'a>(value: &'a Value, pointer: &str) -> impl Iterator<Item = Name<'a>> {
    let keys = value.as_object().into_iter().flat_map(|object| object.keys());
    keys.map(move |key| (key.as_str(), format!("{pointer}/{}", escaped(key))))
}

fn distinct<'a>(names: impl IntoIterator<Item = Name<'a>>) -> Result<(), Problem> {
    let mut taken = HashMap::new();
    for (name, pointer) in names {
        // The generator finds the words of a name by case and by sign, and writes all names of fields alike, and of types.
        let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).collect();
        if let Some(other) = taken.insert(letters.to_lowercase(), name) {
            let reason = format!("in Rust, {name:?} may be the same as {other:?}, which is taken");
            return Err(Problem::at(&pointer, reason));
        }
    }
    Ok(())
}
