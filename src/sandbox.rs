//! An embedded BizKitHub for tests and demos: it needs no API key and no network, and sends no email.
//!
//! It is an HTTP server on a loopback port. It validates requests against the spec that the client is generated from, keeps
//! accounts by the documented rules, and can simulate every error code and the failures of gateways and connections.
//!
//! # In a test
//!
//! ```
//! use bizkithub::sandbox::{Fault, Sandbox};
//! use bizkithub::{
//!     Client, Error, LoginError, LoginRequest, RegisterAccountRequest, RegisterAccountVerifyRequest,
//! };
//!
//! /// The code under test.
//! async fn sign_in(client: &Client, email: &str, password: &str) -> &'static str {
//!     let request = LoginRequest::builder().email(email).password(password).build();
//!     match client.login(&request).await {
//!         Ok(_) => "Welcome back!",
//!         Err(error) => match error.reason() {
//!             Some(LoginError::UnknownEmail | LoginError::NoAccount | LoginError::WrongPassword) => {
//!                 "The email address or the password is wrong."
//!             }
//!             Some(LoginError::EmailNotVerified) => "Please open the link in our email first.",
//!             _ => "Please try again later.",
//!         },
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Error> {
//! let sandbox = Sandbox::start().await.unwrap();
//! let client = sandbox.client();
//! let (email, password) = ("jan@barasek.com", "example_password");
//! assert_eq!(
//!     sign_in(&client, email, password).await,
//!     "The email address or the password is wrong."
//! );
//!
//! let request = RegisterAccountRequest::builder().email(email).password(password).build();
//! client.register_account(&request).await?;
//! assert_eq!(
//!     sign_in(&client, email, password).await,
//!     "Please open the link in our email first."
//! );
//!
//! // The email that BizKitHub would have sent. `confirm_email` does the same without it.
//! let token = sandbox.emails()[0].token.clone();
//! let request = RegisterAccountVerifyRequest::builder().token(token).build();
//! client.register_account_verify(&request).await?;
//! assert_eq!(sign_in(&client, email, password).await, "Welcome back!");
//!
//! sandbox.inject(Fault::Html(http::StatusCode::BAD_GATEWAY));
//! assert_eq!(sign_in(&client, email, password).await, "Please try again later.");
//! assert_eq!(sandbox.requests()[3].outcome(), "success");
//! # Ok(())
//! # }
//! ```
//!
//! Don't pause Tokio's clock around calls: a paused clock jumps ahead whenever the test only waits for a socket, so every call
//! times out at once. [`Sandbox::advance`] moves the sandbox's own clock instead.
//!
//! # As a program
//!
//! ```sh
//! cargo run --example sandbox -- --listen 127.0.0.1:8787
//! ```
//!
//! This prints the sandbox's URL, a `curl` command to try, and then a line for each request. Set your program's
//! `BIZKITHUB_API_URL` to the URL; any key in the documented format works. (This crate's client accepts plain HTTP on loopback
//! addresses only.) The sandbox also has a few requests of its own, which need no key:
//!
//! | request | effect |
//! | --- | --- |
//! | `GET /sandbox/emails?to=ADDRESS` | returns the emails to this address as a JSON list of `{"to", "kind", "token"}`, oldest first; `kind` is `verify-account` or `reset-password`. Without `to`, it returns all emails |
//! | `POST /sandbox/advance?seconds=600` | [`advance`](Sandbox::advance) |
//! | `POST /sandbox/faults?endpoint=login&fault=bad-gateway` | [`inject_for`](Sandbox::inject_for), or [`inject`](Sandbox::inject) without `endpoint`. The reserved addresses below have the names of the faults |
//!
//! Their `Host` must be a loopback address or name, or the address that the sandbox listens on. Otherwise, the response is a
//! 403 `SANDBOX_HOST_NOT_ALLOWED`, so that a website whose name resolves to your machine cannot read tokens.
//!
//! # Rules
//!
//! The platform's checks come first, then those of the endpoint, each in the order of its table. The first row that applies
//! determines the response.
//!
//! | every endpoint | response |
//! | --- | --- |
//! | a key that is missing, a sample, malformed, unknown, deleted, inactive or expired | 404 with the documented code |
//! | the [quota](SandboxBuilder::requests_per_hour) is exhausted | 429 `INTERNAL_TOO_MANY_REQUESTS` with `Retry-After` |
//! | the key's scopes do not include the endpoint | 403 `PUBLIC_API_KEY_SCOPE_NOT_ALLOWED` |
//! | the request does not match the spec | 400 `INTERNAL_VALIDATION_FAILED` |
//!
//! | `register-account` | response |
//! | --- | --- |
//! | the address is [banned](Sandbox::ban) | error code `E003` |
//! | the address is registered and confirmed | error code `E002` |
//! | the address was registered less than ten minutes ago | error code `E004` |
//! | otherwise | a success, and an email. A pending registration is replaced, with its password and its token |
//!
//! | `register-account-verify` | response |
//! | --- | --- |
//! | the token is unknown, used or replaced, or its contact is banned | an endpoint error without a code |
//! | otherwise | the address is confirmed |
//!
//! | `login` | response |
//! | --- | --- |
//! | the address is unknown | error code `E002` |
//! | the address is [banned](Sandbox::ban) | error code `E005` |
//! | the address is a [contact](Sandbox::add_contact) without an account | error code `E003` |
//! | [too many](SandboxBuilder::login_attempts) wrong passwords were sent | error code `E006`, even for the right password |
//! | the password is wrong | error code `E004` |
//! | the address is not confirmed | error code `E007` |
//! | otherwise | an identity |
//!
//! | `get-account-info` | response |
//! | --- | --- |
//! | the identity is unknown or has ended | `{"loggedIn": false}` |
//! | otherwise | the data of the registration |
//!
//! | `logout` | response |
//! | --- | --- |
//! | in any case | a success. The identity ends |
//!
//! An identity also ends after its [lifetime](SandboxBuilder::session_lifetime), when a new password is set, and by a ban.
//!
//! | `reset-password` | response |
//! | --- | --- |
//! | the address has no account or is banned | a success, without an email |
//! | otherwise | a success, and an email. An earlier token is replaced |
//!
//! | `set-new-password` | response |
//! | --- | --- |
//! | the token is unknown, used or replaced, or its contact is banned | error code `E003` |
//! | the token has expired | error code `E004` |
//! | the account has or had this password | error code `E002`. The token still works |
//! | otherwise | the password is set, and all identities of the account end |
//!
//! A new operation in the spec has no such rule. The response to a valid request is the spec's example of a success.
//!
//! # Reserved addresses
//!
//! An email address at `sandbox.test` causes a fault, without any request to the sandbox itself. It does so at every endpoint
//! that receives the address, or a token or identity of its account. If the address begins with an endpoint's name and a
//! hyphen, it causes the fault only there: `login-bad-gateway@sandbox.test` can be registered and confirmed, but cannot sign
//! in. [`Sandbox::inject`] causes a fault for any address.
//!
//! | address | effect | is the request processed? |
//! | --- | --- | --- |
//! | `e001@sandbox.test` and so on | the endpoint returns this error code, if it documents it. `e007@` is registered as usual, since `E007` is a code of `login`; `login-e099@` causes an undocumented code | no |
//! | `rate-limited@sandbox.test` | 429 with `Retry-After: 3600` | no |
//! | `public-api-key-has-been-expired@sandbox.test` | this platform error. Every platform error code works, in lower case with hyphens, as long as the part before the `@` has at most 64 characters | no |
//! | `bad-gateway@`, `unavailable@`, `gateway-timeout@sandbox.test` | an HTML page with the status 502, 503 or 504 | no |
//! | `slow@sandbox.test` | a response after 15 seconds, which exceeds the client's default timeout | yes |
//! | `dropped@sandbox.test` | the connection closes without a response | yes |
//! | `truncated@sandbox.test` | the connection closes in the middle of the response | yes |
//!
//! # Limits
//!
//! If BizKitHub's behavior is not documented, the sandbox chooses one that makes mistakes in your code visible.
//! [`inject_for`](Sandbox::inject_for) simulates another, such as `PlatformErrorCode::ResourceNotFound` for an unknown token.
//!
//! These choices are the sandbox's own:
//!
//! - An address is normalized to lower case. An address with spaces (even quoted ones) or non-ASCII characters is rejected.
//! - The HTTP status of an endpoint error is 200, or that of [`error_status`](SandboxBuilder::error_status).
//! - If several error codes apply, the order of the tables decides.
//! - An unknown or used token results in an endpoint error without a code at `register-account-verify`, and in `E003` at
//!   `set-new-password`. An unknown identity results in a success at `logout`.
//! - A verification token works until it is used or replaced, and a reset token without `expirationTime` for an hour.
//! - [`login_attempts`](SandboxBuilder::login_attempts) sets the limit of wrong passwords, and the period in which they count.
//! - A new password does not confirm an address, and ends all identities. A ban ends them, too.
//! - A `referralId` of an unknown customer is accepted.
//! - The statuses 404, 405, 413 and 415 come with codes that begin with `SANDBOX_`, for an unknown path, another method, a body
//!   over 64 KiB and another content type. Beyond 16 MiB the connection may close before the client reads the 413.
//!
//! The sandbox does not imitate:
//!
//! - the normalization of phone numbers. A text that does not match the spec's pattern is rejected, and any other is returned as
//!   it was sent;
//! - names of groups, credit, premium, `meta` and subscriptions. A group's name is its slug, and the others are empty;
//! - addresses that bounce, and the built-in anonymous customer;
//! - bursts: the quota is for an hour;
//! - an API key in the JSON body;
//! - TLS, HTTP/2, and endpoints that are not in the spec.

mod accounts;
mod builder;
mod clock;
mod control;
mod customer;
mod email;
mod endpoint;
mod fault;
mod instance;
mod keys;
mod platform;
mod quota;
mod recorded;
mod reply;
mod request;
mod rule;
mod server;
mod settings;
mod spec;
mod state;
#[cfg(test)]
mod tests;

pub use builder::SandboxBuilder;
pub use email::{Email, EmailKind};
pub use fault::Fault;
pub use instance::Sandbox;
pub use keys::KeyState;
pub use recorded::RecordedRequest;
