//! For any request and any answer. Not covered: answers that break off, which `tests/faults.rs` has byte by byte.

#[allow(dead_code)]
mod hostile;

use std::sync::{LazyLock, Mutex};

use bizkithub::types::Groups;
use bizkithub::{Client, Error, Outcome, RegisterAccountRequest, RetryPolicy};
use proptest::prelude::*;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// What the one server of these tests answers next, and the body of the request that it received last.
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static RECEIVED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
/// One case at a time, since they share the server.
static TURN: Mutex<()> = Mutex::new(());

static URL: LazyLock<String> = LazyLock::new(|| {
    let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    RUNTIME.spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !is_complete(&request) {
                if stream.read_buf(&mut request).await.unwrap() == 0 {
                    break;
                }
            }
            *RECEIVED.lock().unwrap() = request;
            let answer = ANSWER.lock().unwrap().clone();
            // The client may have seen enough.
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    url
});

fn is_complete(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&request[..end]);
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    request.len() >= end + 4 + length.parse::<usize>().unwrap()
}

static CLIENT: LazyLock<Mutex<(String, Client)>> = LazyLock::new(|| {
    let key = "PROD0123456789abcdefghijABCDEFGH".to_owned();
    Mutex::new((key.clone(), client(&key)))
});

fn client(key: &str) -> Client {
    Client::builder(key)
        .base_url(&*URL)
        .retry(RetryPolicy::none())
        // The server closes every connection; a kept one might be used before its end has arrived.
        .http(|http| http.pool_max_idle_per_host(0))
        .build()
        .unwrap()
}

/// Registers with this answer, and gives the result and the body that went out.
fn register(
    client: &Client,
    request: &RegisterAccountRequest,
    answer: Vec<u8>,
) -> (Result<(), Error>, Value) {
    *ANSWER.lock().unwrap() = answer;
    let result = RUNTIME.block_on(client.register_account(request)).map(drop);
    let received = RECEIVED.lock().unwrap();
    let body = received.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    (result, serde_json::from_slice(&received[body..]).unwrap())
}

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(any::<String>())
}

prop_compose! {
    fn names()(name in text(), first in text(), last in text(), phone in text(), company in text(), number in text(), tax in text())
        -> [Option<String>; 7] {
        [name, first, last, phone, company, number, tax]
    }
}

prop_compose! {
    fn places()(street in text(), city in text(), part in text(), state in text(), code in text(), country in text(), url in text())
        -> [Option<String>; 7] {
        [street, city, part, state, code, country, url]
    }
}

prop_compose! {
    fn requests()(
        email in any::<String>(),
        password in any::<String>(),
        [name, first_name, last_name, phone, company_name, company_registration_number, tax_identification_number] in names(),
        [street_address, city, city_part, state_region, postal_code, country, return_url] in places(),
        newsletter in any::<Option<bool>>(),
        groups in any::<Option<Vec<String>>>(),
        customer_real_ip in any::<Option<std::net::IpAddr>>(),
        primary_locale in text(),
        referral_id in text(),
    ) -> RegisterAccountRequest {
        RegisterAccountRequest {
            email, password: password.into(), name, first_name, last_name, phone, company_name,
            company_registration_number, tax_identification_number, street_address, city, city_part, state_region,
            postal_code, country, newsletter, primary_locale, groups: groups.map(Groups::from), customer_real_ip,
            referral_id, return_url,
        }
    }
}

/// Everything that a program could print of an error.
fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text += &format!("\n{cause}\n{cause:?}");
        source = cause.source();
    }
    match error {
        Error::Refused(refused) => text += refused.message(),
        Error::Platform(platform) => {
            text +=
                &format!("{}{}", platform.message(), platform.description().unwrap_or_default());
        }
        Error::Unexpected(response) => text += response.excerpt(),
        _ => {}
    }
    text
}

fn check(error: &Error) -> Result<(), TestCaseError> {
    prop_assert!(!error.is_retryable() || error.outcome() != Outcome::Unknown, "{error:?}");
    prop_assert!(!error.to_string().is_empty());
    if let Error::Unexpected(response) = error {
        prop_assert!(response.excerpt().len() <= 512);
    }
    Ok(())
}

fn json_answer(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The secret in an encoding that a server may echo it in.
fn echoed(secret: &str, encoding: u8) -> String {
    let entity = |radix: fn(u32) -> String| {
        secret.chars().map(|character| radix(character.into())).collect()
    };
    match encoding {
        0 => secret.to_owned(),
        1 => percent_encoding::utf8_percent_encode(secret, percent_encoding::NON_ALPHANUMERIC)
            .to_string(),
        2 => url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        3 => serde_json::to_string(secret).unwrap(),
        4 => secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
        5 => html_escape::encode_safe(secret).into_owned(),
        6 => entity(|code| format!("&#{code};")),
        7 => entity(|code| format!("&#x{code:X};")),
        _ => secret.bytes().map(|byte| format!("%{byte:02x}")).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_request_goes_over_the_wire_and_comes_back_equal(request in requests()) {
        let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let client = CLIENT.lock().unwrap().1.clone();
        let expected = serde_json::to_value(&request).unwrap();
        let (result, received) = register(&client, &request, json_answer(hostile::SUCCESS.as_bytes()));
        prop_assert!(result.is_ok(), "{result:?}");
        prop_assert_eq!(&received, &expected);
        let read: RegisterAccountRequest = serde_json::from_value(received).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), expected);
    }

    #[test]
    fn any_bytes_for_an_answer_are_a_value_or_an_error(bytes in any::<Vec<u8>>()) {
        let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let client = CLIENT.lock().unwrap().1.clone();
        if let (Err(error), _) = register(&client, &hostile::request("jan@barasek.com"), bytes) {
            check(&error)?;
        }
    }

    #[test]
    fn any_status_headers_and_body_are_a_value_or_an_error(
        status in 200..600_u16,
        headers in proptest::collection::vec(("x-ratelimit-(limit|remaining|reset)|retry-after|content-type", "[ -~]{0,40}|[0-9]{1,25}"), 0..6),
        body in prop_oneof![
            any::<Vec<u8>>(),
            "\\{\"success\":(true|false|1|null),\"(errorCode|message|data)\":(\"E00[0-9]\"|null|\\{\\}|7)\\}".prop_map(String::into_bytes),
            "\\{\"error\":\\{\"code\":(\"[A-Z_]{0,20}\"|7),\"message\":\"\\PC*\",\"retry_after\":-?[0-9]{1,30}\\}\\}".prop_map(String::into_bytes),
        ],
    ) {
        let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let client = CLIENT.lock().unwrap().1.clone();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("HTTP/1.1 {status} Reason\r\n{headers}content-length: {}\r\n\r\n", body.len());
        let answer = [head.as_bytes(), &body[..]].concat();
        let (result, _) = register(&client, &hostile::request("jan@barasek.com"), answer);
        if let Err(error) = result {
            check(&error)?;
            prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        }
    }

    #[test]
    fn no_secret_shows_however_a_server_echoes_it(
        key in "[!-~]{8,32}",
        password in "\\PC{8,40}",
        encoding in 0..9_u8,
        before in "[a-z <>&%]{0,600}",
        status in prop_oneof![Just(200_u16), Just(404), Just(502)],
        form in 0..4_u8,
    ) {
        let _turn = TURN.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let echo = format!("{before}{} and {}", echoed(&key, encoding), echoed(&password, encoding));
        let text = serde_json::to_string(&echo).unwrap();
        let body = match form {
            0 => echo.clone(),
            1 => format!(r#"{{"success":false,"errorCode":{text},"message":{text}}}"#),
            2 => format!(r#"{{"error":{{"code":"NEW","message":{text},"description":{text}}}}}"#),
            _ => format!(r#"{{"success":{text}}}"#),
        };
        let head = format!("HTTP/1.1 {status} Reason\r\ncontent-length: {}\r\n\r\n", body.len());
        let request = RegisterAccountRequest::builder().email("jan@barasek.com").password(password.as_str()).build();
        let (result, received) = register(&client(&key), &request, format!("{head}{body}").into_bytes());
        prop_assert_eq!(&received["password"], &password);
        let error = result.unwrap_err();
        check(&error)?;
        let printed = printed(&error);
        for secret in [&key, &password] {
            for encoding in [encoding, 0] {
                let form = echoed(secret, encoding);
                prop_assert!(!printed.contains(&form), "{secret} as {form} in {printed}");
                let debug = format!("{form:?}");
                prop_assert!(!printed.contains(debug.trim_matches('"')), "{secret} as {debug} in {printed}");
            }
        }
    }
}
