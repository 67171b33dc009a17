//! The HTTP client underneath: its default settings, and those that the caller cannot change.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::ConfigError;
use crate::base_url::BaseUrl;
use crate::call::hooks::default_headers;

/// Common servers close an idle connection after five seconds. A program that was suspended for longer would not notice that.
/// It would send its next request on the closed connection, with an unknown outcome.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(4);

const NO_CERTIFICATES: &str = "this machine has no CA certificates: install them (the package ca-certificates), or pass your \
                               own with configure_http(|http| http.tls_certs_only(…))";
const NO_PROVIDER: &str = "rustls has no crypto provider: enable the feature rustls or rustls-ring of bizkithub, or install a \
                           provider with rustls::crypto::CryptoProvider::install_default";

/// The settings that the caller can change.
pub(crate) fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .default_headers(default_headers())
        .pool_idle_timeout(POOL_IDLE_TIMEOUT)
}

pub(crate) fn build(
    http: reqwest::ClientBuilder,
    base_url: &BaseUrl,
    connect_timeout: Duration,
) -> Result<reqwest::Client, ConfigError> {
    #[cfg(feature = "rustls-ring")]
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // If another thread installs one at the same time, either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    let http = apply_security_settings(http.connect_timeout(connect_timeout), base_url)
        .map_err(config_error)?;
    // reqwest panics without a crypto provider, if another crate has enabled its feature `rustls-no-provider`.
    match catch_unwind(AssertUnwindSafe(|| http.build())) {
        Ok(built) => built.map_err(config_error),
        Err(_) => Err(ConfigError::Tls { reason: NO_PROVIDER }),
    }
}

fn config_error(source: reqwest::Error) -> ConfigError {
    let source = source.without_url();
    match format!("{source:?}").contains("No CA certificates were loaded") {
        true => ConfigError::Tls { reason: NO_CERTIFICATES },
        false => ConfigError::Http { source },
    }
}

/// Applies the security settings last, overriding anything the caller set.
fn apply_security_settings(
    mut http: reqwest::ClientBuilder,
    base_url: &BaseUrl,
) -> reqwest::Result<reqwest::ClientBuilder> {
    if base_url.is_loopback() {
        // A proxy from the environment would get the key and the password unencrypted, outside this machine. Any proxy that
        // is set, even this one that takes no request, turns the environment's off. A proxy that the caller set stays.
        http = http.proxy(no_proxy()?);
    }
    if base_url.is_plain_http() {
        http = without_certificates(http);
    }
    Ok(http
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Without the maximum, reqwest clones each request for a retry that is never made.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        // Otherwise reqwest would log the bytes of the request at trace level.
        .connection_verbose(false)
        // Another crate in the program may have enabled these features, which add request headers.
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .https_only(!base_url.is_loopback()))
}

/// Loads no CA certificates: a client for plain http does not use TLS, and a slim container has none.
fn without_certificates(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(any(feature = "rustls", feature = "rustls-ring", feature = "native-tls"))]
    let http = http.tls_certs_only([]);
    http
}

/// A proxy that takes no request to a loopback host. A `Proxy::custom` would run its function on every call.
fn no_proxy() -> reqwest::Result<reqwest::Proxy> {
    let loopback = reqwest::NoProxy::from_string("localhost, 127.0.0.0/8, ::1");
    Ok(reqwest::Proxy::all("http://127.0.0.1:9")?.no_proxy(loopback))
}
