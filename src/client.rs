//! [`Client`] and [`ClientBuilder`]: making a client, and options for some of its calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};

use crate::base_url::{self, BaseUrl};
use crate::call::{Authentication, Shared, retry};
use crate::{ApiKey, ConfigError, RetryPolicy, generated};

/// A shopper is waiting in front of a form: after ten seconds, an honest "we are not sure" serves them better.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);
/// Room for one lost packet of the TCP handshake, which is sent again after one second, and for a TLS handshake.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Far more than any documented answer, and little enough to hold for every call at once.
const DEFAULT_ANSWER_LIMIT: usize = 1024 * 1024;

const ENV_API_KEY: &str = "BIZKITHUB_API_KEY";
const ENV_API_URL: &str = "BIZKITHUB_API_URL";

/// A client for BizKitHub.
///
/// Make one and keep it: it holds the connections, and a clone shares them. Its calls need a Tokio runtime with
/// time and I/O enabled, as `#[tokio::main]` gives.
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
    /// A client for `https://bizkithub.com` with default settings.
    ///
    /// # Errors
    ///
    /// [`ConfigError::ApiKey`] for a key that is empty or holds whitespace or control characters;
    /// [`ConfigError::Http`] if the HTTP client cannot be set up.
    pub fn new(api_key: impl Into<ApiKey>) -> Result<Self, ConfigError> {
        Self::builder(api_key).build()
    }

    /// A client from the environment: the key from `BIZKITHUB_API_KEY`, and if it is set, the base URL from
    /// `BIZKITHUB_API_URL`.
    ///
    /// These are the names in the provider's guides. The guides give the URL as `https://api.bizkithub.com/api/v1`;
    /// its trailing `/api/v1` is dropped, since the path brings it along again.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Environment`] if the key's variable is missing, or either is not Unicode; otherwise as
    /// [`ClientBuilder::build`].
    pub fn from_env() -> Result<Self, ConfigError> {
        let Some(api_key) = variable(ENV_API_KEY)? else {
            let reason = "is not set; set it to your BizKitHub API key";
            return Err(ConfigError::Environment { name: ENV_API_KEY, reason });
        };
        let builder = Self::builder(api_key);
        match variable(ENV_API_URL)? {
            Some(url) => builder.base_url(url).build(),
            None => builder.build(),
        }
    }

    /// A client with settings of your own.
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
            base_url: base_url::DEFAULT.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            retry: RetryPolicy::default(),
            answer_limit: DEFAULT_ANSWER_LIMIT,
            // Not by `user_agent`, which would be copied along with the connector, six times a call.
            http: reqwest::Client::builder().default_headers(HeaderMap::from_iter([(
                USER_AGENT,
                HeaderValue::from_static(concat!("bizkithub/", env!("CARGO_PKG_VERSION"))),
            )])),
        }
    }

    /// The same client with another [timeout](ClientBuilder::timeout), for some of its calls. It shares the connections and
    /// the [budget](RetryPolicy) of repeats.
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

    /// The same client with another [`RetryPolicy`], for some of its calls. It shares the connections and the budget of
    /// repeats.
    #[must_use]
    pub fn with_retry(&self, retry: RetryPolicy) -> Self {
        Self { retry, ..self.clone() }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base_url", &self.shared.base_url.as_str())
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
    connect_timeout: Duration,
    retry: RetryPolicy,
    answer_limit: usize,
    http: reqwest::ClientBuilder,
}

impl ClientBuilder {
    /// Where BizKitHub is; `https://bizkithub.com` by default.
    ///
    /// With or without a trailing slash, or a path in front of `/api/v1`; a trailing `/api/v1` is dropped. `https` only,
    /// except for the loopback hosts `localhost`, `127.0.0.0/8` and `::1`.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// The longest a whole call may take, repeats, pauses and the answer's body included; ten seconds by default.
    ///
    /// A shopper is waiting in front of a form: after ten seconds, an honest "we are not sure" serves them better.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest each attempt may take to connect, TLS included; three seconds by default.
    ///
    /// That leaves room for one lost packet of the TCP handshake, which is sent again after a second. Keep it well below the
    /// [`timeout`](Self::timeout). Only a connection that failed by itself is known to have sent nothing, and a repeat is
    /// begun only if this time still fits into the call.
    #[must_use]
    pub fn connect_timeout(mut self, connect_timeout: Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// What is repeated, how often, and after what pause.
    #[must_use]
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// The longest body of an answer that is read, in bytes; 1 MiB by default.
    ///
    /// A longer one is an [`Error::Unexpected`](crate::Error::Unexpected). An answer's head is bounded by the HTTP library: 100 header fields
    /// and about 400 KiB with HTTP/1, 16 KiB with HTTP/2.
    #[must_use]
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// Settings of the HTTP client underneath: a proxy, a private root certificate, a DNS resolver.
    ///
    /// What keeps the key and the password safe is set after this and cannot be undone here: no redirects, no
    /// `Referer`, no repeats but those of [`retry`](Self::retry), no wire logging, `https` only.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use bizkithub::Client;
    /// let proxy = reqwest::Proxy::https("http://proxy.example:3128")?;
    /// let builder = Client::builder("YOUR_API_KEY").http(|http| http.proxy(proxy));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn http(
        mut self,
        settings: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Self {
        self.http = settings(self.http);
        self
    }

    /// Checks the settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ConfigError::ApiKey`] for a key that is empty or holds whitespace or control characters;
    /// [`ConfigError::BaseUrl`] for a base URL that does not parse, has no host, credentials, a query, another
    /// scheme than `https`, or plain `http` to a host that is not loopback; [`ConfigError::Setting`] for a timeout
    /// of zero; [`ConfigError::Http`] if the HTTP client cannot be set up.
    ///
    /// ```
    /// # use bizkithub::{Client, ConfigError};
    /// let error = Client::builder("two words").build().unwrap_err();
    /// assert!(matches!(error, ConfigError::ApiKey { .. }));
    /// ```
    pub fn build(self) -> Result<Client, ConfigError> {
        check_api_key(&self.api_key)?;
        let base_url = BaseUrl::parse(&self.base_url)?;
        for (name, value) in [("timeout", self.timeout), ("connect_timeout", self.connect_timeout)]
        {
            if value.is_zero() {
                let reason = "it is zero, so no call could ever succeed";
                return Err(ConfigError::Setting { name, reason });
            }
        }
        let http = safe(self.http.connect_timeout(self.connect_timeout), &base_url)
            .and_then(reqwest::ClientBuilder::build)
            .map_err(|source| ConfigError::Http { source: source.without_url() })?;
        let authentication = Authentication(self.api_key);
        let generated = generated::Client::new_with_client(base_url.as_str(), http, authentication);
        Ok(Client {
            shared: Arc::new(Shared {
                generated,
                base_url,
                connect_timeout: self.connect_timeout,
                answer_limit: self.answer_limit,
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
        "it holds whitespace; was a line break or a space copied along?"
    } else if key.chars().any(char::is_control) {
        "it holds a control character"
    } else {
        return Ok(());
    };
    Err(ConfigError::ApiKey { reason })
}

/// What no setting of the caller may undo.
fn safe(
    mut http: reqwest::ClientBuilder,
    base_url: &BaseUrl,
) -> reqwest::Result<reqwest::ClientBuilder> {
    if base_url.is_loopback() {
        // A proxy from the environment would get the key and the password in plain text, out of the machine. One
        // that the caller set stays: any proxy, even this one that takes nothing, just turns the environment's off.
        http = http.proxy(no_proxy()?);
    }
    Ok(http
        .default_headers(HeaderMap::from_iter([(
            ACCEPT,
            HeaderValue::from_static("application/json"),
        )]))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // With a maximum of none too: else each request would be cloned for a repeat that is never made.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        // At trace level, it would log the request's bytes.
        .connection_verbose(false)
        // Another crate of the same program may have switched these features on: they add request headers.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .https_only(!base_url.is_loopback()))
}

/// A proxy that takes no loopback host. One that decides by a function would be asked on every call.
fn no_proxy() -> reqwest::Result<reqwest::Proxy> {
    let loopback = reqwest::NoProxy::from_string("localhost, 127.0.0.0/8, ::1");
    Ok(reqwest::Proxy::all("http://127.0.0.1:9")?.no_proxy(loopback))
}

fn variable(name: &'static str) -> Result<Option<String>, ConfigError> {
    match std::env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => {
            Err(ConfigError::Environment { name, reason: "is not Unicode" })
        }
    }
}
