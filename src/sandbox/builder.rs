use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use http::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::accounts::Accounts;
use super::clock::Clock;
use super::keys::Keys;
use super::quota::Quotas;
use super::server::{self, Shared, State};
use super::{CLIENT_KEY, KeyState, RecordedRequest, Sandbox};
use crate::ApiKey;

const MINUTE: Duration = Duration::from_secs(60);

/// Settings for a [`Sandbox`], from [`Sandbox::builder`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use std::time::Duration;
///
/// use bizkithub::sandbox::{KeyState, Sandbox};
///
/// let sandbox = Sandbox::builder()
///     .quota(100)
///     .key("PROD0123456789abcdefghijABCDEFGH", KeyState::Expired)
///     .idle_time(Duration::from_secs(600))
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
pub struct SandboxBuilder {
    listen: SocketAddr,
    per_hour: u64,
    keys: Keys,
    settings: Settings,
}

pub(super) type Observer = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

/// What stays as it is while the sandbox runs.
pub(super) struct Settings {
    pub(super) refusal_status: StatusCode,
    pub(super) idle_time: Duration,
    /// How many, and within what time.
    pub(super) login_attempts: (usize, Duration),
    pub(super) observer: Option<Observer>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            // More than any test sends.
            per_hour: 10_000_000,
            keys: Keys::default(),
            settings: Settings {
                refusal_status: StatusCode::OK,
                idle_time: 30 * MINUTE,
                login_attempts: (10, 10 * MINUTE),
                observer: None,
            },
        }
    }
}

impl SandboxBuilder {
    /// Where to listen; a free port of `127.0.0.1` by default. Port 0 is any free one.
    #[must_use]
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.listen = address.into();
        self
    }

    /// How many requests each key may send in an hour; ten million by default.
    ///
    /// The hour begins with a key's first request. When it ends, the whole quota is there again.
    #[must_use]
    pub fn quota(mut self, per_hour: u64) -> Self {
        self.per_hour = per_hour;
        self
    }

    /// What the sandbox knows of a key, in whatever format. By default, every key in the documented format exists and is
    /// active.
    #[must_use]
    pub fn key(mut self, api_key: impl Into<ApiKey>, state: KeyState) -> Self {
        self.keys.set(api_key.into(), state);
        self
    }

    /// Makes every key unknown that [`key`](Self::key) did not introduce, the one of [`Sandbox::client`] excepted.
    #[must_use]
    pub fn only_known_keys(mut self) -> Self {
        self.keys.set(CLIENT_KEY.into(), KeyState::Active);
        self.keys.set_only_known();
        self
    }

    /// The HTTP status of the endpoints' refusals; 200 by default. The real one is not documented. HTTP gives a 1xx, a 204 and a
    /// 304 no body, so with those no refusal arrives.
    #[must_use]
    pub fn refusal_status(mut self, status: StatusCode) -> Self {
        self.settings.refusal_status = status;
        self
    }

    /// How long an identity lives without being asked about; 30 minutes by default. The real time is not documented.
    #[must_use]
    pub fn idle_time(mut self, time: Duration) -> Self {
        self.settings.idle_time = time;
        self
    }

    /// How many wrong passwords for an address, within what time, lead to `E006`; ten within ten minutes by default. The
    /// real numbers are not documented.
    #[must_use]
    pub fn login_attempts(mut self, attempts: usize, within: Duration) -> Self {
        self.settings.login_attempts = (attempts, within);
        self
    }

    /// Called for each request to BizKitHub's own paths, in the sandbox's thread: once its answer is out, or once nobody waits
    /// for it any more. A sandbox that is dropped before tells nothing.
    #[must_use]
    pub fn on_request(
        mut self,
        observer: impl Fn(&RecordedRequest) + Send + Sync + 'static,
    ) -> Self {
        self.settings.observer = Some(Box::new(observer));
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    ///
    /// The operating system's: the address is in use or not this machine's, or there is no thread to be had.
    pub async fn start(self) -> io::Result<Sandbox> {
        let listener = std::net::TcpListener::bind(self.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let state = State {
            clock: Clock::new(),
            accounts: Accounts::default(),
            quotas: Quotas::new(self.per_hour),
            keys: self.keys,
            faults: VecDeque::new(),
            recorded: VecDeque::new(),
        };
        let shared = Arc::new(Shared::new(state, self.settings));
        let (started, start) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let served = shared.clone();
        // The runtime is made in its thread. One that is dropped in another runtime, because there was no thread for it,
        // panics.
        let thread = std::thread::Builder::new()
            .name("bizkithub-sandbox".to_owned())
            .spawn(move || run(listener, served, started, stopped))?;
        let sandbox = Sandbox { address, shared, stop: Some(stop), thread: Some(thread) };
        match start.await {
            Ok(started) => started.map(|()| sandbox),
            Err(_) => Err(io::Error::other("the sandbox's thread ended before it began")),
        }
    }
}

fn run(
    listener: std::net::TcpListener,
    shared: Arc<Shared>,
    started: oneshot::Sender<io::Result<()>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(started.send(Err(error))),
    };
    runtime.block_on(async {
        let listener = match TcpListener::from_std(listener) {
            Ok(listener) => listener,
            Err(error) => return drop(started.send(Err(error))),
        };
        // Whoever no longer waits for the sandbox has dropped the way to stop it, and so it stops.
        let _ = started.send(Ok(()));
        tokio::select! {
            () = server::serve(listener, shared) => {}
            _ = stopped => {}
        }
    });
}

impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SandboxBuilder")
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}
