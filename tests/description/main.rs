//! The description, and what is generated from it, against what is known of the endpoints.
//!
//! Not covered: whether it is well-formed OpenAPI and reads well, which `.ci/description` checks, and what the crate does
//! with it over a socket.
// The types are compared by the JSON schemas that they derive.
#![cfg(feature = "schemars")]

mod build_script;
mod changing;
mod document;
mod examples;
#[path = "../support/facts.rs"]
mod facts;
mod generated_api;
mod operations;
mod readme;
mod schemas;
mod shape;
