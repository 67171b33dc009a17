//! One fault of the wire at a time: what the client makes of it, and what the server's ledger says. Not covered: several
//! faults in one call, which `tests/chaos.rs` has.

use std::time::Duration;

use bizkithub::{Client, Error, Outcome, RetryPolicy};
use h2::Reason;

use crate::messages::message;
use crate::support::names::{Unaccepting, refusing};
use crate::support::tls::Certificate;
use crate::support::{
    Answer, ENDPOINTS, Endpoint, Entry, KEY, Script, Secrets, Server, Step, Wire, endpoint, http2,
    json,
};

/// A failure without a complete answer, of a request that may have gone out.
fn assert_unknown(error: &Error, what: &str) {
    assert!(matches!(error, Error::Transport(_)), "{what}: {error:?}");
    assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false), "{what}");
    assert_eq!((error.code(), error.retry_after()), (None, None), "{what}");
}

async fn failure(client: &Client, endpoint: &Endpoint) -> Error {
    endpoint.call(client, &Secrets::default()).await.unwrap_err()
}

#[tokio::test]
async fn a_refused_connection_is_never_sent_for_every_endpoint_and_its_source_names_the_cause() {
    let (_socket, url) = refusing();
    let client = Client::builder(KEY).base_url(url).retry(RetryPolicy::none()).build().unwrap();
    for endpoint in &ENDPOINTS {
        let error = failure(&client, endpoint).await;
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true));
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_connect() && !transport.is_timeout());
        assert!(transport.detail().contains("tcp connect error"), "{}", transport.detail());
        let told = message(error);
        assert!(told.contains("Nothing was sent") && told.contains("Connection refused"), "{told}");
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_never_sent_and_told_as_that() {
    let client = Client::builder(KEY).base_url("https://bizkithub.invalid");
    let client = client.retry(RetryPolicy::none()).http(|http| http.no_proxy()).build().unwrap();
    let error = failure(&client, endpoint("login")).await;
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    let told = message(error);
    assert!(told.ends_with("the host's name was not found"), "{told}");
}

#[tokio::test]
async fn a_connection_that_is_never_accepted_is_never_sent_after_the_connect_timeout() {
    let nobody = Unaccepting::start().await;
    let client = Client::builder(KEY)
        .base_url(nobody.url())
        .retry(RetryPolicy::none())
        .connect_timeout(Duration::from_millis(300));
    let error = failure(&client.build().unwrap(), endpoint("login")).await;
    let Error::Transport(transport) = &error else { panic!("{error:?}") };
    assert!(transport.is_connect() && transport.is_timeout(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let told = message(error);
    // Two timers of the HTTP library run for the same time: either may be first.
    assert!(told.contains("Nothing was sent"), "{told}");
    assert!(told.contains("within the connect timeout") && told.ends_with("timed out"), "{told}");
}

#[tokio::test]
async fn a_proxy_that_refuses_the_tunnel_means_never_sent_and_is_told_with_what_it_wants() {
    for (answer, cause) in [
        ("HTTP/1.1 403 Forbidden\r\n\r\n", "the proxy refused the tunnel"),
        ("HTTP/1.1 407 Proxy\r\n\r\n", "the proxy wants credentials"),
    ] {
        let script = Script::refusing(Step::Read(20)).then(answer).then(Step::Close);
        let proxy = Server::over(Wire::Http1).connecting(script).await;
        let through = reqwest::Proxy::https(proxy.url()).unwrap();
        let client = Client::builder(KEY).http(|http| http.proxy(through));
        let client = client.retry(RetryPolicy::none()).build().unwrap();
        let error = failure(&client, endpoint("login")).await;
        assert_eq!((error.outcome(), proxy.connections()), (Outcome::NotSent, 1), "{error:?}");
        let told = message(error);
        assert!(told.ends_with(cause), "{told}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_before_during_or_after_the_request_is_unknown() {
    let login = endpoint("login");
    for end in [Step::Reset, Step::Close] {
        for script in
            [Script::refusing(end.clone()), Script::refusing(Step::Read(100)).then(end.clone())]
        {
            let server = Server::over(Wire::Http1).connecting(script).await;
            assert_unknown(&failure(&server.client(), login).await, &format!("{end:?}"));
        }
        let server = Server::answering(Script::acting(end.clone())).await;
        assert_unknown(&failure(&server.client(), login).await, &format!("{end:?} after it"));
        let entry = server.entry(login, &Secrets::default());
        assert_eq!(entry, Entry { received: 1, done: 1 });
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_anywhere_is_unknown() {
    let login = endpoint("login");
    let whole = json(200, login.success).bytes();
    for length in 0..whole.len() {
        let script = Script::acting(Step::Write(whole[..length].to_vec())).then(Step::Close);
        let server = Server::answering(script).await;
        let error = failure(&server.client(), login).await;
        assert_unknown(&error, &format!("{length} bytes"));
        let head = whole.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        assert_eq!(error.status().is_some(), length >= head, "{length} bytes");
    }
}

#[tokio::test]
async fn a_timeout_of_ones_own_http_settings_is_told_as_the_timeout_that_it_is() {
    let server = Server::answering(Script::acting(Step::Hang)).await;
    for settings in [
        |http: reqwest::ClientBuilder| http.read_timeout(Duration::from_millis(200)),
        |http: reqwest::ClientBuilder| http.timeout(Duration::from_millis(200)),
    ] {
        let client = server.client_with(|builder| builder.http(settings));
        let error = failure(&client, endpoint("logout")).await;
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_timeout() && !transport.is_connect(), "{error:?}");
        assert_unknown(&error, "a read timeout");
        assert!(error.to_string().contains("timeout of the HTTP settings"), "{error}");
        let told = message(error);
        assert!(told.ends_with(": timed out"), "{told}");
    }
}

#[tokio::test]
async fn the_calls_own_timeout_is_unknown_with_the_status_of_a_head_that_came() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    for (steps, status) in [(Step::Hang, None), (Step::Write(head.into()), Some(200))] {
        let server = Server::answering(Script::acting(steps).then(Step::Hang)).await;
        let client = server.client().with_timeout(Duration::from_millis(300));
        let error = failure(&client, endpoint("reset-password")).await;
        assert_unknown(&error, "the timeout");
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_timeout() && !transport.is_connect(), "{error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), status);
        assert!(error.to_string().contains("within its timeout of 300ms"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_is_given_up_once_it_is_longer_than_the_limit_and_not_read_to_its_end() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"success\":true";
    let server = Server::answering(Script::acting(head).then(Step::Hang)).await;
    let client = server.client_with(|builder| builder.answer_limit(10));
    let error = failure(&client, endpoint("login")).await;
    assert!(matches!(error, Error::Unexpected(_)), "{error:?}");
    assert!(error.to_string().contains("longer than 10 bytes"), "{error}");
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_before_the_next_request_costs_nothing() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let answer = Script::acting(json(200, login.success)).then(Step::Close);
    let server = Server::answering(answer).await;
    let client = server.client();
    for calls in 1..=3 {
        login.call(&client, &secrets).await.unwrap();
        assert_eq!((server.requests().len(), server.connections()), (calls, calls));
        // The end of the connection has time to arrive.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_the_client_in_order() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = Server::over(Wire::Http1)
        .serving(|_, before| match before {
            0 => Script::acting(Step::Hang),
            _ => Script::acting(json(200, endpoint("login").success)),
        })
        .await;
    let client = server.client();
    let call = login.call(&client, &secrets);
    tokio::time::timeout(Duration::from_millis(200), call).await.unwrap_err();
    login.call(&client, &secrets).await.unwrap();
}

#[tokio::test]
async fn every_endpoint_is_served_over_every_wire() {
    for wire in Wire::ALL {
        for endpoint in &ENDPOINTS {
            let server = Server::over(wire).answering(Script::acting(json(200, endpoint.success)));
            let server = server.await;
            endpoint.call(&server.client(), &Secrets::default()).await.unwrap();
            let version = server.request().version().to_owned();
            assert_eq!(version == "HTTP/2", wire.is_http2(), "{wire:?}");
        }
    }
}

#[tokio::test]
async fn no_fault_of_http_2_makes_the_client_repeat_what_the_server_has_read() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let steps = [
        // By its definition not processed; but a server that did read it is not taken at its word.
        Step::ResetStream(Reason::REFUSED_STREAM),
        Step::ResetStream(Reason::INTERNAL_ERROR),
        Step::ResetStream(Reason::CANCEL),
        Step::GoAway(Reason::NO_ERROR),
        Step::GoAway(Reason::INTERNAL_ERROR),
        Step::Close,
        Step::Truncate(json(200, login.success), 5),
    ];
    for step in steps {
        let server = Server::over(Wire::Http2).answering(Script::acting(step.clone())).await;
        let client = server.client_with(|builder| builder.retry(RetryPolicy::default()));
        let error = login.call(&client, &secrets).await.unwrap_err();
        assert_unknown(&error, &format!("{step:?}"));
        assert_eq!(server.entry(login, &secrets), Entry { received: 1, done: 1 }, "{step:?}");
    }
}

#[tokio::test]
async fn a_stream_that_a_goaway_leaves_out_is_in_doubt_and_repeated_only_where_nothing_changes() {
    let goaway = http2::goaway_before_the_first_stream(b"too busy");
    for endpoint in &ENDPOINTS {
        let turned_away = goaway.clone();
        let server = Server::over(Wire::Http2)
            .on_connection(move |number| (number == 0).then(|| turned_away.clone()))
            .answering(Script::acting(json(200, endpoint.success)))
            .await;
        let client = server.client_with(|builder| builder.retry(RetryPolicy::default()));
        let result = endpoint.call(&client, &Secrets::default()).await;
        match endpoint.repeats_lost_answers() {
            true => assert!(result.is_ok(), "{result:?}"),
            false => assert_unknown(&result.unwrap_err(), endpoint.name),
        }
        // No other connection, which the HTTP library would repeat it on if it were let.
        let connections = if endpoint.repeats_lost_answers() { 2 } else { 1 };
        assert_eq!(server.connections(), connections, "{}", endpoint.name);
    }
}

mod tls {
    use super::*;

    async fn failure(
        server: &Server,
        settings: fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Error {
        let client = Client::builder(KEY)
            .base_url(server.url())
            .retry(RetryPolicy::none())
            .http(|http| settings(http.no_proxy()));
        super::failure(&client.build().unwrap(), endpoint("login")).await
    }

    fn assert_not_accepted(error: Error, cause: &str) {
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_connect(), "{error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true));
        let told = message(error);
        // Another library of TLS is told no more than that.
        assert!(cfg!(not(feature = "rustls")) || told.ends_with(cause), "{told}");
    }

    #[tokio::test]
    async fn a_certificate_that_is_not_accepted_is_never_sent_and_told_as_that() {
        let setup = || Server::over(Wire::Http1OverTls);
        let answer = || Script::acting(json(200, endpoint("login").success));

        let unknown = setup().answering(answer()).await;
        let error = failure(&unknown, |http| http).await;
        assert_not_accepted(error, "the certificate's issuer is not trusted");
        assert!(unknown.requests().is_empty());

        for (certificate, cause) in [
            (Certificate::of("localhost").expired(), "the certificate has expired"),
            (Certificate::of("localhost").not_valid_yet(), "the certificate is not valid yet"),
            (Certificate::of("bizkithub.example"), "the certificate is for another name"),
        ] {
            let server = setup().certificate(certificate).answering(answer()).await;
            let error = super::failure(&server.client(), endpoint("login")).await;
            assert_not_accepted(error, cause);
            assert!(server.requests().is_empty());
        }
    }

    #[tokio::test]
    async fn a_server_that_gives_up_or_speaks_an_older_tls_is_never_sent_anything_and_told_as_that()
    {
        let alert = b"\x15\x03\x03\x00\x02\x02\x28".to_vec();
        // A ServerHello of TLS 1.1: a random of zeros, no session, a cipher, no compression.
        let mut hello = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02".to_vec();
        hello.extend([0; 32]);
        hello.extend(b"\x00\xc0\x13\x00");
        for (bytes, cause) in [
            (alert, "TLS: the other side gave up with the alert HandshakeFailure"),
            (hello, "TLS: no version or cipher in common"),
        ] {
            let script = Script::from(Step::Write(bytes)).then(Step::Hang);
            let server = Server::over(Wire::Http1).connecting(script).await;
            let client = Client::builder(KEY)
                .base_url(format!("https://localhost:{}", server.port))
                .retry(RetryPolicy::none())
                .http(|http| http.no_proxy());
            let error = super::failure(&client.build().unwrap(), endpoint("login")).await;
            assert_not_accepted(error, cause);
        }
    }

    #[tokio::test]
    async fn a_server_that_speaks_no_tls_is_never_sent_anything() {
        let server = Server::over(Wire::Http1)
            .connecting("garbage, and more than a record's head\r\n")
            .await;
        let client = Client::builder(KEY)
            .base_url(format!("https://localhost:{}", server.port))
            .retry(RetryPolicy::none())
            .http(|http| http.no_proxy());
        let error = super::failure(&client.build().unwrap(), endpoint("login")).await;
        assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    }

    #[tokio::test]
    async fn plain_http_is_refused_by_the_client_even_where_a_setting_allows_it() {
        let error = Client::builder(KEY).base_url("http://bizkithub.com").build().unwrap_err();
        assert!(error.to_string().contains("use https"), "{error}");
        let answer = Answer::new(302, "").header("location", "http://127.0.0.1:9/");
        let server = Server::over(Wire::Http1OverTls).answering(Script::refusing(answer)).await;
        let client = server.client_with(|builder| {
            builder
                .http(|http| http.redirect(reqwest::redirect::Policy::limited(5)).https_only(false))
        });
        let error = super::failure(&client, endpoint("login")).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(302), "{error:?}");
    }
}
