//! What the platform checks before an endpoint runs, and the faults that are played on demand.

use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bizkithub::sandbox::{Fault, KeyState, MailKind, PlatformFault, Sandbox};
use bizkithub::{
    Client, GetAccountInfoRequest, LogoutRequest, Outcome, RegisterAccountRequest, RetryPolicy,
};
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
async fn a_quota_says_when_it_is_whole_again_which_is_an_hour_after_the_first_request() {
    let hour = Duration::from_secs(60 * 60);
    let shop = Shop::new().await;
    let before = SystemTime::now();
    let account = shop.client.register_account(&request(EMAIL)).await.unwrap();
    // It is told in whole seconds, rounded up.
    let after = SystemTime::now() + Duration::from_secs(1);
    let reset = account.rate_limit().unwrap().reset;
    assert!(before + hour <= reset && reset <= after + hour, "{before:?} {reset:?}");
}

#[tokio::test]
async fn a_sandbox_and_its_builder_show_where_they_listen_and_nothing_else() {
    let builder = Sandbox::builder().key("secret", KeyState::Active);
    assert_eq!(format!("{builder:?}"), "SandboxBuilder { listen: 127.0.0.1:0, .. }");
    let sandbox = builder.start().await.unwrap();
    assert_eq!(format!("{sandbox:?}"), format!("Sandbox {{ url: {:?}, .. }}", sandbox.url()));
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
async fn a_fault_waits_for_a_request_that_is_valid() {
    let shop = Shop::new().await;
    shop.sandbox.inject(Fault::Refusal("E099".to_owned()));
    assert_eq!(shop.forget(EMAIL, Some("tomorrow")).await, refused("INTERNAL_VALIDATION_FAILED"));
    assert_eq!(shop.forget(EMAIL, Some("3h 20m")).await, refused("E099"));
}

#[tokio::test]
async fn a_sandbox_that_listens_on_all_addresses_has_its_client_on_loopback() {
    for all in [IpAddr::from([0, 0, 0, 0]), IpAddr::from([0; 16])] {
        let started = Sandbox::builder().listen((all, 0)).start().await;
        // Not every machine has IPv6.
        if let Ok(sandbox) = started {
            Shop::with(sandbox).open(EMAIL).await;
        }
    }
    // Nor this loopback address, which Linux has.
    if let Ok(sandbox) = Sandbox::builder().listen(([127, 0, 0, 2], 0)).start().await {
        assert!(sandbox.url().starts_with("http://127.0.0.2:"), "{}", sandbox.url());
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
    // Shorter than the answer that comes slowly.
    let client = shop.client.with_timeout(Duration::from_secs(2));
    for (name, code, status, is_done) in [
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
        let error = client.register_account(&request(&email)).await.unwrap_err();
        let status_is = error.status().map(|status| status.as_u16());
        assert_eq!((error.code(), status_is), (code, status), "{name}: {error:?}");
        let is_mailed = shop.sandbox.mails().iter().any(|mail| mail.to == email);
        assert_eq!(is_mailed, is_done, "{name}");
    }
    for (email, code) in [("login-e005@sandbox.test", "E005"), ("e007@sandbox.test", "E007")] {
        // register-account does not document the second one.
        shop.open(email).await;
        assert_eq!(shop.sign_in(email, PASSWORD).await.unwrap_err(), code);
    }
    let undocumented = "register-account-e099@sandbox.test";
    assert_eq!(shop.register(undocumented).await, refused("E099"));
}

#[tokio::test]
async fn a_reserved_address_plays_its_fault_by_its_tokens_and_its_identities_too() {
    let shop = Shop::new().await;
    let email = "register-account-verify-e099@sandbox.test";
    shop.register(email).await.unwrap();
    assert_eq!(shop.verify(shop.token(MailKind::VerifyAccount)).await, refused("E099"));

    let email = "set-new-password-e099@sandbox.test";
    shop.open(email).await;
    shop.forget(email, None).await.unwrap();
    let token = shop.token(MailKind::ResetPassword);
    assert_eq!(shop.set(token, "another_password").await, refused("E099"));

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
