//! The requests that a sandbox records.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bizkithub::sandbox::{EmailKind, Fault, RecordedRequest, Sandbox};
use bizkithub::{
    Client, GetAccountInfoRequest, LogoutRequest, RegisterAccountRequest, RetryPolicy,
};
use http::{Method, StatusCode};
use serde_json::json;

use crate::shop::{EMAIL, KEY, PASSWORD, Shop, request};

fn newest(sandbox: &Sandbox) -> RecordedRequest {
    sandbox.requests().pop().unwrap()
}

#[tokio::test]
async fn a_request_is_recorded_without_its_secrets() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::builder(KEY).base_url(sandbox.url()).build().unwrap();
    let register = RegisterAccountRequest::builder()
        .email(EMAIL)
        .password(PASSWORD)
        .groups(vec!["trainer".to_owned()])
        .build();
    client.register_account(&register).await.unwrap();
    let recorded = newest(&sandbox);
    let path = "/api/v1/customer/register-account";
    assert_eq!((recorded.method(), recorded.path()), (&Method::POST, path));
    assert_eq!((recorded.query(), recorded.api_key()), (&json!({}), "PROD[masked]"));
    assert_eq!(recorded.headers()["content-type"], "application/json");
    assert_eq!(recorded.body(), Some(&json!({ "email": EMAIL, "groups": ["trainer"] })));
    assert_eq!((recorded.status(), recorded.outcome()), (Some(200), "success"));
    assert_eq!(recorded.to_string(), format!("POST {path} success"));
    let debug = format!("{recorded:?}");
    assert!(debug.contains(path) && debug.contains("status: Some(200)"), "{debug}");

    let info = GetAccountInfoRequest::builder()
        .identity_id("identity")
        .customer_real_ip(Ipv4Addr::LOCALHOST)
        .build();
    client.get_account_info(&info).await.unwrap();
    let recorded = newest(&sandbox);
    assert_eq!(recorded.method(), Method::GET);
    assert_eq!(recorded.query(), &json!({ "customerRealIp": "127.0.0.1" }));
    assert_eq!(recorded.body(), None);
    assert_eq!(sandbox.requests().len(), 2);

    let url = format!("{}{path}", sandbox.url());
    reqwest::Client::new().post(url).send().await.unwrap();
    assert_eq!(newest(&sandbox).api_key(), "");
}

#[tokio::test]
async fn undocumented_fields_and_headers_are_not_recorded() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = json!({
        "email": EMAIL, "password": "secret", "customerRealIp": "::1", "apiKey": "secret",
        "key": "secret", "passwordAgain": "secret", "tokens": ["secret"], "extra": [{ "a": "secret" }],
    });
    let query =
        [("apikey", "secret"), ("key", "secret"), ("identity", "secret"), ("token", "secret")];
    let mut login = request(&sandbox, Method::POST, "login").query(&query).json(&body);
    for name in [
        "authorization",
        "cookie",
        "x-api-key",
        "x-auth-token",
        "referer",
        "origin",
        "x-forwarded-for",
        "x-shop",
    ] {
        login = login.header(name, "https://shop.example/?token=secret");
    }
    login.header("user-agent", "shop/1").send().await.unwrap();
    let recorded = newest(&sandbox);
    assert_eq!(recorded.query(), &json!({}));
    assert_eq!(recorded.body(), Some(&json!({ "email": EMAIL, "customerRealIp": "::1" })));
    let mut names: Vec<_> = recorded.headers().keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "content-length", "content-type", "host", "user-agent"]);
    assert_eq!(recorded.headers()["user-agent"], "shop/1");
}

#[tokio::test]
async fn only_api_paths_are_recorded_and_observed() {
    let observed = Arc::new(Mutex::new(Vec::new()));
    let lines = observed.clone();
    let builder = Sandbox::builder()
        .on_request(move |request| lines.lock().unwrap().push(request.to_string()));
    let sandbox = builder.start().await.unwrap();
    for path in [
        "/favicon.ico",
        "/",
        "//sandbox/emails",
        "/sandbox/emails",
        "/sandbox/nothing",
        "/api/v1/customer/login/secret",
        "//api/v1/customer/login",
        "/api/v1/customer/register-account-verify?token=secret",
    ] {
        let url = format!("{}{path}", sandbox.url());
        reqwest::Client::new().get(url).send().await.unwrap();
    }
    let expected =
        ["GET /api/v1/customer/register-account-verify SANDBOX_METHOD_NOT_ALLOWED".to_owned()];
    assert_eq!(*observed.lock().unwrap(), expected);
    let recorded: Vec<_> = sandbox.requests().iter().map(ToString::to_string).collect();
    assert_eq!(recorded, expected);
}

#[tokio::test]
async fn the_outcome_is_the_code_and_the_fault() {
    let shop = Shop::new().await;
    let client = shop.client.with_retry(RetryPolicy::none());
    let logout = LogoutRequest::builder().identity_id("identity").build();
    for (fault, outcome, status) in [
        (Fault::EndpointError("E001".to_owned()), "E001", Some(200)),
        (Fault::EndpointError(String::new()), "error", Some(200)),
        (Fault::Html(StatusCode::BAD_GATEWAY), "502 as HTML", Some(502)),
        (Fault::Slow(Duration::ZERO), "success, slow", Some(200)),
        (Fault::Dropped, "success, dropped", None),
        (Fault::Truncated, "success, truncated", Some(200)),
    ] {
        shop.sandbox.inject(fault.clone());
        let _ = client.logout(&logout).await;
        let recorded = newest(&shop.sandbox);
        assert_eq!((recorded.outcome(), recorded.status()), (outcome, status), "{fault:?}");
    }
}

#[tokio::test]
async fn secrets_and_customer_data_are_never_printed() {
    let shop = Shop::with_account().await;
    let identity = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.is_signed_in(&identity).await;
    shop.reset_password(EMAIL, None).await.unwrap();
    let token = shop.token(EmailKind::ResetPassword);
    let emails = shop.sandbox.emails();
    shop.set_password(token.clone(), "another_password").await.unwrap();
    let mut texts = vec![format!("{:?}{emails:?}{emails:#?}", shop.sandbox)];
    for recorded in shop.sandbox.requests() {
        let text = format!("{recorded}{recorded:?}{recorded:#?}");
        assert!(!text.contains(EMAIL), "{text}");
        let accessible =
            format!("{:?}{:?}{:?}", recorded.query(), recorded.body(), recorded.headers());
        texts.extend([text, accessible]);
    }
    for text in texts {
        for secret in [PASSWORD, "another_password", token.expose(), identity.expose()] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[tokio::test]
async fn the_observer_has_run_when_the_response_arrives() {
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let seen = outcomes.clone();
    let builder = Sandbox::builder()
        .on_request(move |request| seen.lock().unwrap().push(request.outcome().to_owned()));
    let shop = Shop::with(builder.start().await.unwrap());
    shop.register(EMAIL).await.unwrap();
    assert_eq!(*outcomes.lock().unwrap(), ["success"]);
    shop.sandbox.inject(Fault::Dropped);
    shop.reset_password(EMAIL, None).await.unwrap_err();
    assert_eq!(*outcomes.lock().unwrap(), ["success", "success, dropped"]);
}
