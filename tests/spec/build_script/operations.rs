//! Errors of operations: requests, responses, parameters and codes.

use super::*;

#[test]
fn a_body_must_be_a_json_object() {
    let schema = json!({ "schema": reference("SignInRequest") });
    let json_only = "must be application/json and nothing else";
    let object =
        "must refer to an object in #/components/schemas, whose name becomes that of a type";
    let place = format!("{SIGN_IN}/requestBody");
    let json = format!("{BODY}/application~1json/schema");
    assert_errors(&[
        (BODY, json!({ "multipart/form-data": schema }), &place, json_only),
        (BODY, json!({ "application/x-www-form-urlencoded": schema }), &place, json_only),
        (BODY, json!({ "application/json": schema, "text/csv": schema }), &place, json_only),
        (&json, json!({ "type": "array", "items": text() }), &place, object),
        (&json, json!({ "type": "object" }), &place, object),
        (&json, json!({ "oneOf": [reference("Cart")] }), &place, object),
    ]);
}

#[test]
fn a_success_must_be_one_json_object() {
    let responses = format!("{SIGN_IN}/responses");
    let object =
        "must refer to an object in #/components/schemas, whose name becomes that of a type";
    let json_only = "must be application/json and nothing else";
    let one = "there must be exactly one successful response";
    let place = format!("{responses}/200");
    let content = format!("{place}/content");
    assert_errors(&[
        (
            &responses,
            json!({ "204": { "description": "None." } }),
            &format!("{responses}/204"),
            json_only,
        ),
        (&content, Value::Null, &place, json_only),
        (&content, json!({ "text/html": { "schema": text() } }), &place, json_only),
        (SUCCESS, json!({ "type": "array", "items": text() }), &place, object),
        (SUCCESS, text(), &place, object),
        (SUCCESS, json!({ "type": "object", "additionalProperties": text() }), &place, object),
        (
            SUCCESS,
            json!({ "allOf": [reference("SignInResponse"), reference("Cart")] }),
            &place,
            object,
        ),
        (&responses, json!({ "default": { "description": "Any." } }), &responses, one),
        (&format!("{responses}/201"), json!({ "description": "Two." }), &responses, one),
    ]);
}

#[test]
fn unsupported_parameters_are_rejected() {
    let parameter = |name: &str, place: &str, schema: Value| json!({ "name": name, "in": place, "required": place == "path", "schema": schema });
    let kinds = "must be a string, number, boolean or enum, or a list of these";
    let place = "must be in the query, or in a segment of the path";
    let taken = "has the name of the API key or the body";
    let object = json!({ "type": "object", "properties": { "a": text() } });
    let list = json!({ "type": "array", "items": text() });
    for (parameter, name, reason) in [
        (parameter("a", "cookie", text()), "a", place),
        (parameter("a", "header", text()), "a", place),
        (parameter("a", "path", text()), "a", place),
        (parameter("a", "query", object.clone()), "a", kinds),
        (parameter("a", "query", json!({ "type": "array", "items": object })), "a", kinds),
        (parameter("a", "query", json!({ "type": "array", "items": list })), "a", kinds),
        (json!({ "name": "a", "in": "query" }), "a", kinds),
        (parameter("apiKey", "query", text()), "apiKey", taken),
        (parameter("a", "query", json!({ "type": "string", "nullable": true })), "a", kinds),
    ] {
        let reason = format!("the parameter {name:?} {reason}");
        assert_errors(&[(&format!("{CART}/parameters/-"), parameter, CART, &reason)]);
    }
    let in_path = "is a list or a secret, which must be in the query";
    let mut optional = parameter("a", "path", text());
    optional["required"] = json!(false);
    for (parameter, reason) in [
        (optional, "must be required, since it is in the path"),
        (parameter("a", "path", list), in_path),
        (parameter("a", "path", reference("Password")), in_path),
    ] {
        let mut spec = small();
        let mut cart = spec["paths"]["/v1/shop/cart"].clone();
        cart["get"]["parameters"] = json!([parameter]);
        set(&mut spec, "/paths/~1v1~1shop~1cart", Value::Null);
        set(&mut spec, "/paths/~1cart~1{a}", cart);
        assert!(error(&spec.to_string()).ends_with(&format!("the parameter \"a\" {reason}")));
    }
    let parameters = json!([parameter("a", "query", text())]);
    let place = format!("{SCHEMAS}/SignInRequest");
    let taken = "rename this schema: the parameters of an operation get this name";
    assert_errors(&[(&format!("{SIGN_IN}/parameters"), parameters, &place, taken)]);
}

#[test]
fn an_operation_needs_operation_id_and_x_idempotent() {
    let mark = &format!("{SIGN_IN}/x-idempotent");
    let question = "must be true or false: may the call be made again after a lost response?";
    let rust = "an operation needs an id that can be a Rust name";
    let mut other = small().pointer(CART).unwrap().clone();
    let put = "/paths/~1v1~1shop~1cart/put";
    for name in [Value::Null, json!("move"), json!("gen")] {
        other["operationId"] = name;
        assert_errors(&[(put, other.clone(), &format!("{put}/operationId"), rust)]);
    }
    assert_errors(&[(mark, Value::Null, mark, question), (mark, json!("never"), mark, question)]);
}

#[test]
fn a_segment_of_the_path_needs_a_parameter() {
    let mut spec = small();
    let cart = spec["paths"]["/v1/shop/cart"].clone();
    set(&mut spec, "/paths/~1v1~1shop~1cart", Value::Null);
    set(&mut spec, "/paths/~1cart~1{id}", cart);
    let reason = "the generator cannot express this: missing path name mapping id";
    assert_eq!(error(&spec.to_string()), format!("{FILE}: {reason}"));
}

#[test]
fn a_deprecated_operation_needs_its_attribute() {
    let place = format!("{CART}/deprecated");
    let reason = "the method in src/shop/cart.rs needs \
                  #[cfg_attr(deprecated_operation = \"get_cart\", deprecated)]";
    assert_errors(&[(&place, json!(true), &place, reason)]);
}

#[test]
fn a_new_operation_names_the_file_to_write() {
    for (path, method, tags, file) in [
        ("/v1/shop/order", "post", json!(["shop"]), "src/shop/order.rs"),
        ("/v1/order/{id}", "get", json!(["shop"]), "src/shop/order.rs"),
        ("/v1/shop/cart", "put", json!(["shop"]), "src/shop/put_cart.rs"),
        ("/v2/cart", "get", json!(["shop"]), "src/shop/get_cart.rs"),
        ("/v2/cart", "get", json!(["gift-shop"]), "src/gift_shop/cart.rs"),
        ("/v2/cart", "get", json!([]), "src/customer/cart.rs"),
        ("/v2/cart", "get", json!(["Client"]), "src/client/cart.rs"),
        ("/v2/cart", "get", json!(["2FA"]), "src/customer/cart.rs"),
        ("/v1/move", "get", json!(["shop"]), "src/shop/get_move.rs"),
        ("/{id}", "get", json!(["shop"]), "src/shop/get_new.rs"),
    ] {
        let mut operation = small().pointer(CART).unwrap().clone();
        operation["operationId"] = json!("getNew");
        operation["tags"] = tags;
        let mut spec = small();
        spec["paths"][path][method] = operation;
        let method_and_path = format!("{} {path}", method.to_uppercase());
        let pointer = format!("/paths/{}/{method}", path.replace('/', "~1"));
        let reason = format!(
            "{method_and_path} has no method: write {file} with `use crate::generated::operations::get_new as operation;`, as docs/changing-the-spec.md shows"
        );
        assert_eq!(error(&spec.to_string()), format!("{FILE}, #{pointer}: {reason}"));
    }
}

#[test]
fn a_renamed_operation_names_its_file() {
    let reason = "POST /v1/shop/sign-in has no method: write src/shop/sign_in.rs with `use \
                  crate::generated::operations::sign_in_again as operation;`, as \
                  docs/changing-the-spec.md shows";
    let id = format!("{SIGN_IN}/operationId");
    assert_errors(&[(&id, json!("signInAgain"), SIGN_IN, reason)]);
}

#[test]
fn invalid_error_codes_are_rejected() {
    let place = format!("{SCHEMAS}/SignInResponse/properties/errorCode");
    let platform = "/components/schemas/PlatformErrorDetail/properties/code/x-error-codes";
    assert_errors(&[
        (
            &format!("{SCHEMAS}/SignInErrorCode/oneOf/0/description"),
            Value::Null,
            &place,
            "E001 needs a description, which begins with its message",
        ),
        (
            &format!("{SCHEMAS}/SignInErrorCode/oneOf/-"),
            json!({ "type": "string", "enum": ["E002"], "description": "New." }),
            &place,
            "E002 has no variant: add a row for it to src/shop/sign_in.rs",
        ),
        (
            &format!("{SCHEMAS}/SignInErrorCode/oneOf/0/maxLength"),
            json!(4),
            &format!("{place}/maxLength"),
            "is not supported here",
        ),
        (
            &format!("{platform}/0/status"),
            json!("404"),
            platform,
            "\"BAD_KEY\" needs its HTTP status",
        ),
        (
            &format!("{platform}/-"),
            json!({ "code": "NEW", "status": 404, "description": "New." }),
            platform,
            "NEW has no variant: add a row for it to src/error/platform_code.rs",
        ),
        (
            &format!("{SCHEMAS}/PlatformErrorDetail/properties/code"),
            text(),
            platform,
            "must list the platform's error codes",
        ),
    ]);
}

#[test]
fn a_success_without_the_field_success_says_so() {
    let [sign_in, cart] = ["SignInResponse", "Cart"].map(|name| format!("{SCHEMAS}/{name}"));
    let reason = "must have the boolean success, which distinguishes a success from an error, or \
                  x-success-flag: false";
    let supported = "is not supported here";
    assert_errors(&[
        (&format!("{sign_in}/properties/success"), Value::Null, &sign_in, reason),
        (&format!("{sign_in}/x-success-flag"), json!(false), &sign_in, reason),
        (&format!("{cart}/x-success-flag"), Value::Null, &cart, reason),
        (&format!("{cart}/x-success-flag"), json!(true), &cart, reason),
        (
            &format!("{SCHEMAS}/SignInRequest/x-success-flag"),
            json!(false),
            &format!("{SCHEMAS}/SignInRequest/x-success-flag"),
            supported,
        ),
    ]);
}

#[test]
fn an_error_has_a_form_that_the_client_reads() {
    let platform = json!({ "properties": { "error": reference("PlatformErrorDetail") } });
    let of_code = |kind: &str, codes: &[&str]| {
        let code = json!({ "type": kind, "enum": codes, "description": "New." });
        json!({ "properties": { "success": { "type": "boolean" }, "errorCode": code } })
    };
    let response = |schema: &Value| {
        let content = json!({ "application/json": { "schema": schema } });
        json!({ "description": "An error.", "content": content })
    };
    let alternatives = json!({ "oneOf": [platform, reference("SignInResponse")] });
    let [form, code] = ["4XX", "4XX/errorCode"].map(|it| format!("{SIGN_IN}/responses/{it}"));
    let fields = |schema: &str| format!("{SCHEMAS}/{schema}/properties");
    let reason = "an error must be a platform error, or have the boolean success";
    let row = "E002 has no variant: add a row for it to src/shop/sign_in.rs";
    for (schema, place, reason) in [
        (reference("SignInRequest"), &fields("SignInRequest"), reason),
        (json!({ "oneOf": [platform, reference("Cart")] }), &fields("Cart"), reason),
        (json!({ "type": "string" }), &form, reason),
        (of_code("string", &["E002"]), &code, row),
        (of_code("integer", &[]), &code, "must be a string"),
    ] {
        assert_errors(&[(&format!("{SIGN_IN}/responses/4XX"), response(&schema), place, reason)]);
    }
    let html =
        json!({ "description": "A page.", "content": { "text/html": { "schema": text() } } });
    generated(&[
        (&format!("{SIGN_IN}/responses/404"), response(&reference("SignInResponse"))),
        (&format!("{SIGN_IN}/responses/409"), response(&of_code("string", &["E001"]))),
        (&format!("{SIGN_IN}/responses/4XX"), response(&alternatives)),
        (&format!("{SIGN_IN}/responses/500"), json!({ "description": "No body." })),
        (&format!("{SIGN_IN}/responses/502"), html),
    ]);
}

#[test]
fn a_header_that_is_not_read_is_rejected() {
    let headers = |name: &str| json!({ name: { "schema": { "type": "integer" } } });
    let place = format!("{CART}/responses/200/headers");
    let reason = "the client does not read this header: change src/call/rate_limit.rs";
    for header in ["X-Quota", "After"] {
        assert_errors(&[(&place, headers(header), &format!("{place}/{header}"), reason)]);
    }
    generated(&[(&place, headers("Retry-After"))]);
}

#[test]
fn error_codes_in_groups_are_found() {
    let other = json!({ "type": "string", "enum": ["E002"], "description": "Other." });
    let others = json!({ "oneOf": [other] });
    let place = format!("{SCHEMAS}/SignInResponse/properties/errorCode");
    let mut spec = small();
    set(&mut spec, &format!("{SCHEMAS}/Others"), others);
    set(&mut spec, &place, json!({ "oneOf": [reference("SignInErrorCode"), reference("Others")] }));
    let reason = "E002 has no variant: add a row for it to src/shop/sign_in.rs";
    assert_eq!(error(&spec.to_string()), format!("{FILE}, #{place}: {reason}"));
}

#[test]
fn a_success_has_no_field_called_error() {
    let place = format!("{SCHEMAS}/Cart/properties/error");
    let reason = "is read as a platform error, so it cannot be a field of a success";
    assert_errors(&[(&place, text(), &place, reason)]);
}

#[test]
fn error_codes_are_not_fields_of_the_success() {
    let code = json!({ "type": "string", "enum": ["E001"], "description": "Empty." });
    let generated = generated(&[(&format!("{SCHEMAS}/Cart/properties/errorCode"), code)]);
    assert!(!generated.contains("pub error_code"));
    assert!(generated.contains("(E001) => { \"Empty.\" }"), "{generated}");
}

#[test]
fn a_body_next_to_parameters_is_the_field_body() {
    let body = json!({ "application/json": { "schema": reference("Cart") } });
    let operation = json!({ "requestBody": { "content": body } });
    let generated =
        generated(&[(&format!("{CART}/requestBody"), operation["requestBody"].clone())]);
    let fields = generated.split("pub struct CartRequest").nth(1).unwrap();
    assert!(fields.contains("pub body : Cart ,"), "{fields}");
}
