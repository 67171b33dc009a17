//! Error messages as an engineer on call reads them: cause, outcome, advice.

use std::collections::BTreeSet;
use std::time::Duration;

use bizkithub::{
    AccountInfo, Client, Error, LoginResponse, PlatformErrorCode, RegisterAccountResponse,
    RegisterAccountVerifyResponse, RetryPolicy, ServerJson, ServerText,
};

use crate::support::names::closed_port;
use crate::support::{
    ENDPOINTS, Endpoint, KEY, Reply, Script, Secrets, Server, Step, endpoint, json,
};

/// The error with its sources, as `anyhow` prints it.
pub fn message(error: Error) -> String {
    format!("{:#}", anyhow::Error::new(error))
}

async fn message_of(endpoint: &Endpoint, script: impl Into<Script>) -> String {
    let server = Server::replying(script).await;
    let client = server.client_with(|builder| builder.max_response_size(10_000));
    message(endpoint.call(&client, &Secrets::default()).await.unwrap_err())
}

fn endpoint_error(status: u16, code: &str) -> Reply {
    json(status, format!(r#"{{"success":false,"errorCode":"{code}","message":"No."}}"#))
}

fn platform_error(status: u16, code: &str) -> Reply {
    json(status, format!(r#"{{"error":{{"code":"{code}","message":"No."}}}}"#))
}

/// The messages of each endpoint's own codes, and of all errors that end with the endpoint's own advice.
async fn messages_of_endpoints() -> Vec<String> {
    let mut messages = Vec::new();
    for endpoint in &ENDPOINTS {
        for documented in endpoint.codes {
            messages.push(message_of(endpoint, endpoint_error(200, documented.code)).await);
        }
        for (status, code) in [(200, "E999"), (500, "E999"), (200, "NEW"), (200, ""), (500, "")] {
            messages.push(message_of(endpoint, endpoint_error(status, code)).await);
        }
        messages.push(message_of(endpoint, platform_error(500, "NEW")).await);
        messages.push(message_of(endpoint, Reply::html(502)).await);
        messages.push(message_of(endpoint, Reply::new(301, "")).await);
        messages.push(message_of(endpoint, Step::Close).await);
    }
    messages
}

async fn messages_of_the_platform() -> Vec<String> {
    let mut messages = Vec::new();
    for code in PlatformErrorCode::ALL {
        messages.push(message_of(endpoint("login"), platform_error(400, code.code())).await);
    }
    for (status, code) in [(400, "NEW"), (429, "NEW"), (404, "E123")] {
        messages.push(message_of(endpoint("login"), platform_error(status, code)).await);
    }
    messages
}

async fn messages_of_unexpected_responses() -> Vec<String> {
    let mut messages = Vec::new();
    let replies = [
        json(401, ""),
        json(200, "<html></html>"),
        json(200, r#"{"success":tr"#),
        json(200, "[1, 2]"),
        json(200, r#"{"success":true,"errorCode":"E001"}"#),
        json(200, format!(r#"{{"success":true,"long":"{}"}}"#, "x".repeat(20_000))),
        Reply::html(404),
        Reply::new(307, ""),
        Reply::html(429),
    ];
    for reply in replies {
        messages.push(message_of(endpoint("login"), reply).await);
    }
    messages
}

async fn messages_of_transport_errors() -> Vec<String> {
    let mut messages = Vec::new();
    for (name, script) in [
        ("register-account", Script::from("garbage\r\n\r\n").then(Step::Close)),
        ("set-new-password", Script::from(Step::Reset)),
        ("login", Script::from(Step::Truncate(json(200, r#"{"success":true}"#), 5))),
    ] {
        messages.push(message_of(endpoint(name), script).await);
    }
    let server = Server::replying(Step::Hang).await;
    let patient = server.client();
    let read_timeout = Duration::from_millis(100);
    let settings = server
        .client_with(|builder| builder.configure_http(|http| http.read_timeout(read_timeout)));
    for client in [
        patient.with_timeout(Duration::ZERO),
        patient.with_timeout(Duration::from_millis(100)),
        settings,
        to("https://bizkithub.invalid"),
    ] {
        let error = endpoint("login").call(&client, &Secrets::default()).await.unwrap_err();
        messages.push(message(error));
    }
    let (_socket, url) = closed_port();
    let error = endpoint("login").call(&to(&url), &Secrets::default()).await.unwrap_err();
    messages.push(message(error));
    messages
}

fn to(url: &str) -> Client {
    let builder = Client::builder(KEY).base_url(url).retry(RetryPolicy::none());
    builder.configure_http(|http| http.no_proxy()).build().unwrap()
}

#[tokio::test]
async fn messages_say_cause_outcome_and_advice() {
    insta::assert_snapshot!("of_endpoints", messages_of_endpoints().await.join("\n"));
    insta::assert_snapshot!("of_the_platform", messages_of_the_platform().await.join("\n"));
    let unexpected = messages_of_unexpected_responses().await;
    insta::assert_snapshot!("of_unexpected_responses", unexpected.join("\n"));
    insta::assert_snapshot!("of_transport_errors", messages_of_transport_errors().await.join("\n"));
}

#[tokio::test]
async fn messages_are_short_and_name_no_accessor() {
    let mut messages = BTreeSet::from_iter(messages_of_endpoints().await);
    messages.extend(messages_of_the_platform().await);
    messages.extend(messages_of_unexpected_responses().await);
    messages.extend(messages_of_transport_errors().await);

    let words = |message: &String| message.split_whitespace().count();
    let mut lengths: Vec<_> = messages.iter().map(words).collect();
    lengths.sort();
    let longest = messages.iter().max_by_key(|message| words(message)).unwrap();
    assert!(words(longest) <= 30, "{} words: {longest}", words(longest));
    let median = lengths[lengths.len() / 2];
    assert!(median <= 25, "median of {} messages: {median} words", lengths.len());

    for message in &messages {
        let accessors =
            ["()", "retry_after", "is_retryable", "outcome", "detail", "excerpt", "message("];
        for accessor in accessors {
            assert!(!message.contains(accessor), "{accessor} in {message}");
        }
        let says_the_outcome = ["Nothing was", "may", "changes nothing"];
        assert!(says_the_outcome.iter().any(|words| message.contains(words)), "{message}");
        assert!(!message.contains("No."), "the server's own message: {message}");
    }
}

#[tokio::test]
async fn debug_of_an_error_has_facts_but_no_server_text() {
    let steps: [Step; 5] = [
        endpoint_error(200, "E004").into(),
        endpoint_error(200, "secret").into(),
        platform_error(404, "PUBLIC_API_KEY_HAS_BEEN_EXPIRED").into(),
        Reply::html(502).header("retry-after", 30).into(),
        Step::Close,
    ];
    let mut forms = Vec::new();
    for step in steps {
        let server = Server::replying(step).await;
        let login = endpoint("login");
        let error = login.call(&server.client(), &Secrets::default()).await.unwrap_err();
        forms.push(format!("{error:#?}"));
    }
    insta::assert_snapshot!(forms.join("\n\n"));
}

#[tokio::test]
async fn debug_of_a_success_has_no_server_text() {
    let mut forms = Vec::new();
    for endpoint in &ENDPOINTS {
        let server = Server::replying(json(200, endpoint.success)).await;
        let output = endpoint.call(&server.client(), &Secrets::default()).await.unwrap();
        forms.push(output);
    }
    insta::assert_snapshot!(forms.join("\n\n"));
}

#[test]
fn debug_of_response_types_shows_no_text() {
    const TEXT: &str = "s3cret";
    let body = serde_json::json!({
        "identityId": TEXT, "cuRefNo": TEXT, "email": TEXT, "phone": TEXT, "firstName": TEXT,
        "lastName": TEXT, "companyName": TEXT, "returnUrl": TEXT,
        "groups": [{"name": TEXT, "slug": TEXT}],
        "meta": {TEXT: TEXT, "list": [TEXT, {TEXT: TEXT}]},
        "referral": {"code": TEXT, "email": TEXT, "firstName": TEXT, "lastName": TEXT},
        "runningSubscriptionList": [{
            "externalId": TEXT, "productSlug": TEXT, "productCode": TEXT, "orderNumber": TEXT,
            "orderHash": TEXT,
        }],
        "data": {"message": TEXT},
    });
    fn shown<T: serde::de::DeserializeOwned + serde::Serialize + std::fmt::Debug>(
        body: &serde_json::Value,
    ) -> String {
        let value: T = serde_json::from_value(body.clone()).unwrap();
        let text = serde_json::to_string(&value).unwrap();
        assert!(text.contains(TEXT), "the text was read: {text}");
        format!("{value:?} {value:#?}")
    }
    for shown in [
        shown::<AccountInfo>(&body),
        shown::<bizkithub::CustomerGroup>(&body["groups"][0]),
        shown::<bizkithub::Referral>(&body["referral"]),
        shown::<bizkithub::Subscription>(&body["runningSubscriptionList"][0]),
        shown::<LoginResponse>(&body),
        shown::<RegisterAccountResponse>(&body),
        shown::<bizkithub::RegisterAccountData>(&body["data"]),
        shown::<RegisterAccountVerifyResponse>(&body),
        shown::<ServerJson>(&body),
        shown::<ServerText>(&body["email"]),
    ] {
        assert!(!shown.contains(TEXT), "{shown}");
    }
}
