//! What the build script makes of a description that it cannot use. It is run as cargo runs it, on a copy of the
//! description with one thing broken.

use std::fs;
use std::process::Command;

const DESCRIPTION: &str = include_str!("../../openapi/bizkithub.yaml");
const FILE: &str = "openapi/bizkithub.yaml";

/// Runs the build script on a description and gives what it says to cargo.
fn build(description: Option<&str>) -> String {
    run(description).0
}

/// What the build script says to cargo, and what it has generated.
fn run(description: Option<&str>) -> (String, String) {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("openapi")).unwrap();
    if let Some(description) = description {
        fs::write(directory.path().join(FILE), description).unwrap();
    }
    let output = Command::new(env!("BIZKITHUB_BUILD_SCRIPT"))
        .env("CARGO_MANIFEST_DIR", directory.path())
        .env("OUT_DIR", directory.path())
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "neither panic nor backtrace");
    assert!(output.status.success(), "cargo prints the message alone, without the script's output");
    let generated = fs::read_to_string(directory.path().join("generated.rs")).unwrap_or_default();
    (String::from_utf8(output.stdout).unwrap(), generated)
}

/// The one message, in one line, of a build that must stop.
fn message(description: Option<&str>) -> String {
    let said = build(description);
    let (others, errors): (Vec<_>, Vec<_>) =
        said.lines().partition(|line| !line.starts_with("cargo::error="));
    assert!(others.iter().all(|line| line.starts_with("cargo::")), "more than one line: {said}");
    let [message] = errors[..] else { panic!("not one message: {said}") };
    let message = message.trim_start_matches("cargo::error=").to_owned();
    assert!(message.len() < 400, "not readable at a glance: {message}");
    message
}

fn message_after(from: &str, to: &str) -> String {
    assert!(DESCRIPTION.contains(from), "{from}");
    message(Some(&DESCRIPTION.replacen(from, to, 1)))
}

/// The description with a schema more, which is called `Odd`.
fn with_odd(schema: &str) -> String {
    DESCRIPTION.replacen("    Groups:\n", &format!("    Odd: {schema}\n    Groups:\n"), 1)
}

/// Adds the schema and gives what is generated.
fn generated_with_odd(schema: &str) -> String {
    let (said, generated) = run(Some(&with_odd(schema)));
    assert!(!said.contains("cargo::error"), "{said}");
    generated
}

/// The number, from 1, of the line that holds the text.
fn line_of(text: &str) -> usize {
    DESCRIPTION.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn the_description_as_it_is_builds_and_is_watched_for_changes() {
    let said = build(Some(DESCRIPTION));
    assert!(!said.contains("cargo::error"), "{said}");
    assert!(said.contains("cargo::rerun-if-changed=openapi\n"), "{said}");
}

#[test]
fn a_description_that_is_not_there_is_told() {
    let message = message(None);
    assert!(message.starts_with(&format!("{FILE}: cannot be read: No such file")), "{message}");
}

#[test]
fn what_is_no_yaml_is_told_with_line_and_column() {
    for (from, to, line, reason) in [
        // The parser sees it where the next key stands in the unclosed list.
        (
            "tags: [customer]",
            "tags: [customer",
            line_of("tags: [customer]") + 1,
            "did not find expected ',' or ']'",
        ),
        // Where the object begins that has the key twice.
        (
            "  title: BizKitHub\n",
            "  title: A\n  title: B\n",
            line_of("title: BizKitHub"),
            "info: duplicate entry with key \"title\"",
        ),
        (
            "    Groups:\n",
            "    Password: {}\n    Groups:\n",
            line_of("    RegisterAccountRequest:"),
            "components.schemas: duplicate entry with key \"Password\"",
        ),
    ] {
        let message = message_after(from, to);
        let (place, told) = message.split_once(": ").unwrap();
        let numbers = place.strip_prefix(FILE).unwrap().trim_start_matches(':');
        let (told_line, column) = numbers.split_once(':').unwrap();
        assert!(told.contains(reason), "{message}");
        assert_eq!(told_line, line.to_string(), "{message}");
        assert!(
            column.parse::<usize>().is_ok() && !told.contains(&format!("at line {line} ")),
            "{message}"
        );
    }
}

const LOGIN: &str = "/paths/~1api~1v1~1customer~1login/post";
const LOGIN_REPEAT: &str =
    "operationId: postApiV1CustomerLogin\n      tags: [customer]\n      x-repeat: never\n";

/// Breaks the description in each row's way: from, to, where it must be told, why.
fn assert_told(rows: &[(&str, &str, &str, &str)]) {
    for (from, to, place, reason) in rows {
        assert_eq!(message_after(from, to), format!("{FILE}, #{place}: {reason}"));
    }
}

#[test]
fn a_reference_to_nothing_is_told_with_its_target() {
    assert_told(&[
        (
            "- $ref: \"#/components/schemas/Groups\"",
            "- $ref: \"#/components/schemas/Group\"",
            "/components/schemas/RegisterAccountRequest/properties/groups/allOf/0/$ref",
            "#/components/schemas/Group points to nothing in this file",
        ),
        (
            "$ref: \"#/components/examples/LoginE007\"",
            "$ref: \"other.yaml#/components/examples/LoginE007\"",
            "/paths/~1api~1v1~1customer~1login/post/responses/200/content/application~1json/examples/E007/$ref",
            "other.yaml#/components/examples/LoginE007 points to nothing in this file",
        ),
    ]);
}

#[test]
fn a_misspelt_type_is_told_with_the_types_there_are() {
    let types = "it has string, number, integer, boolean, array, object";
    assert_told(&[
        (
            "type: boolean",
            "type: bolean",
            "/components/schemas/RegisterAccountRequest/properties/newsletter/type",
            &format!("\"bolean\" is no type of OpenAPI 3.0; {types}"),
        ),
        (
            "      items:\n        type: string",
            "      items:\n        type:",
            "/components/schemas/Groups/items/type",
            &format!("null is no type of OpenAPI 3.0; {types}"),
        ),
    ]);
}

#[test]
fn a_secret_that_is_a_plain_value_is_told_with_the_type_that_it_must_have() {
    const ODD: &str = "/components/schemas/Odd";
    let odd = |schema: &str, place: &str, secret: &str| {
        let message = message(Some(&with_odd(schema)));
        let reason =
            format!("a secret must be a type of its own: refer to #/components/schemas/{secret}");
        assert_eq!(message, format!("{FILE}, #{ODD}{place}: {reason}"));
    };
    for (name, secret) in [
        ("password", "Password"),
        ("newPassword", "Password"),
        ("PASSWORD", "Password"),
        ("token", "Token"),
        ("resetToken", "Token"),
        ("identityId", "IdentityId"),
        ("identity_id", "IdentityId"),
        ("identity", "IdentityId"),
        ("passwordAgain", "Password"),
        ("pass_word", "Password"),
        ("oldTokenValue", "Token"),
    ] {
        let schema = format!("{{ properties: {{ {name}: {{ type: string }} }} }}");
        odd(&schema, &format!("/properties/{name}"), secret);
    }
    let nested = "{ type: array, items: { properties: { token: { type: string } } } }";
    odd(nested, "/items/properties/token", "Token");
    let other = "{ properties: { token: { $ref: \"#/components/schemas/Groups\" } } }";
    odd(other, "/properties/token", "Token");
    let two = "{ allOf: [{ $ref: \"#/components/schemas/Token\" }, { type: string }] }";
    let two = &format!("{{ properties: {{ token: {two} }} }}");
    odd(two, "/properties/token", "Token");
    odd("{ type: string, format: password }", "", "Password");
    assert_told(&[(
        "          schema:\n            $ref: \"#/components/schemas/IdentityId\"",
        "          schema:\n            type: string",
        "/paths/~1api~1v1~1customer~1get-account-info/get/parameters/0/schema",
        "a secret must be a type of its own: refer to #/components/schemas/IdentityId",
    )]);
}

#[test]
fn a_secret_may_refer_to_its_type_directly_or_beside_a_text() {
    let target = "$ref: \"#/components/schemas/Token\"";
    generated_with_odd(&format!(
        "{{ properties: {{ token: {{ description: One., allOf: [{{ {target} }}] }} }} }}"
    ));
    let parameter = format!("{{ name: token, in: query, schema: {{ {target} }} }}");
    let parameters = format!("{LOGIN_REPEAT}      parameters: [{parameter}]\n");
    let said = build(Some(&DESCRIPTION.replacen(LOGIN_REPEAT, &parameters, 1)));
    assert!(!said.contains("cargo::error"), "{said}");
}

#[test]
fn an_operation_that_does_not_say_what_may_be_repeated_is_told() {
    let place = &format!("{LOGIN}/x-repeat");
    let reason =
        "must be never, or lost-answer if the call may be made again when its answer was lost";
    let without = LOGIN_REPEAT.replace("      x-repeat: never\n", "");
    assert_told(&[
        (LOGIN_REPEAT, &without, place, reason),
        (LOGIN_REPEAT, &LOGIN_REPEAT.replace("never", "always"), place, reason),
        (LOGIN_REPEAT, &LOGIN_REPEAT.replace("never", "true"), place, reason),
    ]);
}

#[test]
fn a_path_that_gives_no_name_of_its_own_is_told() {
    for (path, name) in
        [("/api/v2/logout", "LOGOUT"), ("/all", "ALL"), ("/2fa", "2FA"), ("/{id}", "_ID_")]
    {
        let place = format!("/paths/{}/post", path.replace('/', "~1"));
        let reason = format!(
            "the last segment of a path gives a constant its name; {name:?} cannot be it, or is taken"
        );
        assert_told(&[("/api/v1/customer/login:", &format!("{path}:"), &place, &reason)]);
    }
}

#[test]
fn what_the_generator_cannot_express_is_told_with_the_operation() {
    let body = |content| {
        let schema = "$ref: \"#/components/schemas/LoginRequest\"";
        format!("application/{content}:\n            schema:\n              {schema}")
    };
    let parameter = |place| {
        let parameter = format!("{{ name: cart, in: {place}, schema: {{ type: string }} }}");
        format!("{LOGIN_REPEAT}      parameters: [{parameter}]\n")
    };
    let nameless = LOGIN_REPEAT.replace("operationId: postApiV1CustomerLogin\n      ", "");
    for (from, to, reason) in [
        (body("json").as_str(), body("xml").as_str(), "unexpected content type: application/xml"),
        (LOGIN_REPEAT, &parameter("path"), "assertion failed: parameter_data.required"),
        (LOGIN_REPEAT, &parameter("cookie"), "cookie parameters are not supported"),
        (LOGIN_REPEAT, &nameless, "path /api/v1/customer/login is missing operation ID"),
    ] {
        let message = message_after(from, to);
        let place = format!("{FILE}, #{LOGIN}: the generator cannot express this: ");
        assert!(message.starts_with(&place) && message.contains(reason), "{message}");
    }
}

#[test]
fn what_the_generator_cannot_express_is_told_with_the_schema_or_its_property() {
    for (schema, place, reason) in [
        ("{ not: { type: string } }", "", "unhandled not schema"),
        (
            "{ properties: { a: { type: string }, field: { not: { type: string } }, z: { not: { type: string } } } }",
            "/properties/field",
            "unhandled not schema",
        ),
        ("{ type: integer, default: many }", "", "value does not conform to the given schema"),
    ] {
        let message = message(Some(&with_odd(schema)));
        let place =
            format!("{FILE}, #/components/schemas/Odd{place}: the generator cannot express this: ");
        assert!(message.starts_with(&place) && message.contains(reason), "{message}");
    }
}

#[test]
fn of_two_things_that_the_generator_cannot_express_the_place_is_the_first_ones_like_the_reason() {
    let description = with_odd("{ not: { type: string } }").replacen(
        "        - name: identityId\n          in: query",
        "        - name: cart\n          in: cookie",
        1,
    );
    let message = message(Some(&description));
    let place = "/components/schemas/Odd: the generator cannot express this: ";
    assert!(message.contains(place) && message.contains("unhandled not schema"), "{message}");
}

#[test]
fn another_version_of_openapi_is_told() {
    let message = message_after("openapi: 3.0.3", "openapi: 3.1.0");
    assert!(message.starts_with(&format!("{FILE}, #: ")), "{message}");
    assert!(message.contains("invalid version: 3.1.0"), "{message}");
}

#[test]
fn what_has_not_the_form_of_openapi_is_told_with_the_deepest_place() {
    assert_told(&[
        ("  title: BizKitHub\n", "", "/info", "missing field `title`"),
        (
            "  title: BizKitHub\n",
            "  title: []\n",
            "/info/title",
            "invalid type: sequence, expected a string",
        ),
        (
            "          description: First name.\n",
            "          description: [First name.]\n",
            "/components/schemas/RegisterAccountRequest/properties/firstName",
            "invalid type: sequence, expected a string",
        ),
        (
            "      items:\n        type: string\n",
            "      items:\n        minLength: one\n",
            "/components/schemas/Groups/items",
            "invalid type: string \"one\", expected usize",
        ),
        (
            "      summary: E007, address not confirmed\n",
            "      summary: {}\n",
            "/components/examples/LoginE007",
            "invalid type: map, expected a string",
        ),
        (
            LOGIN_REPEAT,
            &LOGIN_REPEAT.replace("[customer]", "customer"),
            &format!("{LOGIN}/tags"),
            "invalid type: string \"customer\", expected a sequence",
        ),
        (
            LOGIN_REPEAT,
            &format!("{LOGIN_REPEAT}      parameters: [{{ in: query, schema: {{}} }}]\n"),
            &format!("{LOGIN}/parameters/0"),
            "missing field `name`",
        ),
        (
            "          description: |\n            The endpoint's answer: an identity, or",
            "          text: |\n            The endpoint's answer: an identity, or",
            &format!("{LOGIN}/responses/200"),
            "missing field `description`",
        ),
        (
            "paths:\n",
            "paths:\n  /odd: 3\n",
            "/paths/~1odd",
            "invalid type: integer `3`, expected struct PathItem",
        ),
    ]);
}

#[test]
fn extensions_and_what_allows_any_other_field_may_hold_anything() {
    let description = with_odd("{ additionalProperties: true }")
        .replacen("paths:\n", "paths:\n  x-odd: { schema: 3 }\n", 1)
        .replacen("      responses:\n", "      responses:\n        x-odd: 3\n", 1);
    let said = build(Some(&description));
    assert!(!said.contains("cargo::error"), "{said}");
}

#[test]
fn a_path_without_its_slash_is_told() {
    let reason = "a path begins with a slash";
    assert_told(&[(
        "  /api/v1/customer/login:",
        "  api/v1/customer/login:",
        "/paths/api~1v1~1customer~1login",
        reason,
    )]);
}

#[test]
fn a_path_with_quotes_is_a_string_in_the_generated_code() {
    let path = r#"/api/v1/"customer"/login"#;
    let description = DESCRIPTION.replacen("/api/v1/customer/login:", &format!("'{path}':"), 1);
    let (said, generated) = run(Some(&description));
    assert!(!said.contains("cargo::error"), "{said}");
    let title = format!("name: {:?}", format!("POST {path}"));
    assert!(syn::parse_file(&generated).is_ok() && generated.contains(&title), "{title}");
}

#[test]
fn names_that_are_one_in_rust_are_told_with_both() {
    let text = "{ description: One., type: string }";
    let parameters = |names: [&str; 2]| {
        let all = names.map(|name| format!("{{ name: {name}, in: query, schema: {text} }}"));
        format!("{LOGIN_REPEAT}      parameters: [{}]\n", all.join(", "))
    };
    let id = |id: &str| LOGIN_REPEAT.replace("postApiV1CustomerLogin", id);
    let is_taken =
        |name, other| format!("in Rust, {name:?} may be the same as {other:?}, which is taken");
    let operation = format!("{LOGIN}/operationId");
    assert_told(&[
        (
            "    Groups:\n",
            &format!("    groups: {text}\n    Groups:\n"),
            "/components/schemas/groups",
            &is_taken("groups", "Groups"),
        ),
        (
            "        firstName:\n",
            &format!("        first_name: {text}\n        firstName:\n"),
            "/components/schemas/RegisterAccountRequest/properties/first_name",
            &is_taken("first_name", "firstName"),
        ),
        (
            LOGIN_REPEAT,
            &parameters(["cart-id", "cartId"]),
            &format!("{LOGIN}/parameters/1/name"),
            &is_taken("cartId", "cart-id"),
        ),
        (
            LOGIN_REPEAT,
            &parameters(["cart", "body"]),
            &format!("{LOGIN}/parameters/1/name"),
            &is_taken("body", "body"),
        ),
        (LOGIN_REPEAT, &id("new"), &operation, &is_taken("new", "new")),
        (
            LOGIN_REPEAT,
            &id("newWithClient"),
            &operation,
            &is_taken("newWithClient", "new_with_client"),
        ),
        (
            LOGIN_REPEAT,
            &id("postApiV1CustomerLog-out"),
            "/paths/~1api~1v1~1customer~1logout/post/operationId",
            &is_taken("postApiV1CustomerLogout", "postApiV1CustomerLog-out"),
        ),
    ]);
}

#[test]
fn a_field_or_value_that_no_text_reaches_is_told() {
    let groups = "$ref: \"#/components/schemas/Groups\"";
    // Of two such, the generator makes an enum whose variants have fields.
    let one = |kind, field| {
        let fields = format!("kind: {{ type: string, enum: [{kind}] }}, {field}");
        format!(
            "{{ description: One., type: object, required: [kind], properties: {{ {fields} }} }}"
        )
    };
    let tagged = format!(
        "{}, {}",
        one("first", "b: { type: string }"),
        one("second", "c: { description: Two. }")
    );
    for (schema, place, name) in [
        ("{ properties: { a: { type: string } } }", "/properties/a", "a"),
        // The generator reads no text beside a reference.
        (
            &format!("{{ properties: {{ a: {{ description: One., {groups} }} }} }}"),
            "/properties/a",
            "a",
        ),
        // And takes that of an object for the object's own.
        (
            "{ properties: { a: { description: One., type: object, properties: { b: { description: Two. } } } } }",
            "/properties/a",
            "a",
        ),
        ("{ type: string, enum: [one, two] }", "", "One"),
        (&format!("{{ oneOf: [{tagged}] }}"), "", "b"),
        ("{ oneOf: [{ type: string, description: One. }, { type: boolean }] }", "", "String"),
    ] {
        let told = message(Some(&with_odd(schema)));
        let place = format!("{FILE}, #/components/schemas/Odd{place}: no text reaches {name} of ");
        assert!(told.starts_with(&place), "{told}");
    }
}

#[test]
fn a_schema_that_is_itself_is_told_but_it_may_hold_itself() {
    let odd = "$ref: \"#/components/schemas/Odd\"";
    let groups = "$ref: \"#/components/schemas/Groups\"";
    for schema in [
        format!("{{ {odd} }}"),
        format!("{{ allOf: [{{ {odd} }}] }}"),
        // The generator ended by a stack overflow.
        format!("{{ allOf: [{{ {groups} }}, {{ {odd} }}] }}"),
        format!("{{ oneOf: [{{ type: string }}, {{ {odd} }}] }}"),
        format!("{{ anyOf: [{{ type: string }}, {{ {odd} }}] }}"),
        format!("{{ $ref: \"#/components/schemas/Pair\" }}\n    Pair: {{ {odd} }}"),
    ] {
        let reason = "is nothing but a reference to itself";
        let told = message(Some(&with_odd(&schema)));
        assert_eq!(told, format!("{FILE}, #/components/schemas/Odd: {reason}"));
    }
    let field = format!("{{ description: One., allOf: [{{ {odd} }}] }}");
    generated_with_odd(&format!("{{ properties: {{ a: {field} }} }}"));
    generated_with_odd(&format!("{{ type: array, items: {{ {odd} }} }}"));
}

#[test]
fn a_pattern_is_told() {
    let reason = "no pattern is checked by this crate: put it into the description's words";
    let told = message(Some(&with_odd("{ type: string, pattern: ^a$ }")));
    assert_eq!(told, format!("{FILE}, #/components/schemas/Odd/pattern: {reason}"));
}

#[test]
fn a_date_and_an_identifier_are_strings() {
    for format in ["date", "date-time", "uuid"] {
        let field = format!("{{ description: One., type: string, format: {format} }}");
        let generated = generated_with_odd(&format!("{{ properties: {{ odd: {field} }} }}"));
        let string = "pub odd : :: std :: option :: Option < :: std :: string :: String >";
        assert!(generated.contains(string), "{format}");
    }
}

#[test]
fn a_key_with_a_line_break_is_told_in_one_line() {
    let told = message(Some(&with_odd(r#"{ properties: { "a\nb": { type: strin } } }"#)));
    let place = format!("{FILE}, #/components/schemas/Odd/properties/a\\nb/type: \"strin\" is no");
    assert!(told.starts_with(&place), "{told}");
}
