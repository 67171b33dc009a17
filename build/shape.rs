//! The description as the generator gets it.

use serde_json::{Map, Value, json};

use super::document::{operations, reference, schemas};

/// Formats for which the generator writes code that needs `chrono` or `uuid`: this crate has neither.
const WITHHELD: [&str; 3] = ["date", "date-time", "uuid"];

pub fn for_the_generator(document: &Value) -> Value {
    let mut shaped = document.clone();
    withhold_formats(&mut shaped, document);
    withhold_answers(&mut shaped, document);
    tell_examples(&mut shaped, document);
    shaped
}

/// Leaves dates and such plain strings: what goes out is for the server to judge, and an answer is not lost because of
/// a date in another form.
fn withhold_formats(shaped: &mut Value, document: &Value) {
    for schema in schemas(document) {
        if WITHHELD.iter().any(|format| schema.value["format"] == *format)
            && let Some(Value::Object(schema)) = shaped.pointer_mut(&schema.pointer)
        {
            schema.remove("format");
        }
    }
}

/// Leaves the generator nothing but a 204 to decode, so that every answer with a body comes back whole, as
/// `UnexpectedResponse`. Its own decoding loses status and headers when a body does not parse (a gateway's HTML page
/// would come out without its 502), reads bodies without a bound, and panics on two types of answers.
fn withhold_answers(shaped: &mut Value, document: &Value) {
    for operation in operations(document) {
        if let Some(answers) = shaped.pointer_mut(&format!("{}/responses", operation.pointer())) {
            *answers = json!({ "204": { "description": "" } });
        }
    }
}

/// Puts each field's example, its own or its schema's, into its text.
fn tell_examples(shaped: &mut Value, document: &Value) {
    let schemas = shaped.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    let fields = schemas
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(|schema| schema.get_mut("properties")?.as_object_mut())
        .flat_map(Map::values_mut);
    for field in fields {
        let schema =
            reference(field).and_then(|target| document.pointer(target.strip_prefix('#')?));
        if let Some(example) = field.get("example").or_else(|| schema?.get("example")) {
            let text = field["description"].as_str().unwrap_or_default().trim_end();
            field["description"] = format!("{text}\n\nExample: `{example}`.").into();
        }
    }
}
