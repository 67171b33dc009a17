// The README links to files next to it. On this page, these links replace them: the first definition of a link wins.
#![doc = "[testing]: _documentation::testing"]
#![doc = "[messages]: _documentation::customer_messages"]
#![doc = "[troubleshooting]: _documentation::troubleshooting"]
#![doc = "[changing]: https://docs.rs/crate/bizkithub/latest/source/docs/changing-the-spec.md"]
#![doc = "[performance]: https://docs.rs/crate/bizkithub/latest/source/docs/performance.md"]
#![doc = "[security]: https://docs.rs/crate/bizkithub/latest/source/SECURITY.md"]
#![doc = "[architecture]: https://docs.rs/crate/bizkithub/latest/source/ARCHITECTURE.md"]
#![doc = "[contributing]: https://docs.rs/crate/bizkithub/latest/source/CONTRIBUTING.md"]
#![doc = "[changelog]: https://docs.rs/crate/bizkithub/latest/source/CHANGELOG.md"]
#![doc = "[examples]: https://docs.rs/crate/bizkithub/latest/source/examples/README.md"]
#![doc = "[outcomes]: RetryPolicy#outcomes"]
#![doc = ""]
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

mod base_url;
mod call;
mod client;
mod config;
mod customer;
mod error;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod generated;
mod http;
mod operation;
mod response;
#[cfg(feature = "sandbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "sandbox")))]
pub mod sandbox;
mod secret;
mod server_text;

pub use call::rate_limit::RateLimit;
pub use call::retry::RetryPolicy;
pub use client::{Client, ClientBuilder};
pub use config::ConfigError;
pub use customer::{
    GetAccountInfoError, LoginError, LogoutError, RegisterAccountError, RegisterAccountVerifyError,
    ResetPasswordError, SetNewPasswordError,
};
pub use error::{
    AnyErrorCode, EndpointError, Error, ErrorCode, Outcome, PlatformError, PlatformErrorCode,
    PlatformErrorKind, TransportError, UnexpectedResponse,
};
generated::export_types!();
pub use response::Response;
pub use secret::{ApiKey, ApiKeyKind, IdentityId, Password, Token};
pub use server_text::{ServerJson, ServerText};

/// Longer pages of documentation.
#[cfg(any(doc, doctest))]
pub mod _documentation {
    // Its examples need the sandbox, which the published package does not enable for its own tests.
    #[cfg(any(feature = "sandbox", not(doctest)))]
    #[doc = include_str!("../docs/testing.md")]
    pub mod testing {}

    #[doc = include_str!("../docs/customer-messages.md")]
    pub mod customer_messages {}

    #[doc = "[outcomes]: crate::RetryPolicy#outcomes"]
    #[doc = ""]
    #[doc = include_str!("../docs/troubleshooting.md")]
    pub mod troubleshooting {}
}
