//! Brings each operation's request into one form: a schema with a name, from its body or its parameters.

use serde_json::{Map, Value, json};

use super::check::api_key_parameter;
use super::error::SpecError;
use super::names::snake;
use super::secret::is_secret;
use super::spec::{Operation, add_schema, is_object, named, reference_to, resolve};

/// Returns the name of the request's schema, and `true` if it is made of parameters.
pub fn normalize(
    spec: &mut Value,
    operation: &Operation,
    name: &str,
) -> Result<(String, bool), SpecError> {
    let parameters = parameters(spec, operation)?;
    let body = body(spec, operation, name, !parameters.is_empty())?;
    match body {
        Some(body) if parameters.is_empty() => Ok((body, false)),
        body => {
            let request = format!("{name}Request");
            let schema = object(operation.id(), &parameters, body);
            add_schema(spec, &request, schema, &operation.pointer())?;
            spec["paths"][operation.path][operation.method]["parameters"] = parameters.into();
            Ok((request, true))
        }
    }
}

/// The schema of the body, which gets a name if it has none.
fn body(
    spec: &mut Value,
    operation: &Operation,
    name: &str,
    has_parameters: bool,
) -> Result<Option<String>, SpecError> {
    let Some(body) = operation.value.get("requestBody") else { return Ok(None) };
    let place = format!("{}/requestBody", operation.pointer());
    let schema = json_schema(&resolve(spec, body)["content"], &format!("{place}/content"))?;
    if !is_object(resolve(spec, &schema)) {
        return Err(SpecError::at(&place, "a request body must be a JSON object"));
    }
    let name = format!("{name}{}", if has_parameters { "Body" } else { "Request" });
    let name = named(spec, schema, name, &place)?;
    let content = json!({ "application/json": { "schema": reference_to(&name) } });
    spec["paths"][operation.path][operation.method]["requestBody"] =
        json!({ "required": true, "content": content });
    Ok(Some(name))
}

/// The schema of the only media type. That must be JSON, and may have parameters such as a charset.
pub fn json_schema(content: &Value, pointer: &str) -> Result<Value, SpecError> {
    let media_types = content.as_object().into_iter().flatten().collect::<Vec<_>>();
    match media_types.as_slice() {
        [(name, media)] if name.split(';').next().map(str::trim) == Some("application/json") => {
            Ok(media["schema"].clone())
        }
        _ => Err(SpecError::at(pointer, "must be application/json and nothing else")),
    }
}

/// The parameters of the operation and its path, without references.
fn parameters(spec: &Value, operation: &Operation) -> Result<Vec<Value>, SpecError> {
    let pointer = operation.pointer();
    let mut found: Vec<Value> = Vec::new();
    for parameters in [&spec["paths"][operation.path]["parameters"], &operation.value["parameters"]]
    {
        for parameter in parameters.as_array().into_iter().flatten() {
            let parameter = resolve(spec, parameter).clone();
            // A parameter of the operation replaces the same one of its path.
            found.retain(|other| {
                other["name"] != parameter["name"] || other["in"] != parameter["in"]
            });
            found.push(parameter);
        }
    }
    for (index, parameter) in found.iter().enumerate() {
        let name = parameter["name"].as_str().unwrap_or_default();
        let is_taken =
            |other: &Value| other["name"].as_str().is_some_and(|other| snake(other) == snake(name));
        let schema = resolve(spec, &parameter["schema"]);
        let item = resolve(spec, &schema["items"]);
        let is_list = |schema: &Value| schema["type"] == "array";
        let has_segment = operation.path.contains(&format!("{{{name}}}"));
        let is_in = |places: &[&str]| places.iter().any(|place| parameter["in"] == *place);
        let has_body = operation.value.get("requestBody").is_some();
        let problems = [
            (!is_in(&["query", "header", "path"]), "must be in the query, a header or the path"),
            (
                found.iter().take(index).any(is_taken) || (name == "body" && has_body),
                "has the same name in Rust as another part of the request",
            ),
            (
                Some(name) == api_key_parameter(spec),
                "is the API key, which the client adds by itself",
            ),
            (
                schema.is_null() || is_object(schema) || is_object(item) || is_list(item),
                "must have a schema: a string, number, boolean or enum, or a list of these",
            ),
            (!is_in(&["query"]) && is_list(schema), "is a list, which only the query can contain"),
            (
                !is_in(&["query"]) && is_secret(&parameter["schema"]),
                "is a secret, which only the query or the body can contain",
            ),
            (
                parameter["explode"] == false || parameter.get("style").is_some(),
                "is only supported in the default style",
            ),
            (
                has_segment != is_in(&["path"]),
                "must be in the path exactly if the path has a segment of its name",
            ),
        ];
        if let Some((_, reason)) = problems.iter().find(|(is_problem, _)| *is_problem) {
            return Err(SpecError::at(&pointer, format!("the parameter {name:?} {reason}")));
        }
    }
    Ok(found)
}

/// The request as one object, with the body as its field `body`.
fn object(id: &str, parameters: &[Value], body: Option<String>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for parameter in parameters {
        let mut property = parameter["schema"].clone();
        if property.get("$ref").is_some() {
            property = json!({ "allOf": [property] });
        }
        for key in ["description", "example", "deprecated"] {
            if let Some(value) = parameter.get(key) {
                property[key] = value.clone();
            }
        }
        let name = parameter["name"].as_str().unwrap_or_default();
        properties.insert(name.to_owned(), property);
        if parameter["required"] == true {
            required.push(name);
        }
    }
    if let Some(body) = body {
        let property = json!({ "description": "The body.", "allOf": [reference_to(&body)] });
        properties.insert("body".to_owned(), property);
        required.push("body");
    }
    json!({
        "description": format!("The parameters of `{id}`."),
        "type": "object",
        "required": required,
        "properties": properties,
    })
}
