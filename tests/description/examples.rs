//! The description's examples against its schemas, the facts and the generated types.

use serde_json::{Value, json};

use crate::document::{DESCRIPTION, answers, body, described, examples, resolve};
use crate::schemas::TYPES;

/// Goes through the description and gives each schema with each of its examples and their place.
fn walk(value: &'static Value, place: &str, found: &mut Vec<(String, Value, &'static Value)>) {
    let schema = value.get("schema").unwrap_or(value);
    if let Some(example) = value.get("example") {
        found.push((place.to_owned(), schema.clone(), example));
    }
    let named = value["examples"].as_object().filter(|_| value.get("schema").is_some());
    for (name, example) in named.into_iter().flatten() {
        let example = &resolve(&DESCRIPTION, example)["value"];
        found.push((format!("{place}/examples/{name}"), schema.clone(), example));
    }
    for (key, child) in value.as_object().into_iter().flatten() {
        // An example may hold anything, a field called `example` too.
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
    walk(&DESCRIPTION, "#", &mut found);
    assert!(found.len() > 100, "{} examples", found.len());
    for (place, mut schema, example) in found {
        schema["components"] = DESCRIPTION["components"].clone();
        if let Err(error) = jsonschema::validate(&schema, example) {
            panic!("{place}: {error}");
        }
    }
}

#[test]
fn every_example_of_a_refusal_has_the_documented_words_and_each_code_has_one() {
    for (operation, endpoint) in described() {
        let documented: Vec<_> = endpoint
            .codes
            .iter()
            .map(|(code, words)| {
                (*code, json!({ "success": false, "errorCode": code, "message": words }))
            })
            .collect();
        for (status, answer) in answers(operation) {
            let told: Vec<_> =
                examples(answer).filter(|(_, body)| body["errorCode"].is_string()).collect();
            for (name, body) in &told {
                let known = documented.iter().any(|(code, known)| code == name && known == *body);
                assert!(known, "{name} in {status} of {}: {body}", endpoint.operation);
            }
            if status == "200" {
                assert_eq!(told.len(), documented.len(), "{}", endpoint.operation);
            }
        }
    }
}

#[test]
fn every_example_of_a_request_becomes_a_generated_type_and_goes_out_as_it_stands() {
    for (operation, _) in described() {
        let request = &operation["requestBody"];
        let Some(reference) = body(request)["$ref"].as_str() else { continue };
        let name = reference.rsplit('/').next().unwrap();
        for (example, json) in examples(request) {
            assert_eq!(TYPES[name].rewrite(json).unwrap(), *json, "{example} of {name}");
        }
    }
}

#[test]
fn the_reference_pages_example_stands_in_the_description_field_for_field() {
    let page: Value =
        serde_json::from_str(include_str!("../../examples/register-account.json")).unwrap();
    let request = &DESCRIPTION["paths"]["/api/v1/customer/register-account"]["post"]["requestBody"];
    assert!(examples(request).any(|example| example == ("reference", &page)));
    let schema = &DESCRIPTION["components"]["schemas"]["RegisterAccountRequest"];
    for (name, value) in page.as_object().unwrap() {
        let field = &schema["properties"][name];
        let example = field
            .get("example")
            .unwrap_or_else(|| &resolve(&DESCRIPTION, &field["allOf"][0])["example"]);
        assert_eq!(example, value, "{name}");
    }
}
