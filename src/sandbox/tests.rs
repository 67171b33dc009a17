//! Operations that the spec does not have yet: the sandbox must serve them without a change.

use http::StatusCode;
use serde_json::{Value, json};

use super::endpoint::{Endpoint, Route, named_in, routes_in};
use super::request::{Body, Request};
use super::spec;
use crate::operation::Facts;

fn facts(id: &'static str, method: &'static str, path: &'static str) -> Facts {
    let (name, request_schema) = ("", "");
    let (is_idempotent, has_success_flag) = (false, true);
    Facts { id, method, path, name, is_idempotent, has_success_flag, request_schema }
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn endpoint(facts: Facts, operation: Value, schema: &Value) -> &'static Endpoint {
    let validator = jsonschema::validator_for(schema).map_err(|error| error.to_string());
    leak(Endpoint { facts: leak(facts), operation: leak(operation), validator })
}

fn order() -> &'static Endpoint {
    let string = || json!({ "type": "string" });
    let operation = json!({
        "parameters": [
            { "name": "id", "in": "path", "schema": { "type": "integer" } },
            { "name": "page", "in": "query", "schema": { "type": "number" } },
            { "name": "full", "in": "query", "schema": { "type": "boolean" } },
            { "name": "name", "in": "query", "schema": string() },
            { "name": "tag", "in": "query", "schema": { "type": "array", "items": { "type": "integer" } } },
            { "name": "token", "in": "query", "schema": { "$ref": "#/components/schemas/Token" } },
            { "name": "shop", "in": "query", "schema": { "allOf": [{ "type": "integer" }] } },
        ],
        "requestBody": { "content": { "application/json": { "schema": {
            "type": "object", "properties": { "note": string() }
        } } } },
    });
    let schema = json!({ "type": "object", "required": ["id", "body"], "properties": {
        "id": { "type": "integer" }, "page": { "type": "number", "minimum": 1 },
        "tag": { "items": { "type": "integer" } }, "body": { "type": "object" },
    } });
    endpoint(facts("putOrder", "PUT", "/api/order/{id}/lines"), operation, &schema)
}

fn request(target: &str, body: &'static str) -> Request {
    let request = http::Request::put(target).header("content-type", "application/json");
    let (head, ()) = request.body(()).unwrap().into_parts();
    Request::new(head, Body::Complete(body.into()))
}

fn route(endpoint: &'static Endpoint, path: &str) -> Route {
    routes_in(std::slice::from_ref(endpoint), path).pop().unwrap()
}

#[test]
fn parameters_get_the_type_of_the_spec() {
    let target = "/api/order/12/lines?page=2.5&full=true&name=5&tag=1&tag=2&shop=7&other=x";
    let route = route(order(), "/api/order/12/lines");
    let decoded = request(target, r#"{"note":"x"}"#).decode(&route);
    let expected = json!({
        "id": 12, "page": 2.5, "full": true, "name": "5", "tag": [1, 2], "shop": 7,
        "body": { "note": "x" },
    });
    assert_eq!(decoded.ok(), Some(expected));
}

#[test]
fn parameters_of_another_type_or_size_are_rejected() {
    let long_enough = route(order(), "/api/order/12/lines");
    for target in ["/?page=two", "/?page=0", "/?page=", "/?tag=1&tag=x"] {
        assert!(request(target, "{}").decode(&long_enough).is_err(), "{target}");
    }
    let not_a_number = route(order(), "/api/order/twelve/lines");
    assert!(request("/", "{}").decode(&not_a_number).is_err());
    assert!(request("/", "[]").decode(&long_enough).is_err(), "the body is not an object");
}

#[test]
fn secret_parameters_are_not_recorded() {
    let request = request("/?token=secret&page=2&tag=1&tag=2&other=secret", "{}");
    let query = request.recordable_query(&route(order(), "/api/order/12/lines"));
    assert_eq!(query, json!({ "page": "2", "tag": ["1", "2"] }));
}

#[test]
fn paths_match_their_templates() {
    let operation = |method, path| endpoint(facts(method, method, path), json!({}), &json!({}));
    let endpoints: &'static [Endpoint] = Vec::leak(
        [
            ("GET", "/order/{id}"),
            ("DELETE", "/order/{id}"),
            ("POST", "/order/new"),
            ("PUT", "/order/{id}/line-{line}.json"),
        ]
        .map(|(method, path)| {
            let Endpoint { facts, operation, .. } = operation(method, path);
            Endpoint { facts, operation, validator: Err(String::new()) }
        })
        .into(),
    );
    let methods = |path: &str| -> Vec<&str> {
        routes_in(endpoints, path).iter().map(|route| route.endpoint.facts.method).collect()
    };
    assert_eq!(methods("/order/7"), ["GET", "DELETE"]);
    assert_eq!(methods("/order/new"), ["POST", "GET", "DELETE"], "the literal path comes first");
    assert_eq!(methods("/order/7/line-3.json"), ["PUT"]);
    for path in ["/order", "/order/", "/order/7/", "/orders/7", "/order/7/line-.json"] {
        assert!(methods(path).is_empty(), "{path}");
    }
    let values = routes_in(endpoints, "/order/a%2Fb+c%26d=e/line-3.json").remove(0).parameters;
    assert_eq!(values, [("id", "a/b+c&d=e".to_owned()), ("line", "3".to_owned())]);
}

#[test]
fn an_ambiguous_endpoint_name_needs_the_operation_id() {
    let all: &'static [Facts] = Vec::leak(vec![
        facts("getOrder", "GET", "/order/{id}"),
        facts("deleteOrder", "DELETE", "/order/{id}"),
        facts("getLogin", "GET", "/login"),
    ]);
    assert_eq!(named_in(all, "login").unwrap().id, "getLogin");
    assert_eq!(named_in(all, "deleteOrder").unwrap().id, "deleteOrder");
    assert!(named_in(all, "order").unwrap_err().contains("several"));
    assert!(named_in(all, "{id}").unwrap_err().contains("no endpoint"));
}

#[test]
fn the_first_success_example_of_the_spec_is_used() {
    let example = |status: &str, media: Value| {
        let responses = json!({
            status: { "content": { "application/json": media } },
            "4XX": { "content": { "application/json": { "example": { "wrong": true } } } },
        });
        let operation = json!({ "responses": responses });
        endpoint(facts("a", "GET", "/a"), operation, &json!({})).success_example()
    };
    let error = json!({ "value": { "success": false } });
    let login = json!({ "value": { "success": true, "identityId": "id" } });
    let examples = json!({ "examples": { "E001": error, "success": login } });
    assert_eq!(example("200", examples).1["identityId"], "id");
    let one = json!({ "example": { "a": 1 } });
    assert_eq!(example("201", one), (StatusCode::CREATED, json!({ "a": 1 })));
    let schema = json!({ "schema": { "$ref": "#/components/schemas/CustomerGroup" } });
    assert_eq!(example("200", schema).1["slug"], "trainer");
    assert_eq!(example("2XX", json!({})), (StatusCode::OK, json!({ "success": true })));
}

#[test]
fn the_documented_error_codes_come_from_the_spec() {
    let media = json!({ "schema": { "$ref": "#/components/schemas/LoginResponse" } });
    let responses = json!({ "200": { "content": { "application/json": media } } });
    let login = endpoint(facts("a", "GET", "/a"), json!({ "responses": responses }), &json!({}));
    assert!(login.documents("E007") && !login.documents("E008"));
}

#[test]
fn schemas_of_openapi_are_translated() {
    let mut schema = json!({ "properties": {
        "a": { "type": "number", "nullable": true, "minimum": 1, "exclusiveMinimum": true },
        "b": { "type": "number", "maximum": 1, "exclusiveMaximum": false },
    } });
    spec::to_json_schema(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (value, is_valid) in [
        (json!({ "a": null }), true),
        (json!({ "a": 2, "b": 1 }), true),
        (json!({ "a": 1 }), false),
        (json!({ "b": 2 }), false),
        (json!({ "b": null }), false),
    ] {
        assert_eq!(validator.is_valid(&value), is_valid, "{value}");
    }
}

#[test]
fn only_described_fields_without_secrets_are_kept() {
    let schema = leak(json!({ "allOf": [{ "properties": {
        "email": { "type": "string" },
        "password": { "allOf": [{ "$ref": "#/components/schemas/Password" }] },
        "list": { "type": "array", "items": { "properties": { "a": {} } } },
        "free": { "type": "object", "additionalProperties": true },
    } }] }));
    let value = json!({
        "email": "a", "password": "b", "list": [{ "a": 1, "b": 2 }],
        "free": { "d": 3 }, "other": 4,
    });
    let expected = json!({ "email": "a", "list": [{ "a": 1 }], "free": {} });
    assert_eq!(spec::without_secrets(&value, schema), Some(expected));
}
