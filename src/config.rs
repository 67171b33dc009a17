//! [`ConfigError`]: why a client could not be built.

use std::fmt;

/// Why a [`Client`](crate::Client) could not be built. Nothing was sent.
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
    /// The API key cannot be one.
    #[non_exhaustive]
    ApiKey {
        /// What is wrong with it, without a character of it.
        reason: &'static str,
    },
    /// The base URL cannot be used.
    #[non_exhaustive]
    BaseUrl {
        /// What is wrong with it, without quoting it: people put keys into URLs.
        reason: &'static str,
    },
    /// A setting of the builder has a value that cannot work.
    #[non_exhaustive]
    Setting {
        /// The setting's name, as the builder's method has it.
        name: &'static str,
        /// What is wrong with its value.
        reason: &'static str,
    },
    /// An environment variable is missing, or is not Unicode.
    #[non_exhaustive]
    Environment {
        /// The variable's name.
        name: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The HTTP client could not be set up; the source says why.
    #[non_exhaustive]
    Http {
        /// What the HTTP library says, its URL (if any) removed.
        source: reqwest::Error,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApiKey { reason } => write!(formatter, "the API key cannot be used: {reason}"),
            Self::BaseUrl { reason } => write!(formatter, "the base URL cannot be used: {reason}"),
            Self::Setting { name, reason } => write!(formatter, "{name} cannot be used: {reason}"),
            Self::Environment { name, reason } => {
                write!(formatter, "the environment variable {name} {reason}")
            }
            Self::Http { .. } => formatter.write_str(
                "the HTTP client could not be set up; check the proxy, certificates and settings given to `http`",
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
