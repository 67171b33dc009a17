//! The client that progenitor generates from `openapi/bizkithub.yaml` at build time: see `build.rs`.

// The generator writes constructors (one of which unwraps) and exports for outside callers, but this client is private. A
// deprecated field is deprecated for callers, not for the code that sends it.
#![allow(
    dead_code,
    deprecated,
    missing_docs,
    unreachable_patterns,
    unused_imports,
    unused_macros,
    unused_variables,
    non_camel_case_types,
    clippy::unwrap_used,
    clippy::upper_case_acronyms,
    clippy::clone_on_copy,
    clippy::needless_update
)]

include!(concat!(env!("OUT_DIR"), "/generated.rs"));
