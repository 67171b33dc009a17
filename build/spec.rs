//! Reads the spec and finds its parts.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::error::{FILE, SpecError};

/// The details of a platform error. The wrapper reads them, and callers do not see the type.
pub const PLATFORM_ERROR: &str = "PlatformErrorDetail";
/// The schema of IP addresses.
pub const IP_ADDRESS: &str = "IpAddress";
/// The schemas of secrets. This crate has a type of the same name for each, which is never printed.
pub const SECRETS: [&str; 3] = ["IdentityId", "Password", "Token"];

/// The key for the fields that a success must have.
pub const REQUIRED: &str = "x-required-on-success";

/// The start of a reference to a schema with a name.
const SCHEMAS: &str = "#/components/schemas/";

/// The keys of a path item that hold an operation.
pub const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Reads the spec. Of its references, only those to types remain.
pub fn read(project: &Path) -> Result<Value, SpecError> {
    let text = fs::read_to_string(project.join(FILE))
        .map_err(|error| SpecError::new("", format!("cannot be read: {error}")))?;
    // serde_json's `Value` would silently keep the last of two equal keys.
    let spec: yaml_serde::Value = yaml_serde::from_str(&text).map_err(|error| {
        let place = error.location().map(|at| format!(":{}:{}", at.line(), at.column()));
        SpecError::new(&place.unwrap_or_default(), error)
    })?;
    let mut spec = serde_json::to_value(spec).map_err(|error| SpecError::new("", error))?;
    follow_references(&spec.clone(), &mut spec, "")?;
    Ok(spec)
}

fn follow_references(spec: &Value, value: &mut Value, pointer: &str) -> Result<(), SpecError> {
    if let Value::Array(items) = value {
        return (0..).zip(items).try_for_each(|(index, value)| {
            follow_references(spec, value, &format!("{pointer}/{index}"))
        });
    }
    let Value::Object(members) = value else { return Ok(()) };
    if let Some(target) = members.get("$ref").and_then(Value::as_str).map(str::to_owned) {
        let found = target.strip_prefix('#').and_then(|pointer| spec.pointer(pointer));
        let reason = format!("{target} points to nothing in this file");
        let found = found.ok_or_else(|| SpecError::at(&child(pointer, "$ref"), reason))?;
        if target.strip_prefix(SCHEMAS).is_some_and(|name| is_type(name, found)) {
            return Ok(());
        }
        // The longest pointer of the spec has fewer than 200 bytes.
        if pointer.len() > 2000 {
            return Err(SpecError::new("", format!("{target} contains itself")));
        }
        members.remove("$ref");
        merge(members, found);
        return follow_references(spec, value, &child(pointer, "$ref"));
    }
    for (key, value) in members.iter_mut() {
        follow_references(spec, value, &child(pointer, key))?;
    }
    if let Some([part]) = members.get("allOf").map(items) {
        let part = part.clone();
        // Merging would drop one of two forms. An `allOf` that stays is rejected.
        let has_both = |key: &&str| members.contains_key(*key) && part.get(key).is_some();
        if !["properties", "required", "enum", "oneOf", "items"].iter().any(has_both) {
            members.remove("allOf");
            merge(members, &part);
        }
    }
    Ok(())
}

/// Returns `true` if the schema with this name becomes a type.
fn is_type(name: &str, schema: &Value) -> bool {
    let is_own = name == IP_ADDRESS || SECRETS.contains(&name);
    !name.contains('/') && (is_own || is_enum(schema) || schema["properties"].is_object())
}

/// Returns `true` if the schema lists the texts that a value can be.
pub fn is_enum(schema: &Value) -> bool {
    let values = items(&schema["enum"]);
    values.iter().any(Value::is_string)
        && values.iter().all(|value| value.is_string() || value.is_null())
}

/// Adds what a schema says to one that refers to it, unless that one says something else.
pub fn merge(schema: &mut Map<String, Value>, part: &Value) {
    for (key, value) in members(part) {
        schema.entry(key).or_insert_with(|| value.clone());
    }
}

/// The JSON pointer of a member.
pub fn child(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The members of an object.
pub fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The items of an array.
pub fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// An operation and its place.
pub struct Operation {
    pub path: String,
    pub method: &'static str,
    pub value: Value,
    pub pointer: String,
}

pub fn operations(spec: &Value) -> Vec<Operation> {
    let operations = members(&spec["paths"]).flat_map(|(path, item)| {
        METHODS.iter().filter_map(move |method| {
            let (path, value) = (path.clone(), item.get(method)?.clone());
            Some(Operation { pointer: child(&child("/paths", &path), method), path, method, value })
        })
    });
    operations.collect()
}

pub fn schema<'a>(spec: &'a Value, name: &str) -> &'a Value {
    &spec["components"]["schemas"][name]
}

/// The name of the schema that a schema refers to.
pub fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

pub fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

/// The schema itself, or the one that it refers to.
pub fn resolve<'a>(spec: &'a Value, schema: &'a Value) -> &'a Value {
    reference(schema).map_or(schema, |name| self::schema(spec, name))
}

/// Adds the names of all schemas that a value refers to.
pub fn reach(spec: &Value, value: &Value, names: &mut BTreeSet<String>) {
    if let Some(name) = reference(value)
        && names.insert(name.to_owned())
    {
        reach(spec, schema(spec, name), names);
    }
    members(value).for_each(|(_, value)| reach(spec, value, names));
    items(value).iter().for_each(|value| reach(spec, value, names));
}
