//! [`ConfigError`]: the error of building a client.

use std::fmt;

/// A [`Client`](crate::Client) could not be built. Nothing was sent.
///
/// ```
/// use bizkithub::{Client, ConfigError};
///
/// let error = Client::builder("YOUR_API_KEY").base_url("http://bizkithub.com").build().unwrap_err();
/// assert!(matches!(error, ConfigError::BaseUrl { .. }));
/// assert!(error.to_string().contains("use https"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// The API key is not valid.
    #[non_exhaustive]
    ApiKey {
        /// The reason, without any part of the key.
        reason: &'static str,
    },
    /// The base URL cannot be used.
    #[non_exhaustive]
    BaseUrl {
        /// The reason. It does not quote the URL, since people put keys into URLs.
        reason: &'static str,
    },
    /// A setting of the builder is not valid.
    #[non_exhaustive]
    Setting {
        /// The name of the builder's method.
        name: &'static str,
        /// The reason.
        reason: &'static str,
    },
    /// An environment variable is missing, or is not Unicode.
    #[non_exhaustive]
    Environment {
        /// The variable's name.
        name: &'static str,
        /// The reason.
        reason: &'static str,
    },
    /// TLS could not be set up.
    #[non_exhaustive]
    Tls {
        /// The reason, and what to do.
        reason: &'static str,
    },
    /// The HTTP client could not be set up; the source has the reason.
    #[non_exhaustive]
    Http {
        /// The HTTP library's error, without its URL.
        source: reqwest::Error,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey { reason } => write!(formatter, "the API key is not valid: {reason}"),
            Self::BaseUrl { reason } => write!(formatter, "the base URL is not valid: {reason}"),
            Self::Setting { name, reason } => write!(formatter, "{name} is not valid: {reason}"),
            Self::Environment { name, reason } => {
                write!(formatter, "the environment variable {name} {reason}")
            }
            Self::Tls { reason } => write!(formatter, "TLS could not be set up: {reason}"),
            Self::Http { .. } => formatter.write_str(
                "the HTTP client could not be set up: check the proxy, the certificates and the settings in configure_http",
            ),
        }
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Http { source } => source.source(),
            _ => None,
        }
    }
}
