//! The crate's own files, and names in Rust.

use std::fs;
use std::path::Path;

/// A file of the crate, in which an operation or error codes have their place.
pub struct File {
    /// The path in the project, with slashes.
    pub path: String,
    /// Empty if the file does not exist.
    pub text: String,
}

impl File {
    pub fn read(project: &Path, path: &str) -> Self {
        let text = fs::read_to_string(project.join(path)).unwrap_or_default();
        Self { path: path.to_owned(), text }
    }
}

/// Returns `true` if Rust accepts a name as an identifier. A keyword is not an identifier; syn does not know `gen`.
pub fn is_ident(name: &str) -> bool {
    name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}
