//! Faults on demand and by reserved addresses.

use std::time::Duration;

use bizkithub::sandbox::{EmailKind, Fault};
use bizkithub::{
    GetAccountInfoRequest, LogoutRequest, Outcome, PlatformErrorCode, RegisterAccountRequest,
};
use http::{Method, StatusCode};
use serde_json::json;

use crate::shop::{EMAIL, PASSWORD, Shop, error, post, request};

fn register(email: &str) -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email(email).password(PASSWORD).build()
}

#[tokio::test]
async fn a_fault_is_played_once_with_the_promised_effect() {
    for (fault, outcome, registered) in [
        (Fault::EndpointError("E001".to_owned()), Outcome::Unchanged, false),
        (Fault::EndpointError(String::new()), Outcome::Unchanged, false),
        (Fault::Platform(PlatformErrorCode::ApiKeyHasBeenExpired), Outcome::Unchanged, false),
        (Fault::Html(StatusCode::BAD_GATEWAY), Outcome::Unknown, false),
        (Fault::Dropped, Outcome::Unknown, true),
        (Fault::Truncated, Outcome::Unknown, true),
    ] {
        let shop = Shop::new().await;
        shop.sandbox.inject(fault.clone());
        let error = shop.client.register_account(&register(EMAIL)).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{fault:?}");
        assert_eq!(shop.sandbox.emails().len(), usize::from(registered), "{fault:?}");
        let next = shop.register(EMAIL).await;
        assert_eq!(next, if registered { Err("E004".to_owned()) } else { Ok(()) }, "{fault:?}");
    }
}

#[tokio::test]
async fn a_fault_waits_for_a_valid_request() {
    let shop = Shop::new().await;
    shop.sandbox.inject(Fault::EndpointError("E099".to_owned()));
    let invalid = shop.reset_password(EMAIL, Some("tomorrow")).await;
    assert_eq!(invalid, error("INTERNAL_VALIDATION_FAILED"));
    assert_eq!(shop.reset_password(EMAIL, Some("3h 20m")).await, error("E099"));
}

#[tokio::test]
async fn a_fault_for_an_endpoint_waits_for_it() {
    for name in ["login", "postApiV1CustomerLogin"] {
        let shop = Shop::new().await;
        shop.sandbox.inject_for(name, Fault::EndpointError("E006".to_owned()));
        shop.open(EMAIL).await;
        assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E006");
        shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    }
}

#[tokio::test]
#[should_panic = "the spec has no endpoint called logon"]
async fn a_fault_for_an_unknown_endpoint_panics() {
    Shop::new().await.sandbox.inject_for("logon", Fault::Dropped);
}

#[tokio::test]
async fn a_slow_response_is_delayed_and_its_request_processed() {
    let shop = Shop::new().await;
    let delay = Duration::from_millis(300);
    shop.sandbox.inject(Fault::Slow(delay));
    let started = std::time::Instant::now();
    shop.register(EMAIL).await.unwrap();
    assert!(started.elapsed() >= delay);
    assert_eq!(shop.sandbox.emails().len(), 1);
}

#[tokio::test]
async fn only_a_rate_limit_fault_has_retry_after() {
    let shop = Shop::new().await;
    for (name, wait) in [("rate-limited", Some("3600")), ("public-api-key-is-empty", None)] {
        let body = json!({ "email": format!("{name}@sandbox.test"), "password": "x" });
        let reply = post(&shop.sandbox, "login", &body).await;
        let header = reply.headers.get("retry-after").map(|wait| wait.to_str().unwrap());
        assert_eq!(header, wait, "{}", reply.body);
        let field = reply.body["error"]["retry_after"].as_u64();
        assert_eq!(field, wait.map(|wait| wait.parse().unwrap()), "{}", reply.body);
    }
}

#[tokio::test]
async fn a_truncated_response_ends_after_half_its_body() {
    let shop = Shop::new().await;
    let request = request(&shop.sandbox, Method::POST, "reset-password");
    let request = request.json(&json!({ "email": "truncated@sandbox.test" }));
    let mut response = request.send().await.unwrap();
    assert_eq!(response.content_length(), Some(16));
    let half = response.chunk().await.unwrap().unwrap();
    assert_eq!(half, r#"{"success":true}"#[..8]);
    response.chunk().await.unwrap_err();
}

#[tokio::test]
async fn each_reserved_address_has_its_documented_effect() {
    let shop = Shop::new().await;
    // Shorter than the delay of a slow response.
    let client = shop.client.with_timeout(Duration::from_secs(5));
    for (name, code, status, is_processed) in [
        ("e001", Some("E001"), Some(200), false),
        ("e003", Some("E003"), Some(200), false),
        ("rate-limited", Some("INTERNAL_TOO_MANY_REQUESTS"), Some(429), false),
        ("public-api-key-is-empty", Some("PUBLIC_API_KEY_IS_EMPTY"), Some(404), false),
        ("bad-gateway", None, Some(502), false),
        ("unavailable", None, Some(503), false),
        ("gateway-timeout", None, Some(504), false),
        ("slow", None, None, true),
        ("dropped", None, None, true),
        ("truncated", None, Some(200), true),
    ] {
        let email = format!("{name}@sandbox.test");
        let error = client.register_account(&register(&email)).await.unwrap_err();
        let error_status = error.status().map(|status| status.as_u16());
        assert_eq!((error.code(), error_status), (code, status), "{name}: {error:?}");
        let is_emailed = shop.sandbox.emails().iter().any(|sent| sent.to == email);
        assert_eq!(is_emailed, is_processed, "{name}");
    }
}

#[tokio::test]
async fn a_reserved_address_can_name_endpoint_and_code() {
    let shop = Shop::new().await;
    // Only `login` documents `E007`.
    for (email, code) in [("login-e005@sandbox.test", "E005"), ("e007@sandbox.test", "E007")] {
        shop.open(email).await;
        assert_eq!(shop.sign_in(email, PASSWORD).await.unwrap_err(), code);
    }
    assert_eq!(shop.register("register-account-e099@sandbox.test").await, error("E099"));
}

#[tokio::test]
async fn a_reserved_address_acts_through_its_tokens_and_identities() {
    let shop = Shop::new().await;
    shop.register("register-account-verify-e099@sandbox.test").await.unwrap();
    assert_eq!(shop.verify(shop.token(EmailKind::VerifyAccount)).await, error("E099"));

    let email = "set-new-password-e099@sandbox.test";
    shop.open(email).await;
    shop.reset_password(email, None).await.unwrap();
    let token = shop.token(EmailKind::ResetPassword);
    assert_eq!(shop.set_password(token, "another_password").await, error("E099"));

    let email = "get-account-info-e099@sandbox.test";
    shop.open(email).await;
    let identity = shop.sign_in(email, PASSWORD).await.unwrap();
    let request = GetAccountInfoRequest::builder().identity_id(identity).build();
    assert_eq!(shop.client.get_account_info(&request).await.unwrap_err().code(), Some("E099"));

    let email = "logout-e099@sandbox.test";
    shop.open(email).await;
    let identity = shop.sign_in(email, PASSWORD).await.unwrap();
    let request = LogoutRequest::builder().identity_id(identity).build();
    assert_eq!(shop.client.logout(&request).await.unwrap_err().code(), Some("E099"));
}
