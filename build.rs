//! Turns `openapi/bizkithub.yaml` into the client that `src/generated.rs` includes: read, check, transform, generate,
//! complete, write.
//!
//! An error in the spec fails the build with one line: the file, the place and the reason.

use std::path::{Path, PathBuf};
use std::{env, fs};

use build::error::SpecError;
use build::rust::File;
use build::{check, endpoints, generate, operations, spec, transform, types};
use quote::ToTokens;

mod build {
    pub mod check;
    pub mod endpoints;
    pub mod error;
    pub mod generate;
    pub mod normalize;
    pub mod operations;
    pub mod rust;
    pub mod spec;
    pub mod transform;
    pub mod types;
}

/// The file with the table of the platform's error codes.
const PLATFORM_CODES: &str = "src/error/platform_code.rs";

fn main() {
    println!("cargo::rerun-if-changed=openapi");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-check-cfg=cfg(deprecated_operation, values(any()))");
    // The tests run this program on changed specs.
    if let Ok(program) = env::current_exe() {
        println!("cargo::rustc-env=BIZKITHUB_BUILD_SCRIPT={}", program.display());
    }
    if let Err(SpecError(error)) = run() {
        println!("cargo::error={error}");
    }
}

fn run() -> Result<(), SpecError> {
    let project = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();

    let mut spec = spec::read(&project)?;
    check::spec(&spec)?;
    let endpoints = endpoints::resolve(&project, &mut spec)?;
    let input = transform::for_generator(spec.clone(), &endpoints)?;
    check::openapi::<openapiv3::OpenAPI>(&spec, "")?;
    let mut client = generate::client(&input)?;
    types::complete(&mut client, &endpoints);
    let operations = operations::module(&spec, &endpoints, &File::read(&project, PLATFORM_CODES))?;

    for endpoint in endpoints.iter().filter(|it| it.operation.value["deprecated"] == true) {
        println!("cargo::rustc-cfg=deprecated_operation=\"{}\"", endpoint.ident);
    }
    write(&out.join("generated.rs"), &format!("{}\n{operations}", client.to_token_stream()))?;
    // The sandbox validates requests against the spec. As JSON, the spec needs no YAML parser.
    write(&out.join("spec.json"), &spec.to_string())
}

fn write(path: &Path, text: &str) -> Result<(), SpecError> {
    fs::write(path, text).map_err(|error| {
        SpecError::new("", format!("{} cannot be written: {error}", path.display()))
    })
}
