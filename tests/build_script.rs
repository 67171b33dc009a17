//! What the build script makes of a description that it cannot use. It is run as cargo runs it, on a copy of the
//! description with one thing broken.

use std::fs;
use std::process::Command;

const DESCRIPTION: &str = include_str!("../openapi/bizkithub.yaml");

/// Runs the build script on a description and gives what it says to cargo.
fn build(description: Option<&str>) -> String {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("openapi")).unwrap();
    if let Some(description) = description {
        fs::write(directory.path().join("openapi/bizkithub.yaml"), description).unwrap();
    }
    let output = Command::new(env!("BIZKITHUB_BUILD_SCRIPT"))
        .env("CARGO_MANIFEST_DIR", directory.path())
        .env("OUT_DIR", directory.path())
        .env("RUST_BACKTRACE", "1")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "neither panic nor backtrace");
    assert!(output.status.success(), "cargo prints the message alone, without the script's output");
    String::from_utf8(output.stdout).unwrap()
}

/// The one message of a build that must stop.
fn message(description: Option<&str>) -> String {
    let said = build(description);
    let errors: Vec<_> =
        said.lines().filter_map(|line| line.strip_prefix("cargo::error=")).collect();
    let [message] = errors[..] else { panic!("not one message: {said}") };
    message.to_owned()
}

fn message_after(from: &str, to: &str) -> String {
    assert!(DESCRIPTION.contains(from), "{from}");
    message(Some(&DESCRIPTION.replacen(from, to, 1)))
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
fn broken_yaml_is_told_with_line_and_column() {
    let message = message_after("tags: [customer]", "tags: [customer");
    // The parser sees it where the next key stands in the unclosed list.
    let line = line_of("tags: [customer]") + 1;
    assert!(message.starts_with(&format!("openapi/bizkithub.yaml:{line}:")), "{message}");
}

#[test]
fn a_key_that_stands_twice_is_told_with_line_and_column() {
    let message = message_after("  title: BizKitHub\n", "  title: BizKitHub\n  title: Again\n");
    let line = line_of("title: BizKitHub");
    assert!(message.starts_with(&format!("openapi/bizkithub.yaml:{line}:")), "{message}");
    assert!(message.ends_with("duplicate entry with key \"title\""), "{message}");
}

#[test]
fn a_reference_to_nothing_is_told_with_its_path_and_its_target() {
    let message = message_after(
        "- $ref: \"#/components/schemas/Groups\"",
        "- $ref: \"#/components/schemas/Group\"",
    );
    assert_eq!(
        message,
        "openapi/bizkithub.yaml, #/components/schemas/RegisterAccountRequest/properties/groups/allOf/0/$ref: \
         #/components/schemas/Group points to nothing in this file"
    );
}

#[test]
fn a_misspelt_type_is_told_with_its_path_and_the_types_there_are() {
    let message = message_after("type: boolean", "type: bolean");
    assert_eq!(
        message,
        "openapi/bizkithub.yaml, #/components/schemas/RegisterAccountRequest/properties/newsletter/type: \
         bolean is no type of OpenAPI 3.0; it has string, number, integer, boolean, array, object"
    );
}

#[test]
fn a_missing_part_is_told_by_name() {
    let message = message_after("  title: BizKitHub\n", "");
    assert!(message.contains("missing field `title`"), "{message}");
}

#[test]
fn another_version_of_openapi_is_told() {
    let message = message_after("openapi: 3.0.3", "openapi: 3.1.0");
    assert!(message.contains("invalid version: 3.1.0"), "{message}");
}

#[test]
fn an_operation_that_the_generator_cannot_express_is_told_with_its_path() {
    let place = "openapi/bizkithub.yaml, #/paths/~1api~1v1~1customer~1register-account/post: \
                 the generator cannot express this: ";
    let body = message_after(
        "        content:\n          application/json:",
        "        content:\n          application/xml:",
    );
    assert!(body.starts_with(place) && body.contains("application/xml"), "{body}");
    let parameter = "      parameters: [{ name: session, in: cookie, schema: { type: string } }]\n      requestBody:\n";
    let cookie = message_after("      requestBody:\n", parameter);
    assert!(cookie.starts_with(place) && cookie.contains("cookie"), "{cookie}");
}

#[test]
fn a_schema_that_the_generator_cannot_express_is_told_with_its_name() {
    for (schema, reason) in [
        (
            "{ type: object, properties: { field: { not: { type: string } } } }",
            "unhandled not schema",
        ),
        ("{ type: string, pattern: \"(\" }", "Unbalanced parenthesis"),
    ] {
        let message = message_after("    Groups:\n", &format!("    Odd: {schema}\n    Groups:\n"));
        let place =
            "openapi/bizkithub.yaml, #/components/schemas/Odd: the generator cannot express this: ";
        assert!(message.starts_with(place) && message.contains(reason), "{message}");
        assert!(message.len() < 400, "readable at a glance: {message}");
    }
}

#[test]
fn a_description_that_is_not_there_is_told() {
    let message = message(None);
    assert!(
        message.starts_with("openapi/bizkithub.yaml: cannot be read: No such file"),
        "{message}"
    );
}
