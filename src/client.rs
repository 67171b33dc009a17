//! [`Client`] and [`ClientBuilder`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::base_url::BaseUrl;
use crate::call::{Authentication, Shared, retry};
use crate::{ApiKey, ConfigError, RetryPolicy, generated, http};

/// A customer is waiting for a page. After ten seconds, an honest "we are not sure" is better than a longer wait.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
/// Enough for one lost packet of the TCP handshake, which is sent again after one second, and for a TLS handshake.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Far more than any documented response.
const DEFAULT_MAX_RESPONSE_SIZE: usize = 256 * 1024;

const ENV_API_KEY: &str = "BIZKITHUB_API_KEY";
const ENV_API_URL: &str = "BIZKITHUB_API_URL";

/// A client for BizKitHub.
///
/// Create one and keep it: it holds the connections, and its clones share them. Its calls need a Tokio runtime with time and
/// I/O enabled, such as the one of `#[tokio::main]`; outside of one, they panic.
///
/// Use a client on one runtime only. Its connections run on the runtime that opened them: once that runtime has stopped, a
/// call on another one may time out with [`Outcome::Unknown`](crate::Outcome::Unknown).
///
/// ```no_run
/// use bizkithub::{Client, RegisterAccountRequest};
///
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::from_env()?;
/// let request = RegisterAccountRequest::builder()
///     .email("jan@barasek.com")
///     .password("example_password")
///     .build();
/// client.register_account(&request).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
}

impl Client {
    /// Creates a client for `https://bizkithub.com` with default settings.
    ///
    /// # Errors
    ///
    /// [`ConfigError::ApiKey`] for a key that is empty or contains whitespace or control characters; [`ConfigError::Tls`] and
    /// [`ConfigError::Http`] if the HTTP client cannot be set up.
    pub fn new(api_key: impl Into<ApiKey>) -> Result<Self, ConfigError> {
        Self::builder(api_key).build()
    }

    /// Creates a client from the environment variables `BIZKITHUB_API_KEY` and `BIZKITHUB_API_URL`. The second one, the base
    /// URL, is optional and may be empty.
    ///
    /// These names are from the provider's guides, which give the URL as `https://api.bizkithub.com/api/v1`. A trailing
    /// `/api/v1` is dropped, since every path begins with it.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Environment`] if the key's variable is missing, or if one of them is not Unicode; otherwise the errors
    /// of [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, ConfigError> {
        let Some(api_key) = env_var(ENV_API_KEY)? else {
            let reason = "is not set; set it to your BizKitHub API key";
            return Err(ConfigError::Environment { name: ENV_API_KEY, reason });
        };
        let builder = Self::builder(api_key);
        // Docker Compose sets a variable without a value to an empty text.
        match env_var(ENV_API_URL)?.filter(|url| !url.is_empty()) {
            Some(url) => builder.base_url(url).build(),
            None => builder.build(),
        }
    }

    /// Starts building a client with settings of your own.
    ///
    /// ```
    /// # fn main() -> Result<(), bizkithub::ConfigError> {
    /// use std::time::Duration;
    ///
    /// let client = bizkithub::Client::builder("YOUR_API_KEY")
    ///     .base_url("https://api.bizkithub.com")
    ///     .timeout(Duration::from_secs(5))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(api_key: impl Into<ApiKey>) -> ClientBuilder {
        ClientBuilder {
            api_key: api_key.into(),
            base_url: generated::SERVER_URL.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: None,
            retry: RetryPolicy::default(),
            max_response_size: DEFAULT_MAX_RESPONSE_SIZE,
            http: http::builder(),
        }
    }

    /// Returns the same client with another [timeout](ClientBuilder::timeout), for some of its calls. It shares the
    /// connections and the retry [budget](RetryPolicy).
    ///
    /// The connect timeout stays as it is. With a timeout of zero, a call sends nothing.
    ///
    /// ```
    /// # fn main() -> Result<(), bizkithub::ConfigError> {
    /// use std::time::Duration;
    ///
    /// let client = bizkithub::Client::new("YOUR_API_KEY")?;
    /// let patient = client.with_timeout(Duration::from_secs(30));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// Returns the same client with another [`RetryPolicy`], for some of its calls. It shares the connections and the retry
    /// budget.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        Self { retry, ..self.clone() }
    }
}

/// Shows the base URL without its path, which may contain a secret.
impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base_url", &self.shared.base_url.origin())
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Settings for a [`Client`], from [`Client::builder`].
///
/// ```
/// # fn main() -> Result<(), bizkithub::ConfigError> {
/// use bizkithub::{Client, RetryPolicy};
///
/// let client = Client::builder("YOUR_API_KEY").retry(RetryPolicy::none()).build()?;
/// # Ok(())
/// # }
/// ```
pub struct ClientBuilder {
    api_key: ApiKey,
    base_url: String,
    timeout: Duration,
    connect_timeout: Option<Duration>,
    retry: RetryPolicy,
    max_response_size: usize,
    http: reqwest::ClientBuilder,
}

impl ClientBuilder {
    /// The base URL of BizKitHub; `https://bizkithub.com` by default.
    ///
    /// It may have a path and a trailing slash; a trailing `/api/v1` is dropped. It must be `https`, except for the loopback
    /// hosts `localhost`, `127.0.0.0/8` and `::1`.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// The longest time for a whole call, including retries, delays and the response's body; ten seconds by default.
    ///
    /// The timeout cannot expire while your own code blocks the runtime's thread.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest time for each attempt to connect, including TLS; by default three seconds, or a third of the
    /// [`timeout`](Self::timeout) if that is less.
    ///
    /// Three seconds is enough for one lost packet of the TCP handshake, which is sent again after a second. Keep this well
    /// below the timeout: if the call times out while it connects, its outcome is unknown, although nothing was sent.
    #[must_use]
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = Some(connect_timeout);
        self
    }

    /// The number of retries of a call, and the delay before each.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The longest response body that is read, in bytes; 256 KiB by default.
    ///
    /// A longer one is an [`Error::UnexpectedResponse`](crate::Error::UnexpectedResponse). This does not limit the head of a
    /// response. The HTTP library does: to 100 header fields and about 500 KiB with HTTP/1, and to 16 KiB with HTTP/2.
    #[must_use]
    pub fn max_response_size(mut self, bytes: usize) -> Self {
        self.max_response_size = bytes;
        self
    }

    /// Changes the settings of the HTTP client underneath: a proxy, a private root certificate, a DNS resolver, the time that
    /// an idle connection is kept (four seconds by default).
    ///
    /// The settings that protect the key and the password are applied afterwards and cannot be changed here: no redirects, no
    /// `Referer`, no retries except those of [`retry`](Self::retry), no wire logging, `https` only. The connect timeout is that
    /// of [`connect_timeout`](Self::connect_timeout).
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bizkithub::Client;
    /// let proxy = reqwest::Proxy::https("http://proxy.example:3128")?;
    /// let builder = Client::builder("YOUR_API_KEY").configure_http(|http| http.proxy(proxy));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn configure_http(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Self {
        self.http = configure(self.http);
        self
    }

    /// Checks the settings and creates the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// - [`ConfigError::ApiKey`] if the key is empty or contains whitespace or control characters.
    /// - [`ConfigError::BaseUrl`] if the base URL does not parse, has no host, contains credentials, a query or a fragment, or
    ///   is not `https`, unless it is `http` to a loopback host.
    /// - [`ConfigError::Setting`] if a timeout is zero.
    /// - [`ConfigError::Tls`] if the CA certificates or a crypto provider are missing.
    /// - [`ConfigError::Http`] if the HTTP client cannot be set up for any other reason.
    ///
    /// ```
    /// # use bizkithub::{Client, ConfigError};
    /// let error = Client::builder("two words").build().unwrap_err();
    /// assert!(matches!(error, ConfigError::ApiKey { .. }));
    /// ```
    pub fn build(self) -> Result<Client, ConfigError> {
        check_api_key(&self.api_key)?;
        let base_url = BaseUrl::parse(&self.base_url)?;
        // A third of a nanosecond is zero.
        let third = (self.timeout / 3).max(Duration::from_nanos(1));
        let connect_timeout = self.connect_timeout.unwrap_or(DEFAULT_CONNECT_TIMEOUT.min(third));
        for (name, value) in [("timeout", self.timeout), ("connect_timeout", connect_timeout)] {
            if value.is_zero() {
                let reason = "it is zero, so every call would fail";
                return Err(ConfigError::Setting { name, reason });
            }
        }
        let http = http::build(self.http, &base_url, connect_timeout)?;
        let authentication = Authentication(self.api_key);
        let generated = generated::Client::new_with_client(base_url.as_str(), http, authentication);
        Ok(Client {
            shared: Arc::new(Shared {
                generated,
                base_url,
                connect_timeout,
                max_response_size: self.max_response_size,
                budget: retry::budget(),
            }),
            timeout: self.timeout,
            retry: self.retry,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("api_key", &self.api_key)
            .finish_non_exhaustive()
    }
}

fn check_api_key(api_key: &ApiKey) -> Result<(), ConfigError> {
    let key = api_key.expose();
    let reason = if key.is_empty() {
        "it is empty"
    } else if key.chars().any(char::is_whitespace) {
        "it contains whitespace; was a line break or a space copied with it?"
    } else if key.chars().any(char::is_control) {
        "it contains a control character"
    } else {
        return Ok(());
    };
    Err(ConfigError::ApiKey { reason })
}

fn env_var(name: &'static str) -> Result<Option<String>, ConfigError> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(ConfigError::Environment { name, reason: "is not Unicode" })
        }
    }
}
