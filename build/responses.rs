//! Brings each operation's success into one form, and lists its error codes.

use serde_json::Value;

use super::error::{SpecError, ensure};
use super::request::json_schema;
use super::spec::{Operation, child, items, members, named, resolve, schema};
use super::transform::REQUIRED;

/// A documented error code, and its message.
pub type Code = (String, String);

/// The content of a success.
pub struct Success {
    pub schema: String,
    /// True if there are fields outside the envelope.
    pub has_fields: bool,
    /// True if it contains `success: true`.
    pub has_flag: bool,
}

impl Success {
    /// Returns `true` for a field that says whether a call succeeded. The wrapper reads it.
    pub fn is_envelope(has_flag: bool, field: &str) -> bool {
        matches!(field, "success" | "error" | "errorCode") || (has_flag && field == "message")
    }
}

pub fn normalize(
    spec: &mut Value,
    operation: &Operation,
    type_name: &str,
) -> Result<(Success, Vec<Code>), SpecError> {
    let place = child(&operation.pointer, "responses");
    let successes = members(&operation.value["responses"]);
    let successes = successes.filter(|(status, _)| status.starts_with('2'));
    let [(status, response)] = *successes.collect::<Vec<_>>() else {
        return Err(SpecError::at(&place, "there must be exactly one successful response"));
    };
    let place = child(&place, status);
    let success = json_schema(&response["content"], &child(&place, "content"))?;
    let object = resolve(spec, success);
    let is_object = object["properties"].is_object();
    ensure(is_object, &place, "a success must be a JSON object with its own properties")?;
    let name = named(spec, success, format!("{type_name}Response"))?;
    let place = &format!("/components/schemas/{name}/properties/errorCode");
    let fields = &schema(spec, &name)["properties"];
    let has_flag = fields.get("success").is_some();
    let has_fields = members(fields).any(|(field, _)| !Success::is_envelope(has_flag, field))
        || !items(&schema(spec, &name)[REQUIRED]).is_empty();
    let error_code = std::slice::from_ref(resolve(spec, &fields["errorCode"]));
    let parts = error_code[0]["oneOf"].as_array().map_or(error_code, Vec::as_slice);
    let codes = parts.iter().map(|part| resolve(spec, part)).flat_map(|part| {
        items(&part["enum"]).iter().map(|name| code(name, &part["description"], place))
    });
    let codes = codes.collect::<Result<_, _>>()?;
    Ok((Success { schema: name, has_fields, has_flag }, codes))
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
