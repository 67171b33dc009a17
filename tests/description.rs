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

/// The operation's examples of answers: status, name, body.
fn examples() -> Vec<(String, String, Value)> {
    let description = description();
    let mut examples = Vec::new();
    for (status, response) in operation()["responses"].as_object().unwrap() {
        let named = response["content"]["application/json"]["examples"].as_object().unwrap();
        for (name, example) in named {
            let reference = example["$ref"].as_str().unwrap().trim_start_matches('#');
            let body = description.pointer(reference).unwrap()["value"].clone();
            examples.push((status.clone(), name.clone(), body));
        }
    }
    examples
}

#[tokio::test]
async fn every_example_of_an_answer_is_understood() {
    for (status, name, body) in examples() {
        let server = Server::answering(support::json(200, &body.to_string())).await;
        let result = server.client().register_account(&minimal_request()).await;
        let code = result.as_ref().err().and_then(|error| error.code());
        let expected = match name.as_str() {
            "success" => None,
            "badKey" => Some("PUBLIC_API_KEY_DOES_NOT_EXIST"),
            "tooManyRequests" => Some("INTERNAL_TOO_MANY_REQUESTS"),
            code => Some(code),
        };
        assert_eq!(code, expected, "{name} in {status}: {result:?}");
        assert_eq!(result.is_ok(), name == "success", "{name} in {status}");
    }
}

#[test]
fn every_example_of_an_answer_fits_the_schema_of_its_answer() {
    let components = description()["components"].clone();
    let names: BTreeSet<_> = examples().into_iter().map(|(_, name, _)| name).collect();
    let documented = ["E001", "E002", "E003", "E004", "badKey", "success", "tooManyRequests"];
    assert_eq!(names, documented.map(str::to_owned).into());
    for (status, name, body) in examples() {
        let content = &operation()["responses"][&status]["content"]["application/json"];
        let mut schema = content["schema"].clone();
        schema["components"] = components.clone();
        assert!(jsonschema::is_valid(&schema, &body), "{name} in {status}");
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
