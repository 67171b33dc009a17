//! What the platform checks before an endpoint runs, and the faults that are played on demand.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bizkithub::sandbox::{Fault, KeyState, PlatformFault, Sandbox};
use bizkithub::{Client, Outcome, RegisterAccountRequest, RetryPolicy};
use http::StatusCode;

use crate::shop::{EMAIL, PASSWORD, Shop, refused};

fn request(email: &str) -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email(email).password(PASSWORD).build()
}

fn client(sandbox: &Sandbox, key: &str) -> Client {
    Client::builder(key).base_url(sandbox.url()).retry(RetryPolicy::none()).build().unwrap()
}

#[tokio::test]
async fn a_key_is_checked_in_the_platforms_order_with_its_documented_errors() {
    let key = |letter: &str| format!("PROD{}", letter.repeat(28));
    let sandbox = Sandbox::builder()
        .key("my-test-key", KeyState::Active)
        .key(key("d"), KeyState::Deleted)
        .key(key("i"), KeyState::Inactive)
        .key(key("e"), KeyState::Expired)
        .key(key("n"), KeyState::NotAllowed)
        .only_known_keys();
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
        let error = client(&sandbox, &key).register_account(&request(EMAIL)).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(code), Outcome::Unchanged));
        assert_eq!(error.status().unwrap().as_u16(), status, "{code}");
        let recorded = sandbox.requests().pop().unwrap();
        assert!(!format!("{recorded:?}").contains(&key), "{recorded:?}");
    }
    client(&sandbox, "my-test-key").register_account(&request(EMAIL)).await.unwrap();
}

#[tokio::test]
async fn past_its_quota_a_key_is_turned_away_until_retry_after_and_then_has_all_of_it() {
    let sandbox = Sandbox::builder().quota(2).start().await.unwrap();
    let client = sandbox.client();
    let round = async |name: &str| {
        for remaining in [1, 0] {
            let email = format!("{name}{remaining}@example.com");
            let account = client.register_account(&request(&email)).await.unwrap();
            let rate_limit = account.rate_limit().unwrap();
            assert_eq!((rate_limit.limit, rate_limit.remaining), (2, remaining));
        }
        client.register_account(&request("late@example.com")).await.unwrap_err()
    };
    let error = round("first").await;
    assert_eq!((error.code(), error.is_retryable()), (Some("INTERNAL_TOO_MANY_REQUESTS"), true));
    sandbox.advance(error.retry_after().unwrap());
    round("second").await;
}

#[tokio::test]
async fn a_fault_is_played_once_and_the_account_is_what_its_outcome_says() {
    for (fault, outcome, registered) in [
        (Fault::Refusal("E001".to_owned()), Outcome::Unchanged, false),
        (Fault::Platform(PlatformFault::ApiKeyHasBeenExpired), Outcome::Unchanged, false),
        (Fault::Html(StatusCode::BAD_GATEWAY), Outcome::Unknown, false),
        (Fault::Dropped, Outcome::Unknown, true),
        (Fault::Truncated, Outcome::Unknown, true),
    ] {
        let shop = Shop::new().await;
        shop.sandbox.inject(fault.clone());
        let error = shop.client.register_account(&request(EMAIL)).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{fault:?}");
        assert_eq!(shop.sandbox.mails().len(), usize::from(registered), "{fault:?}");
        let next = shop.register(EMAIL).await;
        assert_eq!(next, if registered { refused("E004") } else { Ok(()) }, "{fault:?}");
    }
}

#[tokio::test]
async fn a_fault_for_one_endpoint_waits_for_it() {
    let shop = Shop::new().await;
    shop.sandbox.inject_for("login", Fault::Html(StatusCode::BAD_GATEWAY));
    shop.open(EMAIL).await;
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "?");
    shop.sign_in(EMAIL, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_slow_answer_is_told_once_it_is_out_and_what_was_asked_is_done() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = told.clone();
    let builder = Sandbox::builder().on_request(move |request| {
        telling.lock().unwrap().push(request.outcome().to_owned());
    });
    let shop = Shop::with(builder.start().await.unwrap());
    shop.sandbox.inject(Fault::Slow(Duration::from_millis(500)));
    let patient = shop.client.clone();
    let call = tokio::spawn(async move { patient.register_account(&request(EMAIL)).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(told.lock().unwrap().is_empty(), "the answer is not out");
    call.await.unwrap().unwrap();
    // Once the answer is out, which is when the client has it, or a moment later.
    for _ in 0..500 {
        if !told.lock().unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the request was never told");
}

#[tokio::test]
async fn a_reserved_address_plays_its_fault_at_every_endpoint_or_at_the_one_it_names() {
    let shop = Shop::new().await;
    for name in ["e001", "e003", "rate-limited", "public-api-key-has-been-expired", "bad-gateway"] {
        let email = format!("{name}@sandbox.test");
        let error = shop.client.register_account(&request(&email)).await.unwrap_err();
        let code = error.code().map(str::to_lowercase).unwrap_or_default().replace('_', "-");
        let is_it = code == name || name == "bad-gateway" || code == "internal-too-many-requests";
        assert!(is_it, "{name}: {error:?}");
    }
    let email = "login-e005@sandbox.test";
    shop.open(email).await;
    assert_eq!(shop.sign_in(email, PASSWORD).await.unwrap_err(), "E005");
}

#[tokio::test]
async fn a_refusal_comes_with_the_status_that_was_asked_for() {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let sandbox = Sandbox::builder().refusal_status(status).start().await.unwrap();
    sandbox.ban(EMAIL);
    let error = sandbox.client().register_account(&request(EMAIL)).await.unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("E003"), Some(status)));
}

#[tokio::test]
async fn nothing_secret_is_in_what_is_recorded_or_printed() {
    let shop = Shop::with_account().await;
    let identity = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.is_signed_in(&identity).await;
    shop.forget(EMAIL, None).await.unwrap();
    let mail = shop.sandbox.mails().pop().unwrap();
    shop.set(mail.token.clone(), "another_password").await.unwrap();
    let mut texts = vec![format!("{:?}{mail:?}{:#?}", shop.sandbox, shop.sandbox.mails())];
    for request in shop.sandbox.requests() {
        let text = format!("{request}{request:?}{request:#?}");
        assert!(!text.contains(EMAIL), "{text}");
        texts.push(text);
    }
    for text in texts {
        for secret in [PASSWORD, "another_password", mail.token.expose(), identity.expose()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn a_reset_forgets_accounts_mails_requests_and_faults() {
    let shop = Shop::with_account().await;
    shop.sandbox.inject(Fault::Dropped);
    shop.sandbox.reset();
    assert!(shop.sandbox.mails().is_empty() && shop.sandbox.requests().is_empty());
    shop.register(EMAIL).await.unwrap();
}

#[tokio::test]
async fn the_address_is_free_once_a_sandbox_is_dropped_and_taken_before() {
    let first = Sandbox::start().await.unwrap();
    let address: std::net::SocketAddr = first.url().trim_start_matches("http://").parse().unwrap();
    let error = Sandbox::builder().listen(address).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    drop(first);
    Sandbox::builder().listen(address).start().await.unwrap();
}
