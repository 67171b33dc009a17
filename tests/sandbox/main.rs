//! The embedded BizKitHub, through the crate's own client, and what a client would never send by hand.

mod flow;
mod http;
mod platform;
mod recorded;
mod robustness;
mod rules;
mod shop;
