//! Errors of schemas and their fields.

use super::*;

const NAME: &str = "has the name of a method of the builder";

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
    let odd = format!("{FIELDS}/odd");
    let build = format!("{FIELDS}/build");
    let maybe = format!("{FIELDS}/maybeEmail");
    let earlier = format!("{FIELDS}/maybePassword");
    assert_errors(&[
        (&build, text(), &build, NAME),
        (&maybe, text(), &maybe, NAME),
        (&earlier, reference("Password"), &earlier, NAME),
        (
            &odd,
            json!({ "type": "object", "properties": { "build": text() } }),
            &format!("{odd}/properties/build"),
            NAME,
        ),
        (
            &format!("{CART}/parameters/0/name"),
            json!("build"),
            &format!("{SCHEMAS}/CartRequest/properties/build"),
            NAME,
        ),
    ]);
}

#[test]
fn unsupported_fields_are_rejected() {
    let odd = &format!("{FIELDS}/odd");
    assert_errors(&[
        (
            odd,
            json!({ "type": "string", "nullable": true }),
            &format!("{odd}/nullable"),
            "a null could not be sent: make the field required, or not nullable",
        ),
        (
            odd,
            json!({ "type": "array", "items": { "type": "string", "nullable": true } }),
            &format!("{odd}/items"),
            "cannot be null in a request",
        ),
        (
            odd,
            json!({ "type": "string", "enum": [true, false] }),
            &format!("{odd}/enum"),
            "has values that are not of its type",
        ),
        (
            odd,
            json!({ "type": "integer", "enum": ["1"] }),
            &format!("{odd}/enum"),
            "has values that are not of its type",
        ),
        (
            odd,
            json!({ "type": "string", "format": "password" }),
            odd,
            "\"odd\" is a secret: refer to #/components/schemas/Password",
        ),
        (
            odd,
            json!({ "type": "array", "items": { "type": "string", "format": "password" } }),
            &format!("{odd}/items"),
            "\"odd\" is a secret: refer to #/components/schemas/Password",
        ),
    ]);
}

#[test]
fn an_object_cannot_have_both_properties_and_other_keys() {
    let reason = "is not supported next to properties";
    for name in ["Cart", "SignInRequest"] {
        let place = &format!("{SCHEMAS}/{name}/additionalProperties");
        assert_errors(&[(place, text(), place, reason)]);
    }
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
    let target = |name: &str, schema: &str| {
        format!("{name:?} is a secret: refer to #/components/schemas/{schema}")
    };
    let parameter = json!({ "name": "cartToken", "in": "query", "schema": text() });
    let in_list = json!({ "type": "array", "items": { "type": "object", "properties": { "pass_word": text() } } });
    assert_errors(&[
        (
            &format!("{FIELDS}/password"),
            text(),
            &format!("{FIELDS}/password"),
            &target("password", "Password"),
        ),
        (
            &format!("{FIELDS}/oldPASSWORD"),
            text(),
            &format!("{FIELDS}/oldPASSWORD"),
            &target("oldPASSWORD", "Password"),
        ),
        (
            &format!("{FIELDS}/list"),
            in_list,
            &format!("{FIELDS}/list/items/properties/pass_word"),
            &target("pass_word", "Password"),
        ),
        (
            &format!("{FIELDS}/passwords"),
            json!({ "type": "object", "additionalProperties": text() }),
            &format!("{FIELDS}/passwords/additionalProperties"),
            &target("passwords", "Password"),
        ),
        (
            &format!("{FIELDS}/either"),
            json!({ "oneOf": [{ "type": "object", "properties": { "token": text() } }] }),
            &format!("{FIELDS}/either"),
            &target("token", "Token"),
        ),
        (
            &format!("{SCHEMAS}/Cart/properties/identity_id"),
            text(),
            &format!("{SCHEMAS}/Cart/properties/identity_id"),
            &target("identity_id", "IdentityId"),
        ),
        (
            &format!("{CART}/parameters/-"),
            parameter,
            &format!("{SCHEMAS}/CartRequest/properties/cartToken"),
            &target("cartToken", "Token"),
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
fn a_schema_takes_its_form_from_one_place() {
    let odd = &format!("{FIELDS}/odd");
    let base = reference("Cart");
    let fields = json!({ "a": text() });
    let here = "is not supported here";
    assert_errors(&[
        (odd, json!({ "allOf": [base], "properties": fields }), &format!("{odd}/properties"), here),
        (odd, json!({ "allOf": [base], "required": ["a"] }), &format!("{odd}/required"), here),
        (odd, json!({ "allOf": [base, { "required": ["a"] }] }), &format!("{odd}/allOf"), here),
        (
            odd,
            json!({ "allOf": [{ "properties": fields }], "properties": { "b": text() } }),
            &format!("{odd}/allOf"),
            here,
        ),
        (odd, json!({ "type": "string", "items": text() }), &format!("{odd}/items"), here),
        (odd, json!({ "type": "array", "properties": fields }), &format!("{odd}/properties"), here),
        (
            odd,
            json!({ "properties": fields, "x-required-on-success": ["a"] }),
            &format!("{odd}/x-required-on-success"),
            "is not supported in a request",
        ),
        (
            odd,
            json!({ "allOf": [base, reference("SignInResponse")] }),
            &format!("{odd}/allOf"),
            here,
        ),
    ]);
    let properties = format!("{SCHEMAS}/Cart/properties");
    let place = format!("{properties}/odd/oneOf");
    let odd = json!({ "properties": fields, "oneOf": [{ "properties": fields }] });
    let reason = "is not supported next to properties";
    assert_errors(&[(&format!("{properties}/odd"), odd, &place, reason)]);
}

#[test]
fn only_an_object_contains_itself() {
    let list = json!({ "type": "array", "items": reference("Odd") });
    let object = json!({ "type": "object", "properties": { "odd": reference("Odd") } });
    for (schema, parent, is_supported) in [
        (&list, "SignInRequest", false),
        (&object, "SignInRequest", true),
        (&list, "Cart", false),
        (&object, "Cart", true),
    ] {
        let mut spec = small();
        set(&mut spec, &format!("{SCHEMAS}/Odd"), schema.clone());
        set(&mut spec, &format!("{SCHEMAS}/{parent}/properties/odd"), reference("Odd"));
        let printed = build(&spec.to_string()).printed;
        assert_eq!(printed.contains(&format!("#{SCHEMAS}/Odd contains itself")), !is_supported);
        assert_eq!(printed.contains("cargo::error"), !is_supported, "{printed}");
    }
}

#[test]
fn unused_schemas_are_not_generated() {
    let changes = [(
        &*format!("{SCHEMAS}/Unused"),
        json!({ "type": "object", "properties": { "a": text() } }),
    )];
    assert!(!generated(&changes).contains("Unused"));
}

#[test]
fn two_types_or_fields_cannot_have_one_name() {
    let status = |value: &str| json!({ "type": "string", "enum": [value] });
    let item = json!({ "type": "object", "properties": { "status": status("sold") } });
    let home =
        json!({ "type": "object", "properties": { "itemStatus": status("new"), "item": item } });
    let email = format!("{FIELDS}/Email");
    assert_errors(&[
        (
            &format!("{FIELDS}/home"),
            home,
            &format!("{FIELDS}/home/properties/itemStatus"),
            "would be the second type called SignInRequestHomeItemStatus: rename it",
        ),
        (&email, text(), &email, "has the name of another property in Rust"),
    ]);
}
