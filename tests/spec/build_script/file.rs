//! Errors of the file, its form, the key and the server.

use super::*;

#[test]
fn the_small_spec_builds() {
    let Build { printed, generated } = build(SMALL);
    assert!(printed.contains("cargo::rerun-if-changed=openapi\n"), "{printed}");
    assert!(printed.contains("cargo::rerun-if-changed=src/shop\n"), "{printed}");
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
        ("type: string", "type: \0string", "53:17", "a NUL character is not allowed"),
        ("paths:\n", "---\npaths:\n", "8:1", "the file must be a single YAML document"),
        (
            "paths:\n",
            "x-bomb: &bomb [a]\npaths:\n",
            "8:9",
            "anchors and aliases are not supported: use $ref",
        ),
    ] {
        let error = error(&SMALL.replacen(from, to, 1));
        assert!(error.starts_with(&format!("{FILE}:{place}: ")), "{error}");
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_null_key_reports_its_place() {
    let error = error(&SMALL.replacen("paths:\n", "x-odd:\n  ? null\n  : 3\npaths:\n", 1));
    assert!(error.starts_with(&format!("{FILE}, #/x-odd")), "{error}");
}

#[test]
fn an_anchor_in_a_text_is_not_an_anchor() {
    for text in ["R&D, R & D", "a &b", "2 *3, *bold*", "---"] {
        let spec = SMALL.replacen("The cart.", &format!("|\n            {text}"), 1);
        assert!(!build(&spec).printed.contains("cargo::error"), "{text}");
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
        "\"strin\" is not a type of OpenAPI 3.0, which has string, number, integer, boolean, array, object", // spellchecker:disable-line
    )]);
}

#[test]
fn malformed_openapi_reports_its_place() {
    assert_errors(&[
        (
            "/openapi",
            json!("3.1.0"),
            "/openapi",
            "\"3.1.0\" is not supported: the spec must be OpenAPI 3.0",
        ),
        ("/info/title", Value::Null, "/info", "missing field `title`"),
        (
            &format!("{SIGN_IN}/tags"),
            json!("shop"),
            &format!("{SIGN_IN}/tags"),
            "invalid type: string \"shop\", expected a sequence",
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
        (
            "/paths/~1odd",
            json!(3),
            "/paths/~1odd",
            "invalid type: integer `3`, expected struct PathItem",
        ),
        (
            "/paths/odd",
            json!({}),
            "/paths/odd",
            "a path must begin with a slash, and not be a reference",
        ),
        (
            "/paths/~1odd",
            json!({ "$ref": "#/paths/~1v1~1shop~1cart" }),
            "/paths/~1odd",
            "a path must begin with a slash, and not be a reference",
        ),
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
fn the_key_must_be_one_parameter_of_the_query() {
    let scheme = "/components/securitySchemes/key";
    let query = "only an apiKey in the query is supported";
    let one = "must name the one security scheme";
    let same = "the key is the same for all operations";
    assert_errors(&[
        (&format!("{scheme}/in"), json!("header"), scheme, query),
        (&format!("{scheme}/in"), json!("cookie"), scheme, query),
        (scheme, json!({ "type": "http", "scheme": "bearer" }), scheme, query),
        ("/security", Value::Null, "/security", one),
        ("/security", json!([{ "key": [] }, {}]), "/security", one),
        ("/security", json!([{ "other": [] }]), "/security", one),
        (&format!("{SIGN_IN}/security"), json!([]), &format!("{SIGN_IN}/security"), same),
    ]);
}

#[test]
fn the_server_must_be_one_https_url() {
    let url = "must be an https URL without variables";
    let same = "the server is the same for all operations";
    let other = json!([{ "url": "https://other.example" }]);
    let cart = "/paths/~1v1~1shop~1cart/servers";
    assert_errors(&[
        ("/servers/0/url", json!("http://shop.example"), "/servers/0/url", url),
        ("/servers/0/url", json!("https://{region}.example"), "/servers/0/url", url),
        ("/servers", Value::Null, "/servers/0/url", url),
        (&format!("{SIGN_IN}/servers"), other.clone(), &format!("{SIGN_IN}/servers"), same),
        (cart, other, cart, same),
    ]);
}

#[test]
fn extensions_may_contain_anything() {
    generated(&[
        ("/paths/x-odd", json!({ "schema": 3 })),
        (&format!("{SIGN_IN}/x-odd"), json!([null])),
    ]);
}
