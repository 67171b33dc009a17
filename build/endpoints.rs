//! Finds the file of each operation under `src/`, and brings its request and its success into one form.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::error::SpecError;
use super::names::{is_ident, pascal, snake};
use super::request;
use super::responses::{self, Code, Success};
use super::spec::{Operation, operations};

/// An operation, and what is needed to generate its code.
pub struct Endpoint {
    pub id: String,
    pub method: String,
    pub path: String,
    /// The operation's name in the generated code: its identifier in snake case.
    pub ident: String,
    /// The name of the request's schema: that of its body, or one made of its parameters.
    pub request: String,
    pub has_parameters: bool,
    pub success: Success,
    pub codes: Vec<Code>,
    pub is_idempotent: bool,
    pub is_deprecated: bool,
}

pub fn resolve(
    spec: &mut Value,
    project: &Path,
    public_names: &File,
) -> Result<Vec<Endpoint>, SpecError> {
    let files = files(project)?;
    let original = spec.clone();
    operations(&original)
        .map(|operation| endpoint(spec, &operation, &files, public_names))
        .collect()
}

fn endpoint(
    spec: &mut Value,
    operation: &Operation,
    files: &[File],
    public_names: &File,
) -> Result<Endpoint, SpecError> {
    let (pointer, ident) = (operation.pointer(), snake(operation.id()));
    let Some(is_idempotent) = operation.value["x-idempotent"].as_bool() else {
        let reason = "must be true or false: may the call be made again after a lost response?";
        return Err(SpecError::at(&format!("{pointer}/x-idempotent"), reason));
    };
    let (method, path) = (operation.method.to_uppercase(), operation.path.to_owned());
    let module = format!("operations::{ident} as operation;");
    let Some(file) = files.iter().find(|file| file.text.contains(&module)) else {
        let reason = format!(
            "{method} {path} has no method: write {} with `use crate::generated::{module}`, as \
             docs/changing-the-spec.md shows",
            file_to_write(files, operation, &ident, public_names)
        );
        return Err(SpecError::at(&pointer, reason));
    };
    let is_deprecated = operation.value["deprecated"] == true;
    let attribute = format!("#[cfg_attr(deprecated_operation = {ident:?}, deprecated)]");
    if is_deprecated && !file.text.contains(&attribute) {
        let reason = format!("the method in {} needs {attribute}", file.path);
        return Err(SpecError::at(&format!("{pointer}/deprecated"), reason));
    }
    let (request, has_parameters) = request::normalize(spec, operation, &file.type_name())?;
    let (success, codes) = responses::normalize(spec, operation, file)?;
    Ok(Endpoint {
        id: operation.id().to_owned(),
        method,
        path,
        ident,
        request,
        has_parameters,
        success,
        codes,
        is_idempotent,
        is_deprecated,
    })
}

/// A file of the crate.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    pub fn read(project: &Path, path: String) -> Self {
        let text = fs::read_to_string(project.join(&path)).unwrap_or_default();
        Self { path, text }
    }

    /// Returns `true` if a name occurs in the file's code.
    pub fn has_word(&self, word: &str) -> bool {
        let mut code = self.text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.any(|line| {
            line.split(|sign: char| !sign.is_alphanumeric() && sign != '_').any(|it| it == word)
        })
    }

    /// The file's name as the start of a type's name: `LoginRequest` is generated for `login.rs`.
    pub fn type_name(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        pascal(name.trim_end_matches(".rs"))
    }
}

/// The files in the folders of `src/`.
fn files(project: &Path) -> Result<Vec<File>, SpecError> {
    let unreadable = |error| SpecError::new(format!("src cannot be read: {error}"));
    let mut files = Vec::new();
    for folder in fs::read_dir(project.join("src")).map_err(unreadable)?.flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        // The other folders have no endpoints, and change more often.
        if !folder.path().is_dir() || ["call", "error", "sandbox"].contains(&name.as_str()) {
            continue;
        }
        println!("cargo::rerun-if-changed=src/{name}");
        for file in fs::read_dir(folder.path()).map_err(unreadable)?.flatten() {
            let path = format!("src/{name}/{}", file.file_name().to_string_lossy());
            files.push(File::read(project, path));
        }
    }
    Ok(files)
}

/// The file to write for an operation. It is named after the last segment of its path, unless another file has that name.
fn file_to_write(
    files: &[File],
    operation: &Operation,
    ident: &str,
    public_names: &File,
) -> String {
    let mut folder = snake(operation.value["tags"][0].as_str().unwrap_or("customer"));
    let has_endpoints = files.iter().any(|file| file.path.starts_with(&format!("src/{folder}/")));
    // Another module of the crate may have the name, or Rust does not allow it.
    if !has_endpoints && (public_names.has_word(&folder) || !is_ident(&folder)) {
        folder = format!("api_{folder}");
    }
    let segment = operation.path.rsplit('/').find(|segment| !segment.starts_with('{'));
    let segment = snake(segment.unwrap_or_default());
    let names = [segment.clone(), format!("{}_{segment}", operation.method), ident.to_owned()];
    let mut paths = names
        .iter()
        .filter(|name| is_ident(name) && !name.ends_with('_'))
        .map(|name| format!("src/{folder}/{name}.rs"));
    paths.find(|path| files.iter().all(|file| file.path != *path)).unwrap_or_default()
}
