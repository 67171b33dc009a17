//! The support code of the client's tests: a server that follows a script, and the table of endpoints.

// Each test binary uses a part of it.
#![allow(dead_code, unused_imports)]

pub mod documented_api;
mod http1;
pub mod http2;
mod ledger;
pub mod names;
mod recorded;
pub mod response_cases;
mod script;
mod server;
pub mod tls;

pub use documented_api::{
    CallFuture, DebugOutput, ENDPOINTS, Endpoint, ErrorView, Failure, KEY, Secrets, debug_output,
    endpoint,
};
pub use ledger::{Entry, Ledger};
pub use recorded::Recorded;
pub use script::{Reply, Script, Step, json};
pub use server::{Server, Wire};
