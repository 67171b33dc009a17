//! What a JSON schema accepts, in TypeScript's notation: a schema of the description, or one that a type derives.

use serde_json::Value;

use crate::document::resolve;

/// The fields of an object, in alphabetical order: `email: string`, `phone?: string`.
pub fn fields(root: &Value, schema: &Value) -> Vec<String> {
    let schema = resolve(root, schema);
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
    let properties = schema["properties"].as_object().into_iter().flatten();
    let mut fields: Vec<_> = properties
        .map(|(name, field)| {
            let mark = if required.iter().any(|required| *required == name) { "" } else { "?" };
            format!("{name}{mark}: {}", shape(root, field))
        })
        .collect();
    fields.sort();
    fields
}

/// `null` is left out: a derived schema takes it for every optional field, and a description that is for reading answers
/// says it of most.
pub fn shape(root: &Value, schema: &Value) -> String {
    if let Some(reference) = named(schema) {
        let target = resolve(root, reference);
        if target["format"] == "password" {
            // A secret is a type of its own.
            return reference["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        }
        return shape(root, target);
    }
    if let Some(values) = values(schema) {
        return values.join(" | ");
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap(),
        kind => kind,
    };
    match kind.as_str().unwrap_or_else(|| panic!("a schema without a type: {schema}")) {
        "array" => format!("{}[]", shape(root, &schema["items"])),
        "object" if schema["properties"].is_object() => {
            format!("{{ {} }}", fields(root, schema).join(", "))
        }
        kind => kind.to_owned(),
    }
}

/// The reference that a schema is: directly, beside a text, or beside `null`.
fn named(schema: &Value) -> Option<&Value> {
    let options = ["allOf", "anyOf"].iter().find_map(|key| schema[key].as_array());
    let mut options = options.map_or(vec![schema], |options| options.iter().collect());
    options.retain(|option| option["type"] != "null");
    match options[..] {
        [only] if only["$ref"].is_string() => Some(only),
        _ => None,
    }
}

/// The values that a schema accepts, if it lists them: `"E001"`, `"E002"`.
fn values(schema: &Value) -> Option<Vec<String>> {
    let options =
        schema["oneOf"].as_array().map_or(vec![schema], |options| options.iter().collect());
    let lists: Option<Vec<_>> = options
        .into_iter()
        .map(|option| match option["enum"].as_array() {
            Some(values) => Some(values.clone()),
            None => option.get("const").map(|value| vec![value.clone()]),
        })
        .collect();
    Some(lists?.into_iter().flatten().map(|value| value.to_string()).collect())
}
