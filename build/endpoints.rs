//! Finds the file of each operation under `src/`, and brings its request and its success into one form.

use std::fs;
use std::path::Path;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;

use super::check::only;
use super::error::{SpecError, ensure};
use super::names::is_ident;
use super::spec::{Operation, child, operations};
use super::{request, responses};

/// The keys of an operation.
#[rustfmt::skip]
const KEYS: [&str; 10] = [
    "operationId", "tags", "summary", "description", "externalDocs", "deprecated", "x-idempotent", "parameters",
    "requestBody", "responses",
];

/// An operation, and what is needed to generate its code.
pub struct Endpoint<'a> {
    pub operation: Operation<'a>,
    /// The operation's name in the generated code: its identifier in snake case.
    pub ident: String,
    /// The name of the request's schema: that of its body, or one made of its parameters.
    pub request: String,
    /// The fields of the request that the generated method takes, if it does not take the whole request.
    pub fields: Option<Vec<String>>,
    pub success: responses::Success,
    pub codes: Vec<responses::Code>,
}

/// The file of an operation, or of the platform's codes.
pub struct File {
    /// The path in the project.
    pub path: String,
    /// The start of a type's name: `Login` for `login.rs`.
    pub type_name: String,
    pub text: String,
}

/// The endpoints of a spec. `normalized` gets names for the schemas that have none.
pub fn resolve<'a>(
    project: &Path,
    spec: &'a Value,
    normalized: &mut Value,
) -> Result<Vec<Endpoint<'a>>, SpecError> {
    operations(spec).map(|operation| endpoint(project, normalized, operation)).collect()
}

fn endpoint<'a>(
    project: &Path,
    spec: &mut Value,
    operation: Operation<'a>,
) -> Result<Endpoint<'a>, SpecError> {
    let Operation { value, pointer, .. } = &operation;
    only(value, pointer, &KEYS)?;
    let ident = value["operationId"].as_str().unwrap_or_default().to_snake_case();
    let reason = "an operation needs an id that can be a Rust name";
    ensure(is_ident(&ident), &child(pointer, "operationId"), reason)?;
    let reason = "must be true or false: may the call be made again after a lost response?";
    ensure(value["x-idempotent"].is_boolean(), &child(pointer, "x-idempotent"), reason)?;
    let file = file(project, &operation, &ident)?;
    let attribute = format!("#[cfg_attr(deprecated_operation = {ident:?}, deprecated)]");
    let has_attribute = value["deprecated"] != true || file.text.contains(&attribute);
    let reason = format!("the method in {} needs {attribute}", file.path);
    ensure(has_attribute, &child(pointer, "deprecated"), reason)?;
    let (request, fields) = request::normalize(spec, &operation, &file.type_name)?;
    let (success, codes) = responses::normalize(spec, &operation, &file)?;
    Ok(Endpoint { operation, ident, request, fields, success, codes })
}

/// Finds the file of an operation. It is named after the last segment of its path, unless another file has that name.
fn file(project: &Path, operation: &Operation, ident: &str) -> Result<File, SpecError> {
    let Operation { path, method, value, pointer } = operation;
    let module = format!("operations::{ident} as operation;");
    let tag = value["tags"][0].as_str().unwrap_or_default().to_snake_case();
    let folder = if is_ident(&tag) { &*tag } else { "customer" };
    let segment = path.rsplit('/').find(|segment| !segment.starts_with('{'));
    let segment = segment.unwrap_or_default().to_snake_case();
    let names = [segment.clone(), format!("{method}_{segment}"), ident.to_owned()];
    let mut missing = None;
    for name in names.iter().filter(|name| is_ident(name) && !name.ends_with('_')) {
        let path = format!("src/{folder}/{name}.rs");
        match fs::read_to_string(project.join(&path)) {
            Ok(text) if text.contains(&module) => {
                return Ok(File { path, type_name: name.to_pascal_case(), text });
            }
            Ok(_) => {}
            Err(_) => missing = missing.or(Some(path)),
        }
    }
    let reason = format!(
        "{} {path} has no method: write {} with `use crate::generated::{module}`, as \
         docs/changing-the-spec.md shows",
        method.to_uppercase(),
        missing.unwrap_or_default()
    );
    Err(SpecError::at(pointer, reason))
}
