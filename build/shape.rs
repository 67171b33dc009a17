//! The description as the generator gets it.

use serde_json::{Map, Value, json};

use crate::document::{METHODS, reference};

pub fn for_the_generator(document: &Value) -> Value {
    let mut shaped = document.clone();
    withhold_answers(&mut shaped);
    tell_examples(&mut shaped, document);
    shaped
}

/// Leaves the generator nothing but a 204 to decode, so that every answer with a body comes back whole, as
/// `UnexpectedResponse`. Its own decoding loses status and headers when a body does not parse (a gateway's HTML page
/// would come out without its 502), reads bodies without a bound, and panics on two types of answers.
fn withhold_answers(shaped: &mut Value) {
    let items = shaped["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for item in items {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                operation["responses"] = json!({ "204": { "description": "" } });
            }
        }
    }
}

/// Puts each field's example, its own or its schema's, into its text.
fn tell_examples(shaped: &mut Value, document: &Value) {
    let schemas = shaped.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    let fields = schemas
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(|schema| schema.get_mut("properties").and_then(Value::as_object_mut));
    for field in fields.flat_map(Map::values_mut) {
        let of_its_schema =
            || document.pointer(reference(field)?.strip_prefix('#')?)?.get("example");
        if let Some(example) = field.get("example").or_else(of_its_schema) {
            let text = field["description"].as_str().unwrap_or_default().trim_end();
            field["description"] = format!("{text}\n\nExample: `{example}`.").into();
        }
    }
}
