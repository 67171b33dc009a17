//! HTTP as other clients speak it.

use bizkithub::sandbox::Sandbox;
use http::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::shop::{KEY, connect, request, send};

const VALID: &str = r#"{"email":"jan@barasek.com","password":"x"}"#;

#[tokio::test]
async fn http_errors_have_a_code_and_the_rate_limit_headers() {
    let sandbox = Sandbox::start().await.unwrap();
    let json = |request: reqwest::RequestBuilder| {
        request.header("content-type", "application/json").body(VALID)
    };
    let post = |endpoint| request(&sandbox, Method::POST, endpoint);
    let without_key = format!("{}/api/v1/customer/login", sandbox.url());
    let rows = [
        (json(post("elsewhere")), 404, "SANDBOX_PATH_NOT_FOUND"),
        (json(post("login/")), 404, "SANDBOX_PATH_NOT_FOUND"),
        (json(post("login/more")), 404, "SANDBOX_PATH_NOT_FOUND"),
        (post("login").body(VALID), 415, "SANDBOX_UNSUPPORTED_MEDIA_TYPE"),
        (json(reqwest::Client::new().post(without_key)), 404, "PUBLIC_API_KEY_IS_EMPTY"),
    ];
    for (request, status, code) in rows {
        let reply = send(request).await;
        assert_eq!((reply.status, reply.code()), (status, code));
        for header in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(reply.headers.contains_key(header), "{header} with {code}");
        }
    }
}

#[tokio::test]
async fn another_method_gets_405_with_the_allowed_ones() {
    let sandbox = Sandbox::start().await.unwrap();
    for (method, endpoint, allowed) in [
        (Method::GET, "login", "POST"),
        (Method::DELETE, "login", "POST"),
        (Method::POST, "get-account-info", "GET"),
    ] {
        let reply = send(request(&sandbox, method, endpoint)).await;
        assert_eq!((reply.status, reply.code()), (405, "SANDBOX_METHOD_NOT_ALLOWED"));
        assert_eq!(reply.headers["allow"], allowed);
    }
}

#[tokio::test]
async fn a_body_over_64_kibibytes_always_gets_413() {
    let sandbox = Sandbox::start().await.unwrap();
    let register = |length: usize| {
        let body = json!({ "email": "jan@barasek.com", "password": "x".repeat(length) });
        send(request(&sandbox, Method::POST, "register-account").json(&body))
    };
    assert_eq!(register(60 * 1024).await.status, 200);
    for length in [64 * 1024, 256 * 1024, 1024 * 1024, 8 * 1024 * 1024] {
        for _ in 0..5 {
            let reply = register(length).await;
            assert_eq!((reply.status, reply.code()), (413, "SANDBOX_BODY_TOO_LARGE"), "{length}");
        }
    }
}

#[tokio::test]
async fn the_key_is_checked_before_a_long_body() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/api/v1/customer/login", sandbox.url());
    for _ in 0..5 {
        let request = reqwest::Client::new().post(&url).body("x".repeat(4 * 1024 * 1024));
        assert_eq!(send(request).await.code(), "PUBLIC_API_KEY_IS_EMPTY");
    }
}

#[tokio::test]
async fn a_body_that_ends_early_is_reported() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut connection = connect(&sandbox).await;
    let head = format!(
        "POST /api/v1/customer/login?apiKey={KEY} HTTP/1.1\r\nhost: sandbox\r\n\
         content-type: application/json\r\ncontent-length: 100\r\n\r\n"
    );
    connection.write_all(format!("{head}{{\"email\":").as_bytes()).await.unwrap();
    connection.shutdown().await.unwrap();
    let mut response = String::new();
    connection.read_to_string(&mut response).await.unwrap();
    assert!(response.contains("the body ended early"), "{response}");
}

#[tokio::test]
async fn a_content_type_may_have_parameters() {
    let sandbox = Sandbox::start().await.unwrap();
    for content_type in ["application/json; charset=utf-8", "Application/JSON"] {
        let request = request(&sandbox, Method::POST, "login").body(VALID);
        let reply = send(request.header("content-type", content_type)).await;
        assert_eq!(reply.body["errorCode"], "E002", "{content_type}");
    }
}
