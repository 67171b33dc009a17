//! Finds the file of each operation under `src/`, and brings its request and its success into one form.

use heck::ToSnakeCase;
use serde_json::Value;

use super::check::only;
use super::error::{SpecError, ensure};
use super::files::{self, File};
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

/// The endpoints of a spec. `normalized` gets names for the schemas that have none.
pub fn resolve<'a>(
    spec: &'a Value,
    normalized: &mut Value,
    files: &[File],
) -> Result<Vec<Endpoint<'a>>, SpecError> {
    for file in files {
        let (_, module) = file.text.split_once("operations::").unwrap_or_default();
        let Some((ident, _)) = module.split_once(" as operation;") else { continue };
        let exists = operations(spec).any(|operation| self::ident(&operation) == ident);
        let reason = format!(
            "{} uses the operation {ident}, which is not here: rename it there, or remove the file",
            file.path
        );
        ensure(exists, "/paths", reason)?;
    }
    operations(spec).map(|operation| endpoint(normalized, operation, files)).collect()
}

fn ident(operation: &Operation) -> String {
    operation.value["operationId"].as_str().unwrap_or_default().to_snake_case()
}

fn endpoint<'a>(
    spec: &mut Value,
    operation: Operation<'a>,
    files: &[File],
) -> Result<Endpoint<'a>, SpecError> {
    let Operation { path, method, value, pointer } = &operation;
    only(value, pointer, &KEYS)?;
    let ident = ident(&operation);
    let reason = "an operation needs an id that can be a Rust name";
    ensure(is_ident(&ident), &child(pointer, "operationId"), reason)?;
    let reason = "must be true or false: may the call be made again after a lost response?";
    ensure(value["x-idempotent"].is_boolean(), &child(pointer, "x-idempotent"), reason)?;
    let module = format!("operations::{ident} as operation;");
    let Some(file) = files.iter().find(|file| file.text.contains(&module)) else {
        let reason = format!(
            "{} {path} has no method: write {} with `use crate::generated::{module}`, as \
             docs/changing-the-spec.md shows",
            method.to_uppercase(),
            file_to_write(files, &operation, &ident)
        );
        return Err(SpecError::at(pointer, reason));
    };
    let attribute = format!("#[cfg_attr(deprecated_operation = {ident:?}, deprecated)]");
    let has_attribute = value["deprecated"] != true || file.text.contains(&attribute);
    let reason = format!("the method in {} needs {attribute}", file.path);
    ensure(has_attribute, &child(pointer, "deprecated"), reason)?;
    let (request, fields) = request::normalize(spec, &operation, &file.type_name())?;
    let (success, codes) = responses::normalize(spec, &operation, file)?;
    Ok(Endpoint { operation, ident, request, fields, success, codes })
}

/// The file to write for an operation. It is named after the last segment of its path, unless another file has that name.
fn file_to_write(files: &[File], operation: &Operation, ident: &str) -> String {
    let tag = operation.value["tags"][0].as_str().unwrap_or_default().to_snake_case();
    let folder = if is_ident(&tag) { &*tag } else { "customer" };
    let segment = operation.path.rsplit('/').find(|segment| !segment.starts_with('{'));
    let segment = segment.unwrap_or_default().to_snake_case();
    let names = [segment.clone(), format!("{}_{segment}", operation.method), ident.to_owned()];
    let paths = names.iter().filter(|name| is_ident(name) && !name.ends_with('_'));
    let mut paths = paths.map(|name| format!("src/{folder}/{name}.rs"));
    paths.find(|path| files::find(files, path).is_err()).unwrap_or_default()
}
