//! Finds the file of each operation under `src/`, and brings its request and its success into one form.

use std::path::Path;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::check::only;
use super::error::{SpecError, ensure};
use super::normalize::{self, Success};
use super::rust::{File, is_ident};
use super::spec::{Operation, child, members, operations};

/// The keys of an operation.
#[rustfmt::skip]
const KEYS: [&str; 10] = [
    "operationId", "tags", "summary", "description", "externalDocs", "deprecated", "x-idempotent", "parameters",
    "requestBody", "responses",
];

/// The file that reads the headers of responses.
const HEADERS: &str = "src/call/rate_limit.rs";

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
    let operations = operations(spec);
    let modules: Vec<_> = operations.iter().map(|it| module(&ident(it))).collect();
    let endpoints = operations.into_iter().map(|operation| {
        let Operation { value, pointer, .. } = &operation;
        only(value, pointer, &KEYS)?;
        let ident = ident(&operation);
        let reason = "an operation needs an id that can be a Rust name";
        ensure(is_ident(&ident), &child(pointer, "operationId"), reason)?;
        let reason = "must be true or false: may the call be made again after a lost response?";
        ensure(value["x-idempotent"].is_boolean(), &child(pointer, "x-idempotent"), reason)?;
        let (file, stem) = file(project, &operation, &ident, &modules)?;
        check_responses(project, &operation)?;
        let (request, fields) = normalize::request(spec, &operation, &stem)?;
        let success = normalize::success(spec, &operation, &file)?;
        let method = if fields.is_some() { request.to_snake_case() } else { ident.clone() };
        Ok(Endpoint { operation, ident, method, request, fields, success })
    });
    endpoints.collect()
}

/// Rejects keys and headers of responses that have no effect.
fn check_responses(project: &Path, operation: &Operation) -> Result<(), SpecError> {
    let text = File::read(project, HEADERS).text.to_lowercase();
    let is_end = |sign: char| !sign.is_alphanumeric() && !"-_".contains(sign);
    let is_read = |header: &str| text.split(is_end).any(|word| word == header.to_lowercase());
    for (status, response) in members(&operation.value["responses"]) {
        let place = child(&child(&operation.pointer, "responses"), status);
        only(response, &place, &["description", "headers", "content", "links"])?;
        for (header, _) in members(&response["headers"]) {
            let reason = format!("the client does not read this header: change {HEADERS}");
            ensure(is_read(header), &child(&child(&place, "headers"), header), reason)?;
        }
    }
    Ok(())
}

fn ident(operation: &Operation) -> String {
    operation.value["operationId"].as_str().unwrap_or_default().to_snake_case()
}

/// The import by which a file says that it is an operation's.
fn module(ident: &str) -> String {
    format!("operations::{ident} as operation;")
}

/// Finds the file of an operation, and the start of its types' names: `Login` for `login.rs`. The file has the name of the path's
/// last segment, unless another operation's file has it.
fn file(
    project: &Path,
    operation: &Operation,
    ident: &str,
    modules: &[String],
) -> Result<(File, String), SpecError> {
    let Operation { path, method, value, pointer } = operation;
    let tag = value["tags"][0].as_str().unwrap_or_default().to_snake_case();
    let folder = if is_ident(&tag) { &*tag } else { "customer" };
    let segment = path.rsplit('/').find(|segment| !segment.starts_with('{'));
    let segment = segment.unwrap_or_default().to_snake_case();
    let names = [segment.clone(), format!("{method}_{segment}"), ident.to_owned()];
    let names = names.into_iter().filter(|name| is_ident(name) && !name.ends_with('_'));
    let files = names.map(|name| {
        (File::read(project, &format!("src/{folder}/{name}.rs")), name.to_pascal_case())
    });
    let files: Vec<_> = files.collect();
    let module = module(ident);
    let is_free = |file: &File| modules.iter().all(|module| !file.text.contains(module));
    let free = files.iter().find(|(file, _)| is_free(file)).map(|(file, _)| file.path.clone());
    let mut files = files.into_iter();
    let Some((file, stem)) = files.find(|(file, _)| file.text.contains(&module)) else {
        let reason = format!(
            "{} {path} has no method: write {} with `use crate::generated::{module}`, as \
             docs/changing-the-spec.md shows",
            method.to_uppercase(),
            free.unwrap_or_default()
        );
        return Err(SpecError::at(pointer, reason));
    };
    let attribute = format!("#[cfg_attr(deprecated_operation = {ident:?}, deprecated)]");
    let has_attribute = value["deprecated"] != true || file.text.contains(&attribute);
    let reason = format!("the method in {} needs {attribute}", file.path);
    ensure(has_attribute, &child(pointer, "deprecated"), reason)?;
    Ok((file, stem))
}
