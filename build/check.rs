//! Checks the parts of the spec that all operations share, and the names of secrets.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::{SpecError, ensure};
use super::spec::{METHODS, SECRETS, child, items, members, reference, resolve};

const ROOT: [&str; 8] =
    ["openapi", "info", "servers", "security", "tags", "externalDocs", "paths", "components"];
#[rustfmt::skip]
const COMPONENTS: [&str; 8] = [
    "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links",
];

pub fn spec(spec: &Value) -> Result<(), SpecError> {
    let version = spec["openapi"].as_str().unwrap_or_default();
    ensure(version.starts_with("3.0."), "/openapi", "the spec must be OpenAPI 3.0")?;
    only(spec, "", &ROOT)?;
    only(&spec["components"], "/components", &COMPONENTS)?;
    for (path, item) in members(&spec["paths"]) {
        let pointer = child("/paths", path);
        ensure(path.starts_with('/'), &pointer, "a path must begin with a slash")?;
        let keys = ["summary", "description", "parameters"];
        only(item, &pointer, &[METHODS.as_slice(), &keys].concat())?;
    }
    let has_key = api_key_parameter(spec).is_some();
    ensure(has_key, "/security", "must name one scheme, an apiKey in the query")?;
    let url = spec["servers"][0]["url"].as_str().unwrap_or_default().trim_end_matches('/');
    // The client drops /api/v1 from a base URL: the guides' examples have it, and so has each path of the spec.
    let is_stem = !url.contains(['{', '?', '#', '@', ' ']) && !url.ends_with("/api/v1");
    let reason = "must be an https URL without variables, query, user name and final /api/v1";
    ensure(url.starts_with("https://") && is_stem, "/servers/0/url", reason)
}

/// Checks the types of a part's values. Of several parts, the innermost must come first: `openapiv3` reports a mistake in a part
/// of a part without its place.
pub fn openapi<T: DeserializeOwned>(part: &Value, pointer: &str) -> Result<(), SpecError> {
    serde_path_to_error::deserialize::<_, T>(part).map(drop).map_err(|error| {
        let keys = error.path().iter().map(ToString::to_string);
        let place = keys.fold(pointer.to_owned(), |place, key| child(&place, &key));
        SpecError::at(&place, error.inner())
    })
}

/// Rejects all other keys: the generator would silently ignore most of them.
pub fn only(value: &Value, pointer: &str, keys: &[&str]) -> Result<(), SpecError> {
    members(value).try_for_each(|(key, _)| {
        ensure(keys.contains(&key.as_str()), &child(pointer, key), "is not supported here")
    })
}

/// The name of the query parameter that the API key goes into.
pub fn api_key_parameter(spec: &Value) -> Option<&str> {
    let [security] = items(&spec["security"]) else { return None };
    let [(scheme, _)] = *members(security).collect::<Vec<_>>() else { return None };
    let scheme = &spec["components"]["securitySchemes"][scheme];
    let is_supported = scheme["type"] == "apiKey" && scheme["in"] == "query";
    scheme["name"].as_str().filter(|_| is_supported)
}

/// Checks that what is named like a secret is not a plain string.
pub fn secret(spec: &Value, name: &str, schema: &Value, pointer: &str) -> Result<(), SpecError> {
    let target = resolve(spec, schema);
    for key in ["items", "additionalProperties"].into_iter().filter(|key| target[key].is_object()) {
        secret(spec, name, &target[key], &child(pointer, key))?;
    }
    // The generator does not get the properties of these.
    for part in items(&target["oneOf"]).iter().map(|part| resolve(spec, part)) {
        members(&part["properties"]).try_for_each(|(name, it)| secret(spec, name, it, pointer))?;
    }
    // A number, a flag, a time, an object or one of a few values only says something about a secret.
    let is_known = ["enum", "oneOf", "properties"].iter().any(|key| target.get(key).is_some());
    let is_text = !is_known && (target["type"].is_null() || target["type"] == "string");
    let is_time = target["format"] == "date" || target["format"] == "date-time";
    let word = name.to_lowercase().replace(['_', '-'], "");
    let is_named = |secret: &&str| word.contains(&secret.trim_end_matches("Id").to_lowercase());
    let named = SECRETS.into_iter().find(is_named).filter(|_| is_text && !is_time);
    match named.or((target["format"] == "password").then_some("Password")) {
        Some(secret) if reference(schema).is_none_or(|name| !SECRETS.contains(&name)) => {
            let reason = format!("{name:?} is a secret: refer to #/components/schemas/{secret}");
            Err(SpecError::at(pointer, reason))
        }
        _ => Ok(()),
    }
}
