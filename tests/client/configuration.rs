//! How a client is made, and why one is not. Not covered: TLS settings, which `faults.rs` has.

use std::time::Duration;

use bizkithub::{ApiKey, ApiKeyKind, Client, ConfigError};

use crate::support::{Answer, KEY, Secrets, Server, Wire, endpoint, json};

/// Signs in, which fails unless everything works.
async fn sign_in(client: &Client) {
    endpoint("login").call(client, &Secrets::default()).await.unwrap();
}

fn success() -> Answer {
    json(200, endpoint("login").success)
}

fn refusal_of_key(key: &str) -> String {
    let error = Client::new(key).unwrap_err();
    assert!(matches!(error, ConfigError::ApiKey { .. }), "{error:?}");
    error.to_string()
}

fn refusal_of_url(url: &str) -> String {
    let error = Client::builder(KEY).base_url(url).build().unwrap_err();
    assert!(matches!(error, ConfigError::BaseUrl { .. }), "{url}: {error:?}");
    error.to_string()
}

#[test]
fn a_key_that_cannot_be_one_is_refused_with_its_reason_and_without_the_key() {
    let keys = [
        ("", "empty"),
        ("two words", "whitespace"),
        ("pasted\n", "whitespace"),
        ("\u{a0}pasted", "whitespace"),
        ("bell\u{7}", "control character"),
        ("nul\0", "control character"),
    ];
    for (key, reason) in keys {
        let message = refusal_of_key(key);
        assert!(message.contains(reason), "{key:?}: {message}");
        assert!(key.is_empty() || !message.contains(key), "{message}");
    }
}

#[test]
fn a_key_in_no_documented_format_is_accepted_and_its_kind_is_unknown() {
    for key in ["YOUR_API_KEY", "PROD", "prod0123456789abcdefghijABCDEFGH", "é"] {
        Client::new(key).unwrap();
        assert_eq!(ApiKey::from(key).kind(), ApiKeyKind::Unknown, "{key}");
    }
}

#[test]
fn a_key_in_the_documented_format_tells_its_kind() {
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
fn a_base_url_that_cannot_be_used_is_refused_with_its_reason_and_without_quoting_it() {
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
        let message = refusal_of_url(url);
        assert!(message.contains(reason), "{url}: {message}");
        assert!(!message.contains("secret"), "{url}: {message}");
    }
}

#[test]
fn a_setting_that_the_http_client_cannot_use_is_told_with_its_cause() {
    let builder = Client::builder(KEY).http(|http| http.user_agent("two\nlines"));
    let error = builder.build().unwrap_err();
    assert!(matches!(error, ConfigError::Http { .. }), "{error:?}");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("header value"), "{source}");
}

#[test]
fn a_client_shows_its_settings_and_of_its_key_the_kind_alone() {
    let builder = Client::builder(KEY).base_url("https://example.com/shop/");
    assert_eq!(format!("{builder:?}"), "ClientBuilder { api_key: ApiKey(Development), .. }");
    let client = format!("{:?}", builder.timeout(Duration::from_secs(5)).build().unwrap());
    for setting in ["https://example.com/shop", "timeout: 5s", "max_repeats: 2"] {
        assert!(client.contains(setting), "{client}");
    }
}

#[test]
fn plain_http_is_accepted_for_loopback_hosts_only() {
    for url in ["http://localhost:8787", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]:80"]
    {
        Client::builder(KEY).base_url(url).build().unwrap();
    }
}

#[tokio::test]
async fn every_form_of_a_loopback_host_is_reached() {
    for (address, host) in [
        ("127.0.0.1:0", "127.0.0.1"),
        ("127.0.0.1:0", "LocalHost"),
        ("127.0.0.3:0", "127.0.0.3"),
        ("[::1]:0", "[::1]"),
    ] {
        let server = Server::over(Wire::Http1).at(address).answering(success()).await;
        let url = format!("http://{host}:{}", server.port);
        let client = Client::builder(KEY).base_url(url).build().unwrap();
        sign_in(&client).await;
        assert_eq!(server.requests().len(), 1, "{host}");
    }
}

#[test]
fn a_timeout_of_zero_is_refused_by_name_and_one_without_end_is_not() {
    for name in ["timeout", "connect_timeout"] {
        let builder = Client::builder(KEY);
        let error = match name {
            "timeout" => builder.timeout(Duration::ZERO),
            _ => builder.connect_timeout(Duration::ZERO),
        };
        let message = error.build().unwrap_err().to_string();
        assert!(message.starts_with(&format!("{name} cannot be used")), "{message}");
    }
}

#[tokio::test]
async fn a_timeout_without_end_works() {
    let server = Server::answering(success()).await;
    let client =
        server.client_with(|builder| builder.timeout(Duration::MAX).connect_timeout(Duration::MAX));
    sign_in(&client).await;
}

#[tokio::test]
async fn a_setting_of_the_http_client_is_used() {
    let server = Server::answering(success()).await;
    let proxy = reqwest::Proxy::all(server.url()).unwrap();
    let client = Client::builder(KEY)
        .base_url("http://localhost:1")
        .http(|http| http.user_agent("shop/1"))
        .http(|http| http.proxy(proxy))
        .build()
        .unwrap();
    sign_in(&client).await;
    let request = server.request().text;
    assert!(request.starts_with("POST http://localhost:1/api/v1/"), "through the proxy: {request}");
    assert!(request.contains("user-agent: shop/1"), "{request}");
}

#[test]
fn no_debug_form_shows_the_key() {
    let builder = Client::builder(KEY);
    let shown = format!("{:?} {builder:?} {:?}", ApiKey::from(KEY), Client::new(KEY).unwrap());
    assert!(shown.contains("Development") && !shown.contains(KEY), "{shown}");
}
