#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]
#![deny(missing_docs, clippy::missing_errors_doc)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod account;
mod answer;
mod base_url;
mod client;
mod config;
mod error;
mod generated;
mod mask;
mod rate_limit;
mod retry;
mod secret;
mod transport;

pub use account::RegisteredAccount;
pub use client::{Client, ClientBuilder};
pub use config::ConfigError;
pub use error::{
    EndpointError, Error, Outcome, PlatformError, PlatformErrorKind, Refused, RegisterAccountError,
    TransportError, UnexpectedResponse,
};
pub use generated::types;
pub use generated::types::RegisterAccountRequest;
pub use rate_limit::RateLimit;
pub use retry::RetryPolicy;
pub use secret::{ApiKey, ApiKeyKind, Password};
