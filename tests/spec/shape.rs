//! The values that a schema of the spec accepts, in TypeScript's notation.

use serde_json::Value;

use crate::document::resolve;

/// The fields of an object: `email: string`, `phone?: string`.
pub fn fields(root: &Value, schema: &Value) -> Vec<String> {
    let schema = resolve(root, schema);
    let required = schema["required"].as_array();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut fields: Vec<_> = properties
        .map(|(name, field)| {
            let is_required = required.is_some_and(|names| names.contains(&name.as_str().into()));
            let mark = if is_required { "" } else { "?" };
            format!("{name}{mark}: {}", shape(root, field))
        })
        .collect();
    fields.sort();
    fields
}

pub fn shape(root: &Value, schema: &Value) -> String {
    if let Some([only]) = schema["allOf"].as_array().map(Vec::as_slice) {
        return shape(root, only);
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = resolve(root, schema);
        return match target["format"] == "password" {
            // A secret is a type of its own.
            true => reference.rsplit('/').next().unwrap().to_owned(),
            false => shape(root, target),
        };
    }
    let one = std::slice::from_ref(schema);
    let parts = schema["oneOf"].as_array().map_or(one, Vec::as_slice);
    let values: Vec<_> =
        parts.iter().filter_map(|part| part["enum"].as_array()).flatten().collect();
    if !values.is_empty() {
        return values.iter().map(|value| value.to_string()).collect::<Vec<_>>().join(" | ");
    }
    match schema["type"].as_str().unwrap_or_else(|| panic!("a schema without a type: {schema}")) {
        "array" => format!("{}[]", shape(root, &schema["items"])),
        "object" if schema["properties"].is_object() => {
            format!("{{ {} }}", fields(root, schema).join(", "))
        }
        kind => kind.to_owned(),
    }
}
