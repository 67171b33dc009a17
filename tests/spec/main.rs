//! The spec, the code that the build script generates from it, and the effects of changing it.
//!
//! Not covered: the linting of the spec, which `.ci/spec` does, and the behavior of the crate over a socket.

mod build_script;
mod copies;
mod customer_messages;
mod document;
#[path = "../support/documented_api.rs"]
mod documented_api;
mod examples;
mod generated_types;
mod operations;
mod shape;
