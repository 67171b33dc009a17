//! Ways through the description.

use serde_json::Value;

/// The keys of a path that hold an operation.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// An operation and where it stands.
pub struct Operation<'a> {
    pub path: &'a str,
    pub method: &'a str,
    pub value: &'a Value,
}

impl Operation<'_> {
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escaped(self.path), self.method)
    }
}

pub fn operations(document: &Value) -> impl Iterator<Item = Operation<'_>> {
    let items = document["paths"].as_object().into_iter().flatten();
    items.flat_map(|(path, item)| {
        METHODS
            .iter()
            .filter_map(move |method| Some(Operation { path, method, value: item.get(method)? }))
    })
}

/// A schema and where it stands.
pub struct Schema<'a> {
    pub pointer: String,
    /// What the property or parameter is called that it is of.
    pub name: String,
    pub value: &'a Value,
}

/// Every schema, each before those that it holds.
pub fn schemas(document: &Value) -> Vec<Schema<'_>> {
    let mut found = Vec::new();
    schemas_in(document, "", &mut found);
    found
}

/// A property may be called `type`, and an example may hold anything.
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
            // A parameter has its name beside its schema.
            "schema" => schema(child, pointer, value["name"].as_str().unwrap_or_default(), found),
            // It may be `true` or `false` instead.
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

/// What an object or array holds, each with its part of a JSON pointer.
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

/// The reference that a schema is: directly, or as the only entry of `allOf`, which leaves room for a text beside it.
pub fn reference(schema: &Value) -> Option<&str> {
    let schema = match schema["allOf"].as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => schema,
    };
    schema["$ref"].as_str()
}
