//! The operations of the description against the facts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document::{DESCRIPTION, answers, body, described, operations, resolve};
use crate::facts::ENDPOINTS;
use crate::shape::{fields, shape};

#[test]
fn the_operations_are_the_known_ones() {
    let described: BTreeSet<_> = operations().map(|(name, _)| name).collect();
    let known = ENDPOINTS.iter().map(|endpoint| endpoint.operation.to_owned());
    assert_eq!(described, known.collect(), "facts.rs has a row for each");
}

#[test]
fn each_operation_has_the_providers_identifier_and_tag_and_links_its_page() {
    for (operation, endpoint) in described() {
        assert_eq!(operation["operationId"], endpoint.operation_id());
        assert_eq!(operation["tags"], json!(["customer"]), "{}", endpoint.operation);
        let page =
            format!("https://docs.bizkithub.com/swagger/-api-v1-customer-{}", endpoint.name());
        assert_eq!(operation["externalDocs"]["url"], page);
    }
}

#[test]
fn each_operation_says_what_may_be_repeated() {
    for (operation, endpoint) in described() {
        assert_eq!(operation["x-repeat"], endpoint.repeat, "{}", endpoint.operation);
    }
}

#[test]
fn each_request_has_the_known_fields_with_their_types_and_no_other_is_required() {
    for (operation, endpoint) in described() {
        let request = &operation["requestBody"];
        let described = match operation["parameters"].as_array() {
            Some(parameters) => {
                assert_eq!(*request, Value::Null, "{}", endpoint.operation);
                parameters.iter().map(parameter).collect()
            }
            None => {
                assert_eq!(request["required"], true, "{}", endpoint.operation);
                fields(&DESCRIPTION, body(request))
            }
        };
        assert_fields(&described, endpoint.request, endpoint.operation);
    }
}

fn parameter(parameter: &Value) -> String {
    assert_eq!(parameter["in"], "query", "{parameter}");
    let mark = if parameter["required"] == true { "" } else { "?" };
    let name = parameter["name"].as_str().unwrap();
    format!("{name}{mark}: {}", shape(&DESCRIPTION, &parameter["schema"]))
}

/// Whatever their order.
fn assert_fields(described: &[String], known: &[&str], place: &str) {
    let described: BTreeSet<_> = described.iter().map(String::as_str).collect();
    assert_eq!(described, known.iter().copied().collect(), "{place}");
}

#[test]
fn each_answer_of_an_endpoint_has_the_known_fields_and_error_codes() {
    for (operation, endpoint) in described() {
        let mut known = endpoint.answer.to_vec();
        let codes: Vec<_> = endpoint.codes.iter().map(|(code, _)| format!("{code:?}")).collect();
        let codes = match codes[..] {
            [] => "errorCode?: string".to_owned(),
            _ => format!("errorCode?: {}", codes.join(" | ")),
        };
        if known.contains(&"success: boolean") {
            known.extend([codes.as_str(), "message?: string"]);
        }
        let answer = body(&operation["responses"]["200"]);
        assert_fields(&fields(&DESCRIPTION, answer), &known, endpoint.operation);
    }
}

#[test]
fn each_operation_may_fail_by_the_platform_or_be_refused_with_any_status() {
    const PLATFORM: &str =
        "{ error: { code: string, description?: string, message: string, retry_after?: integer } }";
    const REFUSAL: &str = "{ errorCode?: string, message?: string, success: boolean }";
    for (operation, endpoint) in described() {
        let answers: BTreeMap<_, _> = answers(operation).collect();
        assert!(answers.keys().eq(&["200", "4XX", "5XX"]), "{}", endpoint.operation);
        for status in ["4XX", "5XX"] {
            let alternatives = body(answers[status])["oneOf"].as_array().unwrap().iter();
            let shapes: Vec<_> = alternatives.map(|schema| shape(&DESCRIPTION, schema)).collect();
            assert_eq!(shapes, [PLATFORM, REFUSAL], "{status} of {}", endpoint.operation);
        }
    }
}

#[test]
fn each_error_code_has_its_documented_words_in_the_description_and_in_the_crate() {
    for (operation, endpoint) in described() {
        let answer = resolve(&DESCRIPTION, body(&operation["responses"]["200"]));
        let codes = resolve(&DESCRIPTION, &answer["properties"]["errorCode"]["allOf"][0]);
        let codes = codes["oneOf"].as_array().into_iter().flatten();
        let described: Vec<_> = codes
            .map(|code| {
                let words = code["description"].as_str().unwrap().lines().next().unwrap();
                (code["enum"][0].as_str().unwrap(), words)
            })
            .collect();
        assert_eq!(described, endpoint.codes, "{}", endpoint.operation);
        for (code, words) in endpoint.codes {
            let place = format!("{code} of {}", endpoint.operation);
            assert_eq!((endpoint.meaning)(code).as_deref(), Some(*words), "{place}");
        }
        assert_eq!((endpoint.meaning)("E999"), None, "{}", endpoint.operation);
    }
}

#[test]
fn each_answer_tells_the_rate_limit() {
    for (operation, endpoint) in described() {
        for (status, answer) in answers(operation) {
            let mut known =
                BTreeSet::from(["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]);
            if status == "4XX" {
                known.insert("Retry-After");
            }
            let headers = answer["headers"].as_object().unwrap();
            let place = format!("{status} of {}", endpoint.operation);
            assert_eq!(
                headers.keys().map(String::as_str).collect::<BTreeSet<_>>(),
                known,
                "{place}"
            );
            for header in headers.values() {
                let schema = &resolve(&DESCRIPTION, header)["schema"];
                assert_eq!(shape(&DESCRIPTION, schema), "integer", "{place}");
            }
        }
    }
}

#[test]
fn the_key_is_a_query_parameter_that_every_request_needs() {
    let scheme = &DESCRIPTION["components"]["securitySchemes"]["apiKey"];
    let (kind, place, name) = (&scheme["type"], &scheme["in"], &scheme["name"]);
    assert_eq!((kind, place, name), (&json!("apiKey"), &json!("query"), &json!("apiKey")));
    assert_eq!(DESCRIPTION["security"], json!([{ "apiKey": [] }]));
    for (operation, endpoint) in described() {
        assert_eq!(operation.get("security"), None, "{}", endpoint.operation);
    }
}

#[test]
fn the_servers_are_the_reference_pages_and_the_later_pages_one() {
    let servers = DESCRIPTION["servers"].as_array().unwrap();
    let urls: Vec<_> = servers.iter().map(|server| server["url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["https://bizkithub.com", "https://api.bizkithub.com"]);
}

/// So that a generator of tests can walk from one to the other.
#[test]
fn a_sign_in_links_to_what_its_identity_is_for() {
    let mut links = BTreeMap::new();
    for (operation, endpoint) in described() {
        for (status, answer) in answers(operation) {
            for link in answer["links"].as_object().into_iter().flat_map(|links| links.values()) {
                let target = link["operationId"].as_str().unwrap();
                let given = (link.get("parameters"), link.get("requestBody"));
                links.insert((endpoint.name(), status, target), given);
            }
        }
    }
    let identity = json!({ "identityId": "$response.body#/identityId" });
    let whole_answer = json!("$response.body");
    let known = BTreeMap::from([
        (("login", "200", "getApiV1CustomerGet-account-info"), (Some(&identity), None)),
        (("login", "200", "postApiV1CustomerLogout"), (None, Some(&whole_answer))),
    ]);
    assert_eq!(links, known);
}
