//! Changes that the compiler reports, at the line that has to change.

use serde_json::{Value, json};

use super::copy::Copy;
use crate::document::{SPEC, reference, set};

const LOGIN_CODES: &str = "/components/schemas/LoginErrorCode/oneOf";
const PLATFORM_CODES: &str =
    "/components/schemas/PlatformErrorDetail/properties/code/x-error-codes";

#[test]
fn error_codes_must_match_their_table() {
    let copy = Copy::new("stops");
    let reports = |pointer: &str, value: Value, lines: &[&str]| {
        let mut spec = SPEC.clone();
        set(&mut spec, pointer, value);
        copy.write_spec(&spec);
        let output = copy.cargo(&["check", "--lib"]).unwrap_err();
        for line in lines {
            assert!(output.contains(line), "{pointer}: {line}\n{output}");
        }
    };
    let code = |name: &str| json!({ "type": "string", "enum": [name], "description": "New." });
    reports(
        &format!("{LOGIN_CODES}/-"),
        code("E008"),
        &["E008 has no variant: add a row for it to src/customer/login.rs"],
    );
    reports(
        &format!("{LOGIN_CODES}/0"),
        Value::Null,
        &["E001 is not in the spec: remove its row", "src/customer/login.rs"],
    );
    reports(
        "/components/schemas/RegisterAccountVerifyResponse/properties/errorCode",
        code("E001"),
        &["E001 has no variant: add a row for it to src/customer/register_account_verify.rs"],
    );
    reports(
        &format!("{PLATFORM_CODES}/-"),
        json!({ "code": "NEW_CODE", "status": 400, "description": "New." }),
        &["NEW_CODE has no variant: add a row for it to src/error/platform_code.rs"],
    );
    reports(
        &format!("{PLATFORM_CODES}/0"),
        Value::Null,
        &["PUBLIC_API_KEY_IS_EMPTY is not in the spec", "src/error/platform_code.rs"],
    );
    for (field, schema, line) in [
        ("requestId", json!({ "type": "string" }), "pattern does not mention field `request_id`"),
        ("description", Value::Null, "does not have a field named `description`"),
        ("message", json!({ "type": "integer" }), "type mismatch"),
    ] {
        let pointer = format!("/components/schemas/PlatformErrorDetail/properties/{field}");
        reports(&pointer, schema, &[line, "src/call/response.rs"]);
    }
}

#[test]
fn a_type_cannot_have_the_name_of_another() {
    let copy = Copy::new("names");
    let mut spec = SPEC.clone();
    let record = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    set(&mut spec, "/components/schemas/Client", record);
    set(&mut spec, "/components/schemas/AccountInfo/properties/client", reference("Client"));
    copy.write_spec(&spec);
    let output = copy.cargo(&["check", "--lib"]).unwrap_err();
    let line = "the name `Client` is defined multiple times";
    assert!(output.contains(line) && output.contains("src/lib.rs"), "{output}");
}
