use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io};

use http::StatusCode;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::instance::Sandbox;
use super::keys::KeyState;
use super::recorded::RecordedRequest;
use super::server;
use super::settings::Settings;
use super::state::Shared;
use crate::ApiKey;

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
///     .requests_per_hour(100)
///     .key("PROD0123456789abcdefghijABCDEFGH", KeyState::Expired)
///     .session_lifetime(Duration::from_secs(600))
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct SandboxBuilder {
    settings: Settings,
}

impl Sandbox {
    /// Starts a sandbox on a free loopback port.
    ///
    /// # Errors
    ///
    /// The operating system's error, if no port is free or a thread cannot be created.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts building a sandbox with settings of your own.
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }
}

impl SandboxBuilder {
    /// The address to listen on; by default, a free port of `127.0.0.1`. Port 0 selects a free port.
    #[must_use]
    pub fn listen(mut self, address: impl Into<SocketAddr>) -> Self {
        self.settings.listen = address.into();
        self
    }

    /// The number of requests that each key may send in an hour; ten million by default.
    ///
    /// The hour begins with a key's first request. When it ends, the whole quota is available again.
    #[must_use]
    pub fn requests_per_hour(mut self, requests: u64) -> Self {
        self.settings.requests_per_hour = requests;
        self
    }

    /// Sets the state of a key, which may have any format. By default, every key in the documented format exists and is
    /// active.
    #[must_use]
    pub fn key(mut self, api_key: impl Into<ApiKey>, state: KeyState) -> Self {
        self.settings.keys.set(api_key.into(), state);
        self
    }

    /// Rejects every key without a [state](Self::key), except that of [`Sandbox::client`].
    #[must_use]
    pub fn reject_unknown_keys(mut self) -> Self {
        self.settings.keys.reject_unknown();
        self
    }

    /// The HTTP status of endpoint errors; 200 by default. The real status is not documented.
    ///
    /// In HTTP, a 1xx, a 204 and a 304 have no body, so they cannot carry an error code.
    #[must_use]
    pub fn error_status(mut self, status: StatusCode) -> Self {
        self.settings.error_status = status;
        self
    }

    /// The lifetime of an identity, counted from the sign-in; 90 days by default. BizKitHub's guide says three months.
    #[must_use]
    pub fn session_lifetime(mut self, lifetime: Duration) -> Self {
        self.settings.session_lifetime = lifetime;
        self
    }

    /// The number of wrong passwords for an address within a period that leads to `E006`; ten within ten minutes by default.
    /// The real numbers are not documented.
    #[must_use]
    pub fn login_attempts(mut self, attempts: usize, period: Duration) -> Self {
        self.settings.login_attempts = (attempts, period);
        self
    }

    /// A function to call for each request to one of the API's own paths, in the sandbox's thread, once the request is
    /// processed. If it panics, the connection closes without a response.
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
    /// The operating system's error, if the address is in use or not local, or if a thread cannot be created.
    pub async fn start(mut self) -> io::Result<Sandbox> {
        let listener = std::net::TcpListener::bind(self.settings.listen)?;
        listener.set_nonblocking(true)?;
        self.settings.listen = listener.local_addr()?;
        let shared = Arc::new(Shared::new(self.settings));
        let (started, start) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let served = shared.clone();
        // The runtime is created in its own thread. If it were created here and the thread could not be, the runtime would be
        // dropped inside another one, which panics.
        let thread = std::thread::Builder::new()
            .name("bizkithub-sandbox".to_owned())
            .spawn(move || run(listener, served, started, stopped))?;
        let sandbox = Sandbox { shared, stop: Some(stop), thread: Some(thread) };
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
        // If `start` was canceled, `stop` is dropped as well, and the sandbox stops.
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
            .field("listen", &self.settings.listen)
            .finish_non_exhaustive()
    }
}
