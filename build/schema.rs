//! Translates the schemas of requests and responses for the generator. It would turn limits such as `maxLength` into types that
//! do not accept plain values, so only the form of a value is translated.

use heck::ToSnakeCase;
use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value, json};

use super::check::{only, openapi};
use super::error::{SpecError, ensure};
use super::secret::{self, SECRETS};
use super::spec::{child, items, members, reference, reference_to, resolve, schema};

/// The schema of IP addresses.
pub const IP_ADDRESS: &str = "IpAddress";
/// The format of a string that a server writes.
pub const SERVER_TEXT: &str = "server-text";
/// The format of free-form JSON that a server writes.
pub const SERVER_JSON: &str = "server-json";
/// Marks what is deprecated in its description: the generator ignores `deprecated`.
pub const DEPRECATED: &str = "\u{e000}deprecated";
/// Marks an object of a request in its description.
pub const SENT: &str = "\u{e000}sent";

/// The key for the fields that a success must have.
pub const REQUIRED: &str = "x-required-on-success";

/// The keys that state the form of a value.
const FORM: [&str; 8] =
    ["type", "enum", "items", "properties", "required", REQUIRED, "additionalProperties", "oneOf"];

/// The keys of a schema that takes its form from others. Its `type` says what `nullable` applies to.
const COMBINED: [&str; 3] = ["$ref", "allOf", "type"];

/// The other keys: limits, which the server checks, and documentation.
#[rustfmt::skip]
const OTHERS: [&str; 22] = [
    "nullable", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "default", "readOnly", "writeOnly", "title",
    "description", "example", "externalDocs", "deprecated", "x-error-codes",
];

/// Translates a schema and those in it.
pub struct Translator<'a> {
    pub spec: &'a Value,
    /// The schema is part of a request.
    pub is_sent: bool,
    /// The schema is part of a response.
    pub is_received: bool,
}

impl Translator<'_> {
    /// Returns `true` if the schema with this name becomes a type. A reference to another schema is replaced by that schema.
    pub fn is_type(&self, name: &str) -> bool {
        let schema = schema(self.spec, name);
        // The `IpAddr` of a response would be printed.
        (name == IP_ADDRESS && self.is_sent)
            || SECRETS.contains(&name)
            || is_enum(schema)
            || schema["properties"].is_object()
            || parts(schema).len() > 1
    }

    pub fn translate(&self, schema: &Value, pointer: &str) -> Result<Value, SpecError> {
        let parts = parts(schema);
        let is_plain = schema.get("$ref").is_none() && parts.is_empty();
        let form = if is_plain { FORM.as_slice() } else { &COMBINED };
        only(schema, pointer, &[form, &OTHERS].concat())?;
        let part = |part: &&Value| self.translate(part, &child(pointer, "allOf"));
        let mut translated = match (reference(schema), parts.as_slice()) {
            (Some(name), _) if self.is_type(name) => json!({ "allOf": [reference_to(name)] }),
            (Some(name), _) => {
                self.translate(resolve(self.spec, schema), &child("/components/schemas", name))?
            }
            (None, []) => self.plain(schema, pointer)?,
            // A part next to a description or a limit.
            (None, [only]) => part(only)?,
            (None, parts) => {
                json!({ "allOf": parts.iter().map(part).collect::<Result<Vec<_>, _>>()? })
            }
        };
        let is_object = schema["properties"].is_object() || parts.len() > 1;
        let mark = if self.is_sent && is_object { SENT } else { "" };
        let description = self.describe(schema) + mark;
        if !description.is_empty() {
            translated["description"] = description.into();
        }
        if schema["nullable"] == true && !self.is_received {
            translated["nullable"] = true.into();
        }
        openapi::<ReferenceOr<Schema>>(schema, pointer)?;
        Ok(translated)
    }

    /// Translates a schema that contains everything itself.
    fn plain(&self, schema: &Value, pointer: &str) -> Result<Value, SpecError> {
        let string = |format| json!({ "type": "string", "format": format });
        let (at, fields) = (|key| child(pointer, key), schema["properties"].as_object());
        // Every other field of a response may be missing or null.
        let key = if self.is_sent { "required" } else { REQUIRED };
        for name in items(&schema[key]) {
            let exists = fields.is_some_and(|fields| fields.keys().any(|field| name == field));
            ensure(exists, &at(key), format!("{name} is not a property of this schema"))?;
        }
        let is_form = schema.get("oneOf").is_none() || is_enum(schema) || !self.is_sent;
        ensure(is_form, &at("oneOf"), "in a request, only enum values are supported here")?;
        Ok(match (schema["type"].as_str(), self.is_received) {
            _ if is_enum(schema) => match schema["oneOf"].as_array() {
                Some(parts) => {
                    json!({ "oneOf": parts.iter().map(|part| self.value(part)).collect::<Value>() })
                }
                None => self.value(schema),
            },
            _ if fields.is_some_and(|fields| self.is_sent || !fields.is_empty()) => {
                self.object(schema, items(&schema[key]), pointer)?
            }
            (Some("string"), true) => string(SERVER_TEXT),
            (Some("string"), false) => json!({ "type": "string" }),
            (Some(kind @ ("integer" | "number" | "boolean")), _) => {
                json!({ "type": kind, "format": schema["format"] })
            }
            (Some("array"), _) => {
                let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
                json!({ "type": "array", "items": self.translate(&items, &at("items"))? })
            }
            // JSON is free-form if it has no single documented form. A map is, too, since the server writes its keys.
            (Some("object") | None, true) => string(SERVER_JSON),
            (Some("object"), false) => {
                let mut values = schema["additionalProperties"].clone();
                if values.is_object() {
                    values = self.translate(&values, &at("additionalProperties"))?;
                }
                json!({ "type": "object", "additionalProperties": values })
            }
            (None, false) => json!({}),
            (Some(_), _) => return Err(SpecError::at(&at("type"), "is not a type of OpenAPI 3.0")),
        })
    }

    fn object(
        &self,
        schema: &Value,
        required: &[Value],
        pointer: &str,
    ) -> Result<Value, SpecError> {
        let has_keys = schema["additionalProperties"].is_object();
        let reason = "is not supported next to properties";
        ensure(!has_keys, &child(pointer, "additionalProperties"), reason)?;
        let names: Vec<_> =
            members(&schema["properties"]).map(|(name, _)| name.to_snake_case()).collect();
        let mut properties = Map::new();
        for (name, property) in members(&schema["properties"]) {
            let place = child(&child(pointer, "properties"), name);
            secret::check(name, property, &place)?;
            let ident = name.to_snake_case();
            let other = ident.strip_prefix("maybe_").map(str::to_owned);
            let is_method = ident == "build" || other.is_some_and(|other| names.contains(&other));
            let is_new = names.iter().filter(|name| **name == ident).count() == 1;
            let reason = "has the name of another property, or of a method of the builder, in Rust";
            ensure(is_new && !(self.is_sent && is_method), &place, reason)?;
            let mut field = self.translate(property, &place)?;
            if self.is_sent && !required.contains(&name.as_str().into()) {
                let reason = "a null could not be sent: make the field required, or not nullable";
                ensure(field["nullable"] != true, &child(&place, "nullable"), reason)?;
                // Otherwise, the generator would not distinguish an empty list from one that is not set.
                if field["type"] == "array" || field["type"] == "object" {
                    field["nullable"] = true.into();
                }
            }
            properties.insert(name.clone(), field);
        }
        // With `false`, an object without properties becomes a struct instead of a map.
        let additional = !properties.is_empty();
        Ok(
            json!({ "type": "object", "required": required, "properties": properties, "additionalProperties": additional }),
        )
    }

    /// The values of an enum. OpenAPI lists the null of a nullable one, which the generator would read as a second type.
    fn value(&self, schema: &Value) -> Value {
        let values = items(&schema["enum"]).iter().filter(|value| !value.is_null()).cloned();
        json!({ "type": "string", "enum": values.collect::<Value>(), "description": self.describe(schema) })
    }

    /// The schema's own description, its example or that of its target, and the mark of a deprecation.
    fn describe(&self, schema: &Value) -> String {
        let mut text = schema["description"].as_str().unwrap_or_default().trim_end().to_owned();
        let example = schema.get("example").or_else(|| resolve(self.spec, schema).get("example"));
        if let Some(example) = example.filter(|_| schema.get("properties").is_none()) {
            text += &format!("\n\nExample: `{example}`.");
        }
        text + if schema["deprecated"] == true { DEPRECATED } else { "" }
    }
}

/// Returns `true` if the schema lists the texts that a value can be.
fn is_enum(schema: &Value) -> bool {
    let is_text = |value: &Value| value.is_string() || value.is_null();
    let parts = schema["oneOf"].as_array().map_or(std::slice::from_ref(schema), Vec::as_slice);
    parts.iter().all(|part| part["enum"].as_array().is_some_and(|it| it.iter().all(is_text)))
}

/// The schemas that a schema combines. A limit next to one of them is not another schema.
fn parts(schema: &Value) -> Vec<&Value> {
    let has_form = |part: &&Value| FORM.iter().chain(&COMBINED).any(|key| part.get(key).is_some());
    items(&schema["allOf"]).iter().filter(has_form).collect()
}
