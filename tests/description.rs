//! The description against what is known about the endpoint: it is checked, not trusted.

#[allow(dead_code)]
mod support;

use std::collections::BTreeSet;

use bizkithub::types::RegisterAccountErrorCode;
use bizkithub::{EndpointError, RegisterAccountError};
use serde_json::{Value, json};
use support::{Server, minimal_request};

const EXAMPLE: &str = include_str!("data/register-account.json");

fn description() -> Value {
    yaml_serde::from_str(include_str!("../openapi/bizkithub.yaml")).unwrap()
}

fn operation() -> Value {
    description()["paths"]["/api/v1/customer/register-account"]["post"].clone()
}

fn request_schema() -> Value {
    description()["components"]["schemas"]["RegisterAccountRequest"].clone()
}

/// The example of a field, where it is: at the field, or at the schema it stands for.
fn example_of(field: &Value) -> Value {
    let named = field["allOf"][0]["$ref"].as_str().map(|reference| {
        description().pointer(reference.trim_start_matches('#')).unwrap()["example"].clone()
    });
    named.unwrap_or_else(|| field["example"].clone())
}

#[test]
fn the_operation_is_the_documented_one() {
    assert_eq!(operation()["operationId"], "postApiV1CustomerRegister-account");
    assert_eq!(operation()["tags"], json!(["customer"]));
    let description = description();
    assert_eq!(description["paths"].as_object().unwrap().len(), 1);
    assert_eq!(description["servers"][0]["url"], "https://bizkithub.com");
    assert_eq!(description["servers"][1]["url"], "https://api.bizkithub.com");
}

#[test]
fn the_key_is_a_query_parameter_that_every_request_needs() {
    let description = description();
    let scheme = &description["components"]["securitySchemes"]["apiKey"];
    assert_eq!(
        (&scheme["type"], &scheme["in"], &scheme["name"]),
        (&json!("apiKey"), &json!("query"), &json!("apiKey"))
    );
    assert_eq!(description["security"], json!([{ "apiKey": [] }]));
}

#[test]
fn the_request_has_the_fields_of_the_reference_pages_example_with_its_values_as_examples() {
    let example: Value = serde_json::from_str(EXAMPLE).unwrap();
    let schema = request_schema();
    let fields = schema["properties"].as_object().unwrap();
    let names: BTreeSet<_> = fields.keys().collect();
    assert_eq!(names, example.as_object().unwrap().keys().collect());
    for (name, field) in fields {
        assert_eq!(example_of(field), example[name], "{name}");
    }
    let body = &operation()["requestBody"]["content"]["application/json"];
    assert_eq!(body["examples"]["reference"]["value"], example);
}

#[test]
fn only_email_and_password_are_required() {
    assert_eq!(request_schema()["required"], json!(["email", "password"]));
}

#[test]
fn every_error_code_of_the_description_has_the_documented_message_and_a_meaning() {
    let description = description();
    let codes = description["components"]["schemas"]["RegisterAccountErrorCode"]["oneOf"].clone();
    let documented = [
        ("E001", "Customer register failed."),
        ("E002", "Customer has been registered."),
        ("E003", "Customer account has been banned."),
        ("E004", "Too many registration attempts."),
    ];
    let described: Vec<_> = codes
        .as_array()
        .unwrap()
        .iter()
        .map(|code| {
            let message = code["description"].as_str().unwrap().lines().next().unwrap();
            (code["enum"][0].as_str().unwrap(), message)
        })
        .collect();
    assert_eq!(described, documented);
    for (code, message) in documented {
        let meaning = RegisterAccountError::from_code(code);
        assert_eq!((meaning.code(), meaning.to_string().as_str()), (code, message));
        let generated: RegisterAccountErrorCode = code.parse().unwrap();
        assert_eq!(RegisterAccountError::from(generated), meaning);
        assert!(!matches!(meaning, RegisterAccountError::Unknown(_)), "{code} has no meaning");
    }
}

#[tokio::test]
async fn every_named_example_of_an_answer_is_understood() {
    let description = description();
    for (name, example) in description["components"]["examples"].as_object().unwrap() {
        let body = example["value"].to_string();
        let server = Server::answering(support::json(200, &body)).await;
        let result = server.client().register_account(&minimal_request()).await;
        let code = result.as_ref().err().and_then(|error| error.code());
        let expected = match name.as_str() {
            "Success" => None,
            "BadKey" => Some("PUBLIC_API_KEY_DOES_NOT_EXIST"),
            "TooManyRequests" => Some("INTERNAL_TOO_MANY_REQUESTS"),
            code => Some(code),
        };
        assert_eq!(code, expected, "{name}: {result:?}");
        assert_eq!(result.is_ok(), name == "Success", "{name}");
    }
}

#[test]
fn every_example_of_an_answer_fits_the_schema_that_it_is_an_example_of() {
    let description = description();
    let responses = operation()["responses"].clone();
    let mut checked = 0;
    for (status, response) in responses.as_object().unwrap() {
        let content = &response["content"]["application/json"];
        let mut schema = content["schema"].clone();
        schema["components"] = description["components"].clone();
        let schema = jsonschema::validator_for(&schema).unwrap();
        for (name, example) in content["examples"].as_object().unwrap() {
            let reference = example["$ref"].as_str().unwrap();
            let value = &description.pointer(reference.trim_start_matches('#')).unwrap()["value"];
            assert!(schema.is_valid(value), "{name} in {status}");
            checked += 1;
        }
    }
    assert_eq!(checked, 9);
}

#[test]
fn every_named_example_is_shown_with_an_answer() {
    let responses = operation()["responses"].to_string();
    for name in description()["components"]["examples"].as_object().unwrap().keys() {
        assert!(responses.contains(&format!("#/components/examples/{name}\"")), "{name}");
    }
}

#[test]
fn every_answer_describes_the_rate_limit_headers() {
    for (status, response) in operation()["responses"].as_object().unwrap() {
        for header in ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"] {
            assert!(response["headers"][header].is_object(), "{header} in {status}");
        }
    }
    assert!(operation()["responses"]["4XX"]["headers"]["Retry-After"].is_object());
}
