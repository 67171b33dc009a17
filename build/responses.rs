//! Brings each operation's success into one form, and lists its error codes.

use serde_json::Value;

use super::endpoints::File;
use super::error::SpecError;
use super::names::is_ident;
use super::request::json_schema;
use super::spec::{Operation, children, named, resolve};

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

/// A documented error code.
pub struct Code {
    pub code: String,
    pub message: String,
}

pub fn normalize(
    spec: &mut Value,
    operation: &Operation,
    file: &File,
) -> Result<(Success, Vec<Code>), SpecError> {
    let place = format!("{}/responses", operation.pointer());
    let responses = children(&operation.value["responses"]);
    let mut successes = responses.iter().filter(|(status, _)| status.starts_with('2'));
    let (Some((status, response)), None) = (successes.next(), successes.next()) else {
        return Err(SpecError::at(&place, "there must be exactly one successful response"));
    };
    let place = format!("{place}/{status}");
    let schema = json_schema(&resolve(spec, response)["content"], &format!("{place}/content"))?;
    let object = resolve(spec, &schema);
    if !object["properties"].is_object() || object.get("allOf").is_some() {
        return Err(SpecError::at(
            &place,
            "a success must be a JSON object with its own properties",
        ));
    }
    let schema = named(spec, schema, format!("{}Response", file.type_name()), &place)?;
    let place = format!("/components/schemas/{schema}");
    let object = &spec["components"]["schemas"][&schema];
    let fields = &object["properties"];
    let has_flag = fields.get("success").is_some();
    if has_flag && fields["success"]["type"] != "boolean" {
        return Err(SpecError::at(&format!("{place}/properties/success"), "must be a boolean"));
    }
    let mut names = fields.as_object().into_iter().flat_map(|fields| fields.keys());
    let has_fields = names.any(|field| !Success::is_envelope(has_flag, field));
    let codes = codes(spec, &fields["errorCode"], &format!("{place}/properties/errorCode"), file)?;
    Ok((Success { schema, has_fields, has_flag }, codes))
}

/// Lists an endpoint's codes: a `oneOf` of values with descriptions. The first paragraph of a description is the message.
fn codes(
    spec: &Value,
    error_code: &Value,
    place: &str,
    file: &File,
) -> Result<Vec<Code>, SpecError> {
    let error_code = resolve(spec, error_code);
    let one = std::slice::from_ref(error_code);
    let mut codes = Vec::new();
    for part in error_code["oneOf"].as_array().map_or(one, Vec::as_slice) {
        for value in part["enum"].as_array().into_iter().flatten() {
            codes.push(code(value, &part["description"], place, &codes, file)?);
        }
    }
    Ok(codes)
}

/// Returns a code with its message. The code must be an identifier, and have a row in the table of its file.
pub fn code(
    code: &Value,
    description: &Value,
    place: &str,
    others: &[Code],
    file: &File,
) -> Result<Code, SpecError> {
    let name = code.as_str().filter(|code| is_ident(code));
    let is_new = |code: &&str| others.iter().all(|other| other.code != *code);
    let Some(name) = name.filter(is_new) else {
        return Err(SpecError::at(
            place,
            format!("{code} cannot be an error code, or is one already"),
        ));
    };
    let row = format!("{name} ");
    if !file.text.lines().any(|line| line.trim_start().starts_with(&row)) {
        let reason = format!("{name} has no variant: add a row for it to {}", file.path);
        return Err(SpecError::at(place, reason));
    }
    let paragraph = description.as_str().unwrap_or_default().split("\n\n").next();
    let words: Vec<_> = paragraph.unwrap_or_default().split_whitespace().collect();
    Ok(Code { code: name.to_owned(), message: words.join(" ") })
}
