//! What a client of this crate would never send, and what programs in other languages ask the sandbox itself.

use bizkithub::sandbox::Sandbox;
use reqwest::Method;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::robustness::connect;

const KEY: &str = "?apiKey=PROD0123456789abcdefghijABCDEFGH";
const JSON: Option<&str> = Some("application/json");

async fn send(
    sandbox: &Sandbox,
    method: Method,
    path: &str,
    content_type: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> (u16, http::HeaderMap, Value) {
    let request = reqwest::Client::new().request(method, format!("{}{path}", sandbox.url()));
    let mut request = request.body(body);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (status, headers, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
}

#[tokio::test]
async fn a_request_that_does_not_fit_the_description_is_refused_by_field_and_without_its_values() {
    let sandbox = Sandbox::start().await.unwrap();
    let register = format!("/api/v1/customer/register-account{KEY}");
    let login = format!("/api/v1/customer/login{KEY}");
    let with =
        |field: &str| format!(r#"{{"email":"jan@barasek.com","password":"secret",{field}}}"#);
    let rows = [
        (&register, r#"{"email":"jan@barasek.com"}"#.to_owned(), "password"),
        (&register, r#"{"email":"jan@barasek.com","password":""}"#.to_owned(), "/password"),
        (&register, r#"{"email":"secret","password":"secret"}"#.to_owned(), "/email"),
        (&register, with(r#""newsletter":"secret""#), "/newsletter"),
        (&register, with(r#""groups":"secret""#), "/groups"),
        (&register, with(r#""customerRealIp":"1.1.1""#), "/customerRealIp"),
        (&login, with(r#""customerRealIp":"secret""#), "/customerRealIp"),
        (&login, r#"["email","password"]"#.to_owned(), "object"),
        (&login, r#"{"email":"#.to_owned(), "not JSON"),
    ];
    for (path, body, part) in rows {
        let (status, _, answer) = send(&sandbox, Method::POST, path, JSON, body.clone()).await;
        assert_eq!((status, &answer["error"]["code"]), (400, &"INTERNAL_VALIDATION_FAILED".into()));
        let description = answer["error"]["description"].as_str().unwrap();
        assert!(description.contains(part) && !description.contains("secret"), "{description}");
    }
    for address in ["::1", "0.0.0.0", "localhost", "", "2001:db8::1"] {
        let email = format!("shopper{}@example.com", address.len());
        let body = format!(r#"{{"email":"{email}","password":"x","customerRealIp":"{address}"}}"#);
        assert_eq!(send(&sandbox, Method::POST, &register, JSON, body).await.0, 200, "{address}");
    }
    let info = format!("/api/v1/customer/get-account-info{KEY}");
    let (status, _, answer) = send(&sandbox, Method::GET, &info, None, "").await;
    assert_eq!(status, 400, "{answer}");
}

#[tokio::test]
async fn what_http_itself_forbids_gets_its_status_the_envelope_and_the_rate_limit_headers() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = format!("/api/v1/customer/login{KEY}");
    let valid = r#"{"email":"jan@barasek.com","password":"x"}"#;
    let long = format!(r#"{{"email":"jan@barasek.com","password":"{}"}}"#, "x".repeat(64 * 1024));
    let post = Method::POST;
    let rows = [
        (
            send(&sandbox, post.clone(), "/elsewhere", JSON, valid).await,
            404,
            "SANDBOX_PATH_NOT_FOUND",
        ),
        (send(&sandbox, Method::GET, &path, None, "").await, 405, "SANDBOX_METHOD_NOT_ALLOWED"),
        (
            send(&sandbox, post.clone(), &path, None, valid).await,
            415,
            "SANDBOX_UNSUPPORTED_MEDIA_TYPE",
        ),
        (send(&sandbox, post.clone(), &path, JSON, long).await, 413, "SANDBOX_BODY_TOO_LARGE"),
        (
            send(&sandbox, post, "/api/v1/customer/login", JSON, valid).await,
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
}

#[tokio::test]
async fn a_body_is_taken_up_to_64_kibibytes_and_told_if_it_ends_early() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = format!("/api/v1/customer/register-account{KEY}");
    let long = format!(r#"{{"email":"jan@barasek.com","password":"{}"}}"#, "x".repeat(60 * 1024));
    assert_eq!(send(&sandbox, Method::POST, &path, JSON, long).await.0, 200);

    let mut connection = connect(&sandbox).await;
    let head = "host: sandbox\r\ncontent-type: application/json\r\ncontent-length: 100";
    let request = format!("POST {path} HTTP/1.1\r\n{head}\r\n\r\n{{\"email\":");
    connection.write_all(request.as_bytes()).await.unwrap();
    connection.shutdown().await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains("the body ended early"), "{answer}");
}

#[tokio::test]
async fn a_platform_error_on_demand_says_when_to_come_back_if_it_is_about_too_many_requests() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = format!("/api/v1/customer/login{KEY}");
    for (name, wait) in [("rate-limited", Some("3600")), ("public-api-key-is-empty", None)] {
        let body = format!(r#"{{"email":"{name}@sandbox.test","password":"x"}}"#);
        let (_, headers, answer) = send(&sandbox, Method::POST, &path, JSON, body).await;
        let header = headers.get("retry-after").map(|wait| wait.to_str().unwrap());
        assert_eq!(header, wait, "{answer}");
        assert_eq!(answer["error"]["retry_after"].as_u64().is_some(), wait.is_some(), "{answer}");
    }
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_after_the_first_half_of_its_body() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/api/v1/customer/reset-password{KEY}", sandbox.url());
    let request = reqwest::Client::new().post(url).header("content-type", "application/json");
    let request = request.body(r#"{"email":"truncated@sandbox.test"}"#);
    let mut response = request.send().await.unwrap();
    let half = response.chunk().await.unwrap().unwrap();
    assert_eq!(half, r#"{"success":true}"#[..8]);
    response.chunk().await.unwrap_err();
}

#[tokio::test]
async fn an_identity_that_nobody_has_is_told_as_not_logged_in() {
    let sandbox = Sandbox::start().await.unwrap();
    let path = format!("/api/v1/customer/get-account-info{KEY}&identityId=nobody");
    let (status, _, answer) = send(&sandbox, Method::GET, &path, None, "").await;
    assert_eq!((status, answer), (200, serde_json::json!({"loggedIn": false})));
}

#[tokio::test]
async fn a_program_in_another_language_reads_mails_moves_the_clock_and_plays_faults() {
    let sandbox = Sandbox::start().await.unwrap();
    let register = format!("/api/v1/customer/register-account{KEY}");
    for email in ["jan@barasek.com", "eva+shop@example.com"] {
        let body = format!(r#"{{"email":"{email}","password":"x"}}"#);
        assert_eq!(send(&sandbox, Method::POST, &register, JSON, body).await.2["success"], true);
    }
    let (_, _, mails) =
        send(&sandbox, Method::GET, "/sandbox/mails?to=jan%40barasek.com", None, "").await;
    assert_eq!(mails.as_array().unwrap().len(), 1);
    assert_eq!(
        (&mails[0]["to"], &mails[0]["kind"]),
        (&"jan@barasek.com".into(), &"verify-account".into())
    );
    assert_eq!(mails[0]["token"], sandbox.mails()[0].token.expose());
    for to in ["eva+shop@example.com", "Eva%2Bshop%40example.com"] {
        let path = format!("/sandbox/mails?to={to}");
        let (_, _, mails) = send(&sandbox, Method::GET, &path, None, "").await;
        assert_eq!(
            (mails.as_array().unwrap().len(), &mails[0]["to"]),
            (1, &"eva+shop@example.com".into())
        );
    }

    let again = || r#"{"email":"jan@barasek.com","password":"x"}"#;
    assert_eq!(send(&sandbox, Method::POST, &register, JSON, again()).await.2["errorCode"], "E004");
    let advanced = send(&sandbox, Method::POST, "/sandbox/advance?seconds=600", None, "").await;
    assert_eq!(advanced.0, 200);
    assert_eq!(send(&sandbox, Method::POST, &register, JSON, again()).await.2["success"], true);

    let fault = "/sandbox/faults?endpoint=logout&fault=public-api-key-has-been-expired";
    assert_eq!(send(&sandbox, Method::POST, fault, None, "").await.0, 200);
    let logout = format!("/api/v1/customer/logout{KEY}");
    let (status, _, answer) =
        send(&sandbox, Method::POST, &logout, JSON, r#"{"identityId":"x"}"#).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (404, &"PUBLIC_API_KEY_HAS_BEEN_EXPIRED".into())
    );
    assert_eq!(
        send(&sandbox, Method::POST, "/sandbox/faults?fault=nonsense", None, "").await.0,
        400
    );
}
