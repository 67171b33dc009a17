//! The sandbox, through the crate's own client and over plain HTTP.

mod control;
mod faults;
mod flow;
mod http;
mod lifecycle;
mod platform;
mod recorded;
mod robustness;
mod rules;
mod shop;
mod validation;
