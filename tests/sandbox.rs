//! The sandbox's rules, each driven through the client, and both ends asserted: what the client returned and what the
//! sandbox recorded. Not covered: how it stands up to load and to broken HTTP.

use std::time::Duration;

use bizkithub::sandbox::{Fault, KeyState, PlatformFault, Quota, RecordedRequest, Sandbox};
use bizkithub::types::RegisterAccountErrorCode;
use bizkithub::{
    Client, Error, Outcome, PlatformErrorKind, RegisterAccountRequest, RegisteredAccount,
    RetryPolicy,
};
use http::StatusCode;

const KEY: &str = "PROD0123456789abcdefghijABCDEFGH";
const PASSWORD: &str = "example_password";
const EMAIL: &str = "jan@barasek.com";
const MINUTE: Duration = Duration::from_secs(60);

fn request(email: &str) -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email(email).password(PASSWORD).build()
}

fn client(sandbox: &Sandbox, key: &str) -> Client {
    let builder = Client::builder(key).base_url(sandbox.url()).retry(RetryPolicy::none());
    builder.build().unwrap()
}

async fn register(sandbox: &Sandbox, email: &str) -> Result<RegisteredAccount, Error> {
    client(sandbox, KEY).register_account(&request(email)).await
}

/// The code that came back, or `registered`.
async fn outcome(sandbox: &Sandbox, email: &str) -> String {
    match register(sandbox, email).await {
        Ok(_) => "registered".to_owned(),
        Err(error) => error.code().unwrap().to_owned(),
    }
}

fn last(sandbox: &Sandbox) -> RecordedRequest {
    sandbox.requests().pop().unwrap()
}

#[tokio::test]
async fn an_address_that_was_never_confirmed_is_refused_for_ten_minutes() {
    let sandbox = Sandbox::start().await.unwrap();
    let steps = [
        (Duration::ZERO, "registered"),
        (Duration::ZERO, "E004"),
        (9 * MINUTE, "E004"),
        (MINUTE, "registered"),
        (9 * MINUTE, "E004"),
    ];
    for (passed, expected) in steps {
        sandbox.advance(passed);
        assert_eq!(outcome(&sandbox, EMAIL).await, expected);
        assert_eq!(last(&sandbox).outcome(), expected);
    }
}

#[tokio::test]
async fn a_confirmed_address_is_e002_for_good() {
    let sandbox = Sandbox::start().await.unwrap();
    assert!(!sandbox.confirm_email(EMAIL), "there is none yet");
    register(&sandbox, EMAIL).await.unwrap();
    assert!(sandbox.confirm_email(EMAIL));
    assert!(!sandbox.confirm_email(EMAIL), "it is confirmed already");
    for passed in [Duration::ZERO, 60 * MINUTE] {
        sandbox.advance(passed);
        assert_eq!(outcome(&sandbox, EMAIL).await, "E002");
    }
}

#[tokio::test]
async fn a_banned_address_is_e003_until_it_is_unbanned_and_then_what_it_was() {
    let sandbox = Sandbox::start().await.unwrap();
    register(&sandbox, EMAIL).await.unwrap();
    sandbox.confirm_email(EMAIL);
    sandbox.ban(EMAIL);
    assert_eq!(outcome(&sandbox, EMAIL).await, "E003");
    sandbox.unban(EMAIL);
    assert_eq!(outcome(&sandbox, EMAIL).await, "E002");
}

#[tokio::test]
async fn addresses_are_compared_after_normalisation() {
    let sandbox = Sandbox::start().await.unwrap();
    register(&sandbox, "Jan@Barasek.COM").await.unwrap();
    assert_eq!(outcome(&sandbox, EMAIL).await, "E004");
    assert!(sandbox.confirm_email(" JAN@barasek.com "));
}

#[tokio::test]
async fn a_reset_forgets_accounts_requests_and_faults() {
    let sandbox = Sandbox::start().await.unwrap();
    register(&sandbox, EMAIL).await.unwrap();
    sandbox.next(Fault::Dropped);
    sandbox.reset();
    assert!(sandbox.requests().is_empty());
    assert_eq!(outcome(&sandbox, EMAIL).await, "registered");
}

#[tokio::test]
async fn a_request_is_recorded_without_key_and_password() {
    let sandbox = Sandbox::start().await.unwrap();
    register(&sandbox, EMAIL).await.unwrap();
    let recorded = last(&sandbox);
    assert_eq!(recorded.method(), "POST");
    assert_eq!(recorded.path(), "/api/v1/customer/register-account");
    assert_eq!(recorded.api_key(), "PROD[masked]");
    assert_eq!(recorded.headers()["content-type"], "application/json");
    assert_eq!(recorded.body(), Some(&serde_json::json!({ "email": EMAIL })));
    assert_eq!((recorded.status(), recorded.outcome()), (Some(200), "registered"));
    assert_eq!(
        recorded.to_string(),
        "POST /api/v1/customer/register-account registered j…@barasek.com"
    );
    let shown = format!("{recorded:?} {sandbox:?}");
    assert!(!shown.contains(KEY) && !shown.contains(PASSWORD), "{shown}");
}

#[tokio::test]
async fn a_key_is_checked_in_the_platforms_order_with_its_documented_errors() {
    let key = |letter: &str| format!("PROD{}", letter.repeat(28));
    let sandbox = Sandbox::builder()
        .key(key("a"), KeyState::Active)
        .key(key("d"), KeyState::Deleted)
        .key(key("i"), KeyState::Inactive)
        .key(key("e"), KeyState::Expired)
        .key(key("n"), KeyState::NotAllowed)
        .only_known_keys()
        .start()
        .await
        .unwrap();
    let rows = [
        ("YOUR_API_KEY".to_owned(), 404, "PUBLIC_API_KEY_SAMPLE_VALUE", PlatformErrorKind::ApiKey),
        (
            "secret".to_owned(),
            404,
            "PUBLIC_API_KEY_IS_NOT_IN_VALID_FORMAT",
            PlatformErrorKind::ApiKey,
        ),
        (key("z"), 404, "PUBLIC_API_KEY_DOES_NOT_EXIST", PlatformErrorKind::ApiKey),
        (key("d"), 404, "PUBLIC_API_KEY_HAS_BEEN_DELETED", PlatformErrorKind::ApiKey),
        (key("i"), 404, "PUBLIC_API_KEY_IS_NOT_ACTIVE", PlatformErrorKind::ApiKey),
        (key("e"), 404, "PUBLIC_API_KEY_HAS_BEEN_EXPIRED", PlatformErrorKind::ApiKey),
        (key("n"), 403, "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED", PlatformErrorKind::Permission),
    ];
    for (key, status, code, kind) in rows {
        let error = client(&sandbox, &key).register_account(&request(EMAIL)).await.unwrap_err();
        let Error::Platform(platform) = &error else { panic!("{code}: {error:?}") };
        assert_eq!((platform.code(), platform.kind()), (code, kind));
        assert_eq!((platform.status().as_u16(), error.outcome()), (status, Outcome::Refused));
        let recorded = last(&sandbox);
        assert_eq!((recorded.status(), recorded.outcome()), (Some(status), code));
        assert_eq!(recorded.body(), None, "the endpoint never ran");
    }
    client(&sandbox, &key("a")).register_account(&request(EMAIL)).await.unwrap();
    sandbox.client().register_account(&request("another@example.com")).await.unwrap();
}

#[tokio::test]
async fn by_default_every_well_formed_key_exists() {
    let sandbox = Sandbox::start().await.unwrap();
    for prefix in ["PROD", "DEV_", "ROOT"] {
        let client = client(&sandbox, &format!("{prefix}0123456789abcdefghijABCDEFGH"));
        client.register_account(&request(&format!("{prefix}@example.com"))).await.unwrap();
    }
}

#[tokio::test]
async fn past_its_quota_a_key_is_turned_away_until_the_window_has_passed() {
    let sandbox = Sandbox::builder().quota(Quota { per_hour: 2, burst: 2 }).start().await.unwrap();
    for (email, remaining) in [("a@example.com", 1), ("b@example.com", 0)] {
        let rate_limit = register(&sandbox, email).await.unwrap().rate_limit().unwrap();
        assert_eq!((rate_limit.limit, rate_limit.remaining), (2, remaining));
        assert!(rate_limit.reset > std::time::SystemTime::now());
    }
    let error = register(&sandbox, "c@example.com").await.unwrap_err();
    assert_eq!(error.code(), Some("INTERNAL_TOO_MANY_REQUESTS"));
    assert!(error.is_retryable());
    let wait = error.retry_after().unwrap();
    assert!(wait > Duration::ZERO && wait <= 60 * MINUTE, "{wait:?}");
    assert_eq!(last(&sandbox).status(), Some(429));
    sandbox.advance(120 * MINUTE);
    register(&sandbox, "c@example.com").await.unwrap();
}

#[tokio::test]
async fn a_fault_is_played_once_and_what_it_says_of_the_account_is_true() {
    let sandbox = Sandbox::start().await.unwrap();
    let slow = Fault::Slow(Duration::from_millis(1));
    let rows = [
        (Fault::Refusal(RegisterAccountErrorCode::E001), Some("E001"), Outcome::Refused, false),
        (
            Fault::Platform(PlatformFault::MemberIsBlocked),
            Some(PlatformFault::MemberIsBlocked.code()),
            Outcome::Refused,
            false,
        ),
        (Fault::Html(StatusCode::BAD_GATEWAY), None, Outcome::Unknown, false),
        (Fault::Dropped, None, Outcome::Unknown, true),
        (Fault::Truncated, None, Outcome::Unknown, true),
    ];
    for (index, (fault, code, expected, registered)) in rows.into_iter().enumerate() {
        let email = format!("shopper{index}@example.com");
        sandbox.next(fault.clone());
        let error = register(&sandbox, &email).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (code, expected), "{fault:?}: {error:?}");
        let next = if registered { "E004" } else { "registered" };
        assert_eq!(outcome(&sandbox, &email).await, next, "after {fault:?}");
    }
    sandbox.next(slow);
    register(&sandbox, EMAIL).await.unwrap();
    assert_eq!(last(&sandbox).outcome(), "registered slowly");
}

#[tokio::test]
async fn faults_wait_in_line() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.next(Fault::Refusal(RegisterAccountErrorCode::E003));
    sandbox.next(Fault::Refusal(RegisterAccountErrorCode::E001));
    let mut outcomes = Vec::new();
    for _ in 0..3 {
        outcomes.push(outcome(&sandbox, EMAIL).await);
    }
    assert_eq!(outcomes, ["E003", "E001", "registered"]);
}

#[tokio::test]
async fn a_reserved_address_plays_its_fault_for_a_program_in_any_language() {
    let sandbox = Sandbox::start().await.unwrap();
    let rows = [
        ("e001", Some("E001"), Some(200)),
        ("e002", Some("E002"), Some(200)),
        ("e003", Some("E003"), Some(200)),
        ("e004", Some("E004"), Some(200)),
        ("rate-limited", Some("INTERNAL_TOO_MANY_REQUESTS"), Some(429)),
        ("rate-limit-exceeded", Some("RATE_LIMIT_EXCEEDED"), Some(429)),
        ("public-api-key-is-empty", Some("PUBLIC_API_KEY_IS_EMPTY"), Some(404)),
        (
            "permission-member-has-no-permission",
            Some("PERMISSION_MEMBER_HAS_NO_PERMISSION"),
            Some(401),
        ),
        ("internal-validation-failed", Some("INTERNAL_VALIDATION_FAILED"), Some(400)),
        ("bad-gateway", None, Some(502)),
        ("unavailable", None, Some(503)),
        ("gateway-timeout", None, Some(504)),
        ("dropped", None, None),
        ("truncated", None, Some(200)),
    ];
    for (name, code, status) in rows {
        let error = register(&sandbox, &format!("{name}@sandbox.test")).await.unwrap_err();
        assert_eq!(error.code(), code, "{name}: {error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), status, "{name}");
        assert_eq!(last(&sandbox).status(), status, "{name}");
    }
    let impatient =
        Client::builder(KEY).base_url(sandbox.url()).timeout(Duration::from_millis(300));
    let error = impatient.build().unwrap().register_account(&request("slow@sandbox.test")).await;
    let Err(Error::Transport(error)) = error else { panic!("{error:?}") };
    assert!(error.is_timeout());
}

#[tokio::test]
async fn a_refusal_comes_with_the_status_that_was_asked_for() {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let sandbox = Sandbox::builder().refusal_status(status).start().await.unwrap();
    sandbox.ban(EMAIL);
    let error = register(&sandbox, EMAIL).await.unwrap_err();
    assert_eq!((error.code(), error.status()), (Some("E003"), Some(status)));
}

/// Sends what the client never would.
async fn send(
    sandbox: &Sandbox,
    method: reqwest::Method,
    path_and_query: &str,
    content_type: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> (u16, http::HeaderMap, serde_json::Value) {
    let url = format!("{}{path_and_query}", sandbox.url());
    let mut request = reqwest::Client::new().request(method, url).body(body);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}

const PATH: &str = "/api/v1/customer/register-account?apiKey=PROD0123456789abcdefghijABCDEFGH";

#[tokio::test]
async fn a_body_that_does_not_fit_the_description_is_refused_by_field_and_without_its_values() {
    let sandbox = Sandbox::start().await.unwrap();
    let rows = [
        (r#"{"email":"jan@barasek.com"}"#, "password"),
        (r#"{"password":"secret"}"#, "email"),
        (r#"{"email":"jan@barasek.com","password":""}"#, "/password"),
        (r#"{"email":"jan@barasek.com","password":["secret"]}"#, "/password"),
        (r#"{"email":"not an address","password":"secret"}"#, "/email"),
        (r#"{"email":"jan@barasek.com","password":"secret","newsletter":"yes"}"#, "/newsletter"),
        (r#"{"email":"jan@barasek.com","password":"secret","groups":"vip"}"#, "/groups"),
        (
            r#"{"email":"jan@barasek.com","password":"secret","customerRealIp":"1.1.1"}"#,
            "/customerRealIp",
        ),
        (r#"["email","password"]"#, "object"),
        ("null", "object"),
        (r#"{"email":"#, "not JSON"),
        ("", "not JSON"),
    ];
    for (body, part) in rows {
        let (status, headers, answer) =
            send(&sandbox, http::Method::POST, PATH, Some("application/json"), body).await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &"INTERNAL_VALIDATION_FAILED".into()),
            "{body}"
        );
        let description = answer["error"]["description"].as_str().unwrap();
        assert!(description.contains(part), "{body}: {description}");
        assert!(!description.contains("secret"), "{body}: {description}");
        assert!(headers.contains_key("x-ratelimit-limit"));
    }
}

#[tokio::test]
async fn what_http_itself_forbids_gets_its_status_the_envelope_and_the_rate_limit_headers() {
    let sandbox = Sandbox::start().await.unwrap();
    let json = Some("application/json");
    let post = || http::Method::POST;
    let valid = r#"{"email":"jan@barasek.com","password":"x"}"#;
    let long = format!(r#"{{"email":"jan@barasek.com","password":"{}"}}"#, "x".repeat(64 * 1024));
    let rows = [
        (send(&sandbox, post(), "/elsewhere", json, valid).await, 404, "SANDBOX_PATH_NOT_FOUND"),
        (
            send(&sandbox, http::Method::GET, PATH, None, "").await,
            405,
            "SANDBOX_METHOD_NOT_ALLOWED",
        ),
        (
            send(&sandbox, post(), PATH, Some("text/plain"), valid).await,
            415,
            "SANDBOX_UNSUPPORTED_MEDIA_TYPE",
        ),
        (send(&sandbox, post(), PATH, None, valid).await, 415, "SANDBOX_UNSUPPORTED_MEDIA_TYPE"),
        (send(&sandbox, post(), PATH, json, long).await, 413, "SANDBOX_BODY_TOO_LARGE"),
        (
            send(&sandbox, post(), "/api/v1/customer/register-account", json, valid).await,
            404,
            "PUBLIC_API_KEY_IS_EMPTY",
        ),
    ];
    for ((status, headers, answer), expected, code) in rows {
        assert_eq!((status, &answer["error"]["code"]), (expected, &code.into()));
        assert_eq!(headers.get("allow").is_some(), expected == 405, "{code}");
        for header in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(headers.contains_key(header), "{header} with {code}");
        }
    }
    let with_charset = Some("application/json; charset=utf-8");
    assert_eq!(send(&sandbox, post(), PATH, with_charset, valid).await.0, 200);
}

#[tokio::test]
async fn the_address_is_free_when_a_sandbox_is_dropped() {
    for _ in 0..20 {
        let sandbox = Sandbox::start().await.unwrap();
        let address: std::net::SocketAddr =
            sandbox.url().trim_start_matches("http://").parse().unwrap();
        register(&sandbox, EMAIL).await.unwrap();
        drop(sandbox);
        Sandbox::builder().listen(address).start().await.unwrap();
    }
}

#[tokio::test]
async fn a_hundred_sandboxes_side_by_side_never_collide() {
    let mut sandboxes = Vec::new();
    for _ in 0..100 {
        sandboxes.push(Sandbox::start().await.unwrap());
    }
    for sandbox in &sandboxes {
        register(sandbox, EMAIL).await.unwrap();
    }
    for sandbox in &sandboxes {
        assert_eq!(sandbox.requests().len(), 1);
    }
}
