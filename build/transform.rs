//! Transforms the spec for the generator, which gets only the operations and the schemas of their requests and successes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::endpoints::Endpoint;
use super::error::SpecError;
use super::names::{pascal, snake};
use super::responses::Success;
use super::secret::SECRETS;
use super::spec::{escaped, parts_mut, reach, reference, reference_to, resolve};

/// Marks a field as deprecated in its description: the generator ignores `deprecated`.
pub const DEPRECATED: &str = "\u{e000}deprecated";
/// The format of a string that a server writes.
pub const SERVER_TEXT: &str = "server-text";
/// The format of free-form JSON that a server writes.
pub const SERVER_JSON: &str = "server-json";
/// The schema that stands for a type of IP addresses.
const IP_ADDRESS: &str = "#/components/schemas/IpAddress";
/// The details of a platform error. The wrapper reads them, and callers do not see the type.
pub const PLATFORM_ERROR: &str = "PlatformErrorDetail";

/// The keys of a schema that say something about the form of a value.
const FORM: [&str; 9] = [
    "$ref",
    "type",
    "enum",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "allOf",
    "oneOf",
];

/// The input of the generator.
pub struct Input {
    pub spec: Value,
    /// The schemas of requests and their parts, including those that get a name here.
    pub sent: BTreeSet<String>,
    /// The Rust types of schemas for which nothing is generated.
    pub replacements: Vec<(String, String)>,
}

pub fn for_generator(spec: &Value, endpoints: &[Endpoint]) -> Result<Input, SpecError> {
    let mut schemas = spec["components"]["schemas"].clone();
    for success in endpoints.iter().map(|endpoint| &endpoint.success) {
        if let Some(fields) = schemas[&success.schema]["properties"].as_object_mut() {
            fields.retain(|field, _| !Success::is_envelope(success.has_flag, field));
        }
    }
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    reach(&schemas, PLATFORM_ERROR, &mut received);
    for endpoint in endpoints {
        reach(&schemas, &endpoint.request, &mut sent);
        if endpoint.success.has_fields {
            reach(&schemas, &endpoint.success.schema, &mut received);
        }
    }
    let mut kept = Map::new();
    for (name, schema) in schemas.as_object_mut().into_iter().flatten() {
        let adapter =
            Adapter { spec, is_sent: sent.contains(name), is_received: received.contains(name) };
        if adapter.is_sent || adapter.is_received {
            adapter.adapt(schema, &format!("/components/schemas/{}", escaped(name)))?;
            kept.insert(name.clone(), schema.take());
        }
    }
    let replacements = replacements(&kept, &received);
    for name in sent.clone() {
        let mut named = Vec::new();
        if let Some(schema) = kept.get_mut(&name) {
            name_parts(schema, &name, &mut named);
        }
        for (name, schema) in named {
            if kept.insert(name.clone(), schema).is_some() {
                let reason = format!("a part of a request would be called {name}, too");
                return Err(SpecError::at(&format!("/components/schemas/{name}"), reason));
            }
            sent.insert(name);
        }
    }
    let mut paths = json!({});
    for endpoint in endpoints {
        let method = endpoint.method.to_lowercase();
        paths[&endpoint.path][&method] =
            operation(&spec["paths"][&endpoint.path][&method], endpoint, &kept);
    }
    // Without descriptions of the whole and of parameters: rustdoc would test the code in them.
    let spec = json!({
        "openapi": spec["openapi"],
        "info": { "title": spec["info"]["title"], "version": spec["info"]["version"] },
        "paths": paths,
        "components": { "schemas": kept },
    });
    Ok(Input { spec, sent, replacements })
}

/// Replaces an operation's responses by a 204. Generated decoding loses status and headers if a body does not parse (a
/// gateway's HTML page came out without its 502), reads bodies of any length, and panics on two types of responses. If a 204
/// is the only documented response, every response with a body comes back unread, as `UnexpectedResponse`.
fn operation(operation: &Value, endpoint: &Endpoint, schemas: &Map<String, Value>) -> Value {
    let parameters = operation["parameters"].as_array().filter(|_| endpoint.has_parameters);
    let parameters = parameters.into_iter().flatten().map(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        let mut schema = schemas[&endpoint.request]["properties"][name].clone();
        // The same reference as in the request, so that both have the same type.
        if let Some(reference) = schema["allOf"][0].get("$ref") {
            schema = json!({ "$ref": reference });
        }
        let mut parameter = parameter.clone();
        parameter["schema"] = schema;
        parameter["description"] = "".into();
        parameter
    });
    json!({
        "operationId": endpoint.ident,
        "parameters": parameters.collect::<Value>(),
        "requestBody": operation["requestBody"],
        "responses": { "204": { "description": "" } },
    })
}

/// Adapts a schema, and those in it, to its uses.
struct Adapter<'a> {
    spec: &'a Value,
    is_sent: bool,
    is_received: bool,
}

impl Adapter<'_> {
    fn adapt(&self, schema: &mut Value, pointer: &str) -> Result<(), SpecError> {
        let description = self.describe(schema);
        if self.is_sent && !schema["oneOf"].as_array().is_none_or(|parts| is_enum(parts)) {
            let reason = "in a request, only enum values are supported here";
            return Err(SpecError::at(&format!("{pointer}/oneOf"), reason));
        }
        if let Some(parts) = schema.get_mut("allOf").and_then(Value::as_array_mut) {
            // A reference next to a description or a limit stays a reference.
            parts.retain(|part| FORM.iter().any(|key| part.get(key).is_some()));
        }
        let mut names = BTreeSet::new();
        let mut fields = schema["properties"].as_object().into_iter().flat_map(Map::keys);
        if let Some(name) = fields.find(|name| !names.insert(snake(name))) {
            let place = format!("{pointer}/properties/{}", escaped(name));
            return Err(SpecError::at(&place, "has the same name in Rust as another property"));
        }
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (keyword, field, part) in parts_mut(schema) {
            let name = escaped(field.unwrap_or_default());
            let pointer = format!("{pointer}/{keyword}/{name}");
            let is_optional = field.is_some_and(|field| !required.contains(&field.into()));
            if is_optional && part["nullable"] == true && !self.is_received {
                let reason = "a null could not be sent: make the field required, or not nullable";
                return Err(SpecError::at(&format!("{pointer}/nullable"), reason));
            }
            self.adapt(part, pointer.trim_end_matches('/'))?;
        }
        let Some(target) = schema.as_object_mut() else { return Ok(()) };
        let required = target.remove("x-required-on-success");
        simplify(target);
        if self.is_received && !self.is_sent && target.contains_key("properties") {
            // Every other field of a response may be missing or null.
            target.insert("required".to_owned(), required.unwrap_or_else(|| json!([])));
        }
        if self.is_received {
            if has_properties(target) && target.contains_key("additionalProperties") {
                let pointer = format!("{pointer}/additionalProperties");
                let reason = "in a response, is not supported next to properties";
                return Err(SpecError::at(&pointer, reason));
            }
            receive(target, self.is_sent);
        } else if target.contains_key("properties") && !has_properties(target) {
            // This makes it a struct without fields instead of a map.
            target.insert("additionalProperties".to_owned(), false.into());
        }
        if !description.is_empty() {
            target.insert("description".to_owned(), description.into());
        }
        Ok(())
    }

    /// The schema's own description, its example or that of its target, and the mark of a deprecation.
    fn describe(&self, schema: &Value) -> String {
        let mut text = schema["description"].as_str().unwrap_or_default().trim_end().to_owned();
        let example = schema.get("example").or_else(|| resolve(self.spec, schema).get("example"));
        if let Some(example) = example.filter(|_| schema.get("properties").is_none()) {
            text += &format!("\n\nExample: `{example}`.");
        }
        if schema["deprecated"] == true {
            text += DEPRECATED;
        }
        text
    }
}

/// Keeps what the generator needs, and drops constraints such as `maxLength`: the generator would turn them into types that
/// do not accept plain values. The server checks them.
fn simplify(schema: &mut Map<String, Value>) {
    let is_string = schema.get("type").is_none_or(|kind| kind == "string");
    // Next to a reference, `type` only says what `nullable` applies to.
    let is_combined = schema.contains_key("allOf");
    // OpenAPI lists the null of a nullable enum, and the generator reads it as a second type.
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    schema.retain(|key, value| match key.as_str() {
        "type" => !is_combined,
        "format" => !is_string,
        "enum" => is_string,
        "additionalProperties" => value.is_object(),
        "$ref" | "nullable" | "properties" | "required" | "items" | "allOf" | "oneOf" => true,
        _ => false,
    });
}

/// Marks the strings and the free-form JSON that a server writes. JSON is free-form if it has no single documented form. A map
/// is, too, since the server writes its keys.
fn receive(schema: &mut Map<String, Value>, is_sent: bool) {
    schema.remove("nullable");
    let value = Value::from(schema.clone());
    let has = |key: &str| schema.contains_key(key);
    let is_enum = has("enum") || value["oneOf"].as_array().is_some_and(|parts| is_enum(parts));
    let is_reference = has("$ref") || has("allOf");
    let format = match value["type"].as_str() {
        // An `IpAddr` would be printed.
        _ if reference(&value) == Some(IP_ADDRESS) && !is_sent => SERVER_TEXT,
        _ if is_enum || is_reference || has_properties(schema) => return,
        Some("string") => SERVER_TEXT,
        Some("array") => {
            schema.entry("items").or_insert_with(|| marked(SERVER_JSON).into());
            return;
        }
        Some("object") | None => SERVER_JSON,
        Some(_) => return,
    };
    *schema = marked(format);
}

/// A string with a format. The generator recognizes the type by the whole schema, except for its `description`.
fn marked(format: &str) -> Map<String, Value> {
    Map::from_iter([("type".to_owned(), "string".into()), ("format".to_owned(), format.into())])
}

fn is_enum(parts: &[Value]) -> bool {
    parts.iter().all(|part| part.get("enum").is_some())
}

fn has_properties(schema: &Map<String, Value>) -> bool {
    schema.get("properties").and_then(Value::as_object).is_some_and(|fields| !fields.is_empty())
}

/// Names the parts of a request that become types. Without a name, an empty list or map would not be sent, and the type of a
/// parameter would differ from that of its field.
fn name_parts(schema: &mut Value, name: &str, named: &mut Vec<(String, Value)>) {
    for (keyword, field, part) in parts_mut(schema) {
        if keyword.ends_with("Of") {
            name_parts(part, name, named);
            continue;
        }
        let name = format!("{name}{}", field.map_or("Item".to_owned(), pascal));
        name_parts(part, &name, named);
        let is_type = reference(part).is_none()
            && ["properties", "enum", "allOf", "oneOf"].iter().any(|key| part.get(key).is_some());
        let is_collection = part["type"] == "array" || part["type"] == "object";
        if is_type || (is_collection && field.is_some()) {
            let mut reference = json!({ "allOf": [reference_to(&name)] });
            for key in ["description", "nullable"] {
                if let Some(value) = part.as_object_mut().and_then(|part| part.remove(key)) {
                    reference[key] = value;
                }
            }
            named.push((name, std::mem::replace(part, reference)));
        }
    }
}

/// The Rust types that replace named schemas: those of secrets, IP addresses, and plain strings, numbers and booleans.
fn replacements(
    schemas: &Map<String, Value>,
    received: &BTreeSet<String>,
) -> Vec<(String, String)> {
    let replacement = |(name, schema): (&String, &Value)| {
        let kind = match schema["type"].as_str() {
            _ if SECRETS.contains(&name.as_str()) => format!("crate::{name}"),
            _ if name == "IpAddress" => "::std::net::IpAddr".to_owned(),
            Some(_) if schema.get("enum").is_some() || schema.get("oneOf").is_some() => {
                return None;
            }
            Some("string") if schema["format"] == SERVER_JSON => "crate::ServerJson".to_owned(),
            Some("string") if received.contains(name) => "crate::ServerText".to_owned(),
            Some("string") => "::std::string::String".to_owned(),
            Some("integer") => "i64".to_owned(),
            Some("number") => "f64".to_owned(),
            Some("boolean") => "bool".to_owned(),
            _ => return None,
        };
        Some((name.clone(), kind))
    };
    schemas.iter().filter_map(replacement).collect()
}
