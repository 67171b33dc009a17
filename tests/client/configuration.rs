//! The settings of a client. Not covered: TLS settings, which `faults.rs` has, and the environment, which `environment.rs`
//! has.

use std::time::Duration;

use bizkithub::{ApiKey, ApiKeyKind, Client, ConfigError};

use crate::support::{KEY, Reply, Secrets, Server, Wire, endpoint, json};

/// Signs in, which fails unless everything works.
async fn sign_in(client: &Client) {
    endpoint("login").call(client, &Secrets::default()).await.unwrap();
}

fn success() -> Reply {
    json(200, endpoint("login").success)
}

fn key_error(key: &str) -> String {
    let error = Client::new(key).unwrap_err();
    assert!(matches!(error, ConfigError::ApiKey { .. }), "{error:?}");
    error.to_string()
}

fn url_error(url: &str) -> String {
    let error = Client::builder(KEY).base_url(url).build().unwrap_err();
    assert!(matches!(error, ConfigError::BaseUrl { .. }), "{url}: {error:?}");
    error.to_string()
}

#[test]
fn invalid_key_is_rejected_without_quoting_it() {
    let keys = [
        ("", "empty"),
        ("two words", "whitespace"),
        ("pasted\n", "whitespace"),
        ("\u{a0}pasted", "whitespace"),
        ("bell\u{7}", "control character"),
        ("nul\0", "control character"),
    ];
    for (key, reason) in keys {
        let message = key_error(key);
        assert!(message.contains(reason), "{key:?}: {message}");
        assert!(key.is_empty() || !message.contains(key), "{message}");
    }
}

#[test]
fn undocumented_key_format_is_accepted() {
    for key in ["YOUR_API_KEY", "PROD", "prod0123456789abcdefghijABCDEFGH", "é"] {
        Client::new(key).unwrap();
        assert_eq!(ApiKey::from(key).kind(), ApiKeyKind::Unknown, "{key}");
    }
}

#[test]
fn documented_key_format_has_a_kind() {
    let kinds = [
        ("PROD", ApiKeyKind::Production),
        ("DEV_", ApiKeyKind::Development),
        ("ROOT", ApiKeyKind::System),
    ];
    for (prefix, kind) in kinds {
        assert_eq!(ApiKey::from(format!("{prefix}0123456789abcdefghijABCDEFGH")).kind(), kind);
        let too_long = format!("{prefix}0123456789abcdefghijABCDEFGHI");
        assert_eq!(ApiKey::from(too_long).kind(), ApiKeyKind::Unknown);
        let not_alphanumeric = format!("{prefix}0123456789abcdefghijABCDEFG-");
        assert_eq!(ApiKey::from(not_alphanumeric).kind(), ApiKeyKind::Unknown);
    }
}

#[test]
fn invalid_base_url_is_rejected_without_quoting_it() {
    let urls = [
        ("", "not a complete URL"),
        ("bizkithub.com", "not a complete URL"),
        ("https://", "no host"),
        ("https://[::1", "does not parse"),
        ("https://bizkithub.com:port", "does not parse"),
        ("ftp://bizkithub.com", "neither https nor http"),
        ("file:///etc/passwd", "neither https nor http"),
        ("data:text/plain,secret", "neither https nor http"),
        ("http://bizkithub.com", "use https"),
        ("http://127.0.0.1.example.com", "use https"),
        ("http://localhost.example.com", "use https"),
        ("http://192.168.0.1", "use https"),
        ("http://[2001:db8::1]", "use https"),
        ("https://user:secret@bizkithub.com", "user name or password"),
        ("https://secret@bizkithub.com", "user name or password"),
        ("https://:secret@bizkithub.com", "user name or password"),
        ("https://bizkithub.com/?apiKey=secret", "query or fragment"),
        ("https://bizkithub.com/#secret", "query or fragment"),
    ];
    for (url, reason) in urls {
        let message = url_error(url);
        assert!(message.contains(reason), "{url}: {message}");
        assert!(!message.contains("secret"), "{url}: {message}");
    }
}

#[test]
fn invalid_http_setting_is_an_error_with_a_source() {
    let builder = Client::builder(KEY).configure_http(|http| http.user_agent("two\nlines"));
    let error = builder.build().unwrap_err();
    assert!(matches!(error, ConfigError::Http { .. }), "{error:?}");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("header value"), "{source}");
}

#[test]
fn debug_shows_settings_without_key_and_path() {
    let builder = Client::builder(KEY).base_url("https://example.com:8443/s3cret/");
    assert_eq!(format!("{builder:?}"), "ClientBuilder { api_key: ApiKey(Development), .. }");
    let client = format!("{:?}", builder.timeout(Duration::from_secs(5)).build().unwrap());
    for setting in ["\"https://example.com:8443\"", "timeout: 5s", "max_retries: 2"] {
        assert!(client.contains(setting), "{client}");
    }
    assert!(!client.contains("s3cret"), "{client}");
}

#[test]
fn plain_http_is_accepted_for_loopback_hosts() {
    for url in ["http://localhost:8787", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]:80"]
    {
        Client::builder(KEY).base_url(url).build().unwrap();
    }
}

#[tokio::test]
async fn every_form_of_a_loopback_host_works() {
    for (address, host) in [
        ("127.0.0.1:0", "127.0.0.1"),
        ("127.0.0.1:0", "LocalHost"),
        ("127.0.0.3:0", "127.0.0.3"),
        ("[::1]:0", "[::1]"),
    ] {
        let server = Server::over(Wire::Http1).at(address).replying(success()).await;
        let url = format!("http://{host}:{}", server.port);
        let client = Client::builder(KEY).base_url(url).build().unwrap();
        sign_in(&client).await;
        assert_eq!(server.requests().len(), 1, "{host}");
    }
}

#[test]
fn timeout_of_zero_is_rejected_by_name() {
    for name in ["timeout", "connect_timeout"] {
        let builder = Client::builder(KEY);
        let error = match name {
            "timeout" => builder.timeout(Duration::ZERO),
            _ => builder.connect_timeout(Duration::ZERO),
        };
        let message = error.build().unwrap_err().to_string();
        assert!(message.starts_with(&format!("{name} is not valid: it is zero")), "{message}");
    }
}

#[test]
fn shortest_timeout_is_accepted() {
    Client::builder("YOUR_API_KEY").timeout(Duration::from_nanos(1)).build().unwrap();
}

#[tokio::test]
async fn endless_timeout_works() {
    let server = Server::replying(success()).await;
    let client =
        server.client_with(|builder| builder.timeout(Duration::MAX).connect_timeout(Duration::MAX));
    sign_in(&client).await;
}

#[tokio::test]
async fn http_settings_are_used() {
    let server = Server::replying(success()).await;
    let proxy = reqwest::Proxy::all(server.url()).unwrap();
    let client = Client::builder(KEY)
        .base_url("http://localhost:1")
        .configure_http(|http| http.user_agent("shop/1"))
        .configure_http(|http| http.proxy(proxy))
        .build()
        .unwrap();
    sign_in(&client).await;
    let request = server.request().text;
    assert!(request.starts_with("POST http://localhost:1/api/v1/"), "through the proxy: {request}");
    assert!(request.contains("user-agent: shop/1"), "{request}");
}

#[test]
fn debug_output_hides_the_key() {
    let builder = Client::builder(KEY);
    let shown = format!("{:?} {builder:?} {:?}", ApiKey::from(KEY), Client::new(KEY).unwrap());
    assert!(shown.contains("Development") && !shown.contains(KEY), "{shown}");
}
