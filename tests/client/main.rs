//! The client against a server that follows a script. One module for each behavior.

#[path = "../support/mod.rs"]
mod support;

mod configuration;
mod environment;
mod faults;
mod idle_connections;
mod lenient_reading;
mod messages;
mod properties;
mod request_shapes;
mod responses;
mod retries;
