//! Brings each operation's request into one form: a schema with a name, from its body or its parameters.

use heck::ToPascalCase;
use serde_json::{Map, Value, json};

use super::check::{api_key_parameter, only};
use super::error::{SpecError, ensure};
use super::names::{field, is_ident};
use super::secret::{self, is_secret};
use super::spec::{Operation, child, items, members, named, reference_to, resolve};

/// The keys of a parameter.
const KEYS: [&str; 7] =
    ["name", "in", "required", "schema", "description", "deprecated", "example"];

/// The places of a parameter, in the order in which the generated method takes them.
const PLACES: [&str; 3] = ["path", "query", "header"];

/// Returns the name of the request's schema. If it is made of parameters, also returns its fields, in the order in which the
/// generated method takes them.
pub fn normalize(
    spec: &mut Value,
    operation: &Operation,
    stem: &str,
) -> Result<(String, Option<Vec<String>>), SpecError> {
    let Operation { path, method, value, pointer } = operation;
    let request = format!("{stem}Request");
    let mut parameters = parameters(spec, operation)?;
    for parameter in &mut parameters {
        let schema = &parameter["schema"];
        // The generator would make one type for the field, and another one for the parameter.
        if schema.get("enum").or(schema.get("oneOf")).is_some() {
            let name = format!("{request}{}", name(parameter).to_pascal_case());
            parameter["schema"] = reference_to(&named(spec, schema, name, pointer)?);
        }
    }
    let operation = &mut spec["paths"][path][method];
    operation["parameters"] = parameters.clone().into();
    if let Some(body) = value.get("requestBody") {
        let place = child(pointer, "requestBody");
        let schema = json_schema(&body["content"], &child(&place, "content"))?;
        let object = resolve(spec, schema);
        let is_object = object["properties"].is_object() || object["allOf"].is_array();
        ensure(is_object, &place, "a request body must be a JSON object with properties")?;
        let name = if parameters.is_empty() { request.clone() } else { format!("{stem}Body") };
        let name = named(spec, schema, name, &place)?;
        let content = json!({ "application/json": { "schema": reference_to(&name) } });
        spec["paths"][path][method]["requestBody"] =
            json!({ "required": true, "content": content });
        if parameters.is_empty() {
            return Ok((name, None));
        }
        let body = json!({ "name": "body", "required": true, "description": "The body.", "schema": reference_to(&name) });
        parameters.push(body);
    }
    let description =
        format!("The parameters of `{}`.", value["operationId"].as_str().unwrap_or_default());
    let request = named(spec, &object(description, &parameters), request, pointer)?;
    Ok((request, Some(parameters.iter().map(|parameter| field(name(parameter))).collect())))
}

/// The schema of the only media type. That must be JSON, and may have parameters such as a charset.
pub fn json_schema<'a>(content: &'a Value, pointer: &str) -> Result<&'a Value, SpecError> {
    match *members(content).collect::<Vec<_>>() {
        [(name, media)] if name.split(';').next().map(str::trim) == Some("application/json") => {
            Ok(&media["schema"])
        }
        _ => Err(SpecError::at(pointer, "must be application/json and nothing else")),
    }
}

/// The parameters of the operation and its path, in the order in which the generated method takes them.
fn parameters(spec: &Value, operation: &Operation) -> Result<Vec<Value>, SpecError> {
    let Operation { path, value, pointer, .. } = operation;
    let mut found: Vec<Value> = Vec::new();
    for parameters in [&spec["paths"][path], value].map(|it| items(&it["parameters"])) {
        // A parameter of the operation replaces the same one of its path.
        found.retain(|old| {
            !parameters.iter().any(|it| it["name"] == old["name"] && it["in"] == old["in"])
        });
        found.extend_from_slice(parameters);
    }
    let segment = |parameter: &Value| path.find(&format!("{{{}}}", name(parameter)));
    let place = |parameter: &Value| PLACES.iter().position(|place| parameter["in"] == *place);
    for parameter in &found {
        only(parameter, pointer, &KEYS)?;
        let (name, schema) = (name(parameter), &parameter["schema"]);
        secret::check(name, schema, pointer)?;
        let (in_path, in_query) = (parameter["in"] == "path", parameter["in"] == "query");
        let is_taken = Some(name) == api_key_parameter(spec)
            || (name == "body" && value.get("requestBody").is_some());
        let has_place = place(parameter).is_some() && segment(parameter).is_some() == in_path;
        let is_secret = is_secret(schema);
        let schema = resolve(spec, schema);
        let is_list = schema["type"] == "array";
        let item = if is_list { resolve(spec, &schema["items"]) } else { schema };
        let is_plain = item.is_object() && !is_object(item) && item["type"] != "array";
        for (condition, reason) in [
            (is_ident(&field(name)), "has a name that cannot be a field in Rust"),
            (
                !is_taken,
                "has the name of the API key, or of the body, which the request already has",
            ),
            (has_place, "must be in the query, in a header, or in a segment of the path"),
            (is_plain, "must be a string, number, boolean or enum, or a list of these"),
            (
                in_query || !is_list && !is_secret,
                "is a list or a secret, which must be in the query",
            ),
        ] {
            ensure(condition, pointer, format!("the parameter {name:?} {reason}"))?;
        }
    }
    found.sort_by_cached_key(|it| (place(it), segment(it), name(it).to_owned()));
    Ok(found)
}

fn name(parameter: &Value) -> &str {
    parameter["name"].as_str().unwrap_or_default()
}

/// The schema of an object with a property for each parameter.
fn object(description: String, parameters: &[Value]) -> Value {
    let is_required = |parameter: &&Value| parameter["required"] == true;
    let required: Value = parameters.iter().filter(is_required).map(name).collect();
    let mut properties = Map::new();
    for parameter in parameters {
        let mut property = parameter.clone();
        property["allOf"] = json!([parameter["schema"]]);
        if let Some(members) = property.as_object_mut() {
            members.retain(|key, _| !["name", "in", "required", "schema"].contains(&key.as_str()));
        }
        properties.insert(name(parameter).to_owned(), property);
    }
    json!({ "description": description, "type": "object", "required": required, "properties": properties })
}

fn is_object(schema: &Value) -> bool {
    schema["properties"].is_object() || schema["type"] == "object" || schema["allOf"].is_array()
}
