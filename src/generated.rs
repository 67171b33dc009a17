//! What progenitor makes of `openapi/bizkithub.yaml` at build time. `build.rs` says how; only `types` leaves the crate.

// progenitor writes constructors (one of which unwraps) and exports for callers outside; here the client stays inside.
#![allow(dead_code, unused_imports, clippy::unwrap_used)]

include!(concat!(env!("OUT_DIR"), "/generated.rs"));
