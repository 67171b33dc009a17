//! Changes that only need an edit of the spec. They are made together in one copy of the project, where a program uses each
//! of them as a caller would.

use serde_json::{Value, json};

use super::copy::Copy;
use crate::document::{SPEC, reference, set};

const SCHEMAS: &str = "/components/schemas";
const INFO: &str = "/paths/~1api~1v1~1customer~1get-account-info/get";
const LOGOUT: &str = "/paths/~1api~1v1~1customer~1logout/post";
const RESET: &str = "/paths/~1api~1v1~1customer~1reset-password/post";

fn string() -> Value {
    json!({ "type": "string" })
}

fn described(schema: Value) -> Value {
    json!({ "allOf": [schema], "description": "A description." })
}

fn responses(spec: &mut Value) {
    let street =
        json!({ "type": "object", "required": ["street"], "properties": { "street": string() } });
    for (schema, field, value) in [
        ("LoginResponse", "attempts", json!({ "type": "integer", "minimum": 0 })),
        // The names of the envelope in Rust.
        ("LoginResponse", "error_code", string()),
        ("LoginResponse", "Success", json!({ "type": "boolean" })),
        ("RegisterAccountVerifyResponse", "locale", string()),
        ("RegisterAccountData", "position", json!({ "type": "number", "nullable": true })),
        ("AccountInfo", "address", street.clone()),
        ("AccountInfo", "addresses", json!({ "type": "array", "items": street.clone() })),
        ("AccountInfo", "labels", json!({ "type": "object", "additionalProperties": string() })),
        ("AccountInfo", "labelsByName", json!({ "allOf": [reference("Labels")] })),
        ("AccountInfo", "anythingByName", reference("Anything")),
        ("AccountInfo", "list", json!({ "type": "array", "items": {} })),
        ("AccountInfo", "empty", json!({ "type": "object", "properties": {} })),
        (
            "AccountInfo",
            "either",
            json!({ "oneOf": [reference("Referral"), reference("CustomerGroup")] }),
        ),
        ("AccountInfo", "address4", reference("IpAddress")),
        ("AccountInfo", "group", described(reference("CustomerGroup"))),
        ("AccountInfo", "born", json!({ "type": "string", "format": "date" })),
        ("AccountInfo", "level", json!({ "type": "string", "enum": ["gold", "silver"] })),
        // A field of the envelope, in a response without `success`.
        ("AccountInfo", "message", string()),
        ("AccountInfo", "type", string()),
        ("AccountInfo", "self", string()),
        ("AccountInfo", "parent", reference("AccountInfo")),
        ("CustomerGroup", "discount", json!({ "type": "number", "default": 0.5 })),
        ("Referral", "shop", json!({ "allOf": [reference("Shop")] })),
        ("Subscription", "items", json!({ "type": "array", "items": string(), "nullable": true })),
        // Fields with another type, fields with another name, and removed fields.
        ("AccountInfo", "cuRefNo", json!({ "type": "integer" })),
        ("AccountInfo", "mobile", string()),
        ("AccountInfo", "phone", Value::Null),
        ("Referral", "code", Value::Null),
        ("Subscription", "orderNumber", json!({ "type": "integer" })),
        ("Subscription", "productKey", string()),
        ("Subscription", "productCode", Value::Null),
    ] {
        set(spec, &format!("{SCHEMAS}/{schema}/properties/{field}"), value);
    }
    // A schema with a name of the generated code, a field that becomes required, and fields of a response named like a method.
    set(spec, &format!("{SCHEMAS}/AccountInfo/properties/build"), string());
    set(spec, &format!("{SCHEMAS}/AccountInfo/properties/last"), reference("Request"));
    set(spec, &format!("{SCHEMAS}/Request"), street.clone());
    set(spec, &format!("{SCHEMAS}/AccountInfo/properties/auth"), reference("2FA"));
    set(spec, &format!("{SCHEMAS}/2FA"), street.clone());
    set(spec, &format!("{SCHEMAS}/AccountInfo/x-required-on-success"), json!(["loggedIn"]));
    let example = "/components/examples/RegisterAccountVerifySuccess/value/locale";
    set(spec, example, json!("cs"));
    let required = json!(["email", "locale"]);
    set(spec, &format!("{SCHEMAS}/RegisterAccountVerifyResponse/x-required-on-success"), required);
    let shop = json!({ "type": "object", "properties": { "url": string(), "open": { "type": "boolean" } } });
    set(spec, &format!("{SCHEMAS}/Shop"), shop);
    let labels = json!({ "type": "object", "additionalProperties": string() });
    set(spec, &format!("{SCHEMAS}/Labels"), labels);
    set(spec, &format!("{SCHEMAS}/Anything"), json!({ "description": "Any JSON." }));
}

fn requests(spec: &mut Value) {
    let point = json!({ "type": "object", "required": ["x"], "properties": {
        "x": { "type": "number" }, "label": string(),
    }});
    for (field, value) in [
        (
            "text",
            json!({ "type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a", "default": "a" }),
        ),
        ("age", json!({ "type": "integer", "minimum": 0, "maximum": 150, "default": 18 })),
        ("height", json!({ "type": "number", "exclusiveMinimum": true, "minimum": 0 })),
        ("adult", json!({ "type": "boolean", "default": true })),
        ("born", json!({ "type": "string", "format": "date" })),
        ("seen", json!({ "type": "string", "format": "date-time" })),
        ("cart", json!({ "type": "string", "format": "uuid" })),
        ("color", json!({ "type": "string", "enum": ["dark-red", "blue"], "default": "blue" })),
        ("size", json!({ "description": "A size.", "allOf": [reference("Size")] })),
        ("shoeSize", reference("Size")),
        ("inlineTags", json!({ "type": "array", "items": string(), "maxItems": 3 })),
        ("namedTags", json!({ "allOf": [reference("Groups")] })),
        ("counts", json!({ "type": "object", "additionalProperties": { "type": "integer" } })),
        (
            "home",
            json!({ "type": "object", "properties": { "street": string(), "zip": { "type": "string", "maxLength": 5 } } }),
        ),
        (
            "place",
            json!({ "type": "object", "required": ["point"], "properties": { "point": point.clone() } }),
        ),
        ("path", json!({ "type": "array", "items": point })),
        ("sizes", json!({ "type": "array", "items": { "type": "string", "enum": ["s", "m"] } })),
        ("note", json!({ "allOf": [reference("Note")] })),
        ("aliasOfSize", reference("SizeAlias")),
        (
            "partOfPoint",
            json!({ "$ref": "#/components/schemas/LoginRequest/properties/place/properties/point" }),
        ),
        ("person", reference("Person")),
        ("shortNote", json!({ "allOf": [reference("Note")], "maxLength": 2 })),
        ("describedTags", described(reference("Groups"))),
        ("extra", json!({ "type": "object" })),
        ("anything", json!({ "description": "Any JSON." })),
        ("type", string()),
        ("new", string()),
        ("url", string()),
        ("query", string()),
        ("client", string()),
        ("request", string()),
        ("body", string()),
        ("self", string()),
        ("response", string()),
        ("result", string()),
        ("value", string()),
        ("maybe_friend", string()),
        ("old", json!({ "type": "string", "deprecated": true })),
        ("oldSize", json!({ "deprecated": true, "allOf": [reference("Size")] })),
    ] {
        set(spec, &format!("{SCHEMAS}/LoginRequest/properties/{field}"), value);
    }
    for (field, value) in [
        // Types that are also parts of responses.
        ("origin", reference("Origin")),
        (
            "thing",
            json!({ "description": "A thing.", "allOf": [{ "type": "object", "required": ["a"], "properties": { "a": string() } }] }),
        ),
        ("hasPassword", json!({ "type": "boolean" })),
        ("tokenType", json!({ "type": "string", "enum": ["bearer"] })),
        ("passwordChangedAt", json!({ "type": "string", "format": "date-time" })),
        ("shop", json!({ "allOf": [reference("Shop")] })),
        ("$id", string()),
        ("2fa", string()),
        ("příjmení", string()),
        ("crate", string()),
        ("level", json!({ "type": "integer", "enum": [1, 2] })),
        ("short", json!({ "type": "integer", "format": "int32" })),
        ("moods", json!({ "type": "string", "enum": ["1h", "2h", ""] })),
        (
            "either",
            json!({ "oneOf": [{ "type": "string", "enum": ["a"] }, { "type": "string", "enum": ["b"] }] }),
        ),
        ("grid", json!({ "type": "array", "items": { "type": "array", "items": string() } })),
    ] {
        set(spec, &format!("{SCHEMAS}/SetNewPasswordRequest/properties/{field}"), value);
    }
    let address = json!({ "type": "object", "nullable": true, "properties": { "zip": string() } });
    set(spec, &format!("{SCHEMAS}/Address"), address);
    let origin = json!({ "type": "object", "required": ["shop"], "properties": {
        "shop": { "type": "string", "nullable": true }, "ip": reference("IpAddress"),
    }});
    set(spec, &format!("{SCHEMAS}/Origin"), origin);
    set(spec, &format!("{SCHEMAS}/AccountInfo/properties/origin"), reference("Origin"));
    set(spec, &format!("{SCHEMAS}/Size"), json!({ "type": "string", "enum": ["s", "m"] }));
    set(spec, &format!("{SCHEMAS}/SizeAlias"), reference("Size"));
    let person = json!({ "type": "object", "properties": { "children": { "type": "array", "items": reference("Person") }, "parent": reference("Person"), "name": string() } });
    set(spec, &format!("{SCHEMAS}/Person"), person);
    set(spec, &format!("{SCHEMAS}/Note"), json!({ "type": "string", "maxLength": 9 }));
    // Fields that the sandbox reads: removed, of another type, required and optional.
    let fields = format!("{SCHEMAS}/RegisterAccountRequest/properties");
    set(spec, &format!("{fields}/firstName"), Value::Null);
    set(spec, &format!("{fields}/referralId"), json!({ "type": "integer" }));
    let required = |schema: &str| format!("{SCHEMAS}/{schema}/required");
    set(spec, &required("RegisterAccountRequest"), json!(["email", "password", "groups"]));
    set(spec, &required("SetNewPasswordRequest"), json!(["token"]));
    // A field that is required and nullable, one that is required, and one that becomes optional.
    let fields = format!("{SCHEMAS}/LogoutRequest/properties");
    set(spec, &format!("{fields}/reason"), json!({ "type": "string", "nullable": true }));
    set(spec, &format!("{fields}/everywhere"), json!({ "type": "boolean" }));
    let mood = json!({ "type": "string", "nullable": true, "enum": ["good", "bad", null] });
    set(spec, &format!("{fields}/mood"), mood);
    let size = json!({ "nullable": true, "allOf": [reference("Size")] });
    set(spec, &format!("{fields}/size"), size);
    set(spec, &format!("{fields}/address"), reference("Address"));
    set(
        spec,
        &format!("{SCHEMAS}/LogoutRequest/required"),
        json!(["identityId", "reason", "everywhere", "mood", "size", "address"]),
    );
}

fn operations(spec: &mut Value) {
    // A body by reference, with a charset.
    let body = spec.pointer(&format!("{RESET}/requestBody")).unwrap().clone();
    let body = json!({ "required": true, "content": { "application/json; charset=utf-8": body["content"]["application/json"] } });
    set(spec, "/components/requestBodies", json!({ "Reset": body }));
    set(
        spec,
        &format!("{RESET}/requestBody"),
        json!({ "$ref": "#/components/requestBodies/Reset" }),
    );

    // Parameters of the operation and of its path, and by reference.
    let parameter =
        |name: &str, schema: Value| json!({ "name": name, "in": "query", "schema": schema });
    let own = format!("{INFO}/parameters/-");
    set(spec, &own, parameter("page", json!({ "type": "integer", "minimum": 1 })));
    set(spec, &own, parameter("order", json!({ "type": "string", "enum": ["up", "down"] })));
    set(spec, &own, parameter("from", json!({ "type": "string", "format": "date" })));
    set(spec, &own, parameter("code", json!({ "type": "integer", "enum": [7, 8] })));
    for name in
        ["type", "client", "request", "result", "url", "response", "query", "new", "body", "self"]
    {
        set(spec, &own, parameter(name, string()));
    }
    let sort = json!({ "type": "array", "items": { "type": "string", "enum": ["name", "age"] } });
    set(spec, &own, parameter("sort", sort));
    let mut old = parameter("old", string());
    old["deprecated"] = json!(true);
    set(spec, &own, old);
    set(spec, &own, parameter("fields", json!({ "type": "array", "items": string() })));
    set(spec, &own, parameter("full", json!({ "type": "boolean", "default": false })));
    set(spec, &own, parameter("cart-id", json!({ "allOf": [reference("Token")] })));
    set(spec, &own, json!({ "$ref": "#/components/parameters/Locale" }));
    set(spec, "/components/parameters", json!({ "Locale": parameter("locale", string()) }));
    // An existing parameter gets another name and type.
    set(spec, &format!("{INFO}/parameters/1/name"), json!("shopNumber"));
    set(spec, &format!("{INFO}/parameters/1/schema"), json!({ "type": "integer" }));
    let item = INFO.strip_suffix("/get").unwrap();
    set(spec, &format!("{item}/parameters"), json!([parameter("tenant", string())]));
    set(spec, &format!("{LOGOUT}/deprecated"), json!(true));

    // The message of a code, the server, and the name of the key's parameter.
    let code = format!("{SCHEMAS}/LoginErrorCode/oneOf/0/description");
    set(spec, &code, json!("The sign-in failed.\n\nMore."));
    set(spec, "/servers/0/url", json!("https://example.com"));
    set(spec, "/components/securitySchemes/apiKey/name", json!("key"));
}

#[test]
fn changes_to_the_spec_work_at_once() {
    let copy = Copy::new("usable");
    let mut spec = SPEC.clone();
    responses(&mut spec);
    requests(&mut spec);
    operations(&mut spec);
    copy.write_spec(&spec);
    copy.write("tests/server/mod.rs", include_str!("../programs/server.rs"));
    copy.write("tests/usable.rs", include_str!("../programs/usable.rs"));
    // Without the sandbox, and with it.
    copy.passes(&["check", "--lib"]);
    copy.passes(&["test", "--test", "usable"]);
}
