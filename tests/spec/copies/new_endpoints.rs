//! New operations of every kind: each stops the build until the file that the error names is written.

use serde_json::{Value, json};

use super::copy::Copy;
use crate::document::{SPEC, reference, set};

/// Path, method, tag, identifier, and the file to write for it.
type New = (&'static str, &'static str, &'static str, &'static str, &'static str);

const NEW: [New; 7] = [
    ("/api/v1/customer/order", "post", "customer", "postOrder", "src/customer/order.rs"),
    ("/api/v1/customer/login", "put", "customer", "putLogin", "src/customer/put_login.rs"),
    (
        "/api/v1/customer/address/{addressId}",
        "patch",
        "customer",
        "patchAddress",
        "src/customer/address.rs",
    ),
    (
        "/api/v1/customer/address/{addressId}",
        "delete",
        "customer",
        "deleteAddress",
        "src/customer/delete_address.rs",
    ),
    (
        "/api/v1/customer/address/{addressId}/lines",
        "get",
        "customer",
        "getLines",
        "src/customer/lines.rs",
    ),
    ("/v2/logout", "get", "customer", "getV2Logout", "src/customer/get_logout.rs"),
    ("/api/v1/shop-cart/cancel", "post", "shop-cart", "postCartCancel", "src/shop_cart/cancel.rs"),
];

/// Adds an operation and its schemas to a spec.
fn add(spec: &mut Value, (path, method, tag, id, file): New) {
    let stem = pascal(stem(file));
    let schemas = "/components/schemas";
    let success = json!({ "type": "object", "required": ["success"], "properties": {
        "success": { "type": "boolean" }, "number": { "type": "integer" },
        "errorCode": { "type": "string", "enum": ["E001"], "description": "It failed." },
    }});
    let mut operation = json!({
        "operationId": id,
        "tags": [tag],
        "x-idempotent": method == "get",
        "responses": { "200": {
            "description": "The response.",
            "content": { "application/json": { "schema": reference(&format!("{stem}Response")) } },
        }},
    });
    set(spec, &format!("{schemas}/{stem}Response"), success);
    if path.contains("{addressId}") {
        let schema = json!({ "type": "string" });
        operation["parameters"] =
            json!([{ "name": "addressId", "in": "path", "required": true, "schema": schema }]);
    }
    if ["post", "put", "patch"].contains(&method) {
        let name = match id {
            "postOrder" => "Order".to_owned(),
            "patchAddress" => "AddressBody".to_owned(),
            _ => format!("{stem}Request"),
        };
        let body = match id {
            "postOrder" => {
                json!({ "type": "object", "required": ["item"], "properties": { "item": { "type": "string" } } })
            }
            _ => json!({ "type": "object", "properties": { "note": { "type": "string" } } }),
        };
        set(spec, &format!("{schemas}/{name}"), body);
        let schema = reference(&name);
        operation["requestBody"] =
            json!({ "content": { "application/json": { "schema": schema } } });
    }
    spec["paths"][path][method] = operation;
}

fn stem(file: &str) -> &str {
    file.rsplit('/').next().unwrap().trim_end_matches(".rs")
}

/// The file of an operation, as `docs/changing-the-spec.md` shows it.
fn file((_, _, _, id, file): New) -> String {
    let stem = stem(file);
    let (ident, error) = (snake(id), pascal(stem) + "Error");
    format!(
        "use crate::error::error_codes;
use crate::generated::operations::{ident} as operation;
use crate::operation::Operation;
use crate::{{Client, Error, Response}};

impl Client {{
    /// Calls it.
    ///
    /// # Errors
    ///
    /// All.
    pub async fn {stem}(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<{error}>> {{
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }}
}}

static OPERATION: Operation = Operation {{
    facts: operation::FACTS,
    unknown_outcome_advice: \"Look\",
}};

error_codes! {{
    /// The error codes.
    {error} of operation {{
        E001 Failed: \"try again\";
    }}
}}
"
    )
}

fn snake(id: &str) -> String {
    let snake = id.chars().flat_map(|letter| {
        letter.is_uppercase().then_some('_').into_iter().chain(letter.to_lowercase())
    });
    snake.collect()
}

fn pascal(stem: &str) -> String {
    let words = stem.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}

#[test]
fn a_new_operation_works_with_its_file() {
    let copy = Copy::new("endpoints");
    let mut spec = SPEC.clone();
    let mut customer = String::new();
    for new in NEW {
        add(&mut spec, new);
        copy.write_spec(&spec);
        let output = copy.cargo(&["check", "--lib"]).unwrap_err();
        let method = new.1.to_uppercase();
        let line = format!("{method} {} has no method: write {} with", new.0, new.4);
        assert!(output.contains(&line) && !output.contains("error[E"), "{line}\n{output}");
        copy.write(new.4, file(new));
        let stem = stem(new.4);
        let module = format!("mod {stem};\npub use {stem}::{}Error;\n", pascal(stem));
        if new.2 == "customer" {
            customer += &module;
        } else {
            copy.write("src/shop_cart.rs", module);
        }
    }
    // A file that is not part of the crate is reported by rustc.
    let output = copy.cargo(&["check", "--lib"]).unwrap_err();
    assert!(output.contains("the file of this operation is not part of the crate"), "{output}");

    copy.append("src/customer.rs", &customer);
    copy.append("src/lib.rs", "mod shop_cart;\npub use customer::{AddressError, LinesError};\npub use shop_cart::CancelError;\n");
    copy.write("tests/server/mod.rs", include_str!("../programs/server.rs"));
    copy.write("tests/new_endpoints.rs", include_str!("../programs/new_endpoints.rs"));
    copy.passes(&["check", "--lib"]);
    copy.passes(&["test", "--test", "new_endpoints"]);
}
