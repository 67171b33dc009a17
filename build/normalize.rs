//! Brings each operation's request and success into one form, in which each has a schema with a name, and lists its error codes.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

use super::check::{api_key_parameter, only};
use super::error::{SpecError, ensure};
use super::rust::{File, is_ident};
use super::spec::{
    Operation, PLATFORM_ERROR, REQUIRED, SECRETS, child, items, members, merge, reference,
    reference_to, resolve, schema,
};

/// The keys of a parameter.
const KEYS: [&str; 7] =
    ["name", "in", "required", "schema", "description", "deprecated", "example"];

/// The key for a success without the field `success`.
const FLAG: &str = "x-success-flag";

/// A documented error code, and its message.
pub type Code = (String, String);

/// The content of a success, and the codes of errors, which have the same schema.
pub struct Success {
    /// The name of its schema.
    pub name: String,
    /// The schema without the envelope, which says whether the call succeeded and is read by the wrapper.
    pub schema: Value,
    /// True if there is a field outside the envelope.
    pub has_fields: bool,
    /// True if it contains `success: true`.
    pub has_flag: bool,
    pub codes: Vec<Code>,
}

/// Returns the name of the request's schema. If it is made of parameters, also returns its fields, in the order in which the
/// generated method takes them.
pub fn request(
    spec: &mut Value,
    operation: &Operation,
    stem: &str,
) -> Result<(String, Option<Vec<String>>), SpecError> {
    let Operation { path, method, value, pointer } = operation;
    let mut parameters = parameters(spec, operation)?;
    spec["paths"][path][method]["parameters"] = parameters.clone().into();
    if let Some(body) = value.get("requestBody") {
        let place = child(pointer, "requestBody");
        only(body, &place, &["description", "required", "content"])?;
        let name = schema_name(spec, body, &place)?;
        let schema = reference_to(name);
        let content = json!({ "application/json": { "schema": schema } });
        spec["paths"][path][method]["requestBody"] =
            json!({ "required": true, "content": content });
        if parameters.is_empty() {
            return Ok((name.to_owned(), None));
        }
        parameters.push(json!({ "name": "body", "required": true, "description": "The body.", "schema": schema }));
    }
    let request = format!("{stem}Request");
    let place = child("/components/schemas", &request);
    let reason = "rename this schema: the parameters of an operation get this name";
    ensure(schema(spec, &request).is_null(), &place, reason)?;
    let id = value["operationId"].as_str().unwrap_or_default();
    let object = object(format!("The parameters of `{id}`."), &parameters);
    spec["components"]["schemas"][&request] = object;
    Ok((request, Some(parameters.iter().map(|parameter| field(name(parameter))).collect())))
}

/// The name of the schema of the only media type. That must be JSON, and may have parameters such as a charset.
fn schema_name<'a>(spec: &Value, part: &'a Value, pointer: &str) -> Result<&'a str, SpecError> {
    let schema = match *members(&part["content"]).collect::<Vec<_>>() {
        [(kind, media)] if kind.split(';').next().map(str::trim) == Some("application/json") => {
            &media["schema"]
        }
        _ => return Err(SpecError::at(pointer, "must be application/json and nothing else")),
    };
    let reason =
        "must refer to an object in #/components/schemas, whose name becomes that of a type";
    let is_object = resolve(spec, schema)["properties"].is_object();
    reference(schema).filter(|_| is_object).ok_or_else(|| SpecError::at(pointer, reason))
}

/// The parameters of the operation and its path, in the order in which the generated method takes them.
fn parameters(spec: &Value, operation: &Operation) -> Result<Vec<Value>, SpecError> {
    let Operation { path, value, pointer, .. } = operation;
    let mut parameters = BTreeMap::new();
    for parameter in [&spec["paths"][path], value].iter().flat_map(|it| items(&it["parameters"])) {
        only(parameter, pointer, &KEYS)?;
        let (name, schema) = (name(parameter), &parameter["schema"]);
        let segment = path.find(&format!("{{{name}}}"));
        let in_query = segment.is_none();
        let place = if in_query { "query" } else { "path" };
        let is_secret = reference(schema).is_some_and(|name| SECRETS.contains(&name));
        let is_list = schema["type"] == "array";
        let item = resolve(spec, if is_list { &schema["items"] } else { schema });
        let kinds = ["string", "integer", "number", "boolean"];
        let is_plain = kinds.iter().any(|kind| item["type"] == *kind) && item["nullable"] != true;
        let is_key = api_key_parameter(spec) == Some(name);
        let is_body = name == "body" && value.get("requestBody").is_some();
        for (condition, reason) in [
            (!is_key && !is_body, "has the name of the API key or the body"),
            (parameter["in"] == place, "must be in the query, or in a segment of the path"),
            (
                in_query || parameter["required"] == true,
                "must be required, since it is in the path",
            ),
            (
                in_query || !is_list && !is_secret,
                "is a list or a secret, which must be in the query",
            ),
            (is_plain, "must be a string, number, boolean or enum, or a list of these"),
        ] {
            ensure(condition, pointer, format!("the parameter {name:?} {reason}"))?;
        }
        // A parameter of the operation replaces the same one of its path.
        parameters.insert((segment.unwrap_or(usize::MAX), name), parameter.clone());
    }
    Ok(parameters.into_values().collect())
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
        let mut property = parameter.as_object().cloned().unwrap_or_default();
        property.retain(|key, _| ["description", "example", "deprecated"].contains(&key.as_str()));
        merge(&mut property, &parameter["schema"]);
        properties.insert(name(parameter).to_owned(), property.into());
    }
    json!({ "description": description, "type": "object", "required": required, "properties": properties })
}

/// The name of a parameter as a field. A keyword gets an underscore.
fn field(name: &str) -> String {
    let name = name.to_snake_case();
    if is_ident(&name) { name } else { name + "_" }
}

/// Finds the only success of an operation, and its error codes. Each has a row in the operation's file.
pub fn success(spec: &Value, operation: &Operation, file: &File) -> Result<Success, SpecError> {
    let place = child(&operation.pointer, "responses");
    let successes = members(&operation.value["responses"]);
    let successes = successes.filter(|(status, _)| status.starts_with('2'));
    let [(status, response)] = *successes.collect::<Vec<_>>() else {
        return Err(SpecError::at(&place, "there must be exactly one successful response"));
    };
    let name = schema_name(spec, response, &child(&place, status))?.to_owned();
    let place = &format!("/components/schemas/{name}");
    let mut schema = schema(spec, &name).clone();
    let has_flag = schema["properties"]["success"]["type"] == "boolean";
    let reason = "must have the boolean success, which distinguishes a success from an error, or \
                  x-success-flag: false";
    ensure(has_flag != (schema[FLAG] == false), place, reason)?;
    let error = &schema["properties"]["error"];
    let reason = "is read as a platform error, so it cannot be a field of a success";
    let is_platform_error = error.is_null() || reference(error) == Some(PLATFORM_ERROR);
    ensure(is_platform_error, &format!("{place}/properties/error"), reason)?;
    let codes = codes(spec, operation, file)?;
    let is_envelope = |field: &str, schema: &Value| match field {
        "success" | "error" | "errorCode" => true,
        "message" => has_flag && schema["type"] == "string",
        _ => false,
    };
    schema.as_object_mut().and_then(|members| members.remove(FLAG));
    if let Some(fields) = schema["properties"].as_object_mut() {
        fields.retain(|field, schema| !is_envelope(field, schema));
    }
    let has_required = !items(&schema[REQUIRED]).is_empty();
    let has_fields = has_required || members(&schema["properties"]).next().is_some();
    Ok(Success { name, schema, has_fields, has_flag, codes })
}

/// The error codes of all responses. Rejects forms of errors that the client does not read.
fn codes(spec: &Value, operation: &Operation, file: &File) -> Result<Vec<Code>, SpecError> {
    let mut codes: Vec<Code> = Vec::new();
    let place = child(&operation.pointer, "responses");
    for (status, response) in members(&operation.value["responses"]) {
        let media = members(&response["content"]).filter(|(kind, _)| kind.contains("json"));
        for part in media.flat_map(|(_, media)| alternatives(spec, &media["schema"])) {
            let place = reference(part).map_or_else(
                || child(&place, status),
                |name| format!("/components/schemas/{name}/properties"),
            );
            let fields = &resolve(spec, part)["properties"];
            let is_platform_error = reference(&fields["error"]) == Some(PLATFORM_ERROR);
            let is_read = fields["success"]["type"] == "boolean" || is_platform_error;
            let reason = "an error must be a platform error, or have the boolean success";
            ensure(status.starts_with('2') || is_read, &place, reason)?;
            let place = child(&place, "errorCode");
            let error_code = resolve(spec, &fields["errorCode"]);
            let is_text = error_code["type"].is_null() || error_code["type"] == "string";
            ensure(is_text, &place, "must be a string")?;
            for part in alternatives(spec, error_code).into_iter().map(|part| resolve(spec, part)) {
                only(part, &place, &["type", "enum", "description", "example", "nullable"])?;
                for name in items(&part["enum"]) {
                    if codes.iter().all(|(known, _)| name != known) {
                        codes.push(code(name, &part["description"], &place, file)?);
                    }
                }
            }
        }
    }
    Ok(codes)
}

/// The alternatives of a schema: itself, if it is not a `oneOf`.
fn alternatives<'a>(spec: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    match resolve(spec, schema)["oneOf"].as_array() {
        Some(parts) => parts.iter().flat_map(|part| alternatives(spec, part)).collect(),
        None => vec![schema],
    }
}

/// Reads an error code, whose message is the first paragraph of its description.
pub fn code(
    name: &Value,
    description: &Value,
    place: &str,
    file: &File,
) -> Result<Code, SpecError> {
    let name = name.as_str().unwrap_or_default();
    let paragraph = description.as_str().unwrap_or_default().split("\n\n").next();
    let words: Vec<_> = paragraph.unwrap_or_default().split_whitespace().collect();
    let reason = format!("{name} needs a description, which begins with its message");
    ensure(!words.is_empty(), place, reason)?;
    let row = format!("{name} ");
    let has_row = file.text.lines().any(|line| line.trim_start().starts_with(&row));
    let reason = format!("{name} has no variant: add a row for it to {}", file.path);
    ensure(has_row, place, reason)?;
    Ok((name.to_owned(), words.join(" ")))
}
