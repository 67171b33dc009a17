//! The spec that the client was generated from, as JSON, and functions to read it. It has no references but those to schemas.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

static SPEC: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/spec.json"))).unwrap_or_default()
});

/// The schemas of the spec in the dialect of the validator.
static COMPONENTS: LazyLock<Value> = LazyLock::new(|| {
    let mut components = get(&SPEC, "components").clone();
    to_json_schema(&mut components);
    components
});

/// A field of an object; `null` if it is missing.
pub(super) fn get<'a>(object: &'a Value, field: &str) -> &'a Value {
    object.get(field).unwrap_or(&Value::Null)
}

/// An operation as the spec has it.
pub(super) fn operation(method: &str, path: &str) -> &'static Value {
    get(get(get(&SPEC, "paths"), path), &method.to_ascii_lowercase())
}

/// A validator for the schema with this name.
pub(super) fn validator(schema: &str) -> Result<Validator, String> {
    let reference = format!("#/components/schemas/{schema}");
    let root = json!({ "$ref": reference, "components": *COMPONENTS });
    jsonschema::options()
        .should_validate_formats(true)
        .build(&root)
        .map_err(|error| format!("the spec's schema {schema} is not valid: {error}"))
}

/// Translates the keywords that differ between OpenAPI 3.0 and JSON Schema, and adds the sandbox's own rule for email
/// addresses.
pub(super) fn to_json_schema(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(to_json_schema),
        Value::Object(fields) => {
            fields.values_mut().for_each(to_json_schema);
            if fields.get("nullable") == Some(&true.into())
                && let Some(kind) = fields.get_mut("type")
            {
                *kind = json!([kind, "null"]);
            }
            exclusive(fields, "exclusiveMinimum", "minimum");
            exclusive(fields, "exclusiveMaximum", "maximum");
            if fields.get("format") == Some(&"email".into())
                && let Value::Array(parts) = fields.entry("allOf").or_insert(json!([]))
            {
                // The format `email` accepts spaces in a quoted local part.
                parts.push(json!({ "pattern": "^[!-~]*$" }));
            }
            let lists_values =
                ["$ref", "enum", "oneOf"].iter().any(|key| fields.contains_key(*key));
            if fields.get("nullable") == Some(&true.into()) && lists_values {
                // These do not allow null.
                let schema = std::mem::take(fields);
                fields.insert("anyOf".to_owned(), json!([{ "enum": [null] }, schema]));
            }
        }
        _ => {}
    }
}

fn exclusive(fields: &mut Map<String, Value>, flag: &str, bound: &str) {
    match fields.get(flag) {
        Some(Value::Bool(true)) => {
            if let Some(bound) = fields.remove(bound) {
                fields.insert(flag.to_owned(), bound);
            }
        }
        Some(Value::Bool(false)) => drop(fields.remove(flag)),
        _ => {}
    }
}

/// Follows references.
pub(super) fn resolve(mut value: &'static Value) -> &'static Value {
    while let Some(target) = get(value, "$ref").as_str() {
        value = SPEC.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
    }
    value
}

/// A schema and those that it combines.
fn parts(schema: &'static Value) -> Vec<&'static Value> {
    let schema = resolve(schema);
    let mut parts = vec![schema];
    parts.extend(combined(schema).flat_map(self::parts));
    parts
}

fn combined(schema: &'static Value) -> impl Iterator<Item = &'static Value> {
    let keys = ["allOf", "oneOf", "anyOf"].into_iter();
    keys.filter_map(|key| schema.get(key)?.as_array()).flatten()
}

/// The schema of an object's property.
pub(super) fn property(schema: &'static Value, name: &str) -> Option<&'static Value> {
    parts(schema).into_iter().find_map(|part| part.get("properties")?.get(name))
}

/// The schema of a list's items.
pub(super) fn items(schema: &'static Value) -> Option<&'static Value> {
    parts(schema).into_iter().find_map(|part| part.get("items"))
}

/// The `type` of a schema.
pub(super) fn kind(schema: &'static Value) -> Option<&'static str> {
    parts(schema).into_iter().find_map(|part| part.get("type")?.as_str())
}

/// The values that a schema lists.
pub(super) fn values(schema: &'static Value) -> impl Iterator<Item = &'static str> {
    let lists = parts(schema).into_iter().filter_map(|part| part.get("enum")?.as_array());
    lists.flatten().filter_map(Value::as_str)
}

/// The part of a value that its schema describes and that is not a secret.
pub(super) fn without_secrets(value: &Value, schema: &'static Value) -> Option<Value> {
    if is_secret(schema) {
        return None;
    }
    Some(match value {
        Value::Object(fields) => {
            let described = fields.iter().filter_map(|(name, value)| {
                Some((name.clone(), without_secrets(value, property(schema, name)?)?))
            });
            described.collect()
        }
        Value::Array(values) => {
            let item = items(schema)?;
            values.iter().filter_map(|value| without_secrets(value, item)).collect()
        }
        scalar => scalar.clone(),
    })
}

/// Returns `true` for a secret. In requests, `build.rs` allows the format `password` only in the schemas of secrets.
fn is_secret(schema: &'static Value) -> bool {
    parts(schema).into_iter().any(|part| *get(part, "format") == "password")
}
