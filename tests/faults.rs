//! One fault at a time: what the client makes of it, and what the server's ledger says. Not covered: several faults in
//! one call, and TLS.

#[allow(dead_code)]
mod hostile;

use std::time::{Duration, Instant};

use bizkithub::{Client, Error, Outcome, RetryPolicy};
use hostile::{Entry, Hostile, KEY, SUCCESS, Script, Step, answer, answer_with, request};
use tokio::net::TcpSocket;

const EMAIL: &str = "jan@barasek.com";
const ONCE: Entry = Entry { received: 1, registered: 1 };
const NEVER: Entry = Entry { received: 0, registered: 0 };

async fn failure(server: &Hostile) -> Error {
    server.client().register_account(&request(EMAIL)).await.unwrap_err()
}

/// A failure without a complete answer, after the request may have gone out.
fn assert_unknown(error: &Error) {
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false));
    assert_eq!((error.code(), error.retry_after()), (None, None));
    assert!(error.to_string().contains("the account may exist"), "{error}");
}

/// A port that is taken and not listened on: every connection to it is refused.
fn refusing_port() -> (TcpSocket, u16) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let port = socket.local_addr().unwrap().port();
    (socket, port)
}

#[tokio::test]
async fn a_refused_connection_is_never_sent_and_its_source_names_the_cause() {
    let (_socket, port) = refusing_port();
    let client = Client::builder(KEY).base_url(format!("http://127.0.0.1:{port}"));
    let error = client.build().unwrap().register_account(&request(EMAIL)).await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.is_retryable(), error.status()),
        (Outcome::NotSent, true, None)
    );
    let Error::Transport(transport) = &error else { panic!("{error:?}") };
    assert!(transport.is_connect() && !transport.is_timeout());
    let told = format!("{:#}", anyhow::Error::new(error));
    assert!(told.contains("nothing was sent") && told.contains("Connection refused"), "{told}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_never_sent() {
    let client =
        Client::builder(KEY).base_url("https://bizkithub.invalid").retry(RetryPolicy::none());
    let client = client.http(|http| http.no_proxy()).build().unwrap();
    let error = client.register_account(&request(EMAIL)).await.unwrap_err();
    assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_is_never_accepted_is_never_sent_after_the_connect_timeout() {
    // A listener whose queue is full takes no more connections, and tells nobody.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    for _ in 0..8 {
        let connection = tokio::net::TcpStream::connect(address);
        queue.push(tokio::time::timeout(Duration::from_millis(200), connection).await);
    }
    let client = Client::builder(KEY)
        .base_url(format!("http://{address}"))
        .retry(RetryPolicy::none())
        .connect_timeout(Duration::from_millis(300))
        .timeout(Duration::from_secs(20));
    let error = client.build().unwrap().register_account(&request(EMAIL)).await.unwrap_err();
    let Error::Transport(transport) = &error else { panic!("{error:?}") };
    assert!(transport.is_connect() && transport.is_timeout(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
}

#[tokio::test]
async fn a_reset_or_a_close_before_during_or_after_the_request_is_unknown() {
    for end in [Step::Reset, Step::Close] {
        let before = Hostile::connecting(Script::default().then(end.clone())).await;
        assert_unknown(&failure(&before).await);
        let during =
            Hostile::connecting(Script::default().then(Step::Read(100)).then(end.clone())).await;
        assert_unknown(&failure(&during).await);
        let after = Hostile::answering(Script { registers: true, steps: vec![end] }).await;
        assert_unknown(&failure(&after).await);
        assert_eq!(after.entry(EMAIL), ONCE);
    }
}

#[tokio::test]
async fn silence_is_a_timeout_of_the_whole_call_and_unknown() {
    for registers in [true, false] {
        let server = Hostile::answering(Script { registers, steps: vec![Step::Hang] }).await;
        let client = server.client_with(|builder| builder.timeout(Duration::from_millis(200)));
        let started = Instant::now();
        let error = client.register_account(&request(EMAIL)).await.unwrap_err();
        assert!(started.elapsed() >= Duration::from_millis(200));
        assert_unknown(&error);
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_timeout() && !transport.is_connect());
        assert!(error.to_string().contains("200ms"), "{error}");
        assert_eq!(server.entry(EMAIL).received, 1, "it was not repeated");
    }
}

#[tokio::test]
async fn an_answer_that_drips_is_read_while_time_lasts_and_its_status_is_told_when_it_does_not() {
    let drip = |pause| {
        let bytes = answer(200, SUCCESS).into_bytes();
        let steps =
            bytes.into_iter().flat_map(|byte| [Step::Write(vec![byte]), Step::Pause(pause)]);
        Script { registers: true, steps: steps.collect() }
    };
    let server = Hostile::answering(drip(Duration::from_millis(1))).await;
    let patient = server.client_with(|builder| builder.timeout(Duration::from_secs(60)));
    patient.register_account(&request(EMAIL)).await.unwrap();

    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    let server = Hostile::answering(Script::registering(head).then(Step::Hang)).await;
    let client = server.client_with(|builder| builder.timeout(Duration::from_millis(500)));
    let error = client.register_account(&request(EMAIL)).await.unwrap_err();
    assert_unknown(&error);
    assert_eq!(error.status(), Some(http::StatusCode::OK));
}

#[tokio::test]
async fn an_answer_truncated_at_any_byte_is_unknown_and_never_a_success() {
    let whole = answer(200, SUCCESS);
    let head = whole.find("\r\n\r\n").unwrap() + "\r\n\r\n".len();
    for length in 0..whole.len() {
        let script = Script::registering(&whole.as_bytes()[..length]).then(Step::Close);
        let server = Hostile::answering(script).await;
        let error = failure(&server).await;
        assert_unknown(&error);
        let status = (length >= head).then_some(http::StatusCode::OK);
        assert_eq!(error.status(), status, "after {length} bytes");
        assert_eq!(server.entry(EMAIL), ONCE);
    }
}

#[tokio::test]
async fn an_answer_without_a_length_that_is_truncated_is_unknown_too() {
    for length in 1..SUCCESS.len() {
        let cut = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{}", &SUCCESS[..length]);
        let server = Hostile::answering(Script::registering(cut).then(Step::Close)).await;
        let error = failure(&server).await;
        assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false));
    }
}

#[tokio::test]
async fn garbage_for_an_answer_is_unknown() {
    let garbage: [&[u8]; 7] = [
        b"garbage\r\n\r\n",
        b"\0\xff\xfe\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
    ];
    for bytes in garbage {
        let server = Hostile::answering(Script::registering(bytes).then(Step::Close)).await;
        assert_unknown(&failure(&server).await);
        assert_eq!(server.entry(EMAIL), ONCE);
    }
}

#[tokio::test]
async fn a_head_without_an_end_is_bounded() {
    let line = format!("x-filler: {}\r\n", "x".repeat(8000));
    let endless = format!("HTTP/1.1 200 OK\r\n{}", line.repeat(200));
    let server = Hostile::answering(Script::registering(endless).then(Step::Hang)).await;
    let client = server.client_with(|builder| builder.timeout(Duration::from_secs(60)));
    let started = Instant::now();
    assert_unknown(&client.register_account(&request(EMAIL)).await.unwrap_err());
    assert!(started.elapsed() < Duration::from_secs(60), "the bound ended it, not the timeout");
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(101));
    let server = Hostile::answering(Script::registering(many)).await;
    assert_unknown(&failure(&server).await);
}

#[tokio::test]
async fn a_body_without_an_end_is_read_no_further_than_its_bound() {
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    let steps = (0..100).map(|_| Step::Write(chunk.clone().into_bytes()));
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut script = Script::registering(head);
    script.steps.extend(steps);
    let server = Hostile::answering(script.then(Step::Hang)).await;
    let error = failure(&server).await;
    assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
    assert!(error.to_string().contains("longer than 1048576 bytes"), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[tokio::test]
async fn a_wrong_length_is_unknown_and_does_not_leak_into_the_next_call() {
    let too_long = format!("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{SUCCESS}");
    let server = Hostile::answering(Script::registering(too_long).then(Step::Close)).await;
    assert_unknown(&failure(&server).await);

    // What is left over looks like an answer to a call that was not made yet.
    let smuggled =
        format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{{}}{}", answer(200, SUCCESS));
    let server = Hostile::start(
        |_| None,
        move |email, _| match email {
            EMAIL => Script::registering(smuggled.clone()),
            _ => Script::refusing(answer(200, r#"{"success":false,"errorCode":"E001"}"#)),
        },
    )
    .await;
    let client = server.client();
    for round in 0..20 {
        let error = client.register_account(&request(EMAIL)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        let next = format!("next{round}@example.com");
        let result = client.register_account(&request(&next)).await;
        assert!(result.is_err(), "the left-over answer was taken for the next call's");
    }
}

#[tokio::test]
async fn an_answer_before_the_body_was_read_is_told_as_what_it_says() {
    let early = r#"{"error":{"code":"PUBLIC_API_KEY_DOES_NOT_EXIST","message":"No."}}"#;
    let pause = Step::Pause(Duration::from_millis(50));
    let steps =
        vec![Step::Read(10), Step::Write(answer(404, early).into_bytes()), pause, Step::Close];
    let server = Hostile::connecting(Script { registers: false, steps }).await;
    let error = failure(&server).await;
    assert_eq!(
        (error.code(), error.outcome()),
        (Some("PUBLIC_API_KEY_DOES_NOT_EXIST"), Outcome::Refused)
    );
    assert_eq!(server.entry(EMAIL), NEVER);
}

#[tokio::test]
async fn a_keep_alive_connection_closed_between_calls_costs_no_call_and_doubles_none() {
    for end in [Step::Close, Step::Reset] {
        let script = Script::registering(answer(200, SUCCESS)).then(end);
        let server = Hostile::answering(script).await;
        let client = server.client();
        let mut registered = 0;
        for index in 0..50 {
            let email = format!("shopper{index}@example.com");
            let result = client.register_account(&request(&email)).await;
            let entry = server.entry(&email);
            match result {
                Ok(_) => assert_eq!(entry, ONCE),
                // The close was still on its way when the next request went out.
                Err(error) => assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}"),
            }
            assert!(entry.received <= 1);
            registered += entry.registered;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(registered >= 45, "{registered} of 50");
    }
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let target = Hostile::answering(Script::registering(answer(200, SUCCESS))).await;
    for status in 300..=308 {
        let location = format!("location: {}/\r\n", target.url());
        let server =
            Hostile::answering(Script::registering(answer_with(status, &location, ""))).await;
        let error = failure(&server).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false));
        assert_eq!(server.entry(EMAIL), ONCE);
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn an_interim_answer_is_passed_over() {
    for interim in
        ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"]
    {
        let whole = format!("{}{}", interim.repeat(3), answer(200, SUCCESS));
        let server = Hostile::answering(Script::registering(whole)).await;
        server.client().register_account(&request(EMAIL)).await.unwrap();
    }
}

#[tokio::test]
async fn every_status_with_any_body_gives_the_outcome_that_its_answer_proves() {
    let refusal = r#"{"success":false,"errorCode":"E002"}"#;
    let bodies = ["", SUCCESS, refusal, r#"{"any":"json"}"#, "<html></html>"];
    let server = Hostile::start(
        |_| None,
        move |email, _| {
            let (status, body) = email.split_once('@').unwrap().0.split_once('-').unwrap();
            let (status, body) = (status.parse().unwrap(), bodies[body.parse::<usize>().unwrap()]);
            Script::refusing(answer(status, body)).then(Step::Close)
        },
    )
    .await;
    // The server closes every connection; a kept one might be used before its end has arrived.
    let client = server.client_with(|builder| {
        builder.timeout(Duration::from_secs(20)).http(|http| http.pool_max_idle_per_host(0))
    });
    for status in 100..=599_u16 {
        for (index, body) in bodies.into_iter().enumerate() {
            let email = format!("{status}-{index}@example.com");
            let result = client.register_account(&request(&email)).await;
            assert_eq!(server.entry(&email).received, 1, "{status} {body}");
            // A 204 and a 304 have no body, whatever follows; an interim answer is none, and none came after it.
            let bodiless = status < 200 || matches!(status, 204 | 304);
            let success = (200..300).contains(&status) && body == SUCCESS && !bodiless;
            assert_eq!(result.is_ok(), success, "{status} {body}: {result:?}");
            let Err(error) = result else { continue };
            let expected = match status {
                429 if body != SUCCESS => Outcome::Refused,
                _ if body == refusal && !bodiless => Outcome::Refused,
                _ => Outcome::Unknown,
            };
            assert_eq!(error.outcome(), expected, "{status} {body}: {error:?}");
            assert_eq!(
                error.is_retryable(),
                status == 429 && body != refusal && body != SUCCESS,
                "{status} {body}"
            );
        }
    }
}
