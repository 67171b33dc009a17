//! The crate's own files, in which operations and error codes have their place.

use heck::ToPascalCase;
use std::fs;
use std::path::Path;

use super::error::SpecError;

pub struct File {
    /// The path in the project, with slashes.
    pub path: String,
    pub text: String,
}

impl File {
    /// The file's name as the start of a type's name: `LoginRequest` is generated for `login.rs`.
    pub fn type_name(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.trim_end_matches(".rs").to_pascal_case()
    }
}

/// The files below `src`.
pub fn read(project: &Path) -> Result<Vec<File>, SpecError> {
    let mut files = Vec::new();
    let mut folders = vec![project.join("src")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder)
            .map_err(|error| SpecError::new(format!("src cannot be read: {error}")))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.strip_prefix(project).unwrap_or(&path).to_string_lossy();
            let text = fs::read_to_string(&path).unwrap_or_default();
            files.push(File { path: name.replace('\\', "/"), text });
            folders.extend(path.is_dir().then_some(path));
        }
    }
    Ok(files)
}

pub fn find<'a>(files: &'a [File], path: &str) -> Result<&'a File, SpecError> {
    let file = files.iter().find(|file| file.path == path);
    file.ok_or_else(|| SpecError::new(format!("{path} does not exist")))
}
