//! The build script, run as cargo runs it, on a small spec that is changed in one place at a time.

mod fields;
mod file;
mod operations;

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::document::{FILE, reference, set};

const SMALL: &str = include_str!("small.yaml");
const SIGN_IN: &str = "/paths/~1v1~1shop~1sign-in/post";
const CART: &str = "/paths/~1v1~1shop~1cart/get";
const SCHEMAS: &str = "/components/schemas";

fn small() -> Value {
    yaml_serde::from_str(SMALL).unwrap()
}

/// The output of the build script, and the code that it generated.
struct Build {
    printed: String,
    generated: String,
}

/// Runs the build script in a project with the files of the small spec's operations.
fn build(spec: &str) -> Build {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(FILE, spec);
    write(
        "src/shop/sign_in.rs",
        "use crate::generated::operations::sign_in as operation;\nE001 Wrong",
    );
    write("src/error/platform_code.rs", "    BAD_KEY BadKey");
    write("src/call/rate_limit.rs", "use http::header::RETRY_AFTER; // Retry-After");
    write("src/lib.rs", "/// Cart\npub use client::{Client, ClientBuilder};");
    write(
        "src/shop/cart.rs",
        "use crate::generated::operations::get_cart as operation;\nE001 Empty",
    );
    let output = Command::new(env!("BIZKITHUB_BUILD_SCRIPT"))
        .env("CARGO_MANIFEST_DIR", folder.path())
        .env("OUT_DIR", folder.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "a panic");
    assert!(output.status.success(), "cargo would print the script's whole output");
    let generated = fs::read_to_string(folder.path().join("generated.rs")).unwrap_or_default();
    Build { printed: String::from_utf8(output.stdout).unwrap(), generated }
}

/// The one line that a build stops with.
fn error(spec: &str) -> String {
    let printed = build(spec).printed;
    let (errors, others): (Vec<_>, Vec<_>) =
        printed.lines().partition(|line| line.starts_with("cargo::error="));
    assert!(others.iter().all(|line| line.starts_with("cargo::")), "more than one line: {printed}");
    let [error] = errors[..] else { panic!("not one error: {printed}") };
    assert!(error.len() < 400, "not readable at a glance: {error}");
    error.trim_start_matches("cargo::error=").to_owned()
}

/// Changes the spec in each row's way: the pointer and its new value, and the error with its place.
#[track_caller]
fn assert_errors(rows: &[(&str, Value, &str, &str)]) {
    for (pointer, value, place, reason) in rows {
        let mut spec = small();
        set(&mut spec, pointer, value.clone());
        let error = error(&spec.to_string());
        assert_eq!(error, format!("{FILE}, #{place}: {reason}"), "{pointer}: {value}");
    }
}

/// The generated code of a spec that builds.
#[track_caller]
fn generated(changes: &[(&str, Value)]) -> String {
    let mut spec = small();
    changes.iter().for_each(|(pointer, value)| set(&mut spec, pointer, value.clone()));
    let build = build(&spec.to_string());
    assert!(!build.printed.contains("cargo::error"), "{}", build.printed);
    assert!(syn::parse_file(&build.generated).is_ok());
    build.generated
}

const BODY: &str = "/paths/~1v1~1shop~1sign-in/post/requestBody/content";
const SUCCESS: &str =
    "/paths/~1v1~1shop~1sign-in/post/responses/200/content/application~1json/schema";
const FIELDS: &str = "/components/schemas/SignInRequest/properties";

fn text() -> Value {
    json!({ "type": "string" })
}
