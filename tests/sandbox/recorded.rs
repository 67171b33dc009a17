//! What a test is told of the requests that the sandbox received.

use std::net::Ipv4Addr;

use bizkithub::sandbox::{Fault, RecordedRequest, Sandbox};
use bizkithub::{
    Client, GetAccountInfoRequest, LogoutRequest, RegisterAccountRequest, RetryPolicy,
};
use http::{Method, StatusCode};
use serde_json::json;

use crate::shop::{EMAIL, PASSWORD, Shop};

fn newest(sandbox: &Sandbox) -> RecordedRequest {
    sandbox.requests().pop().unwrap()
}

#[tokio::test]
async fn a_request_is_told_as_it_came_but_for_its_secrets() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = "PROD0123456789abcdefghijABCDEFGH";
    let client = Client::builder(key).base_url(sandbox.url()).build().unwrap();
    let register = RegisterAccountRequest::builder().email(EMAIL).password(PASSWORD).build();
    client.register_account(&register).await.unwrap();
    let request = newest(&sandbox);
    let path = "/api/v1/customer/register-account";
    assert_eq!((request.method(), request.path()), (&Method::POST, path));
    assert_eq!((request.query(), request.api_key()), (&json!({}), "PROD[masked]"));
    assert_eq!(request.headers()["content-type"], "application/json");
    assert_eq!(request.body(), Some(&json!({"email": EMAIL})));
    assert_eq!((request.status(), request.outcome()), (Some(200), "success"));
    assert_eq!(request.to_string(), format!("POST {path} success"));
    let debug = format!("{request:?}");
    assert!(debug.contains(path) && debug.contains("status: Some(200)"), "{debug}");

    let info = GetAccountInfoRequest::builder()
        .identity_id("identity")
        .customer_real_ip(Ipv4Addr::LOCALHOST)
        .build();
    client.get_account_info(&info).await.unwrap();
    let request = newest(&sandbox);
    assert_eq!(request.method(), Method::GET);
    assert_eq!(request.query(), &json!({"customerRealIp": "127.0.0.1"}));
    assert_eq!(request.body(), None);
    assert_eq!(sandbox.requests().len(), 2);

    let url = format!("{}{path}", sandbox.url());
    reqwest::Client::new().post(url).send().await.unwrap();
    assert_eq!(newest(&sandbox).api_key(), "");
}

#[tokio::test]
async fn what_is_called_like_a_secret_is_left_out_wherever_it_stands_and_all_else_is_as_it_was_sent()
 {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/api/v1/customer/login", sandbox.url());
    let key = "PROD0123456789abcdefghijABCDEFGH";
    let body = json!({
        "email": EMAIL, "password": "secret", "customerRealIp": "::1", "apiKey": "secret",
        "passwordAgain": "secret", "tokens": ["secret"], "extra": [{"api_key": "secret", "a": 1}],
    });
    let request = reqwest::Client::new().post(url).query(&[("apiKey", key), ("apikey", "secret")]);
    let request = request.query(&[("identity", "secret"), ("page", "1")]).json(&body);
    let request = request.bearer_auth("secret").header("cookie", "secret=secret");
    request.header("x-shop", "7").send().await.unwrap();
    let recorded = newest(&sandbox);
    assert_eq!(recorded.query(), &json!({"page": "1"}));
    let public = json!({"email": EMAIL, "customerRealIp": "::1", "extra": [{"a": 1}]});
    assert_eq!(recorded.body(), Some(&public));
    assert_eq!(recorded.headers()["x-shop"], "7");
    assert!(!format!("{:?}", recorded.headers()).contains("secret"), "{:?}", recorded.headers());
}

#[tokio::test]
async fn the_outcome_is_the_code_or_what_was_served_and_the_fault_that_was_played() {
    let shop = Shop::new().await;
    let client = shop.client.with_retry(RetryPolicy::none());
    let logout = LogoutRequest::builder().identity_id("identity").build();
    for (fault, outcome, status) in [
        (Fault::Refusal("E001".to_owned()), "E001", Some(200)),
        (Fault::Html(StatusCode::BAD_GATEWAY), "502 as HTML", Some(502)),
        (Fault::Slow(std::time::Duration::ZERO), "success slowly", Some(200)),
        (Fault::Dropped, "success, dropped", None),
        (Fault::Truncated, "success, truncated", Some(200)),
    ] {
        shop.sandbox.inject(fault.clone());
        let _ = client.logout(&logout).await;
        let request = newest(&shop.sandbox);
        assert_eq!((request.outcome(), request.status()), (outcome, status), "{fault:?}");
    }
}
