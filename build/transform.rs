//! Transforms the spec for the generator, which gets only the operations and the schemas of their requests and successes.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::check::openapi;
use super::endpoints::Endpoint;
use super::error::SpecError;
use super::responses::Success;
use super::schema::{IP_ADDRESS, Translator};
use super::secret::SECRETS;
use super::spec::{Operation, child, items, reach, reference_to, schema};

/// The details of a platform error. The wrapper reads them, and callers do not see the type.
pub const PLATFORM_ERROR: &str = "PlatformErrorDetail";

pub fn for_generator(spec: &Value, endpoints: &[Endpoint]) -> Result<Value, SpecError> {
    let mut spec = spec.clone();
    for success in endpoints.iter().map(|endpoint| &endpoint.success) {
        let schema = &mut spec["components"]["schemas"][&success.schema];
        if let Some(fields) = schema["properties"].as_object_mut() {
            fields.retain(|field, _| !Success::is_envelope(success.has_flag, field));
        }
    }
    let (mut sent, mut received) = (BTreeSet::new(), BTreeSet::new());
    reach(&spec, &reference_to(PLATFORM_ERROR), &mut received);
    for endpoint in endpoints {
        reach(&spec, &reference_to(&endpoint.request), &mut sent);
        if endpoint.success.has_fields {
            reach(&spec, &reference_to(&endpoint.success.schema), &mut received);
        }
    }
    // The crate's own types replace these.
    let replaced = [SECRETS.as_slice(), &[IP_ADDRESS]].concat();
    let mut schemas = json!({});
    for name in &replaced {
        schemas[name] = json!({ "type": "string" });
    }
    for name in sent.union(&received).filter(|name| !replaced.contains(&name.as_str())) {
        let pointer = child("/components/schemas", name);
        let (is_sent, is_received) = (sent.contains(name), received.contains(name));
        let translator = Translator { spec: &spec, is_sent, is_received };
        schemas[name] = translator.translate(schema(&spec, name), &pointer)?;
    }
    let mut paths = json!({});
    for endpoint in endpoints {
        let Operation { path, method, .. } = endpoint.operation;
        paths[path][method] = operation(&spec, &spec["paths"][path][method], endpoint)?;
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
fn operation(spec: &Value, operation: &Value, endpoint: &Endpoint) -> Result<Value, SpecError> {
    let translator = Translator { spec, is_sent: true, is_received: false };
    let mut parameters = items(&operation["parameters"]).to_vec();
    for parameter in &mut parameters {
        parameter["schema"] =
            translator.translate(&parameter["schema"], &endpoint.operation.pointer)?;
        parameter["description"] = "".into();
    }
    openapi::<openapiv3::Operation>(endpoint.operation.value, &endpoint.operation.pointer)?;
    Ok(json!({
        "operationId": endpoint.ident,
        "parameters": parameters,
        "requestBody": operation["requestBody"],
        "responses": { "204": { "description": "" } },
    }))
}
