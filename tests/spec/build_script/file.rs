//! Errors of the file, its form, the key and the server.

use super::*;

#[test]
fn the_small_spec_builds() {
    let Build { printed, generated } = build(SMALL);
    assert!(printed.contains("cargo::rerun-if-changed=openapi\n"), "{printed}");
    assert!(printed.contains("cargo::rerun-if-changed=src\n"), "{printed}");
    assert!(!printed.contains("cargo::error"), "{printed}");
    assert!(syn::parse_file(&generated).is_ok());
}

#[test]
fn invalid_yaml_reports_line_and_column() {
    for (from, to, place, reason) in [
        (
            "tags: [shop]\n      x-idempotent: true",
            "tags: [shop\n      x-idempotent: true",
            "31:19",
            "did not find expected",
        ),
        ("paths:\n", "paths:\npaths:\n", "2:1", "duplicate entry with key \"paths\""),
    ] {
        let error = error(&SMALL.replacen(from, to, 1));
        assert!(error.starts_with(&format!("{FILE}:{place}: ")), "{error}");
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_missing_spec_is_reported() {
    let output = Command::new(env!("BIZKITHUB_BUILD_SCRIPT"))
        .env("CARGO_MANIFEST_DIR", "no/such/folder")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains(&format!("cargo::error={FILE}: cannot be read: No such file")));
}

#[test]
fn a_key_with_a_line_break_stays_one_line() {
    assert_errors(&[(
        &format!("{FIELDS}/a\nb"),
        json!({ "type": "strin" }), // spellchecker:disable-line
        "/components/schemas/SignInRequest/properties/a\\nb/type",
        "is not a type of OpenAPI 3.0",
    )]);
}

#[test]
fn malformed_openapi_reports_its_place() {
    assert_errors(&[
        ("/openapi", json!("3.1.0"), "/openapi", "the spec must be OpenAPI 3.0"),
        ("/info/title", Value::Null, "/info", "missing field `title`"),
        (
            &format!("{SIGN_IN}/summary"),
            json!(["shop"]),
            &format!("{SIGN_IN}/summary"),
            "invalid type: sequence, expected a string",
        ),
        (
            &format!("{FIELDS}/odd"),
            json!({ "type": ["string"] }),
            &format!("{FIELDS}/odd"),
            "invalid type: sequence, expected a string",
        ),
        (
            &format!("{FIELDS}/odd"),
            json!({ "minLength": "one" }),
            &format!("{FIELDS}/odd"),
            "invalid type: string \"one\", expected usize",
        ),
        ("/paths/~1odd", json!(3), "/paths", "invalid type: integer `3`, expected struct PathItem"),
        ("/paths/odd", json!({}), "/paths/odd", "a path must begin with a slash"),
    ]);
}

#[test]
fn a_reference_must_point_into_the_file() {
    for target in
        ["#/components/schemas/Nothing", "other.yaml#/Cart", "https://shop.example/spec.yaml"]
    {
        assert_errors(&[(
            SUCCESS,
            json!({ "$ref": target }),
            &format!("{SUCCESS}/$ref"),
            &format!("{target} points to nothing in this file"),
        )]);
    }
}

#[test]
fn a_response_that_contains_itself_is_reported() {
    let target = "#/components/responses/Odd";
    let mut spec = small();
    let content = json!({ "application/json": { "schema": { "$ref": target } } });
    set(&mut spec, "/components/responses", json!({ "Odd": { "content": content } }));
    assert_eq!(error(&spec.to_string()), format!("{FILE}: {target} contains itself"));
}

#[test]
fn a_reference_that_leads_to_itself_is_reported() {
    let odd = format!("{SCHEMAS}/Odd");
    for value in [reference("Odd"), json!({ "allOf": [reference("Odd")] })] {
        let mut spec = small();
        set(&mut spec, &odd, value);
        assert_eq!(error(&spec.to_string()), format!("{FILE}: #{odd} contains itself"));
    }
}

#[test]
fn the_key_must_be_one_parameter_of_the_query() {
    let scheme = "/components/securitySchemes/key";
    let one = "must name one scheme, an apiKey in the query";
    assert_errors(&[
        (&format!("{scheme}/in"), json!("header"), "/security", one),
        (&format!("{scheme}/in"), json!("cookie"), "/security", one),
        (scheme, json!({ "type": "http", "scheme": "bearer" }), "/security", one),
        ("/security", Value::Null, "/security", one),
        ("/security", json!([{ "key": [] }, {}]), "/security", one),
        ("/security", json!([{ "other": [] }]), "/security", one),
        ("/security", json!([{ "key": [], "other": [] }]), "/security", one),
    ]);
}

#[test]
fn the_server_must_be_one_https_url() {
    let url = "must be an https URL without variables, query, user name and final /api/v1";
    assert_errors(&[
        ("/servers/0/url", json!("http://shop.example"), "/servers/0/url", url),
        ("/servers/0/url", json!("https://{region}.example"), "/servers/0/url", url),
        ("/servers/0/url", json!("https://shop.example?a=b"), "/servers/0/url", url),
        ("/servers/0/url", json!("https://shop.example/api/v1/"), "/servers/0/url", url),
        ("/servers", Value::Null, "/servers/0/url", url),
    ]);
}

#[test]
fn other_keys_are_rejected() {
    let item = SIGN_IN.strip_suffix("/post").unwrap();
    let operation = small().pointer(SIGN_IN).unwrap().clone();
    let parameter = &format!("{CART}/parameters/0");
    let schema = &format!("{SCHEMAS}/SignInRequest");
    let rows = [
        (item, "head", operation),
        (item, "servers", json!([{ "url": "https://other.example" }])),
        (SIGN_IN, "servers", json!([])),
        (SIGN_IN, "security", json!([])),
        (SIGN_IN, "callbacks", json!({})),
        ("", "webhooks", json!({})),
        ("/components", "schemass", json!({})), // spellchecker:disable-line
        (&format!("{SIGN_IN}/responses/200"), "contents", json!({})),
        (SIGN_IN, "x-idempotant", json!(true)), // spellchecker:disable-line
        (CART, "x-odd", json!([null])),
        (&format!("{FIELDS}/email"), "nulable", json!(true)), // spellchecker:disable-line
        (&format!("{FIELDS}/email"), "anyOf", json!([text(), { "type": "integer" }])),
        (&format!("{SCHEMAS}/Cart/properties/items/items"), "not", text()),
        (schema, "discriminator", json!({ "propertyName": "email" })),
    ];
    for (part, key, value) in rows {
        let place = format!("{part}/{key}");
        assert_errors(&[(&place, value, &place, "is not supported here")]);
    }
    for (key, value) in [("style", json!("form")), ("explode", json!(false))] {
        let place = format!("{CART}/{key}");
        assert_errors(&[(&format!("{parameter}/{key}"), value, &place, "is not supported here")]);
    }
}
