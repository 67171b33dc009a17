// The README's links lead to files beside it, which are not beside this page: the first definition of a link wins.
#![doc = "[testing]: _documentation::testing_your_own_code"]
#![doc = "[changing]: https://docs.rs/crate/bizkithub/latest/source/docs/changing-the-description.md"]
#![doc = "[performance]: https://docs.rs/crate/bizkithub/latest/source/docs/performance.md"]
#![doc = "[security]: https://docs.rs/crate/bizkithub/latest/source/SECURITY.md"]
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

mod answered;
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
#[cfg(feature = "sandbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "sandbox")))]
pub mod sandbox;
mod secret;

pub use answered::Answered;
pub use call::rate_limit::RateLimit;
pub use call::retry::RetryPolicy;
pub use client::{Client, ClientBuilder};
pub use config::ConfigError;
pub use customer::{
    AccountInfo, CustomerGroup, GetAccountInfoRequest, Login, LoginError, Referral,
    RegisterAccountError, RegisteredAccount, SetNewPasswordError, Subscription, VerifiedAccount,
};
pub use error::{
    AnyRefusal, EndpointError, Error, Outcome, PlatformError, PlatformErrorKind, Refusal, Refused,
    TransportError, UndocumentedRefusal, UnexpectedResponse,
};
/// The types of the description, generated with their texts from `openapi/bizkithub.yaml`.
///
/// Requests are sent as they are here. `AccountInfo` and the records in it are the wire's own: what a call gives are the
/// types of the same names in the crate's root.
///
/// A fact without a mark is from the endpoint's reference page, which wins where anything disagrees with it. "Later
/// pages" marks what only [BizKitHub's later documentation](https://docs.bizkithub.com) says, and "Not documented:" what
/// nobody says.
#[doc(inline)]
pub use generated::types;
/// What [`Client::register_account`] sends. Every optional field takes its plain value; what is left out stays out of it.
///
/// ```
/// use bizkithub::RegisterAccountRequest;
///
/// let request = RegisterAccountRequest::builder()
///     .email("jan@barasek.com")
///     .password("example_password")
///     .phone("+420 777123456")
///     .newsletter(false)
///     .groups(vec![])
///     .customer_real_ip(std::net::Ipv4Addr::new(1, 1, 1, 1))
///     .build();
/// assert_eq!(request.newsletter, Some(false));
/// ```
///
/// One without a password, or without an e-mail address, does not compile:
///
/// ```compile_fail
/// # use bizkithub::RegisterAccountRequest;
/// let request = RegisterAccountRequest::builder().email("jan@barasek.com").build();
/// ```
///
/// ```compile_fail
/// # use bizkithub::RegisterAccountRequest;
/// let request = RegisterAccountRequest::builder().password("example_password").build();
/// ```
pub use generated::types::RegisterAccountRequest;
pub use generated::types::{
    LoginRequest, LogoutRequest, RegisterAccountVerifyRequest, ResetPasswordRequest,
    SetNewPasswordRequest,
};
pub use secret::{ApiKey, ApiKeyKind, IdentityId, Password, Token};

/// Pages to read.
#[cfg(any(doc, doctest))]
pub mod _documentation {
    #[doc = include_str!("../docs/testing-your-own-code.md")]
    pub mod testing_your_own_code {}
}
