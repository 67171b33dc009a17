//! The base URL of a [`Client`](crate::Client): read, checked, and made ready for a path to follow.

use url::{Host, Url};

use crate::ConfigError;

/// The reference page's base URL.
pub(crate) const DEFAULT: &str = "https://bizkithub.com";

/// A checked base URL: `https`, or `http` to a loopback host; no query, fragment or credentials; no trailing slash.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl(Url);

impl BaseUrl {
    /// Reads a base URL.
    ///
    /// A trailing `/api/v1` is dropped: the provider's guides set `BIZKITHUB_API_URL` with it, and every path of
    /// the description brings it along again.
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let refuse = |reason: &'static str| ConfigError::BaseUrl { reason };
        let mut url = Url::parse(text).map_err(|error| match error {
            url::ParseError::RelativeUrlWithoutBase => refuse(
                "it is not a complete URL; write it with its scheme, like https://bizkithub.com",
            ),
            url::ParseError::EmptyHost => refuse("it has no host"),
            _ => refuse("it does not parse as a URL"),
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refuse("its scheme is neither https nor http"));
        }
        if url.host().is_none() {
            return Err(refuse("it has no host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse(
                "it carries a user name or password, which BizKitHub does not know; remove them",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse(
                "it carries a query or fragment; give the API key to the client, not to the URL",
            ));
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(refuse(
                "plain http would send the API key and passwords readable by anyone on the way; use https \
                 (http is for loopback hosts: localhost, 127.0.0.1, [::1])",
            ));
        }
        let stem = url.path().trim_end_matches('/');
        let stem = stem.strip_suffix("/api/v1").unwrap_or(stem).trim_end_matches('/').to_owned();
        url.set_path(&stem);
        Ok(Self(url))
    }

    /// Ready for a path that starts with a slash.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
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
