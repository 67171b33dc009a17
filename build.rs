//! Turns `openapi/bizkithub.yaml` into the typed client that `src/generated.rs` includes: read, check, generate, write.
//!
//! What is found wrong with the description stops the build with one line: the file, the place, the reason.

use std::path::{Path, PathBuf};
use std::{env, fs};

use build::problem::Problem;
use build::{check, generate, operations, read, shape};

mod build {
    pub mod check;
    pub mod document;
    pub mod form;
    pub mod generate;
    pub mod names;
    pub mod operations;
    pub mod problem;
    pub mod read;
    pub mod secret;
    pub mod shape;
    pub mod texts;
}

fn main() {
    println!("cargo::rerun-if-changed=openapi");
    // The tests run this very program on broken descriptions.
    if let Ok(program) = env::current_exe() {
        println!("cargo::rustc-env=BIZKITHUB_BUILD_SCRIPT={}", program.display());
    }
    if let Err(Problem(problem)) = run() {
        println!("cargo::error={problem}");
    }
}

fn run() -> Result<(), Problem> {
    let project = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();

    let document = read::document(&project)?;
    check::document(&document)?;
    let operations = operations::module(&document)?;
    let client = generate::client(&shape::for_the_generator(&document))?;

    write(&out.join("generated.rs"), &format!("{client}\n{operations}"))?;
    // The sandbox checks requests against the description; as JSON it needs no YAML parser for that.
    write(&out.join("description.json"), &document.to_string())
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    fs::write(path, text)
        .map_err(|error| Problem::new(format!("{} cannot be written: {error}", path.display())))
}
