//! The meaning of a complete response. Not covered: incomplete responses, which `faults.rs` has, and values that do not
//! fit, which `lenient_reading.rs` has.

use std::time::{Duration, SystemTime};

use bizkithub::sandbox::{Fault, Sandbox};
use bizkithub::{
    Error, LoginError, LoginRequest, LogoutRequest, Outcome, PlatformErrorCode, PlatformErrorKind,
    RegisterAccountRequest, RegisterAccountVerifyRequest, RetryPolicy,
};

use crate::support::response_cases::{PLATFORM_CODES, failures};
use crate::support::{
    DebugOutput, ENDPOINTS, Endpoint, ErrorView, Failure, Reply, Script, Secrets, Server, Step,
    Wire, endpoint, json,
};

const MESSAGE: &str = "The platform's own message.";
/// Shorter than the long delays of the cases, which then do not fit.
const TIMEOUT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn each_error_response_has_the_documented_outcome() {
    for endpoint in &ENDPOINTS {
        let cases = failures(endpoint, MESSAGE);
        let scripts: Vec<_> = cases.iter().map(|case| case.reply.clone()).collect();
        // Each case belongs to a customer.
        let server = Server::over(Wire::Http1).serving(move |request, _| {
            let number: String = request.call().chars().filter(char::is_ascii_digit).collect();
            Script::from(scripts[number.parse::<usize>().unwrap()].clone())
        });
        let server = server.await;
        let retry = RetryPolicy::default().max_retries(1).max_backoff(Duration::ZERO);
        let client = server.client_with(|builder| builder.retry(retry).timeout(TIMEOUT));

        for (number, case) in cases.iter().enumerate() {
            let (name, secrets) = (&case.name, Secrets::of_customer(number));
            let name = format!("{}: {name}", endpoint.name());
            let failure = match endpoint.try_call(&client, &secrets).await {
                Ok(output) => panic!("{name}: {output}"),
                Err(failure) => failure,
            };
            let view = &failure.view;
            assert_eq!(view.variant, case.variant, "{name}: {view:#?}");
            assert_eq!(view.code, case.code, "{name}");
            assert_eq!(view.status, Some(case.reply.status), "{name}");
            assert_eq!(view.outcome, case.outcome, "{name}: {view:#?}");
            assert_eq!(view.is_retryable, case.is_retryable(endpoint), "{name}: {view:#?}");
            assert_eq!(view.retry_after, case.retry_after, "{name}");
            assert_eq!(&ErrorView::of(&failure.error), view, "{name}: as `Error`");
            let is_too_long = case.retry_after.is_some_and(|delay| delay >= TIMEOUT);
            let sent = 1 + usize::from(case.is_retried(endpoint) && !is_too_long);
            assert_eq!(server.entry(endpoint, &secrets).received, sent, "{name}");
        }
    }
}

/// The result of a call for each of these replies.
async fn results(
    endpoint: &'static Endpoint,
    replies: impl IntoIterator<Item = (String, Reply)>,
) -> Vec<(String, Result<DebugOutput, Box<Failure>>)> {
    let mut results = Vec::new();
    for (name, reply) in replies {
        let server = Server::replying(reply).await;
        let result = endpoint.try_call(&server.client(), &Secrets::default()).await;
        results.push((format!("{}: {name}", endpoint.name()), result));
    }
    results
}

#[tokio::test]
async fn success_with_unknown_fields_in_any_2xx_is_success() {
    for endpoint in &ENDPOINTS {
        let more = endpoint.success.trim_end().strip_suffix('}').unwrap();
        let more = format!(r#" {more},"errorCode":null,"error":null,"new":{{"success":false}}}} "#);
        let replies = [200, 201, 202, 226, 299].into_iter().flat_map(|status| {
            [endpoint.success, &more].map(|body| (format!("{status} {body}"), json(status, body)))
        });
        for (name, result) in results(endpoint, replies.collect::<Vec<_>>()).await {
            result.unwrap_or_else(|failure| panic!("{name}: {failure:#?}"));
        }
    }
}

#[tokio::test]
async fn byte_order_mark_is_skipped() {
    for endpoint in &ENDPOINTS {
        let body = format!("\u{feff}{}", endpoint.success);
        for (name, result) in results(endpoint, [(body.clone(), json(200, body))]).await {
            result.unwrap_or_else(|failure| panic!("{name}: {failure:#?}"));
        }
    }
    let server = Server::replying(json(200, "\u{feff}{\"success\":true}")).await;
    let request = LogoutRequest::builder().identity_id("identity").build();
    let response = server.client().logout(&request).await.unwrap();
    assert_eq!(response.json::<serde_json::Value>().unwrap()["success"], true);
    let error = error(json(404, "\u{feff}{\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\"}}")).await;
    assert_eq!(error.code(), Some("RATE_LIMIT_EXCEEDED"));
}

#[tokio::test]
async fn response_without_content_is_unexpected() {
    for endpoint in &ENDPOINTS {
        for (name, result) in results(endpoint, [("a 204".to_owned(), Reply::new(204, ""))]).await {
            assert_eq!(result.unwrap_err().view.variant, "UnexpectedResponse", "{name}");
        }
    }
}

#[tokio::test]
async fn json_reads_the_whole_body_and_quotes_nothing() {
    let server = Server::replying(json(
        200,
        r#"{"success":true,"data":{"message":"Welcome.","id":7},"secret":"secret"}"#,
    ))
    .await;
    let request = RegisterAccountRequest::builder().email("a@b.cz").password("p").build();
    let response = server.client().register_account(&request).await.unwrap();
    assert_eq!(response.json::<serde_json::Value>().unwrap()["data"]["id"], 7);

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code)]
    struct Other {
        secret: u8,
    }
    let errors = [
        response.json::<Other>().unwrap_err(),
        response.json::<Vec<u8>>().unwrap_err(),
        response.json::<std::collections::HashMap<String, bool>>().unwrap_err(),
        response.json::<String>().unwrap_err(),
    ];
    for error in errors {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("secret") && !shown.contains("Welcome"), "{shown}");
        assert!(shown.contains("line 1 column"), "{shown}");
        assert!(std::error::Error::source(&error).is_none());
    }
}

#[tokio::test]
async fn json_of_invalid_utf8_is_an_error() {
    let server =
        Server::replying(json(200, b"{\"success\":true,\"data\":\"\xff\"}".as_slice())).await;
    let request = LogoutRequest::builder().identity_id("identity").build();
    let response = server.client().logout(&request).await.unwrap();
    response.json::<serde_json::Value>().unwrap_err();
}

#[tokio::test]
async fn missing_register_data_is_none() {
    let bodies = [
        (r#"{"success":true}"#, None),
        (r#"{"success":true,"data":null}"#, None),
        (r#"{"success":true,"data":{}}"#, None),
        (r#"{"success":true,"data":{"message":"Welcome."}}"#, Some("Welcome.")),
    ];
    for (body, message) in bodies {
        let server = Server::replying(json(200, body)).await;
        let request = RegisterAccountRequest::builder().email("a@b.cz").password("p").build();
        let response = server.client().register_account(&request).await.unwrap();
        let data = response.data.as_ref();
        assert_eq!(data.and_then(|data| data.message.as_deref()), message, "{body}");
    }
}

#[tokio::test]
async fn success_has_the_rate_limit() {
    let limited = |body: &str| {
        json(200, body)
            .header("X-RateLimit-Limit", 1000)
            .header("X-RateLimit-Remaining", u64::MAX)
            .header("X-RateLimit-Reset", 60)
    };
    for endpoint in &ENDPOINTS {
        let replies = [
            ("without".to_owned(), json(200, endpoint.success)),
            ("with".to_owned(), limited(endpoint.success)),
        ];
        let outputs: Vec<_> = results(endpoint, replies).await;
        let outputs: Vec<_> = outputs.into_iter().map(|(_, result)| result.unwrap()).collect();
        assert!(outputs[0].contains("rate_limit: None"), "{outputs:?}");
        assert!(outputs[1].contains("RateLimit { limit: 1000, remaining: 1844"), "{outputs:?}");
    }
    let server = Server::replying(limited(r#"{"success":true}"#)).await;
    let request = LogoutRequest::builder().identity_id("identity").build();
    let limit = server.client().logout(&request).await.unwrap().rate_limit().unwrap();
    let reset = SystemTime::UNIX_EPOCH + Duration::from_secs(60);
    assert_eq!((limit.limit, limit.remaining, limit.reset), (1000, u64::MAX, reset));
}

#[tokio::test]
async fn verified_account_has_email_and_return_url() {
    let verify = async |body: &str| {
        let server = Server::replying(json(200, body)).await;
        let request = RegisterAccountVerifyRequest::builder().token("token").build();
        server.client().register_account_verify(&request).await.unwrap()
    };
    let account = verify(endpoint("register-account-verify").success).await;
    assert_eq!(account.email.as_deref(), Some("jan@barasek.com"));
    assert_eq!(account.return_url.as_deref(), Some("example_returnUrl"));
    for body in [r#"{"success":true}"#, r#"{"success":true,"email":null,"returnUrl":7}"#] {
        let account = verify(body).await;
        assert_eq!(
            (account.email.as_deref(), account.return_url.as_deref()),
            (None, None),
            "{body}"
        );
    }
}

#[tokio::test]
async fn login_returns_the_identity() {
    let server = Server::replying(json(200, endpoint("login").success)).await;
    let request = LoginRequest::builder().email("jan@barasek.com").password("password").build();
    let login = server.client().login(&request).await.unwrap();
    assert_eq!(login.identity_id.expose(), "b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA");
    assert_eq!(login.into_inner().identity_id.expose().len(), 32);
}

#[tokio::test]
async fn documented_codes_have_their_variant_and_message() {
    for endpoint in &ENDPOINTS {
        for documented in endpoint.codes {
            let expected = (documented.variant.to_owned(), documented.message.to_owned());
            assert_eq!((endpoint.error_of_code)(documented.code), expected);
            let error = endpoint_error(endpoint, documented.code).await;
            let reason = error.reason().unwrap();
            assert_eq!(reason.operation_id(), endpoint.operation_id);
            assert_eq!(reason.code(), documented.code);
            assert_eq!(reason.to_string(), documented.message);
            let message = error.to_string();
            assert!(message.contains(documented.message), "{message}");
            assert!(message.contains(documented.code), "{message}");
        }
    }
}

async fn endpoint_error(endpoint: &Endpoint, code: &str) -> Error {
    let code = serde_json::to_string(code).unwrap();
    let body = format!(r#"{{"success":false,"errorCode":{code},"message":"No."}}"#);
    let server = Server::replying(json(200, body)).await;
    endpoint.call(&server.client(), &Secrets::default()).await.unwrap_err()
}

#[tokio::test]
async fn unknown_codes_are_kept_for_every_endpoint() {
    for endpoint in &ENDPOINTS {
        // Only a code of `E` and three digits is printed.
        for (code, is_printed) in [
            ("E999", true),
            ("E000", true),
            ("X999", false),
            ("E99", false),
            ("E9999", false),
            ("E99x", false),
            ("E٩٩٩", false),
            ("e001", false),
            ("E001 ", false),
        ] {
            let error = endpoint_error(endpoint, code).await;
            let reason = error.reason().unwrap();
            assert_eq!((reason.code(), error.code()), (code, Some(code)));
            let (debug, display) = (endpoint.error_of_code)(code);
            assert_eq!(display, "Unknown error code.");
            for shown in [error.to_string(), format!("{error:?}"), debug] {
                assert_eq!(shown.contains(code), is_printed, "{code:?}: {shown}");
            }
        }
    }
}

#[tokio::test]
async fn missing_code_is_an_unknown_empty_code() {
    let server = Server::replying(json(200, r#"{"success":false}"#)).await;
    let request = LoginRequest::builder().email("a@b.cz").password("p").build();
    let error = server.client().login(&request).await.unwrap_err();
    assert_eq!(error.reason(), Some(&LoginError::Unknown(String::new())));
    assert_eq!(error.code(), None);
    assert!(error.to_string().contains("No error code."), "{error}");
}

#[tokio::test]
async fn sandbox_sends_each_platform_error_with_its_status() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client().with_retry(RetryPolicy::none());
    let mut sent = Vec::new();
    for code in PlatformErrorCode::ALL {
        sandbox.inject(Fault::Platform(code.clone()));
        let error = endpoint("login").call(&client, &Secrets::default()).await.unwrap_err();
        sent.push((error.status().unwrap().as_u16(), error.code().unwrap().to_owned()));
    }
    sent.sort();
    let mut documented = PLATFORM_CODES.map(|(status, code)| (status, code.to_owned()));
    documented.sort();
    assert_eq!(sent, documented);
}

#[tokio::test]
async fn platform_error_kind_follows_code_then_status() {
    use PlatformErrorKind::{ApiKey, Other, Permission, RateLimited, Validation};
    let known = PLATFORM_CODES.into_iter().flat_map(|(status, code)| {
        let kind = match code {
            "PUBLIC_API_KEY_SCOPE_NOT_ALLOWED" => Permission,
            "PUBLIC_API_KEY_TOO_MANY_REQUEST" => RateLimited,
            "INTERNAL_TOO_MANY_REQUESTS" | "RATE_LIMIT_EXCEEDED" => RateLimited,
            "INTERNAL_VALIDATION_FAILED" => Validation,
            "INTERNAL_USER_MUST_BE_AUTHORIZED" => Permission,
            "INTERNAL_RESOURCE_NOT_FOUND" => Other,
            "INTERNAL_ACCOUNT_CAN_NOT_DETERMINATE_USER_IP" => Other,
            code if code.starts_with("PUBLIC_API_KEY_") => ApiKey,
            code if code.starts_with("PERMISSION_MEMBER_") => Permission,
            code => panic!("a code without a kind: {code}"),
        };
        [(code, status, kind), (code, 500, kind)]
    });
    let unknown = [
        ("NEW", 429, RateLimited),
        ("NEW", 401, Permission),
        ("NEW", 403, Permission),
        ("NEW", 400, Validation),
        ("NEW", 422, Validation),
        ("NEW", 404, Other),
        ("NEW", 500, Other),
    ];
    for (code, status, kind) in known.chain(unknown) {
        let body =
            format!(r#"{{"error":{{"code":"{code}","message":"Short.","description":"Long."}}}}"#);
        let Error::Platform(error) = error(json(status, body)).await else {
            panic!("{code} is a platform error")
        };
        assert_eq!(error.kind(), kind, "{code} in a {status}");
        assert_eq!((error.code(), error.message()), (code, "Short."));
        assert_eq!(error.description(), Some("Long."));
        assert_eq!(error.reason(), &PlatformErrorCode::from(code));
        assert_eq!(error.to_string().contains(code), code != "NEW", "{error}");
    }
}

/// The error of a sign-in with this reply.
async fn error(reply: Reply) -> Error {
    let server = Server::replying(reply).await;
    endpoint("login").call(&server.client(), &Secrets::default()).await.unwrap_err()
}

#[tokio::test]
async fn redirects_are_never_followed() {
    let target = Server::replying(json(200, r#"{"success":true}"#)).await;
    for endpoint in &ENDPOINTS {
        for status in 300..=308 {
            let server =
                Server::replying(Reply::new(status, "").header("location", target.url())).await;
            // The caller's own setting has no effect.
            let client = server.client_with(|builder| {
                builder.configure_http(|http| http.redirect(reqwest::redirect::Policy::limited(5)))
            });
            let failure = endpoint.try_call(&client, &Secrets::default()).await.unwrap_err();
            let view = &failure.view;
            assert_eq!((view.variant, view.status), ("UnexpectedResponse", Some(status)));
            assert_eq!(view.outcome, Outcome::Unknown);
            assert_eq!(server.requests().len(), 1);
            let is_redirect = [301, 302, 303, 307, 308].contains(&status);
            let says_redirect = view.messages[0].contains("check the base URL");
            assert_eq!(says_redirect, is_redirect, "{status}: {:?}", view.messages);
        }
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn body_over_the_size_limit_is_unexpected() {
    for endpoint in &ENDPOINTS {
        let body = endpoint.success;
        let chunks = |size: usize| {
            let mut reply =
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".as_bytes().to_vec();
            for chunk in body.as_bytes().chunks(size) {
                reply.extend(format!("{:x}\r\n", chunk.len()).bytes());
                reply.extend(chunk.iter().copied().chain(*b"\r\n"));
            }
            reply.extend(b"0\r\n\r\n");
            Step::Write(reply)
        };
        let scripts = [Step::from(json(200, body)), chunks(7), chunks(body.len() - 1)];
        for script in scripts {
            let server = Server::replying(script).await;
            let limited = |limit| server.client_with(|builder| builder.max_response_size(limit));
            endpoint.call(&limited(body.len()), &Secrets::default()).await.unwrap();
            let short = limited(body.len() - 1);
            let error = endpoint.call(&short, &Secrets::default()).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::Unknown);
            let words = format!("a body longer than {} bytes", body.len() - 1);
            assert!(error.to_string().contains(&words), "{error}");
        }
    }
}

#[tokio::test]
async fn default_size_limit_is_256_kib() {
    let body = |length: usize| {
        let success = r#"{"success":true,"identityId":"a"}"#;
        success.to_owned() + &" ".repeat(length - success.len())
    };
    let server = Server::replying(json(200, body(256 * 1024))).await;
    endpoint("login").call(&server.client(), &Secrets::default()).await.unwrap();
    let error = error(json(200, body(256 * 1024 + 1))).await;
    assert!(error.to_string().contains("longer than 262144 bytes"), "{error}");
}

#[tokio::test]
async fn server_text_in_errors_is_bounded() {
    let excerpt = async |body: &[u8]| match error(Reply::new(502, body)).await {
        Error::UnexpectedResponse(response) => response.excerpt().to_owned(),
        error => panic!("{error:?}"),
    };
    assert_eq!(excerpt("é".repeat(5000).as_bytes()).await, "é".repeat(256));
    assert_eq!(excerpt(b"\xff\xfe<p>").await, "\u{fffd}\u{fffd}<p>");

    let long = "é".repeat(5000);
    let body = format!(r#"{{"success":false,"errorCode":"{long}","message":"{long}"}}"#);
    let Error::Endpoint(rejection) = error(json(200, body)).await else {
        panic!("an endpoint error")
    };
    assert_eq!((rejection.reason().code().len(), rejection.message().len()), (256, 1024));
    let body =
        format!(r#"{{"error":{{"code":"{long}","message":"{long}","description":"{long}"}}}}"#);
    let Error::Platform(error) = error(json(400, body)).await else { panic!("a platform error") };
    assert_eq!((error.code().len(), error.message().len()), (256, 1024));
    assert_eq!(error.description().map(str::len), Some(1024));
}

/// From 128 bytes on, clippy warns at every function that returns the error.
#[test]
fn errors_are_small() {
    assert!(size_of::<Error>() < 128, "{}", size_of::<Error>());
    assert!(size_of::<Error<LoginError>>() < 128, "{}", size_of::<Error<LoginError>>());
}

#[test]
fn clients_and_errors_can_cross_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn error<T: std::error::Error + Send + Sync + 'static>() {}
    fn sent<T: Send>(_: T) {}
    shared::<bizkithub::Client>();
    error::<Error>();
    error::<Error<LoginError>>();
    error::<bizkithub::ConfigError>();
    let client = bizkithub::Client::new("YOUR_API_KEY").unwrap();
    let request = LogoutRequest::builder().identity_id("identity").build();
    sent(client.logout(&request));
}
