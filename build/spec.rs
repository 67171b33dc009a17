//! Reads the spec and finds its parts.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};
use serde_path_to_error::{Segment, Serializer, Track};

use super::error::{FILE, SpecError};

/// The start of a reference to a schema with a name.
const SCHEMAS: &str = "#/components/schemas/";

/// The keys of a path item that hold an operation.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Reads the spec. YAML errors are reported with line and column.
pub fn read(project: &Path) -> Result<Value, SpecError> {
    let text = fs::read_to_string(project.join(FILE))
        .map_err(|error| SpecError::new(format!("cannot be read: {error}")))?;
    check_lines(&text)?;
    // serde_json's `Value` would silently keep the last of two equal keys.
    let spec: yaml_serde::Value = yaml_serde::from_str(&text).map_err(yaml_error)?;
    let mut track = Track::new();
    let serializer = Serializer::new(serde_json::value::Serializer, &mut track);
    spec.serialize(serializer).map_err(|error| SpecError::at(&pointer("", &track.path()), error))
}

/// Rejects what the parser would report without a place. (It also took 5.8 s to expand nested aliases.)
fn check_lines(text: &str) -> Result<(), SpecError> {
    let mut has_content = false;
    for (number, line) in (1..).zip(text.lines()) {
        let at = |column, reason| Err(SpecError::at_line(number, column + 1, reason));
        if let Some(column) = line.find('\0') {
            return at(column, "a NUL character is not allowed");
        }
        if has_content && line.trim_end() == "---" {
            return at(0, "the file must be a single YAML document");
        }
        has_content |= !line.is_empty() && !line.starts_with(['#', '-']);
        let is_anchor = |(column, _): &(usize, &str)| {
            let before = line[..*column].trim_end_matches(' ');
            before.len() < *column
                && before.ends_with([':', '-', '[', ',', '{'])
                && line[column + 1..].starts_with(char::is_alphanumeric)
        };
        if let Some((column, _)) = line.match_indices('&').find(is_anchor) {
            return at(column, "anchors and aliases are not supported: use $ref");
        }
    }
    Ok(())
}

fn yaml_error(error: yaml_serde::Error) -> SpecError {
    let Some(location) = error.location() else { return SpecError::new(error) };
    let (line, column) = (location.line(), location.column());
    let reason = error.to_string().replace(&format!(" at line {line} column {column}"), "");
    SpecError::at_line(line, column, reason)
}

/// A path as a JSON pointer that continues another one.
pub fn pointer(start: &str, path: &serde_path_to_error::Path) -> String {
    path.iter().fold(start.to_owned(), |pointer, segment| match segment {
        Segment::Seq { index } => format!("{pointer}/{index}"),
        Segment::Map { key } => format!("{pointer}/{}", escaped(key)),
        Segment::Enum { .. } | Segment::Unknown => pointer,
    })
}

/// An operation and its place.
pub struct Operation<'a> {
    pub path: &'a str,
    pub method: &'a str,
    pub value: &'a Value,
}

impl<'a> Operation<'a> {
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escaped(self.path), self.method)
    }

    pub fn id(&self) -> &'a str {
        self.value["operationId"].as_str().unwrap_or_default()
    }
}

pub fn operations(spec: &Value) -> impl Iterator<Item = Operation<'_>> {
    let items = spec["paths"].as_object().into_iter().flatten();
    items.flat_map(|(path, item)| {
        METHODS
            .iter()
            .filter_map(move |method| Some(Operation { path, method, value: item.get(method)? }))
    })
}

/// A schema and its place.
pub struct Schema<'a> {
    pub pointer: String,
    /// The name of the property or parameter that has this schema.
    pub name: String,
    pub value: &'a Value,
}

/// Every schema, each before those that it contains.
pub fn schemas(spec: &Value) -> Vec<Schema<'_>> {
    let mut found = Vec::new();
    schemas_in(spec, "", &mut found);
    found
}

/// Collects the schemas in a value. A property may be called `type`, and an example may contain anything.
fn schemas_in<'a>(value: &'a Value, pointer: &str, found: &mut Vec<Schema<'a>>) {
    for (key, child) in children(value) {
        let pointer = format!("{pointer}/{key}");
        match key.as_str() {
            "example" | "examples" | "default" | "enum" => {}
            extension if extension.starts_with("x-") => {}
            "schemas" | "properties" | "allOf" | "anyOf" | "oneOf" => {
                for (entry, value) in children(child) {
                    let name = if key == "properties" { &entry } else { "" };
                    schema(value, format!("{pointer}/{entry}"), name, found);
                }
            }
            // A parameter has its name next to its schema.
            "schema" => schema(child, pointer, value["name"].as_str().unwrap_or_default(), found),
            // This one may be `true` or `false` instead of a schema.
            "additionalProperties" if child.is_boolean() => {}
            "items" | "not" | "additionalProperties" => schema(child, pointer, "", found),
            _ => schemas_in(child, &pointer, found),
        }
    }
}

fn schema<'a>(value: &'a Value, pointer: String, name: &str, found: &mut Vec<Schema<'a>>) {
    found.push(Schema { pointer: pointer.clone(), name: name.to_owned(), value });
    schemas_in(value, &pointer, found);
}

/// The members of an object or the items of an array, each with its part of a JSON pointer.
pub fn children(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Object(object) => object.iter().map(|(key, child)| (escaped(key), child)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
        }
        _ => Vec::new(),
    }
}

pub fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The target of a schema that is only a reference: directly, or as the only entry of `allOf`, which leaves room for a
/// description.
pub fn reference(schema: &Value) -> Option<&str> {
    let schema = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => schema,
    };
    schema["$ref"].as_str()
}

/// The value itself, or what its `$ref` points to.
pub fn resolve<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    let target = reference(value).and_then(|target| spec.pointer(target.strip_prefix('#')?));
    target.unwrap_or(value)
}

/// Returns the name of a schema. A schema without a name gets `name`.
pub fn named(
    spec: &mut Value,
    schema: Value,
    name: String,
    pointer: &str,
) -> Result<String, SpecError> {
    match reference(&schema).and_then(|target| target.strip_prefix(SCHEMAS)) {
        Some(name) => Ok(name.to_owned()),
        None => add_schema(spec, &name, schema, pointer).map(|()| name),
    }
}

/// The schemas that a schema contains directly, each with its keyword and, if it is a property, its name.
pub fn parts_mut(schema: &mut Value) -> Vec<(&str, Option<&str>, &mut Value)> {
    let mut parts: Vec<(&str, Option<&str>, &mut Value)> = Vec::new();
    for (key, value) in schema.as_object_mut().into_iter().flatten() {
        match (key.as_str(), value) {
            (key @ "properties", Value::Object(properties)) => {
                parts.extend(properties.iter_mut().map(|(name, part)| (key, Some(&**name), part)));
            }
            (key @ ("allOf" | "oneOf"), Value::Array(schemas)) => {
                parts.extend(schemas.iter_mut().map(|part| (key, None, part)));
            }
            (key @ ("items" | "additionalProperties"), part) if part.is_object() => {
                parts.push((key, None, part));
            }
            _ => {}
        }
    }
    parts
}

/// Adds the names of a schema and of all those that can be reached from it.
pub fn reach(schemas: &Value, name: &str, names: &mut BTreeSet<String>) {
    if names.insert(name.to_owned()) {
        reach_from(schemas, &schemas[name], names);
    }
}

fn reach_from(schemas: &Value, value: &Value, names: &mut BTreeSet<String>) {
    if let Some(name) = value["$ref"].as_str().and_then(|target| target.strip_prefix(SCHEMAS)) {
        reach(schemas, name, names);
    }
    children(value).into_iter().for_each(|(_, child)| reach_from(schemas, child, names));
}

pub fn is_object(schema: &Value) -> bool {
    schema["properties"].is_object() || schema["type"] == "object" || schema["allOf"].is_array()
}

pub fn reference_to(name: &str) -> Value {
    json!({ "$ref": format!("{SCHEMAS}{name}") })
}

pub fn add_schema(
    spec: &mut Value,
    name: &str,
    schema: Value,
    pointer: &str,
) -> Result<(), SpecError> {
    let schemas = &mut spec["components"]["schemas"];
    if schemas.get(name).is_some() {
        let reason = format!("the schema of this part would be called {name}, which is taken");
        return Err(SpecError::at(pointer, reason));
    }
    schemas[name] = schema;
    Ok(())
}
