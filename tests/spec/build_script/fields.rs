//! Errors of schemas and their fields.

use super::*;

#[test]
fn a_required_field_cannot_be_removed() {
    let place = format!("{SCHEMAS}/SignInResponse/x-required-on-success");
    let reason = "\"user\" is not a property of this schema";
    assert_errors(&[
        (&format!("{SCHEMAS}/SignInResponse/properties/user"), Value::Null, &place, reason),
        (
            &format!("{SCHEMAS}/SignInRequest/properties/email"),
            Value::Null,
            &format!("{SCHEMAS}/SignInRequest/required"),
            "\"email\" is not a property of this schema",
        ),
    ]);
}

#[test]
fn a_field_cannot_have_a_builder_method_name() {
    let of = |method: &str| format!("the builder has a method {method} of its own");
    let odd = format!("{FIELDS}/odd");
    let request = &format!("{SCHEMAS}/SignInRequest");
    assert_errors(&[
        (&format!("{FIELDS}/build"), text(), request, &of("build")),
        (&format!("{FIELDS}/maybeEmail"), text(), request, &of("maybe_email")),
        (
            &odd,
            json!({ "type": "object", "properties": { "build": text() } }),
            &format!("{request}Odd"),
            &of("build"),
        ),
        (
            &format!("{CART}/parameters/0/name"),
            json!("build"),
            "/components/schemas/CartRequest",
            &of("build"),
        ),
    ]);
}

#[test]
fn two_fields_or_types_cannot_have_one_name_in_rust() {
    let field = "has the same name in Rust as another property";
    let kind = "another type of the crate has this name: rename the schema or the field";
    let record = json!({ "type": "object", "properties": { "a": text() } });
    let mut spec = small();
    set(&mut spec, &format!("{FIELDS}/shopId"), text());
    set(&mut spec, &format!("{FIELDS}/shop_id"), text());
    assert_eq!(error(&spec.to_string()), format!("{FILE}, #{FIELDS}/shop_id: {field}"));

    for (name, other) in [("Client", "Client"), ("sign-in-request", "SignInRequest")] {
        let mut spec = small();
        set(&mut spec, &format!("{SCHEMAS}/{name}"), record.clone());
        set(&mut spec, &format!("{SCHEMAS}/Cart/properties/odd"), reference(name));
        assert_eq!(error(&spec.to_string()), format!("{FILE}, #{SCHEMAS}/{other}: {kind}"));
    }
    // The schema of a field gets a name of its parent's and its own.
    let mut spec = small();
    set(&mut spec, &format!("{SCHEMAS}/CartOdd"), record.clone());
    set(&mut spec, &format!("{SCHEMAS}/Cart/properties/other"), reference("CartOdd"));
    set(&mut spec, &format!("{SCHEMAS}/Cart/properties/odd"), record);
    assert_eq!(error(&spec.to_string()), format!("{FILE}, #{SCHEMAS}/CartOdd: {kind}"));
}

#[test]
fn unsupported_fields_are_rejected() {
    let odd = &format!("{FIELDS}/odd");
    let plain = "is not supported: use a plain type";
    assert_errors(&[
        (
            odd,
            json!({ "type": "string", "nullable": true }),
            &format!("{odd}/nullable"),
            "a null could not be sent: make the field required, or not nullable",
        ),
        (odd, json!({ "anyOf": [text(), { "type": "integer" }] }), &format!("{odd}/anyOf"), plain),
        (odd, json!({ "not": text() }), &format!("{odd}/not"), plain),
        (
            odd,
            json!({ "oneOf": [text(), { "type": "integer" }] }),
            &format!("{odd}/oneOf"),
            "in a request, only enum values are supported here",
        ),
    ]);
}

#[test]
fn a_response_cannot_have_both_properties_and_other_keys() {
    let schema = &format!("{SCHEMAS}/Cart/additionalProperties");
    let reason = "in a response, is not supported next to properties";
    assert_errors(&[(schema, text(), schema, reason)]);
}

#[test]
fn code_in_a_description_is_not_a_test_of_rustdoc() {
    let text = "A text.\n\n```\nsome code\n```\n\n    more code\n";
    let places = [
        "/info/description",
        &format!("{SCHEMAS}/Cart/description"),
        &format!("{SCHEMAS}/Cart/properties/items/description"),
        &format!("{FIELDS}/email/description"),
        &format!("{SIGN_IN}/description"),
        &format!("{CART}/parameters/0/description"),
    ];
    let generated = generated(&places.map(|place| (place, json!(text))));
    let shown = generated.matches("some code").count();
    let hidden = "# [cfg_attr (not (doctest) , doc = \"A text.\\n\\n```\\nsome code";
    assert_eq!((shown, generated.matches(hidden).count()), (4, 4));
}

#[test]
fn other_errors_of_the_generator_are_one_line() {
    let mut spec = small();
    set(&mut spec, &format!("{FIELDS}/odd"), json!({ "type": "string", "enum": ["a", "A"] }));
    let reason = "Failed to make unique variant names for [a,A]";
    let expected = format!("{FILE}: the generator cannot express this: {reason}");
    assert_eq!(error(&spec.to_string()), expected);
}

#[test]
fn a_secret_must_be_a_secret_type() {
    let target = |schema| {
        format!("a secret must be a type of its own: refer to #/components/schemas/{schema}")
    };
    let parameter = json!({ "name": "cartToken", "in": "query", "schema": text() });
    let in_list = json!({ "type": "array", "items": { "type": "object", "properties": { "pass_word": text() } } });
    assert_errors(&[
        (&format!("{FIELDS}/password"), text(), &format!("{FIELDS}/password"), &target("Password")),
        (
            &format!("{FIELDS}/oldPASSWORD"),
            text(),
            &format!("{FIELDS}/oldPASSWORD"),
            &target("Password"),
        ),
        (
            &format!("{FIELDS}/odd"),
            json!({ "type": "string", "format": "password" }),
            &format!("{FIELDS}/odd"),
            &target("Password"),
        ),
        (
            &format!("{FIELDS}/list"),
            in_list,
            &format!("{FIELDS}/list/items/properties/pass_word"),
            &target("Password"),
        ),
        (
            &format!("{SCHEMAS}/Cart/properties/identity_id"),
            text(),
            &format!("{SCHEMAS}/Cart/properties/identity_id"),
            &target("IdentityId"),
        ),
        (
            &format!("{CART}/parameters/-"),
            parameter,
            &format!("{CART}/parameters/1/schema"),
            &target("Token"),
        ),
    ]);
}

#[test]
fn a_field_that_becomes_optional_or_required_follows() {
    let email = |required: Value| {
        let generated = generated(&[(&format!("{SCHEMAS}/SignInRequest/required"), required)]);
        let fields = generated.split("struct SignInRequest").nth(1).unwrap();
        fields.split("pub email : ").nth(1).unwrap().split(" ,").next().unwrap().to_owned()
    };
    assert_eq!(email(json!(["email"])), ":: std :: string :: String");
    let optional = ":: std :: option :: Option < :: std :: string :: String >";
    assert_eq!(email(json!([])), optional);
}

#[test]
fn unused_schemas_are_not_generated() {
    let changes = [(
        &*format!("{SCHEMAS}/Unused"),
        json!({ "type": "object", "properties": { "a": text() } }),
    )];
    assert!(!generated(&changes).contains("Unused"));
}
