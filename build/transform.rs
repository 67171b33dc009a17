//! Transforms the spec for the generator, which gets only the operations and the schemas of their requests and successes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::check::openapi;
use super::endpoints::Endpoint;
use super::error::SpecError;
use super::responses::Success;
use super::schema::Translator;
use super::spec::{Operation, child, items, reach, reference_to, schema};

/// The details of a platform error. The wrapper reads them, and callers do not see the type.
pub const PLATFORM_ERROR: &str = "PlatformErrorDetail";

pub fn for_generator(mut spec: Value, endpoints: &[Endpoint]) -> Result<Value, SpecError> {
    for Success { schema, has_flag, .. } in endpoints.iter().map(|endpoint| &endpoint.success) {
        let fields = spec["components"]["schemas"][schema]["properties"].as_object_mut();
        let is_envelope = |field: &str| Success::is_envelope(*has_flag, field);
        fields.into_iter().for_each(|fields| fields.retain(|field, _| !is_envelope(field)));
    }
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    reach(&spec, &reference_to(PLATFORM_ERROR), &mut received);
    for endpoint in endpoints {
        reach(&spec, &reference_to(&endpoint.request), &mut sent);
        if endpoint.success.has_fields {
            reach(&spec, &reference_to(&endpoint.success.schema), &mut received);
        }
    }
    let mut schemas = json!({});
    for name in sent.union(&received) {
        let pointer = child("/components/schemas", name);
        let (is_sent, is_received) = (sent.contains(name), received.contains(name));
        let translator = Translator { spec: &spec, is_sent, is_received };
        schemas[name] = translator.translate(schema(&spec, name), &pointer)?;
    }
    let mut paths = json!({});
    for endpoint in endpoints {
        let Operation { path, method, .. } = &endpoint.operation;
        let fields = &schemas[&endpoint.request]["properties"];
        paths[path][method] = operation(&spec["paths"][path][method], endpoint, fields)?;
    }
    // Without descriptions of the whole and of parameters: rustdoc would test the code in them.
    Ok(json!({
        "openapi": spec["openapi"],
        "info": { "title": spec["info"]["title"], "version": spec["info"]["version"] },
        "paths": paths,
        "components": { "schemas": schemas },
    }))
}

/// Replaces an operation's responses by a 204. Generated decoding loses status and headers if a body does not parse (a
/// gateway's HTML page came out without its 502), reads bodies of any length, and panics on two types of responses. If a 204
/// is the only documented response, every response with a body comes back unread, as `UnexpectedResponse`.
fn operation(operation: &Value, endpoint: &Endpoint, fields: &Value) -> Result<Value, SpecError> {
    let parameters = items(&operation["parameters"]).iter().map(|parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        let required = parameter["required"] == true;
        json!({ "name": name, "in": parameter["in"], "required": required, "schema": fields[name] })
    });
    openapi::<openapiv3::Operation>(&endpoint.operation.value, &endpoint.operation.pointer)?;
    Ok(json!({
        "operationId": endpoint.method,
        "parameters": parameters.collect::<Value>(),
        "requestBody": operation["requestBody"],
        "responses": { "204": { "description": "" } },
    }))
}
