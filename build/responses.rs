//! Brings each operation's success into one form, and lists its error codes.

use serde_json::Value;

use super::error::{SpecError, ensure};
use super::request::json_schema;
use super::spec::{Operation, child, items, members, named, resolve, schema};
use super::transform::REQUIRED;

/// A documented error code, and its message.
pub type Code = (String, String);

/// The content of a success, and the codes of errors, which have the same schema.
pub struct Success {
    /// The name of its schema.
    pub name: String,
    /// The properties outside the envelope, which says whether the call succeeded and is read by the wrapper.
    pub fields: Value,
    /// True if there is a field outside the envelope.
    pub has_fields: bool,
    /// True if it contains `success: true`.
    pub has_flag: bool,
    pub codes: Vec<Code>,
}

pub fn normalize(
    spec: &mut Value,
    operation: &Operation,
    stem: &str,
) -> Result<Success, SpecError> {
    let place = child(&operation.pointer, "responses");
    let successes = members(&operation.value["responses"]);
    let successes = successes.filter(|(status, _)| status.starts_with('2'));
    let [(status, response)] = *successes.collect::<Vec<_>>() else {
        return Err(SpecError::at(&place, "there must be exactly one successful response"));
    };
    let place = child(&place, status);
    let success = json_schema(&response["content"], &child(&place, "content"))?;
    let is_object = resolve(spec, success)["properties"].is_object();
    ensure(is_object, &place, "a success must be a JSON object with its own properties")?;
    let name = named(spec, success, format!("{stem}Response"))?;
    let place = &format!("/components/schemas/{name}/properties/errorCode");
    let all = &schema(spec, &name)["properties"];
    let has_flag = all.get("success").is_some();
    let is_envelope = |field: &str| {
        matches!(field, "success" | "error" | "errorCode") || (has_flag && field == "message")
    };
    let mut fields = all.clone();
    fields.as_object_mut().into_iter().for_each(|it| it.retain(|field, _| !is_envelope(field)));
    let has_required = !items(&schema(spec, &name)[REQUIRED]).is_empty();
    let has_fields = has_required || members(&fields).next().is_some();
    let error_code = std::slice::from_ref(resolve(spec, &all["errorCode"]));
    let parts = error_code[0]["oneOf"].as_array().map_or(error_code, Vec::as_slice);
    let codes = parts.iter().map(|part| resolve(spec, part)).flat_map(|part| {
        items(&part["enum"]).iter().map(|name| code(name, &part["description"], place))
    });
    let codes = codes.collect::<Result<_, _>>()?;
    Ok(Success { name, fields, has_fields, has_flag, codes })
}

/// The message is the first paragraph of the description.
pub fn code(name: &Value, description: &Value, place: &str) -> Result<Code, SpecError> {
    let name = name.as_str().unwrap_or_default();
    let paragraph = description.as_str().unwrap_or_default().split("\n\n").next();
    let words: Vec<_> = paragraph.unwrap_or_default().split_whitespace().collect();
    let reason = format!("{name} needs a description, which begins with its message");
    ensure(!words.is_empty(), place, reason)?;
    Ok((name.to_owned(), words.join(" ")))
}
