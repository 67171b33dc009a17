//! The client against a server that does what a script says. A module for each behaviour.

#[path = "../support/mod.rs"]
mod support;

mod account_info;
mod answers;
mod configuration;
mod environment;
mod faults;
mod messages;
mod properties;
mod request_shapes;
mod retries;
