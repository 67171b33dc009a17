//! The client against a server that does what a script says.

#[path = "../support/mod.rs"]
mod support;
