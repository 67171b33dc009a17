//! The base URL of a [`Client`](crate::Client).

use url::{Host, Url};

use crate::ConfigError;

/// A checked base URL: `https`, or `http` to a loopback host; no query, fragment or credentials; no trailing slash.
#[derive(Clone)]
pub(crate) struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL, and drops a trailing `/api/v1`: the provider's guides set `BIZKITHUB_API_URL` with it, and every
    /// path of the spec begins with it.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let reject = |reason: &'static str| ConfigError::BaseUrl { reason };
        let mut url = Url::parse(text).map_err(|error| match error {
            url::ParseError::RelativeUrlWithoutBase => reject(
                "it is not a complete URL; begin it with its scheme, like https://bizkithub.com",
            ),
            url::ParseError::EmptyHost => reject("it has no host"),
            _ => reject("it does not parse as a URL"),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(reject("its scheme is neither https nor http"));
        }
        if url.host().is_none() {
            return Err(reject("it has no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(reject("it contains a user name or password; remove them"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(reject(
                "it contains a query or fragment; pass the API key to the client, not in the URL",
            ));
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(reject(
                "plain http would send the API key and passwords unencrypted; use https (http is for loopback hosts: \
                 localhost, 127.0.0.1, [::1])",
            ));
        }
        let stem = url.path().trim_end_matches('/');
        let stem = stem.strip_suffix("/api/v1").unwrap_or(stem).trim_end_matches('/').to_owned();
        url.set_path(&stem);
        Ok(Self(url))
    }

    /// The URL without a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The URL without its path, which may contain a secret.
    pub(crate) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub(crate) fn is_plain_http(&self) -> bool {
        self.0.scheme() == "http"
    }

    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
