//! Transforms the spec for the generator, which gets only the operations and the schemas of their requests and successes. It
//! would turn limits such as `maxLength` into types that do not accept plain values, so only the form of a value is translated.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};
use openapiv3::{ReferenceOr, Schema};
use serde_json::{Map, Value, json};

use super::check::{only, openapi, secret};
use super::endpoints::Endpoint;
use super::error::{SpecError, ensure};
use super::spec::{
    IP_ADDRESS, Operation, PLATFORM_ERROR, REQUIRED, child, is_enum, items, members, reach,
    reference, reference_to, resolve, schema,
};

/// The format of a string that a server writes.
pub const SERVER_TEXT: &str = "server-text";
/// The format of free-form JSON that a server writes.
pub const SERVER_JSON: &str = "server-json";
/// Marks what is deprecated in its description: the generator ignores `deprecated`.
pub const DEPRECATED: &str = "\u{e000}deprecated";
/// Marks an object of a request in its description.
pub const SENT: &str = "\u{e000}sent";

/// The keys that state the form of an object.
const OBJECT: [&str; 6] =
    ["type", "properties", "required", REQUIRED, "additionalProperties", "oneOf"];

/// The other keys: limits, which the server checks, and documentation.
#[rustfmt::skip]
const OTHERS: [&str; 22] = [
    "nullable", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum",
    "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "default", "readOnly", "writeOnly", "title",
    "description", "example", "externalDocs", "deprecated", "x-error-codes",
];

pub fn for_generator(mut spec: Value, endpoints: &[Endpoint]) -> Result<Value, SpecError> {
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    reach(&spec, &reference_to(PLATFORM_ERROR), &mut received);
    for Endpoint { request, success, .. } in endpoints {
        spec["components"]["schemas"][&success.name] = success.schema.clone();
        reach(&spec, &reference_to(request), &mut sent);
        if success.has_fields {
            reach(&spec, &reference_to(&success.name), &mut received);
        }
    }
    let mut schemas = json!({});
    for name in sent.union(&received) {
        let pointer = child("/components/schemas", name);
        let (is_sent, is_received) = (sent.contains(name), received.contains(name));
        let translator = Translator { spec: &spec, is_sent, is_received };
        schemas[name] = translator.translate(schema(&spec, name), &pointer)?;
    }
    let mut types = BTreeSet::new();
    for (name, schema) in members(&schemas) {
        check_names(
            schema,
            name.to_pascal_case(),
            &format!("/components/schemas/{name}"),
            &mut types,
        )?;
    }
    let mut paths = json!({});
    for Endpoint { operation, method: id, request, .. } in endpoints {
        let Operation { path, method, value, pointer } = operation;
        openapi::<openapiv3::Operation>(value, pointer)?;
        let normalized = &spec["paths"][path][method];
        let parameters = items(&normalized["parameters"]).iter().map(|parameter| {
            let name = parameter["name"].as_str().unwrap_or_default();
            let (place, required) = (&parameter["in"], parameter["required"] == true);
            let schema = &schemas[request]["properties"][name];
            json!({ "name": name, "in": place, "required": required, "schema": schema })
        });
        // Generated decoding loses status and headers if a body does not parse (a gateway's HTML page came out without its
        // 502), reads bodies of any length, and panics on two types of responses. If a 204 is the only documented response,
        // every response with a body comes back unread, as `UnexpectedResponse`.
        paths[path][method] = json!({
            "operationId": id,
            "parameters": parameters.collect::<Value>(),
            "requestBody": normalized["requestBody"],
            "responses": { "204": { "description": "" } },
        });
    }
    // Without descriptions of the whole and of parameters: rustdoc would test the code in them.
    Ok(json!({
        "openapi": spec["openapi"],
        "info": { "title": spec["info"]["title"], "version": spec["info"]["version"] },
        "paths": paths,
        "components": { "schemas": schemas },
    }))
}

/// Translates a schema and those in it.
struct Translator<'a> {
    spec: &'a Value,
    /// The schema is part of a request.
    is_sent: bool,
    /// The schema is part of a response.
    is_received: bool,
}

impl Translator<'_> {
    fn translate(&self, schema: &Value, pointer: &str) -> Result<Value, SpecError> {
        let name = reference(schema);
        let form: &[_] = match schema["type"].as_str() {
            _ if name.is_some() => &["$ref", "type"],
            Some("array") => &["type", "items"],
            Some("object") => &OBJECT,
            None => &[OBJECT.as_slice(), &["enum"]].concat(),
            Some(_) => &["type", "enum", "oneOf"],
        };
        only(schema, pointer, &[form, &OTHERS].concat())?;
        let mut translated = match name {
            // The `IpAddr` of a response would be printed.
            Some(IP_ADDRESS) if self.is_received => {
                json!({ "type": "string", "format": SERVER_TEXT })
            }
            Some(name) => json!({ "allOf": [reference_to(name)] }),
            None => self.plain(schema, pointer)?,
        };
        let is_object = self.is_sent && schema["properties"].is_object();
        let description = self.describe(schema) + if is_object { SENT } else { "" };
        if !description.is_empty() {
            translated["description"] = description.into();
        }
        openapi::<ReferenceOr<Schema>>(schema, pointer)?;
        Ok(translated)
    }

    /// Translates a schema that contains everything itself.
    fn plain(&self, schema: &Value, pointer: &str) -> Result<Value, SpecError> {
        let (at, fields) = (|key| child(pointer, key), schema["properties"].as_object());
        for key in ["items", "additionalProperties"] {
            let has_null = self.is_sent && self.is_nullable(&schema[key]);
            ensure(!has_null, &at(key), "cannot be null in a request")?;
        }
        let is_text = schema["type"].is_null() || schema["type"] == "string";
        let is_consistent = items(&schema["enum"]).is_empty() || is_text == is_enum(schema);
        ensure(is_consistent, &at("enum"), "has values that are not of its type")?;
        let has_required = !items(&schema[REQUIRED]).is_empty();
        Ok(match (schema["type"].as_str(), self.is_received) {
            // OpenAPI lists the null of a nullable enum, which the generator would read as a second type.
            _ if is_enum(schema) => {
                let values = items(&schema["enum"]).iter().filter(|value| value.is_string());
                json!({ "type": "string", "enum": values.collect::<Vec<_>>() })
            }
            _ if has_required || fields.is_some_and(|it| self.is_sent || !it.is_empty()) => {
                self.object(schema, pointer)?
            }
            (Some("string"), true) => json!({ "type": "string", "format": SERVER_TEXT }),
            (Some(kind @ ("string" | "boolean")), _) => json!({ "type": kind }),
            // With the format `float`, an `f32` would lose digits.
            (Some("number"), _) => json!({ "type": "number" }),
            (Some("integer"), _) => json!({ "type": "integer", "format": schema["format"] }),
            (Some("array"), _) => {
                json!({ "type": "array", "items": self.translate(&schema["items"], &at("items"))? })
            }
            // JSON is free-form if it has no single documented form. A map is, too, since the server writes its keys.
            (Some("object") | None, true) => json!({ "type": "string", "format": SERVER_JSON }),
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

    fn object(&self, schema: &Value, pointer: &str) -> Result<Value, SpecError> {
        for key in ["additionalProperties", "oneOf"] {
            let is_boolean = schema[key].is_null() || schema[key].is_boolean();
            ensure(is_boolean, &child(pointer, key), "is not supported next to properties")?;
        }
        // Every other field of a response may be missing or null.
        let key = if self.is_sent { "required" } else { REQUIRED };
        let required = items(&schema[key]);
        let is_supported = !self.is_sent || schema[REQUIRED].is_null();
        ensure(is_supported, &child(pointer, REQUIRED), "is not supported in a request")?;
        for name in required {
            let exists = schema["properties"].get(name.as_str().unwrap_or_default()).is_some();
            let reason = format!("{name} is not a property of this schema");
            ensure(exists, &child(pointer, key), reason)?;
        }
        let names: Vec<_> =
            members(&schema["properties"]).map(|(name, _)| name.to_snake_case()).collect();
        let mut properties = Map::new();
        for ((name, property), ident) in members(&schema["properties"]).zip(&names) {
            let place = child(&child(pointer, "properties"), name);
            let is_unique = names.iter().filter(|other| *other == ident).count() == 1;
            ensure(is_unique, &place, "has the name of another property in Rust")?;
            secret(self.spec, name, property, &place)?;
            let mut field = self.translate(property, &place)?;
            if self.is_sent {
                let is_setter = names.iter().any(|other| *ident == format!("maybe_{other}"));
                let reason = "has the name of a method of the builder";
                ensure(ident != "build" && !is_setter, &place, reason)?;
                let is_required = required.contains(&name.as_str().into());
                let is_nullable = self.is_nullable(property);
                let reason = "a null could not be sent: make the field required, or not nullable";
                ensure(is_required || !is_nullable, &child(&place, "nullable"), reason)?;
                // Otherwise, the generator would not distinguish an empty list from one that is not set.
                let is_list = field["type"] == "array" || field["type"] == "object";
                if is_nullable || is_list && !is_required {
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

    /// Returns `true` if the schema, or the one that it refers to, allows null.
    fn is_nullable(&self, schema: &Value) -> bool {
        [schema, resolve(self.spec, schema)].iter().any(|part| part["nullable"] == true)
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

/// Checks that no two types have the same name. Of two schemas without one, the generator would use the first for both.
fn check_names(
    schema: &Value,
    name: String,
    pointer: &str,
    types: &mut BTreeSet<String>,
) -> Result<(), SpecError> {
    let is_type = schema["enum"].is_array() || schema["properties"].is_object();
    let reason = format!("would be the second type called {name}: rename it");
    ensure(!is_type || types.insert(name.clone()), pointer, reason)?;
    let parts = [("items", "Item"), ("additionalProperties", "Value")];
    for (key, suffix) in parts.into_iter().filter(|(key, _)| schema[key].is_object()) {
        check_names(&schema[key], format!("{name}{suffix}"), &child(pointer, key), types)?;
    }
    members(&schema["properties"]).try_for_each(|(field, schema)| {
        let place = child(&child(pointer, "properties"), field);
        check_names(schema, format!("{name}{}", field.to_pascal_case()), &place, types)
    })
}
