//! What the client makes of every documented answer, and of the undocumented ones that occur. Not covered: broken
//! connections and timeouts.

#[allow(dead_code)]
mod support;

use std::time::{Duration, SystemTime};

use bizkithub::{Error, Outcome, PlatformErrorKind, RateLimit, RegisterAccountError};
use support::situations::failures;
use support::{Server, answer, json, minimal_request};

fn variant<E>(error: &Error<E>) -> &'static str {
    match error {
        Error::Refused(_) => "Refused",
        Error::Platform(_) => "Platform",
        Error::Unexpected(_) => "Unexpected",
        Error::Transport(_) => "Transport",
        _ => "a variant newer than this test",
    }
}

async fn failure(answer: String) -> Error {
    let server = Server::answering(answer).await;
    let error = server.client().register_account(&minimal_request()).await.unwrap_err();
    assert_eq!(server.requests().len(), 1, "one call is one request");
    error
}

#[tokio::test]
async fn every_failing_answer_gives_its_variant_code_status_outcome_and_retry_facts() {
    for expected in failures() {
        let error = failure(expected.answer).await;
        let name = expected.name;
        assert_eq!(variant(&error), expected.variant, "{name}: {error:?}");
        assert_eq!(error.code(), expected.code.as_deref(), "{name}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(expected.status), "{name}");
        assert_eq!(error.outcome(), expected.outcome, "{name}");
        assert_eq!(error.is_retryable(), expected.is_retryable, "{name}");
        assert_eq!(error.retry_after(), expected.retry_after, "{name}");
    }
}

#[tokio::test]
async fn each_code_has_its_meaning_and_an_unknown_one_is_kept() {
    let meanings = [
        ("E001", RegisterAccountError::RegisterFailed),
        ("E002", RegisterAccountError::AlreadyRegistered),
        ("E003", RegisterAccountError::AccountBanned),
        ("E004", RegisterAccountError::TooManyAttempts),
        ("E999", RegisterAccountError::Unknown("E999".to_owned())),
    ];
    for (code, meaning) in meanings {
        let body = format!(r#"{{"success":false,"errorCode":"{code}","message":"In words."}}"#);
        let error = failure(json(200, &body)).await;
        assert_eq!(error.refusal(), Some(&meaning));
        let Error::Refused(refused) = error else { panic!("{code} is a refusal") };
        assert_eq!((refused.error().code(), refused.message()), (code, "In words."));
    }
}

#[tokio::test]
async fn a_platform_error_tells_its_kind_by_its_code_and_an_unknown_one_by_its_status() {
    let kinds = [
        ("PUBLIC_API_KEY_DOES_NOT_EXIST", 404, PlatformErrorKind::ApiKey),
        ("PUBLIC_API_KEY_SCOPE_NOT_ALLOWED", 403, PlatformErrorKind::Permission),
        ("PERMISSION_MEMBER_HAS_NO_PERMISSION", 401, PlatformErrorKind::Permission),
        ("INTERNAL_TOO_MANY_REQUESTS", 429, PlatformErrorKind::RateLimited),
        ("INTERNAL_VALIDATION_FAILED", 500, PlatformErrorKind::Validation),
        ("NEW", 429, PlatformErrorKind::RateLimited),
        ("NEW", 403, PlatformErrorKind::Permission),
        ("NEW", 422, PlatformErrorKind::Validation),
        ("NEW", 404, PlatformErrorKind::Other),
        ("NEW", 500, PlatformErrorKind::Other),
    ];
    for (code, status, kind) in kinds {
        let body = format!(
            r#"{{"error":{{"code":"{code}","message":"In words.","description":"At length."}}}}"#
        );
        let Error::Platform(error) = failure(json(status, &body)).await else {
            panic!("{code} is a platform error")
        };
        assert_eq!(error.kind(), kind, "{code} in a {status}");
        assert_eq!((error.message(), error.description()), ("In words.", Some("At length.")));
    }
}

#[tokio::test]
async fn a_success_gives_its_message_its_data_and_what_is_left_of_the_quota() {
    let headers = [
        ("X-RateLimit-Limit", "1000"),
        ("X-RateLimit-Remaining", "999"),
        ("X-RateLimit-Reset", "60"),
    ];
    let body = r#"{"success":true,"data":{"message":"Example response","id":7}}"#;
    let server = Server::answering(answer(200, &headers, body)).await;
    let account = server.client().register_account(&minimal_request()).await.unwrap();
    assert_eq!(account.message(), Some("Example response"));
    assert_eq!(account.data()["id"], 7);
    let reset = SystemTime::UNIX_EPOCH + Duration::from_secs(60);
    assert_eq!(account.rate_limit(), Some(RateLimit { limit: 1000, remaining: 999, reset }));
}

#[tokio::test]
async fn a_success_without_data_or_with_data_of_any_form_is_a_success_with_any_2xx() {
    let bodies = [
        r#"{"success":true}"#,
        r#"{"success":true,"data":null}"#,
        r#"{"success":true,"data":[]}"#,
        r#"{"success":true,"data":"text"}"#,
        r#"{"success":true,"data":{"message":7}}"#,
        r#" {"new":{"field":[]},"success":true} "#,
    ];
    for (status, body) in
        [200, 201, 202, 299].into_iter().flat_map(|status| bodies.map(|body| (status, body)))
    {
        let server = Server::answering(json(status, body)).await;
        let account = server.client().register_account(&minimal_request()).await.unwrap();
        assert_eq!((account.message(), account.rate_limit()), (None, None), "{status} {body}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_target_is_never_called() {
    let target = Server::answering(json(200, r#"{"success":true}"#)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = [("location", target.url.as_str())];
        let error = failure(answer(status, &location, "")).await;
        assert_eq!(variant(&error), "Unexpected");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false));
    }
    assert_eq!(target.requests(), [""; 0]);
}

#[tokio::test]
async fn an_answer_past_its_limit_is_unexpected_and_one_at_its_limit_is_read() {
    let body = r#"{"success":true}"#;
    let server = Server::answering(json(200, body)).await;
    let exact = server.client_with(|builder| builder.answer_limit(body.len()));
    exact.register_account(&minimal_request()).await.unwrap();
    let short = server.client_with(|builder| builder.answer_limit(body.len() - 1));
    let error = short.register_account(&minimal_request()).await.unwrap_err();
    assert_eq!((variant(&error), error.outcome()), ("Unexpected", Outcome::Unknown));
    assert!(error.to_string().contains("longer than 15 bytes"), "{error}");
}

#[tokio::test]
async fn an_excerpt_holds_at_most_512_bytes_of_the_answer() {
    let Error::Unexpected(response) = failure(answer(502, &[], &"é".repeat(5000))).await else {
        panic!("HTML is unexpected")
    };
    assert_eq!(response.excerpt(), "é".repeat(256));
}

#[test]
fn clients_and_errors_go_where_programs_take_them() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    fn sent<T: Send>(_: T) {}
    shared::<bizkithub::Client>();
    error::<Error>();
    error::<bizkithub::ConfigError>();
    let client = bizkithub::Client::new("YOUR_API_KEY").unwrap();
    let request = minimal_request();
    sent(client.register_account(&request));
}
