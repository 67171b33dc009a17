//! The examples of the spec against its schemas, the documented facts and the generated types.

use bizkithub::{
    AccountInfo, LoginRequest, LogoutRequest, RegisterAccountRequest, RegisterAccountVerifyRequest,
    ResetPasswordRequest, SetNewPasswordRequest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::document::{SPEC, documented, examples, resolve, responses};

/// Collects each schema with each of its examples and their place.
fn walk(value: &'static Value, place: &str, found: &mut Vec<(String, Value, &'static Value)>) {
    let schema = value.get("schema").unwrap_or(value);
    if let Some(example) = value.get("example") {
        found.push((place.to_owned(), schema.clone(), example));
    }
    let named = value["examples"].as_object().filter(|_| value.get("schema").is_some());
    for (name, example) in named.into_iter().flatten() {
        let example = &resolve(&SPEC, example)["value"];
        found.push((format!("{place}/examples/{name}"), schema.clone(), example));
    }
    for (key, child) in value.as_object().into_iter().flatten() {
        // An example may contain anything, even a field called `example`.
        if !["example", "examples"].contains(&key.as_str()) {
            walk(child, &format!("{place}/{key}"), found);
        }
    }
    for (index, child) in value.as_array().into_iter().flatten().enumerate() {
        walk(child, &format!("{place}/{index}"), found);
    }
}

#[test]
fn every_example_fits_its_schema() {
    let mut found = Vec::new();
    walk(&SPEC, "#", &mut found);
    assert!(found.len() > 100, "{} examples", found.len());
    for (place, mut schema, example) in found {
        schema["components"] = SPEC["components"].clone();
        if let Err(error) = jsonschema::validate(&schema, example) {
            panic!("{place}: {error}");
        }
    }
}

#[test]
fn each_error_code_has_an_example_with_its_documented_message() {
    for (operation, endpoint) in documented() {
        let documented: Vec<_> = endpoint
            .codes
            .iter()
            .map(|code| {
                let body =
                    json!({ "success": false, "errorCode": code.code, "message": code.message });
                (code.code, body)
            })
            .collect();
        for (status, response) in responses(operation) {
            let errors: Vec<_> =
                examples(response).filter(|(_, body)| body["errorCode"].is_string()).collect();
            for (name, body) in &errors {
                let is_documented =
                    documented.iter().any(|(code, known)| code == name && known == *body);
                assert!(is_documented, "{name} in {status} of {}: {body}", endpoint.name());
            }
            if status == "200" {
                assert_eq!(errors.len(), documented.len(), "{}", endpoint.name());
            }
        }
    }
}

/// Reads a value as a generated type, and writes it again.
fn rewrite<T: DeserializeOwned + Serialize>(json: &Value) -> Value {
    serde_json::to_value(T::deserialize(json).unwrap()).unwrap()
}

#[test]
fn every_request_example_is_sent_unchanged() {
    for (operation, endpoint) in documented() {
        for (example, json) in examples(&operation["requestBody"]) {
            let sent = match endpoint.name() {
                "register-account" => rewrite::<RegisterAccountRequest>(json),
                "register-account-verify" => rewrite::<RegisterAccountVerifyRequest>(json),
                "login" => rewrite::<LoginRequest>(json),
                "logout" => rewrite::<LogoutRequest>(json),
                "reset-password" => rewrite::<ResetPasswordRequest>(json),
                "set-new-password" => rewrite::<SetNewPasswordRequest>(json),
                _ => continue,
            };
            assert_eq!(sent, *json, "{example} of {}", endpoint.name());
        }
    }
}

#[test]
fn the_example_of_the_account_loses_nothing() {
    let json = &SPEC["components"]["examples"]["AccountInfo"]["value"];
    assert_eq!(rewrite::<AccountInfo>(json), *json);
}

#[test]
fn the_reference_pages_example_is_in_the_spec() {
    let page: Value =
        serde_json::from_str(include_str!("../../examples/register-account.json")).unwrap();
    let request = &SPEC["paths"]["/api/v1/customer/register-account"]["post"]["requestBody"];
    assert!(examples(request).any(|example| example == ("reference", &page)));
    let schema = &SPEC["components"]["schemas"]["RegisterAccountRequest"];
    for (name, value) in page.as_object().unwrap() {
        let field = &schema["properties"][name];
        let example =
            field.get("example").unwrap_or_else(|| &resolve(&SPEC, &field["allOf"][0])["example"]);
        assert_eq!(example, value, "{name}");
    }
}
