//! What the client makes of an answer. Not covered here: an answer that does not come whole.

use std::time::{Duration, SystemTime};

use bizkithub::sandbox::{Fault, PlatformFault, Sandbox};
use bizkithub::{
    EndpointError, Error, LoginError, LoginRequest, LogoutRequest, Outcome, PlatformErrorKind,
    RegisterAccountError, RegisterAccountRequest, RegisterAccountVerifyRequest, RetryPolicy,
    SetNewPasswordError,
};

use crate::support::facts;
use crate::support::situations::{PLATFORM_CODES, failures};
use crate::support::{
    Answer, ENDPOINTS, Endpoint, Failure, Printed, Script, Secrets, Server, Step, Told, Wire,
    endpoint, json,
};

const IN_WORDS: &str = "In the platform's own words.";
/// Shorter than the long waits of the situations, which then do not fit.
const LONG: Duration = Duration::from_secs(60);

#[test]
fn the_tests_run_over_each_endpoint_that_is_known() {
    let mut covered = ENDPOINTS.each_ref().map(|endpoint| endpoint.name);
    covered.sort();
    let mut known: Vec<_> = facts::ENDPOINTS.iter().map(facts::Endpoint::name).collect();
    known.sort();
    assert_eq!(covered[..], known);
}

#[tokio::test]
async fn every_answer_tells_what_happened_what_it_left_behind_and_whether_it_may_be_repeated() {
    for endpoint in &ENDPOINTS {
        let situations = failures(endpoint, IN_WORDS);
        let scripts: Vec<_> = situations.iter().map(|situation| situation.answer.clone()).collect();
        // Each situation is a shopper's.
        let server = Server::over(Wire::Http1).serving(move |request, _| {
            let number: String = request.call().chars().filter(char::is_ascii_digit).collect();
            Script::from(scripts[number.parse::<usize>().unwrap()].clone())
        });
        let server = server.await;
        let retry = RetryPolicy::default().max_repeats(1).max_delay(Duration::ZERO);
        let client = server.client_with(|builder| builder.retry(retry).timeout(LONG));

        for (number, situation) in situations.iter().enumerate() {
            let (name, secrets) = (&situation.name, Secrets::of_shopper(number));
            let name = format!("{}: {name}", endpoint.name);
            let failure = match endpoint.try_call(&client, &secrets).await {
                Ok(printed) => panic!("{name}: {printed}"),
                Err(failure) => failure,
            };
            let told = &failure.told;
            assert_eq!(told.variant, situation.variant, "{name}: {told:#?}");
            assert_eq!(told.code, situation.code, "{name}");
            assert_eq!(told.status, Some(situation.answer.status), "{name}");
            assert_eq!(told.outcome, situation.outcome, "{name}: {told:#?}");
            assert_eq!(told.is_retryable, situation.is_retryable(endpoint), "{name}: {told:#?}");
            assert_eq!(told.retry_after, situation.retry_after, "{name}");
            assert_eq!(&Told::of(&failure.error), told, "{name}: as one type for any endpoint");
            let waits = situation.retry_after.is_some_and(|wait| wait >= LONG);
            let sent = 1 + usize::from(situation.is_repeated(endpoint) && !waits);
            assert_eq!(server.entry(endpoint, &secrets).received, sent, "{name}");
        }
    }
}

/// Gives each of these answers to a call of its own.
async fn results(
    endpoint: &'static Endpoint,
    answers: impl IntoIterator<Item = (String, Answer)>,
) -> Vec<(String, Result<Printed, Box<Failure>>)> {
    let mut results = Vec::new();
    for (name, answer) in answers {
        let server = Server::answering(answer).await;
        let result = endpoint.try_call(&server.client(), &Secrets::default()).await;
        results.push((format!("{}: {name}", endpoint.name), result));
    }
    results
}

#[tokio::test]
async fn a_documented_success_is_one_with_any_2xx_and_with_fields_that_nobody_documents() {
    for endpoint in &ENDPOINTS {
        let more = endpoint.success.trim_end().strip_suffix('}').unwrap();
        let more = format!(r#" {more},"errorCode":null,"error":null,"new":{{"success":false}}}} "#);
        let answers = [200, 201, 202, 226, 299].into_iter().flat_map(|status| {
            [endpoint.success, &more].map(|body| (format!("{status} {body}"), json(status, body)))
        });
        for (name, result) in results(endpoint, answers.collect::<Vec<_>>()).await {
            result.unwrap_or_else(|failure| panic!("{name}: {failure:#?}"));
        }
    }
}

#[tokio::test]
async fn a_success_stays_one_whatever_else_cannot_be_read_in_its_answer() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let deeper = format!("{}1{}", r#"{"data":"#.repeat(50_000), "}".repeat(50_000));
    let unreadable: [&[u8]; 11] = [
        b"null",
        b"[]",
        b"\"text\"",
        b"{\"message\":7}",
        b"{\"message\":null}",
        b"{\"n\":1e999,\"m\":-1e999}",
        b"{\"n\":123456789012345678901234567890}",
        b"\"\xff\xfe\"",
        b"\"\\ud800\"",
        deep.as_bytes(),
        deeper.as_bytes(),
    ];
    for endpoint in &ENDPOINTS {
        let start = endpoint.success.trim_end().strip_suffix('}').unwrap();
        let answers = unreadable.map(|value| {
            let body =
                [start.as_bytes(), b",\"data\":", value, b",\"extra\":", value, b"}"].concat();
            (String::from_utf8_lossy(value).chars().take(40).collect(), json(200, body))
        });
        for (name, result) in results(endpoint, answers).await {
            result.unwrap_or_else(|failure| panic!("{name}: {failure:#?}"));
        }
    }
}

#[tokio::test]
async fn a_name_that_no_string_holds_takes_nothing_else_with_it() {
    for endpoint in &ENDPOINTS {
        let start = endpoint.success.trim_end().strip_suffix('}').unwrap();
        let answer = json(200, format!(r#"{start},"\ud800":1}}"#));
        let server = Server::answering(answer).await;
        endpoint.call(&server.client(), &Secrets::default()).await.unwrap();
    }
    let refused = json(200, r#"{"\ud800":1,"success":false,"errorCode":"E002"}"#);
    let of_the_platform = r#"{"error":{"code":"PUBLIC_API_KEY_HAS_BEEN_EXPIRED","\udc00":1}}"#;
    let of_the_platform = json(404, of_the_platform);
    for (code, answer) in [("E002", refused), ("PUBLIC_API_KEY_HAS_BEEN_EXPIRED", of_the_platform)]
    {
        let server = Server::answering(answer).await;
        let error =
            endpoint("login").call(&server.client(), &Secrets::default()).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some(code), Outcome::Unchanged));
    }
}

#[tokio::test]
async fn a_204_is_a_success_of_none() {
    for endpoint in &ENDPOINTS {
        let answer = Answer::new(204, "");
        for (name, result) in results(endpoint, [("a 204".to_owned(), answer)]).await {
            assert_eq!(result.unwrap_err().told.variant, "Unexpected", "{name}");
        }
    }
}

#[tokio::test]
async fn data_that_cannot_be_read_says_so_when_it_is_asked_for_and_quotes_nothing() {
    let account = async |data: &[u8]| {
        let body = [b"{\"success\":true,\"data\":", data, b"}"].concat();
        let server = Server::answering(json(200, body)).await;
        let request = RegisterAccountRequest::builder().email("a@b.cz").password("p").build();
        server.client().register_account(&request).await.unwrap()
    };
    for data in [b"{\"n\":1e999}".as_slice(), b"{\"n\":\"\xff\"}", b"{\"n\":\"secret\"}"] {
        let account = account(data).await;
        let error = account.data::<std::collections::HashMap<String, u8>>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
    }
    let account = account(br#"{"message":"Welcome.","id":7}"#).await;
    assert_eq!(account.message(), Some("Welcome."));
    assert_eq!(account.data::<serde_json::Value>().unwrap()["id"], 7);
}

#[tokio::test]
async fn an_answer_without_data_has_data_that_is_null() {
    for body in [r#"{"success":true}"#, r#"{"success":true,"data":null}"#] {
        let server = Server::answering(json(200, body)).await;
        let request = RegisterAccountRequest::builder().email("a@b.cz").password("p").build();
        let account = server.client().register_account(&request).await.unwrap();
        assert_eq!(account.message(), None);
        assert_eq!(account.data::<Option<u8>>().unwrap(), None);
    }
}

#[tokio::test]
async fn a_success_tells_what_is_left_of_the_quota() {
    for endpoint in &ENDPOINTS {
        let answer = json(200, endpoint.success);
        let limited = answer
            .clone()
            .header("X-RateLimit-Limit", 1000)
            .header("X-RateLimit-Remaining", 999)
            .header("X-RateLimit-Reset", 60);
        let answers = [("without".to_owned(), answer), ("with".to_owned(), limited)];
        let printed: Vec<_> = results(endpoint, answers).await;
        let printed: Vec<_> = printed.into_iter().map(|(_, result)| result.unwrap()).collect();
        assert!(printed[0].contains("rate_limit: None"), "{printed:?}");
        assert!(printed[1].contains("RateLimit { limit: 1000, remaining: 999, "), "{printed:?}");
    }
    let server = Server::answering(
        json(200, r#"{"success":true}"#)
            .header("X-RateLimit-Limit", 1000)
            .header("X-RateLimit-Remaining", 999)
            .header("X-RateLimit-Reset", 60),
    )
    .await;
    let request = LogoutRequest::builder().identity_id("identity").build();
    let limit = server.client().logout(&request).await.unwrap().rate_limit().unwrap();
    let reset = SystemTime::UNIX_EPOCH + Duration::from_secs(60);
    assert_eq!((limit.limit, limit.remaining, limit.reset), (1000, 999, reset));
}

#[tokio::test]
async fn a_verified_account_gives_its_address_and_where_to_return_to() {
    let verified = async |body: &str| {
        let server = Server::answering(json(200, body)).await;
        let request = RegisterAccountVerifyRequest::builder().token("token").build();
        server.client().register_account_verify(&request).await.unwrap()
    };
    let account = verified(endpoint("register-account-verify").success).await;
    assert_eq!(account.email(), "jan@barasek.com");
    assert_eq!(account.return_url(), Some("example_returnUrl"));
    for body in [r#"{"success":true}"#, r#"{"success":true,"email":null,"returnUrl":7}"#] {
        let account = verified(body).await;
        assert_eq!((account.email(), account.return_url()), ("", None), "{body}");
    }
}

#[tokio::test]
async fn a_login_gives_the_identity() {
    let server = Server::answering(json(200, endpoint("login").success)).await;
    let request = LoginRequest::builder().email("jan@barasek.com").password("password").build();
    let login = server.client().login(&request).await.unwrap();
    assert_eq!(login.identity_id().expose(), "b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA");
}

#[tokio::test]
async fn each_documented_code_is_a_variant_with_its_documented_words() {
    for endpoint in &ENDPOINTS {
        let documented = endpoint.codes().iter().copied();
        for (code, words) in documented.chain([("E999", UNKNOWN_WORDS)]) {
            let body = format!(r#"{{"success":false,"errorCode":"{code}","message":"No."}}"#);
            let server = Server::answering(json(200, body)).await;
            let error = endpoint.call(&server.client(), &Secrets::default()).await.unwrap_err();
            let refusal = error.refusal().unwrap();
            assert_eq!(refusal.operation(), endpoint.facts().operation_id());
            assert_eq!(refusal.code(), code);
            assert_eq!((refusal.words(), &*refusal.to_string()), (words, words));
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(error.to_string().contains(code), code != "E999", "{error}");
        }
    }
}

const UNKNOWN_WORDS: &str =
    "The endpoint gave an error code that this version of the crate does not know.";

#[tokio::test]
async fn a_refusal_of_an_endpoint_without_documented_codes_has_words_of_this_crate() {
    let server = Server::answering(json(200, r#"{"success":false,"errorCode":"E002"}"#)).await;
    let request = LogoutRequest::builder().identity_id("identity").build();
    let error = server.client().logout(&request).await.unwrap_err();
    let refusal = error.refusal().unwrap();
    assert_eq!((refusal.code(), &*refusal.to_string()), ("E002", UNKNOWN_WORDS));
}

#[test]
fn a_code_means_what_its_own_endpoint_says() {
    let register = ["E001", "E002", "E003", "E004"].map(RegisterAccountError::from_code);
    assert_eq!(
        register,
        [
            RegisterAccountError::RegisterFailed,
            RegisterAccountError::AlreadyRegistered,
            RegisterAccountError::AccountBanned,
            RegisterAccountError::TooManyAttempts,
        ]
    );
    let login = ["E001", "E002", "E003", "E004", "E005", "E006", "E007"].map(LoginError::from_code);
    assert_eq!(
        login,
        [
            LoginError::LoginFailed,
            LoginError::UnknownEmail,
            LoginError::NoAccount,
            LoginError::WrongPassword,
            LoginError::AccountBanned,
            LoginError::TooManyAttempts,
            LoginError::EmailNotVerified,
        ]
    );
    let set = ["E001", "E002", "E003", "E004"].map(SetNewPasswordError::from_code);
    assert_eq!(
        set,
        [
            SetNewPasswordError::ChangeFailed,
            SetNewPasswordError::PasswordUsedBefore,
            SetNewPasswordError::NoSuchRequest,
            SetNewPasswordError::RequestExpired,
        ]
    );
    for code in ["", "e001", "E001 ", "E0001", "E04"] {
        assert_eq!(LoginError::from_code(code), LoginError::Unknown(code.to_owned()));
        assert_eq!(LoginError::from_code(code).code(), code);
    }
}

#[tokio::test]
async fn the_sandbox_plays_each_platform_error_with_its_documented_status() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client().with_retry(RetryPolicy::none());
    let mut played = Vec::new();
    for fault in PlatformFault::ALL {
        sandbox.inject(Fault::Platform(*fault));
        let error = endpoint("login").call(&client, &Secrets::default()).await.unwrap_err();
        played.push((error.status().unwrap().as_u16(), error.code().unwrap().to_owned()));
    }
    played.sort();
    let mut documented = PLATFORM_CODES.map(|(status, code)| (status, code.to_owned()));
    documented.sort();
    assert_eq!(played, documented);
}

#[tokio::test]
async fn a_platform_error_tells_its_kind_by_its_code_and_an_unknown_one_by_its_status() {
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
            code => panic!("of which kind is {code}?"),
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
        let body = format!(
            r#"{{"error":{{"code":"{code}","message":"In words.","description":"At length."}}}}"#
        );
        let Error::Platform(error) = failure(json(status, body)).await else {
            panic!("{code} is a platform error")
        };
        assert_eq!(error.kind(), kind, "{code} in a {status}");
        assert_eq!((error.code(), error.message()), (code, "In words."));
        assert_eq!(error.description(), Some("At length."));
        let link = format!("https://docs.bizkithub.com/errors/{code}");
        assert_eq!(error.to_string().contains(&link), code != "NEW", "{error}");
    }
}

async fn failure(answer: Answer) -> Error {
    let server = Server::answering(answer).await;
    endpoint("login").call(&server.client(), &Secrets::default()).await.unwrap_err()
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_its_target_is_never_called() {
    let target = Server::answering(json(200, r#"{"success":true}"#)).await;
    for endpoint in &ENDPOINTS {
        for status in 300..=308 {
            let server =
                Server::answering(Answer::new(status, "").header("location", target.url())).await;
            // A setting of the caller's own changes nothing.
            let client = server.client_with(|builder| {
                builder.http(|http| http.redirect(reqwest::redirect::Policy::limited(5)))
            });
            let failure = endpoint.try_call(&client, &Secrets::default()).await.unwrap_err();
            assert_eq!((failure.told.variant, failure.told.status), ("Unexpected", Some(status)));
            assert_eq!(failure.told.outcome, Outcome::Unknown);
            assert_eq!(server.requests().len(), 1);
        }
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn an_answer_past_its_limit_is_unexpected_and_one_at_its_limit_is_read() {
    for endpoint in &ENDPOINTS {
        let body = endpoint.success;
        let chunks = |size: usize| {
            let mut answer =
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".as_bytes().to_vec();
            for chunk in body.as_bytes().chunks(size) {
                answer.extend(format!("{:x}\r\n", chunk.len()).bytes());
                answer.extend(chunk.iter().copied().chain(*b"\r\n"));
            }
            answer.extend(b"0\r\n\r\n");
            Step::Write(answer)
        };
        let wholes = [Step::from(json(200, body)), chunks(7), chunks(body.len() - 1)];
        for script in wholes {
            let server = Server::answering(script).await;
            let limited = |limit| server.client_with(|builder| builder.answer_limit(limit));
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
async fn what_a_server_wrote_is_kept_within_bounds() {
    let Error::Unexpected(response) = failure(Answer::new(502, "é".repeat(5000))).await else {
        panic!("HTML is unexpected")
    };
    assert_eq!(response.excerpt(), "é".repeat(256));
    let Error::Unexpected(response) = failure(Answer::new(502, b"\xff\xfe<p>".as_slice())).await
    else {
        panic!("HTML is unexpected")
    };
    assert_eq!(response.excerpt(), "\u{fffd}\u{fffd}<p>");

    let long = "é".repeat(5000);
    let body = format!(r#"{{"success":false,"errorCode":"{long}","message":"{long}"}}"#);
    let Error::Refused(refused) = failure(json(200, body)).await else { panic!("a refusal") };
    assert_eq!((refused.error().code().len(), refused.message().len()), (256, 1024));
    let body =
        format!(r#"{{"error":{{"code":"{long}","message":"{long}","description":"{long}"}}}}"#);
    let Error::Platform(error) = failure(json(400, body)).await else { panic!("a platform error") };
    assert_eq!((error.code().len(), error.message().len()), (256, 1024));
    assert_eq!(error.description().map(str::len), Some(1024));
}

#[test]
fn clients_and_errors_go_where_programs_take_them() {
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
