//! What the tests of the client share: a server that does what a script says, and the table of endpoints.

// Each test binary uses a part of it.
#![allow(dead_code, unused_imports)]

pub mod endpoints;
pub mod facts;
mod http1;
pub mod http2;
mod ledger;
pub mod names;
mod recorded;
mod script;
mod server;
pub mod situations;
pub mod tls;
mod told;

pub use endpoints::{ENDPOINTS, Endpoint, Failure, Printed, Secrets, endpoint};
pub use ledger::{Entry, Ledger};
pub use recorded::Recorded;
pub use script::{Answer, Script, Step, json};
pub use server::{Server, Wire};
pub use told::{Told, printed};

/// In the documented format, so that nothing about it is special.
pub const KEY: &str = "DEV_0123456789abcdefghijABCDEFGH";
