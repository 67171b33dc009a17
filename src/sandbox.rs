//! An embedded BizKitHub for tests and demos: no key, no network beyond loopback, no real e-mail.
//!
//! It is a real HTTP server on a loopback port. It checks requests against the same OpenAPI description as the client
//! was generated from, keeps accounts by the documented rules, and plays every failure on demand.
//!
//! # In a unit test
//!
//! ```
//! use bizkithub::sandbox::Sandbox;
//! use bizkithub::{Client, RegisterAccountError, RegisterAccountRequest};
//!
//! /// The code under test.
//! async fn sign_up(client: &Client, email: &str, password: &str) -> &'static str {
//!     let request = RegisterAccountRequest::builder().email(email).password(password).build();
//!     match client.register_account(&request).await {
//!         Ok(_) => "Welcome!",
//!         Err(error) if error.refusal() == Some(&RegisterAccountError::AlreadyRegistered) => "Sign in?",
//!         Err(_) => "Please try again later.",
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let sandbox = Sandbox::start().await.unwrap();
//! let client = sandbox.client();
//! assert_eq!(sign_up(&client, "jan@barasek.com", "example_password").await, "Welcome!");
//! sandbox.confirm_email("jan@barasek.com");
//! assert_eq!(sign_up(&client, "jan@barasek.com", "example_password").await, "Sign in?");
//! assert_eq!(sign_up(&client, "bad-gateway@sandbox.test", "x").await, "Please try again later.");
//! assert_eq!(sandbox.requests()[1].outcome(), "E002");
//! # }
//! ```
//!
//! # From a program in another language
//!
//! ```sh
//! cargo run --example sandbox -- --listen 127.0.0.1:8787
//! ```
//!
//! prints its URL, a `curl` line to try, and then a line for each request. Point your program's
//! `BIZKITHUB_API_URL` at it; any key in the documented format will do.
//!
//! # The rules
//!
//! | situation | answer |
//! | --- | --- |
//! | a new address | registered, pending |
//! | pending for less than ten minutes | `E004` |
//! | pending for longer | registered anew |
//! | [confirmed](Sandbox::confirm_email) | `E002` |
//! | [banned](Sandbox::ban) | `E003` |
//! | a body that does not fit the description | 400 `INTERNAL_VALIDATION_FAILED` |
//! | no key, a sample, malformed, unknown, deleted, inactive, expired | 404, the documented code of each |
//! | past the [quota](Quota) | 429 `INTERNAL_TOO_MANY_REQUESTS` with `Retry-After` |
//! | a key that may not register | 403 `PUBLIC_API_KEY_SCOPE_NOT_ALLOWED` |
//!
//! # Reserved addresses
//!
//! An address at `sandbox.test` plays a fault, from any language; [`Sandbox::next`] does so from Rust.
//!
//! | address | what happens | is it registered? |
//! | --- | --- | --- |
//! | `e001@sandbox.test` … `e004@sandbox.test` | the endpoint refuses with that code | no |
//! | `rate-limited@sandbox.test` | 429 with `Retry-After: 3600` | no |
//! | `public-api-key-has-been-expired@sandbox.test` | that platform error; so for every code, in lower case with hyphens | no |
//! | `bad-gateway@`, `unavailable@`, `gateway-timeout@sandbox.test` | an HTML 502, 503, 504 | no |
//! | `slow@sandbox.test` | an answer after 15 seconds, longer than the client waits by default | yes |
//! | `dropped@sandbox.test` | the connection closes without an answer | yes |
//! | `truncated@sandbox.test` | the answer breaks off in the middle | yes |
//!
//! # What it does not imitate
//!
//! - Normalising addresses: it trims and lower-cases; what the platform does beyond is not documented.
//! - Accepting `localhost` or an empty string as `customerRealIp`: the description knows addresses only.
//! - The HTTP status of a refusal, which is not documented: it is 200, or what
//!   [`refusal_status`](SandboxBuilder::refusal_status) says.
//! - Codes for an unknown path, another method, another content type or a body over 64 KiB: the platform's are not
//!   documented, so these start with `SANDBOX_`; their statuses are HTTP's 404, 405, 415 and 413.
//! - What a burst is: here, requests within one second.
//! - E-mails, TLS, HTTP/2, sign-in, and every other endpoint.

mod accounts;
mod body;
mod clock;
mod fault;
mod keys;
mod quota;
mod recorded;
mod reply;
mod server;

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use http::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::{ApiKey, Client};
use accounts::Accounts;
use clock::Clock;
use keys::Keys;
use quota::Quotas;
use server::{Observer, Shared, State};

pub use fault::{Fault, PlatformFault};
pub use keys::KeyState;
pub use quota::Quota;
pub use recorded::RecordedRequest;

/// The key of [`Sandbox::client`]. Nobody was ever issued it.
const CLIENT_KEY: &str = "DEV_SandboxSandboxSandboxSandbox";

/// A running sandbox. It stops, and frees its port, when it is dropped.
///
/// It runs in a thread of its own, so a test's paused clock or blocked runtime does not stop it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
/// assert!(sandbox.url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
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
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A sandbox with settings of your own.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use bizkithub::sandbox::{Quota, Sandbox};
    ///
    /// let free_tier = Quota { per_hour: 1_000, burst: 50 };
    /// let sandbox = Sandbox::builder().quota(free_tier).start().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            quota: Quota::default(),
            keys: Keys::default(),
            refusal_status: StatusCode::OK,
            observer: None,
        }
    }

    /// Its base URL, like `http://127.0.0.1:41234`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bizkithub::{Client, sandbox::Sandbox};
    /// let sandbox = Sandbox::start().await?;
    /// let key = "DEV_0123456789abcdefghijABCDEFGH";
    /// let client = Client::builder(key).base_url(sandbox.url()).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client for it, with default settings.
    ///
    /// # Panics
    ///
    /// If the HTTP client cannot be set up: a broken TLS library, say.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// let client = sandbox.client();
    /// # Ok(())
    /// # }
    /// ```
    #[expect(
        clippy::expect_used,
        reason = "the settings are constants that a test builds a client from"
    )]
    pub fn client(&self) -> Client {
        Client::builder(CLIENT_KEY)
            .base_url(self.url())
            .build()
            .expect("a client with a constant key and a loopback URL can be built")
    }

    /// Confirms the e-mail address of a pending account, as a click on the verification link does. Tells whether there
    /// was one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// assert!(!sandbox.confirm_email("nobody@example.com"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn confirm_email(&self, email: &str) -> bool {
        self.shared.state().accounts.confirm(email)
    }

    /// Forbids any interaction with an address: it gets `E003`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// sandbox.ban("jan@barasek.com");
    /// # Ok(())
    /// # }
    /// ```
    pub fn ban(&self, email: &str) {
        self.shared.state().accounts.set_banned(email, true);
    }

    /// Takes a [`ban`](Self::ban) back. What the account was before, it is again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// sandbox.unban("jan@barasek.com");
    /// # Ok(())
    /// # }
    /// ```
    pub fn unban(&self, email: &str) {
        self.shared.state().accounts.set_banned(email, false);
    }

    /// Forgets all accounts, requests and faults. Keys, quota and time stay.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// sandbox.reset();
    /// assert!(sandbox.requests().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn reset(&self) {
        let mut state = self.shared.state();
        state.accounts = Accounts::default();
        state.recorded.clear();
        state.faults.clear();
    }

    /// Moves the sandbox's clock forward: past the ten minutes of a pending account, past a rate limit's window.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// sandbox.advance(std::time::Duration::from_secs(600));
    /// # Ok(())
    /// # }
    /// ```
    pub fn advance(&self, duration: Duration) {
        self.shared.state().clock.advance(duration);
    }

    /// Plays a fault for the next request that is valid and comes with a good key. Several faults wait in line.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use bizkithub::sandbox::{Fault, Sandbox};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.next(Fault::Html(http::StatusCode::BAD_GATEWAY));
    /// # Ok(())
    /// # }
    /// ```
    pub fn next(&self, fault: Fault) {
        self.shared.state().faults.push_back(fault);
    }

    /// The requests it received, oldest first: the last 10,000 of them.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = bizkithub::sandbox::Sandbox::start().await?;
    /// assert!(sandbox.requests().is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().recorded.iter().cloned().collect()
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

/// Settings for a [`Sandbox`], from [`Sandbox::builder`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use bizkithub::sandbox::Sandbox;
///
/// let sandbox = Sandbox::builder().refusal_status(http::StatusCode::CONFLICT).start().await?;
/// # Ok(())
/// # }
/// ```
pub struct SandboxBuilder {
    listen: SocketAddr,
    quota: Quota,
    keys: Keys,
    refusal_status: StatusCode,
    observer: Option<Observer>,
}

impl SandboxBuilder {
    /// Where to listen; a free port of `127.0.0.1` by default. Port 0 is any free one.
    ///
    /// ```
    /// # use bizkithub::sandbox::Sandbox;
    /// let builder = Sandbox::builder().listen(([127, 0, 0, 1], 8787));
    /// ```
    #[must_use]
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.listen = address.into();
        self
    }

    /// How many requests each key may send; more than any test sends by default.
    ///
    /// ```
    /// # use bizkithub::sandbox::{Quota, Sandbox};
    /// let builder = Sandbox::builder().quota(Quota { per_hour: 3, burst: 3 });
    /// ```
    #[must_use]
    pub fn quota(mut self, quota: Quota) -> Self {
        self.quota = quota;
        self
    }

    /// What the sandbox knows of a key. By default, every key in the documented format exists and is active.
    ///
    /// ```
    /// # use bizkithub::sandbox::{KeyState, Sandbox};
    /// let builder = Sandbox::builder().key("PROD0123456789abcdefghijABCDEFGH", KeyState::Deleted);
    /// ```
    #[must_use]
    pub fn key(mut self, api_key: impl Into<ApiKey>, state: KeyState) -> Self {
        self.keys.set(api_key.into(), state);
        self
    }

    /// Makes every key unknown that [`key`](Self::key) did not introduce, the one of [`Sandbox::client`] excepted.
    ///
    /// ```
    /// # use bizkithub::sandbox::{KeyState, Sandbox};
    /// let builder = Sandbox::builder()
    ///     .key("PROD0123456789abcdefghijABCDEFGH", KeyState::Active)
    ///     .only_known_keys();
    /// ```
    #[must_use]
    pub fn only_known_keys(mut self) -> Self {
        self.keys.set(CLIENT_KEY.into(), KeyState::Active);
        self.keys.set_only_known();
        self
    }

    /// The HTTP status of the endpoint's refusals; 200 by default. The real one is not documented.
    ///
    /// ```
    /// # use bizkithub::sandbox::Sandbox;
    /// let builder = Sandbox::builder().refusal_status(http::StatusCode::UNPROCESSABLE_ENTITY);
    /// ```
    #[must_use]
    pub fn refusal_status(mut self, status: StatusCode) -> Self {
        self.refusal_status = status;
        self
    }

    /// Called for each request once it is served, in the sandbox's thread.
    ///
    /// ```
    /// # use bizkithub::sandbox::Sandbox;
    /// let builder = Sandbox::builder().on_request(|recorded| println!("{recorded}"));
    /// ```
    #[must_use]
    pub fn on_request(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    ///
    /// The operating system's: the address is in use or not this machine's, or there is no thread to be had.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # use bizkithub::sandbox::Sandbox;
    /// let first = Sandbox::start().await?;
    /// let address: std::net::SocketAddr = first.url().trim_start_matches("http://").parse().unwrap();
    /// let error = Sandbox::builder().listen(address).start().await.unwrap_err();
    /// assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = std::net::TcpListener::bind(self.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = State {
            clock: Clock::new(),
            accounts: Accounts::default(),
            quotas: Quotas::new(self.quota),
            keys: self.keys,
            faults: VecDeque::new(),
            recorded: VecDeque::new(),
        };
        let shared = Arc::new(Shared::new(state, self.refusal_status, self.observer));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let (stop, stopped) = oneshot::channel();
        let served = shared.clone();
        let thread =
            std::thread::Builder::new().name("bizkithub-sandbox".to_owned()).spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = server::serve(listener, served) => {}
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(Sandbox { address, shared, stop: Some(stop), thread: Some(thread) })
    }
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SandboxBuilder")
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}
