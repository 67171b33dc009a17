//! The JSON schemas that the crate derives for its types against the description's own.
#![cfg(feature = "schemars")]

use std::collections::{BTreeMap, BTreeSet};

use bizkithub::types;
use schemars::JsonSchema;
use serde_json::Value;

fn described(name: &str) -> Value {
    let description: Value =
        yaml_serde::from_str(include_str!("../openapi/bizkithub.yaml")).unwrap();
    description["components"]["schemas"][name].clone()
}

fn derived<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

fn required(schema: &Value) -> BTreeSet<String> {
    serde_json::from_value(schema["required"].clone()).unwrap_or_default()
}

/// What a field accepts, both schemas brought to the same form: references followed, `null` (which the derived schema
/// adds to every optional field) left out.
fn accepts(root: &Value, field: &Value, name: &str) -> String {
    if let Some(reference) = field["$ref"].as_str() {
        let target = match reference.strip_prefix("#/components/schemas/") {
            Some(name) => described(name),
            None => root.pointer(reference.trim_start_matches('#')).unwrap().clone(),
        };
        return accepts(root, &target, name);
    }
    for wrapper in ["allOf", "anyOf"] {
        let only = field[wrapper]
            .as_array()
            .into_iter()
            .flatten()
            .find(|option| option["$ref"].is_string());
        if let Some(only) = only {
            return accepts(root, only, name);
        }
    }
    let kind = match &field["type"] {
        Value::Array(kinds) => &kinds[0],
        Value::Null => &field["oneOf"][0]["type"],
        kind => kind,
    };
    let kind = kind.as_str().unwrap_or_else(|| panic!("{name} has no type: {field}"));
    let items = if kind == "array" { accepts(root, &field["items"], name) } else { String::new() };
    format!("{kind}{items}")
}

fn fields(schema: &Value) -> BTreeMap<String, String> {
    let properties = schema["properties"].as_object().unwrap();
    properties.iter().map(|(name, field)| (name.clone(), accepts(schema, field, name))).collect()
}

fn assert_same_object<T: JsonSchema>(name: &str) {
    let (derived, described) = (derived::<T>(), described(name));
    assert_eq!(fields(&derived), fields(&described), "{name}");
    assert_eq!(required(&derived), required(&described), "{name}");
    assert_eq!(derived["title"], name);
}

#[test]
fn the_derived_schemas_have_the_fields_types_and_required_ones_of_the_description() {
    assert_same_object::<types::RegisterAccountRequest>("RegisterAccountRequest");
    assert_same_object::<types::RegisterAccountSuccess>("RegisterAccountSuccess");
    assert_same_object::<types::RegisterAccountData>("RegisterAccountData");
    assert_same_object::<types::RegisterAccountRefusal>("RegisterAccountRefusal");
    assert_same_object::<types::PlatformErrorResponse>("PlatformErrorResponse");
    assert_same_object::<types::PlatformErrorDetail>("PlatformErrorDetail");
}

#[test]
fn the_password_and_the_address_keep_what_the_description_says_of_them() {
    let request = derived::<types::RegisterAccountRequest>();
    let password = &request["$defs"]["Password"];
    let described_password = described("Password");
    for keyword in ["type", "format", "minLength"] {
        assert_eq!(password[keyword], described_password[keyword], "{keyword}");
    }
    assert!(request["properties"]["customerRealIp"].to_string().contains("ip"), "{request}");
}

#[test]
fn the_derived_schema_of_the_error_codes_has_every_code_with_its_text() {
    let derived = derived::<types::RegisterAccountErrorCode>();
    let codes = |schema: &Value| -> Vec<(String, String)> {
        let options = schema["oneOf"].as_array().unwrap().iter();
        options
            .map(|option| {
                let code = option.get("const").unwrap_or(&option["enum"][0]);
                let text = option["description"].as_str().unwrap().split_whitespace();
                (code.as_str().unwrap().to_owned(), text.collect::<Vec<_>>().join(" "))
            })
            .collect()
    };
    assert_eq!(codes(&derived), codes(&described("RegisterAccountErrorCode")));
}

#[test]
fn the_reference_pages_example_fits_the_derived_schema() {
    let schema = jsonschema::validator_for(&derived::<types::RegisterAccountRequest>()).unwrap();
    let mut example: Value =
        serde_json::from_str(include_str!("data/register-account.json")).unwrap();
    assert!(schema.is_valid(&example));
    example["newsletter"] = "yes".into();
    assert!(!schema.is_valid(&example));
}
