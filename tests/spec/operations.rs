//! The operations of the spec against the documented facts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::document::{SPEC, body, documented, operations, resolve, responses};
use crate::documented_api::ENDPOINTS;
use crate::shape::{fields, shape};

#[test]
fn the_operations_are_the_documented_ones() {
    let names: BTreeSet<_> = operations().map(|(name, _)| name).collect();
    assert_eq!(names, ENDPOINTS.iter().map(|endpoint| endpoint.operation()).collect());
}

#[test]
fn each_operation_has_its_documented_identifier_tag_and_page() {
    for (operation, endpoint) in documented() {
        assert_eq!(operation["operationId"], endpoint.operation_id);
        assert_eq!(operation["tags"], json!(["customer"]), "{}", endpoint.name());
        assert_eq!(operation["x-idempotent"], endpoint.is_idempotent, "{}", endpoint.name());
        let page =
            format!("https://docs.bizkithub.com/swagger/-api-v1-customer-{}", endpoint.name());
        assert_eq!(operation["externalDocs"]["url"], page);
    }
}

#[test]
fn each_request_has_exactly_the_documented_fields() {
    for (operation, endpoint) in documented() {
        let fields = match operation["parameters"].as_array() {
            Some(parameters) => parameters.iter().map(parameter).collect(),
            None => {
                assert_eq!(operation["requestBody"]["required"], true, "{}", endpoint.name());
                fields(&SPEC, body(&operation["requestBody"]))
            }
        };
        assert_fields(&fields, endpoint.request, endpoint.name());
    }
}

fn parameter(parameter: &Value) -> String {
    let parameter = resolve(&SPEC, parameter);
    assert_eq!(parameter["in"], "query", "{parameter}");
    let mark = if parameter["required"] == true { "" } else { "?" };
    let name = parameter["name"].as_str().unwrap();
    format!("{name}{mark}: {}", shape(&SPEC, &parameter["schema"]))
}

/// Compares the fields in any order.
#[track_caller]
fn assert_fields(fields: &[String], documented: &[&str], place: &str) {
    let fields: BTreeSet<_> = fields.iter().map(String::as_str).collect();
    assert_eq!(fields, documented.iter().copied().collect(), "{place}");
}

#[test]
fn each_response_has_exactly_the_documented_fields_and_codes() {
    for (operation, endpoint) in documented() {
        let mut documented = endpoint.response.to_vec();
        let codes: Vec<_> = endpoint.codes.iter().map(|code| format!("{:?}", code.code)).collect();
        let codes = match codes[..] {
            [] => "errorCode?: string".to_owned(),
            _ => format!("errorCode?: {}", codes.join(" | ")),
        };
        if documented.contains(&"success: boolean") {
            documented.extend([codes.as_str(), "message?: string"]);
        }
        let response = body(&operation["responses"]["200"]);
        assert_fields(&fields(&SPEC, response), &documented, endpoint.name());
    }
}

#[test]
fn each_error_code_has_its_documented_message() {
    for (operation, endpoint) in documented() {
        let response = resolve(&SPEC, body(&operation["responses"]["200"]));
        let codes = resolve(&SPEC, &response["properties"]["errorCode"]["allOf"][0]);
        let codes = codes["oneOf"].as_array().into_iter().flatten();
        let codes: Vec<_> = codes
            .map(|code| {
                let message = code["description"].as_str().unwrap().lines().next().unwrap();
                (code["enum"][0].as_str().unwrap(), message)
            })
            .collect();
        let documented = endpoint.codes.iter().map(|code| (code.code, code.message));
        assert_eq!(codes, documented.collect::<Vec<_>>(), "{}", endpoint.name());
        for code in endpoint.codes {
            let error = (endpoint.error_of_code)(code.code);
            assert_eq!(
                error,
                (code.variant.to_owned(), code.message.to_owned()),
                "{}",
                endpoint.name()
            );
        }
    }
}

#[test]
fn each_operation_documents_both_kinds_of_error() {
    const PLATFORM: &str =
        "{ error: { code: string, description?: string, message: string, retry_after?: number } }";
    const ENDPOINT: &str = "{ errorCode?: string, message?: string, success: boolean }";
    for (operation, endpoint) in documented() {
        let responses: BTreeMap<_, _> = responses(operation).collect();
        assert!(responses.keys().eq(&["200", "4XX", "5XX"]), "{}", endpoint.name());
        for status in ["4XX", "5XX"] {
            let parts = body(responses[status])["oneOf"].as_array().unwrap().iter();
            let shapes: Vec<_> = parts.map(|schema| shape(&SPEC, schema)).collect();
            assert_eq!(shapes, [PLATFORM, ENDPOINT], "{status} of {}", endpoint.name());
        }
    }
}

#[test]
fn each_response_has_the_rate_limit_headers() {
    for (operation, endpoint) in documented() {
        for (status, response) in responses(operation) {
            let mut documented =
                BTreeSet::from(["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"]);
            if status == "4XX" {
                documented.insert("Retry-After");
            }
            let headers = response["headers"].as_object().unwrap();
            let names = headers.keys().map(String::as_str).collect::<BTreeSet<_>>();
            assert_eq!(names, documented, "{status} of {}", endpoint.name());
            for header in headers.values() {
                assert_eq!(shape(&SPEC, &resolve(&SPEC, header)["schema"]), "integer");
            }
        }
    }
}

#[test]
fn key_and_servers_are_the_documented_ones() {
    let scheme = &SPEC["components"]["securitySchemes"]["apiKey"];
    let (kind, place, name) = (&scheme["type"], &scheme["in"], &scheme["name"]);
    assert_eq!((kind, place, name), (&json!("apiKey"), &json!("query"), &json!("apiKey")));
    let servers = SPEC["servers"].as_array().unwrap();
    let urls: Vec<_> = servers.iter().map(|server| server["url"].as_str().unwrap()).collect();
    assert_eq!(urls, ["https://bizkithub.com", "https://api.bizkithub.com"]);
}

/// A test generator follows these links.
#[test]
fn login_links_to_the_operations_that_take_its_identity() {
    let mut links = BTreeMap::new();
    for (operation, endpoint) in documented() {
        for (status, response) in responses(operation) {
            for link in response["links"].as_object().into_iter().flat_map(|links| links.values()) {
                let target = link["operationId"].as_str().unwrap();
                let given = (link.get("parameters"), link.get("requestBody"));
                links.insert((endpoint.name(), status, target), given);
            }
        }
    }
    let identity = json!({ "identityId": "$response.body#/identityId" });
    let whole_response = json!("$response.body");
    let known = BTreeMap::from([
        (("login", "200", "getApiV1CustomerGet-account-info"), (Some(&identity), None)),
        (("login", "200", "postApiV1CustomerLogout"), (None, Some(&whole_response))),
    ]);
    assert_eq!(links, known);
}
