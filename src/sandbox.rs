//! An embedded BizKitHub for tests and demos: no key, no network beyond loopback, no real e-mail.
//!
//! It is a real HTTP server on a loopback port. It checks requests against the same OpenAPI description as the client
//! was generated from, keeps accounts by the documented rules, and plays every refusal and the failures of gateways and
//! connections on demand. Once it is dropped, calls are not sent at all.
//!
//! # In a unit test
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
//!         Err(error) => match error.refusal() {
//!             Some(LoginError::UnknownEmail | LoginError::NoAccount | LoginError::WrongPassword) => {
//!                 "E-mail address or password is wrong."
//!             }
//!             Some(LoginError::EmailNotVerified) => "Please open the link in our e-mail first.",
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
//! assert_eq!(sign_in(&client, email, password).await, "E-mail address or password is wrong.");
//!
//! client.register_account(&RegisterAccountRequest::builder().email(email).password(password).build()).await?;
//! assert_eq!(sign_in(&client, email, password).await, "Please open the link in our e-mail first.");
//!
//! // The mail that BizKitHub would have sent. (`confirm_email` does the same without it.)
//! let token = sandbox.mails()[0].token.clone();
//! client.register_account_verify(&RegisterAccountVerifyRequest::builder().token(token).build()).await?;
//! assert_eq!(sign_in(&client, email, password).await, "Welcome back!");
//!
//! sandbox.inject(Fault::Html(http::StatusCode::BAD_GATEWAY));
//! assert_eq!(sign_in(&client, email, password).await, "Please try again later.");
//! assert_eq!(sandbox.requests()[3].outcome(), "success");
//! # Ok(())
//! # }
//! ```
//!
//! Don't pause Tokio's clock around calls: time then jumps ahead whenever only sockets are waited for, so every call times
//! out at once. [`Sandbox::advance`] moves the sandbox's own clock instead.
//!
//! # From a program in another language
//!
//! ```sh
//! cargo run --example sandbox -- --listen 127.0.0.1:8787
//! ```
//!
//! prints its URL, a `curl` line to try, and then a line for each request to BizKitHub's own paths. Point your program's
//! `BIZKITHUB_API_URL` at it; any key in the documented format will do. (A program with this crate wants the sandbox on a
//! loopback address, or TLS in front of it.) Your test asks the sandbox itself without a key:
//!
//! | request | what it does |
//! | --- | --- |
//! | `GET /sandbox/mails?to=ADDRESS` | the mails as a JSON list, oldest first: `to`, `kind` (`verify-account` or `reset-password`), `token`; without `to`, those to all |
//! | `POST /sandbox/advance?seconds=600` | moves the clock: [`advance`](Sandbox::advance) |
//! | `POST /sandbox/faults?endpoint=login&fault=bad-gateway` | [`inject_for`](Sandbox::inject_for); without `endpoint`, [`inject`](Sandbox::inject). The names of faults are those of the reserved addresses below |
//!
//! # The rules
//!
//! The platform's checks come first, then the endpoint's own, each in the order of its table. The first that applies answers.
//!
//! | every endpoint | answer |
//! | --- | --- |
//! | no key, a sample, malformed, unknown, deleted, inactive, expired | 404, the documented code of each |
//! | past the [quota](SandboxBuilder::quota) | 429 `INTERNAL_TOO_MANY_REQUESTS` with `Retry-After` |
//! | a key whose scopes do not cover it | 403 `PUBLIC_API_KEY_SCOPE_NOT_ALLOWED` |
//! | a request that does not fit the description, or a `customerRealIp` that is no address | 400 `INTERNAL_VALIDATION_FAILED` |
//!
//! | `register-account` | answer |
//! | --- | --- |
//! | [banned](Sandbox::ban) | `E003` |
//! | confirmed | `E002` |
//! | registered less than ten minutes ago | `E004` |
//! | anything else | registered, and a mail; a pending registration before it is gone, with its password and its token |
//!
//! | `register-account-verify` | answer |
//! | --- | --- |
//! | a token that is unknown, used, replaced, or of a banned contact | a refusal without a code |
//! | anything else | the address is confirmed |
//!
//! | `login` | answer |
//! | --- | --- |
//! | an unknown address | `E002` |
//! | [banned](Sandbox::ban) | `E005` |
//! | a [contact](Sandbox::contact) without an account | `E003` |
//! | [too many](SandboxBuilder::login_attempts) wrong passwords | `E006`, whatever the password is |
//! | a wrong password | `E004` |
//! | not confirmed | `E007` |
//! | anything else | an identity |
//!
//! | `get-account-info`, `logout` | answer |
//! | --- | --- |
//! | an identity that is unknown or has ended | `loggedIn: false`; a success at `logout` |
//! | anything else | what the account was registered with; the identity ends at `logout` |
//!
//! An identity ends by `logout`, when it was not asked about for a [time](SandboxBuilder::idle_time), when a new password is
//! set, and by a ban.
//!
//! | `reset-password` | answer |
//! | --- | --- |
//! | an `expirationTime` that is no time such as `3h 20m` | 400 `INTERNAL_VALIDATION_FAILED` |
//! | an address without an account, or banned | a success, and no mail |
//! | anything else | a success, and a mail; an earlier request is gone |
//!
//! | `set-new-password` | answer |
//! | --- | --- |
//! | a token that is unknown, used, replaced, or of a banned contact | `E003` |
//! | a token whose time is over | `E004` |
//! | a password that the account has or had | `E002`, and the token still works |
//! | anything else | the password is set, and all the account's identities end |
//!
//! # Reserved addresses
//!
//! An address at `sandbox.test` plays a fault, in any language and even by hand, at every endpoint that it has to do with: by
//! its own `email`, or because the token or the identity is its account's. Begun with an endpoint's name and a hyphen, it
//! plays at that endpoint alone: `login-bad-gateway@sandbox.test` can be registered and confirmed, but not sign in.
//! [`Sandbox::inject`] does so for any address.
//!
//! | address | what happens | is it served? |
//! | --- | --- | --- |
//! | `e001@sandbox.test` and so on | the endpoint refuses with that code, if it documents it: `e007@` is registered as usual, since `E007` is a code of `login`; `login-e099@` gets a code that nobody documents | no |
//! | `rate-limited@sandbox.test` | 429 with `Retry-After: 3600` | no |
//! | `public-api-key-has-been-expired@sandbox.test` | that platform error; so for every code, in lower case with hyphens | no |
//! | `bad-gateway@`, `unavailable@`, `gateway-timeout@sandbox.test` | an HTML 502, 503, 504 | no |
//! | `slow@sandbox.test` | an answer after 15 seconds, longer than the client waits by default | yes |
//! | `dropped@sandbox.test` | the connection closes without an answer | yes |
//! | `truncated@sandbox.test` | the answer breaks off in the middle | yes |
//!
//! # What it does not imitate
//!
//! What is not documented is chosen here so that a mistake of yours shows. [`inject_for`](Sandbox::inject_for) plays another
//! choice: `PlatformFault::ResourceNotFound` for a token that does not exist, say.
//!
//! - Normalising addresses: it lower-cases; an address with blanks, or with letters beyond ASCII, is refused. What the
//!   platform does is not documented.
//! - The HTTP status of a refusal: 200, or what [`refusal_status`](SandboxBuilder::refusal_status) says.
//! - Which code comes where two apply: the first in the order of the tables above.
//! - What a used or an unknown token gets: a refusal without a code at `register-account-verify`, `E003` at
//!   `set-new-password`.
//! - What an identity gets that is unknown or has ended: `loggedIn: false` at `get-account-info`, a success at `logout`.
//! - What a reset for an address without an account gets: a success, and no mail.
//! - How long a verification token works: until it is used or replaced.
//! - How long a reset token works without `expirationTime`: an hour.
//! - How long an identity lives ([`idle_time`](SandboxBuilder::idle_time)), and how many wrong passwords lead to `E006`
//!   ([`login_attempts`](SandboxBuilder::login_attempts)).
//! - Whether a new password confirms an address, or ends identities: it does not, and it does.
//! - Whether a ban ends identities: it does.
//! - Names of groups, credit, premium, `meta` and subscriptions: a group is called as it was registered, and the rest is
//!   empty.
//! - Codes for an unknown path, another method, another content type or a body over 64 KiB: the platform's are not
//!   documented, so these start with `SANDBOX_`; their statuses are HTTP's 404, 405, 415 and 413.
//! - Bursts: the quota is for an hour.
//! - TLS, HTTP/2, and every other endpoint.

mod accounts;
mod builder;
mod clock;
mod control;
mod customer;
mod endpoint;
mod fault;
mod keys;
mod mail;
mod quota;
mod recorded;
mod reply;
mod request;
mod rule;
mod server;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::Client;
use accounts::{Accounts, normalised};
use server::Shared;

pub use builder::SandboxBuilder;
pub use fault::{Fault, PlatformFault};
pub use keys::KeyState;
pub use mail::{Mail, MailKind};
pub use recorded::RecordedRequest;

/// The key of [`Sandbox::client`]. Nobody was ever issued it.
const CLIENT_KEY: &str = "DEV_SandboxSandboxSandboxSandbox";

/// A running sandbox. It stops, and frees its port, when it is dropped.
///
/// It runs in a thread of its own, so a test that blocks its runtime does not stop it.
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a free loopback port.
    ///
    /// # Errors
    ///
    /// The operating system's, if there is no port or no thread to be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A sandbox with settings of your own.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    /// Its base URL, like `http://127.0.0.1:41234`. If it listens on all addresses, that is the loopback one.
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// A client for it, with default settings.
    ///
    /// # Panics
    ///
    /// If the sandbox listens on an address of the network alone: a client takes plain http on loopback only. Or if the HTTP
    /// client cannot be set up: a broken TLS library, say.
    #[expect(
        clippy::expect_used,
        reason = "the settings are constants that a test builds a client from"
    )]
    pub fn client(&self) -> Client {
        Client::builder(CLIENT_KEY)
            .base_url(self.url())
            .build()
            .expect("a client can be built with a constant key, for a sandbox on loopback")
    }

    /// The mails that BizKitHub would have sent, oldest first: the last 10,000 of them.
    pub fn mails(&self) -> Vec<Mail> {
        self.shared.state().accounts.mails().cloned().collect()
    }

    /// The requests it received, oldest first: the last 10,000 of them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().recorded.iter().cloned().collect()
    }

    /// Confirms the e-mail address of a pending account, as its token does. Tells whether there was one.
    pub fn confirm_email(&self, email: &str) -> bool {
        let state = &mut *self.shared.state();
        let account = state.accounts.account(&normalised(email));
        account.is_some_and(|account| account.verification.take().is_some())
    }

    /// Makes an address known without an account, as a reader of the newsletter's is.
    pub fn contact(&self, email: &str) {
        self.shared.state().accounts.contact(&normalised(email));
    }

    /// Forbids any interaction with an address, and ends its identities. One that is not known yet is a
    /// [contact](Self::contact) from then on.
    pub fn ban(&self, email: &str) {
        let email = normalised(email);
        let state = &mut *self.shared.state();
        state.accounts.contact(&email).banned = true;
        state.accounts.end_identities_of(&email);
    }

    /// Takes a [`ban`](Self::ban) back. What the account was before, it is again, but signed out.
    pub fn unban(&self, email: &str) {
        if let Some(contact) = self.shared.state().accounts.known_contact(&normalised(email)) {
            contact.banned = false;
        }
    }

    /// Forgets all accounts, mails, requests and faults. Keys, quota and time stay.
    pub fn reset(&self) {
        let mut state = self.shared.state();
        state.accounts = Accounts::default();
        state.recorded.clear();
        state.faults.clear();
    }

    /// Moves the sandbox's clock forward: past the ten minutes of a pending account, past a token's or an identity's time,
    /// past a rate limit's window.
    pub fn advance(&self, duration: Duration) {
        self.shared.state().clock.advance(duration);
    }

    /// Plays a fault for the next request that is valid and comes with a good key. Several faults wait in line.
    pub fn inject(&self, fault: Fault) {
        self.shared.state().faults.push_back((None, fault));
    }

    /// The same for the next request of one endpoint, which is called by its path's last segment.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use bizkithub::sandbox::{Fault, Sandbox};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.inject_for("login", Fault::Refusal("E006".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such endpoint: the fault would wait for ever, and the test prove nothing.
    #[expect(clippy::panic, reason = "a misspelt name in a test")]
    pub fn inject_for(&self, endpoint: &str, fault: Fault) {
        let Some(operation) = endpoint::named(endpoint) else {
            panic!("BizKitHub's description has no endpoint that is called {endpoint}");
        };
        self.shared.state().faults.push_back((Some(operation), fault));
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It ends at once. Waiting for it is what makes the port free when this returns.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sandbox").field("url", &self.url()).finish_non_exhaustive()
    }
}
