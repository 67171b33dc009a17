//! Without TLS and SOCKS, the errors name the feature that is missing.

use std::time::{Duration, Instant};

use arbitrary_precision::replying;
use bizkithub::{Client, ClientBuilder, Error, GetAccountInfoRequest, Outcome, RetryPolicy};

/// Many slow retries, so that one would be noticed.
fn patient(builder: ClientBuilder) -> Client {
    let retry = RetryPolicy::default()
        .max_retries(10)
        .initial_backoff(Duration::from_secs(60))
        .max_backoff(Duration::from_secs(60));
    builder.timeout(Duration::from_secs(3600)).retry(retry).build().unwrap()
}

async fn assert_permanent(client: Client, cause: &str) {
    let request = GetAccountInfoRequest::builder().identity_id("identity").build();
    let started = Instant::now();
    let error: Error = client.get_account_info(&request).await.unwrap_err().into();
    assert!(started.elapsed() < Duration::from_secs(5), "it was not retried");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let message = error.to_string();
    assert!(
        message.contains(&format!("could not connect: {cause}. Nothing was sent")),
        "{message}"
    );
    assert!(!message.contains("can be retried"), "{message}");
}

#[tokio::test]
async fn https_without_tls_names_the_feature() {
    for url in ["https://bizkithub.com", "https://localhost:1"] {
        let builder = Client::builder("YOUR_API_KEY").base_url(url);
        let client = patient(builder.configure_http(|http| http.no_proxy()));
        assert_permanent(
            client,
            "this program has no TLS: enable the feature rustls, rustls-ring or native-tls of bizkithub",
        )
        .await;
    }
}

#[tokio::test]
async fn socks_proxy_names_the_feature() {
    for scheme in ["socks4", "socks4a", "socks5", "socks5h"] {
        let proxy = reqwest::Proxy::all(format!("{scheme}://127.0.0.1:1080")).unwrap();
        let builder = Client::builder("YOUR_API_KEY").base_url("http://127.0.0.1:1");
        let client = patient(builder.configure_http(|http| http.proxy(proxy)));
        assert_permanent(client, "a SOCKS proxy needs the feature socks of reqwest").await;
    }
}

#[tokio::test]
async fn loopback_http_works_without_tls() {
    let url = replying(200, r#"{"loggedIn":true}"#);
    let client = Client::builder("YOUR_API_KEY").base_url(url).build().unwrap();
    let request = GetAccountInfoRequest::builder().identity_id("identity").build();
    assert!(client.get_account_info(&request).await.unwrap().is_logged_in());
}
