//! Finds the file of each operation under `src/`, and brings its request and its success into one form.

use std::fs;
use std::path::Path;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::check::only;
use super::error::{SpecError, ensure};
use super::normalize::{self, Success};
use super::spec::{Operation, child, operations};

/// The keys of an operation.
#[rustfmt::skip]
const KEYS: [&str; 10] = [
    "operationId", "tags", "summary", "description", "externalDocs", "deprecated", "x-idempotent", "parameters",
    "requestBody", "responses",
];

/// An operation, and what is needed to generate its code.
pub struct Endpoint {
    pub operation: Operation,
    /// The operation's name in the generated code: its identifier in snake case.
    pub ident: String,
    /// The name of the generated method. The generator names the enums of parameters after it, so that they are those of the
    /// request's fields if it has the name of the request.
    pub method: String,
    /// The name of the request's schema: that of its body, or one made of its parameters.
    pub request: String,
    /// The fields of the request that the generated method takes, if it does not take the whole request.
    pub fields: Option<Vec<String>>,
    pub success: Success,
}

/// The endpoints of a spec. It gets a schema for each request that is made of parameters.
pub fn resolve(project: &Path, spec: &mut Value) -> Result<Vec<Endpoint>, SpecError> {
    let endpoints = operations(spec).into_iter().map(|operation| {
        let Operation { value, pointer, .. } = &operation;
        only(value, pointer, &KEYS)?;
        let ident = value["operationId"].as_str().unwrap_or_default().to_snake_case();
        let reason = "an operation needs an id that can be a Rust name";
        ensure(is_ident(&ident), &child(pointer, "operationId"), reason)?;
        let reason = "must be true or false: may the call be made again after a lost response?";
        ensure(value["x-idempotent"].is_boolean(), &child(pointer, "x-idempotent"), reason)?;
        // The start of a type's name: `Login` for `login.rs`.
        let stem = file_name(project, &operation, &ident)?.to_pascal_case();
        let (request, fields) = normalize::request(spec, &operation, &stem)?;
        let success = normalize::success(spec, &operation)?;
        let method = if fields.is_some() { request.to_snake_case() } else { ident.clone() };
        Ok(Endpoint { operation, ident, method, request, fields, success })
    });
    endpoints.collect()
}

/// Finds the file of an operation, and returns its name without the `.rs`. That is the last segment of the path, unless another
/// file has that name.
fn file_name(project: &Path, operation: &Operation, ident: &str) -> Result<String, SpecError> {
    let Operation { path, method, value, pointer } = operation;
    let module = format!("operations::{ident} as operation;");
    let tag = value["tags"][0].as_str().unwrap_or_default().to_snake_case();
    let folder = if is_ident(&tag) { &*tag } else { "customer" };
    let segment = path.rsplit('/').find(|segment| !segment.starts_with('{'));
    let segment = segment.unwrap_or_default().to_snake_case();
    let names = [segment.clone(), format!("{method}_{segment}"), ident.to_owned()];
    let mut missing = None;
    for name in names.into_iter().filter(|name| is_ident(name) && !name.ends_with('_')) {
        let file = format!("src/{folder}/{name}.rs");
        match fs::read_to_string(project.join(&file)) {
            Ok(text) if text.contains(&module) => {
                let attribute =
                    format!("#[cfg_attr(deprecated_operation = {ident:?}, deprecated)]");
                let has_attribute = value["deprecated"] != true || text.contains(&attribute);
                let reason = format!("the method in {file} needs {attribute}");
                ensure(has_attribute, &child(pointer, "deprecated"), reason)?;
                return Ok(name);
            }
            Ok(_) => {}
            Err(_) => missing = missing.or(Some(file)),
        }
    }
    let missing = missing.unwrap_or_default();
    let method = method.to_uppercase();
    let reason = format!(
        "{method} {path} has no method: write {missing} with `use crate::generated::{module}`, as \
         docs/changing-the-spec.md shows"
    );
    Err(SpecError::at(pointer, reason))
}

/// Returns `true` if Rust accepts a name as an identifier. A keyword is not an identifier; syn does not know `gen`.
pub fn is_ident(name: &str) -> bool {
    name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}
