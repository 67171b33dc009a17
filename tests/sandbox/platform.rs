//! The platform's checks before an endpoint, and the settings of a sandbox.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use bizkithub::sandbox::{KeyState, Sandbox};
use bizkithub::{Client, Outcome, RegisterAccountRequest, RetryPolicy};
use http::StatusCode;

use crate::shop::{EMAIL, PASSWORD, Shop};

fn register(email: &str) -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email(email).password(PASSWORD).build()
}

fn client(sandbox: &Sandbox, key: &str) -> Client {
    Client::builder(key).base_url(sandbox.url()).retry(RetryPolicy::none()).build().unwrap()
}

#[tokio::test]
async fn each_invalid_key_has_its_documented_error() {
    let key = |letter: &str| format!("PROD{}", letter.repeat(28));
    let sandbox = Sandbox::builder()
        .key("my-test-key", KeyState::Active)
        .key(key("d"), KeyState::Deleted)
        .key(key("i"), KeyState::Inactive)
        .key(key("e"), KeyState::Expired)
        .key(key("n"), KeyState::OutOfScope)
        .reject_unknown_keys();
    let sandbox = sandbox.start().await.unwrap();
    for (key, status, code) in [
        ("YOUR_API_KEY".to_owned(), 404, "PUBLIC_API_KEY_SAMPLE_VALUE"),
        ("secret".to_owned(), 404, "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT"),
        (key("z"), 404, "PUBLIC_API_KEY_DOES_NOT_EXIST"),
        (key("d"), 404, "PUBLIC_API_KEY_HAS_BEEN_DELETED"),
        (key("i"), 404, "PUBLIC_API_KEY_IS_NOT_ACTIVE"),
        (key("e"), 404, "PUBLIC_API_KEY_HAS_BEEN_EXPIRED"),
        (key("n"), 403, "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED"),
    ] {
        let error = client(&sandbox, &key).register_account(&register(EMAIL)).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(code), Outcome::Unchanged));
        assert_eq!(error.status().unwrap().as_u16(), status, "{code}");
        let recorded = sandbox.requests().pop().unwrap();
        assert!(!format!("{recorded:?}").contains(&key), "{recorded:?}");
    }
    client(&sandbox, "my-test-key").register_account(&register(EMAIL)).await.unwrap();
    sandbox.client().register_account(&register("eva@example.com")).await.unwrap();
}

#[tokio::test]
async fn an_exhausted_quota_returns_after_retry_after() {
    let sandbox = Sandbox::builder().requests_per_hour(2).start().await.unwrap();
    let client = sandbox.client();
    let round = async |name: &str| {
        for remaining in [1, 0] {
            let email = format!("{name}{remaining}@example.com");
            let response = client.register_account(&register(&email)).await.unwrap();
            let rate_limit = response.rate_limit().unwrap();
            assert_eq!((rate_limit.limit, rate_limit.remaining), (2, remaining));
        }
        client.register_account(&register("late@example.com")).await.unwrap_err()
    };
    let error = round("first").await;
    assert_eq!((error.code(), error.is_retryable()), (Some("INTERNAL_TOO_MANY_REQUESTS"), true));
    sandbox.advance(error.retry_after().unwrap());
    round("second").await;
}

#[tokio::test]
async fn a_quota_resets_an_hour_after_the_first_request() {
    let hour = Duration::from_secs(60 * 60);
    let shop = Shop::new().await;
    let before = SystemTime::now();
    let response = shop.client.register_account(&register(EMAIL)).await.unwrap();
    // The header has whole seconds, rounded up.
    let after = SystemTime::now() + Duration::from_secs(1);
    let reset = response.rate_limit().unwrap().reset;
    assert!(before + hour <= reset && reset <= after + hour, "{before:?} {reset:?}");
}

#[tokio::test]
async fn endpoint_errors_have_the_configured_status() {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let sandbox = Sandbox::builder().error_status(status).start().await.unwrap();
    sandbox.ban(EMAIL);
    let error = sandbox.client().register_account(&register(EMAIL)).await.unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("E003"), Some(status)));
}

#[tokio::test]
async fn debug_output_shows_the_address_only() {
    let builder = Sandbox::builder().key("secret", KeyState::Active);
    assert_eq!(format!("{builder:?}"), "SandboxBuilder { listen: 127.0.0.1:0, .. }");
    let sandbox = builder.start().await.unwrap();
    assert_eq!(format!("{sandbox:?}"), format!("Sandbox {{ url: {:?}, .. }}", sandbox.url()));
}

#[tokio::test]
async fn a_sandbox_on_all_addresses_has_a_loopback_url() {
    for all in [IpAddr::from([0, 0, 0, 0]), IpAddr::from([0; 16])] {
        // Some machines have no IPv6.
        if let Ok(sandbox) = Sandbox::builder().listen((all, 0)).start().await {
            Shop::with(sandbox).open(EMAIL).await;
        }
    }
    // Linux has this loopback address, other systems do not.
    if let Ok(sandbox) = Sandbox::builder().listen(([127, 0, 0, 2], 0)).start().await {
        assert!(sandbox.url().starts_with("http://127.0.0.2:"), "{}", sandbox.url());
    }
}
