//! One network fault at a time: the client's error, and the server's ledger. Not covered: several faults in one call, which
//! `tests/chaos.rs` has.

use std::time::Duration;

use bizkithub::{Client, Error, Outcome, RetryPolicy};
use h2::Reason;

use crate::messages::message;
use crate::support::names::{FullBacklog, closed_port};
use crate::support::tls::Certificate;
use crate::support::{
    ENDPOINTS, Endpoint, Entry, KEY, Reply, Script, Secrets, Server, Step, Wire, endpoint, http2,
    json,
};

/// An error without a complete response, for a request that may have been sent.
fn assert_unknown(error: &Error, what: &str) {
    assert!(matches!(error, Error::Transport(_)), "{what}: {error:?}");
    assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false), "{what}");
    assert_eq!((error.code(), error.retry_after()), (None, None), "{what}");
}

async fn failure(client: &Client, endpoint: &Endpoint) -> Error {
    endpoint.call(client, &Secrets::default()).await.unwrap_err()
}

#[tokio::test]
async fn closed_port_is_not_sent_and_says_why() {
    let (_socket, url) = closed_port();
    let client = Client::builder(KEY).base_url(url).retry(RetryPolicy::none()).build().unwrap();
    for endpoint in &ENDPOINTS {
        let error = failure(&client, endpoint).await;
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true));
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_connect() && !transport.is_timeout());
        assert!(transport.detail().contains("tcp connect error"), "{}", transport.detail());
        let text = message(error);
        assert!(text.contains("Nothing was sent") && text.contains("Connection refused"), "{text}");
    }
}

#[tokio::test]
async fn dns_failure_is_not_sent() {
    let client = Client::builder(KEY).base_url("https://bizkithub.invalid");
    let client =
        client.retry(RetryPolicy::none()).configure_http(|http| http.no_proxy()).build().unwrap();
    let error = failure(&client, endpoint("login")).await;
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    let text = message(error);
    assert!(text.contains("could not connect: the host's name was not found."), "{text}");
}

#[tokio::test]
async fn connect_timeout_is_not_sent() {
    let host = FullBacklog::start().await;
    let client = Client::builder(KEY)
        .base_url(host.url())
        .retry(RetryPolicy::none())
        .connect_timeout(Duration::from_millis(300));
    let error = failure(&client.build().unwrap(), endpoint("login")).await;
    let Error::Transport(transport) = &error else { panic!("{error:?}") };
    assert!(transport.is_connect() && transport.is_timeout(), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    let text = message(error);
    assert!(text.contains("timed out while connecting. Nothing was sent"), "{text}");
}

#[tokio::test]
async fn rejected_proxy_tunnel_is_not_sent() {
    for (reply, cause) in [
        ("HTTP/1.1 403 Forbidden\r\n\r\n", "the proxy rejected the tunnel"),
        ("HTTP/1.1 407 Proxy\r\n\r\n", "the proxy requires credentials"),
        ("HTTP/1.1 200", "the proxy rejected the tunnel"),
    ] {
        let script = Script::without_effect(Step::Read(20)).then(reply).then(Step::Close);
        let proxy = Server::over(Wire::Http1).connecting(script).await;
        let through = reqwest::Proxy::https(proxy.url()).unwrap();
        let client = Client::builder(KEY).configure_http(|http| http.proxy(through));
        let client = client.retry(RetryPolicy::none()).build().unwrap();
        let error = failure(&client, endpoint("login")).await;
        assert_eq!((error.outcome(), proxy.connections()), (Outcome::NotSent, 1), "{error:?}");
        let text = message(error);
        assert!(text.contains(&format!("could not connect: {cause}.")), "{text}");
    }
}

#[tokio::test]
async fn unreachable_proxy_is_named() {
    let proxy = reqwest::Proxy::https("http://127.0.0.1:1").unwrap();
    let client = Client::builder(KEY).configure_http(|http| http.proxy(proxy));
    let client = client.retry(RetryPolicy::none()).build().unwrap();
    let error = failure(&client, endpoint("login")).await;
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    let text = message(error);
    assert!(text.contains("could not connect: the proxy is unreachable: Connection ref"), "{text}");
}

/// Without TLS, `tests/arbitrary-precision` has the same.
#[cfg(feature = "rustls")]
#[tokio::test]
async fn socks_proxy_without_the_feature_is_permanent() {
    let day = Duration::from_secs(86_400);
    for scheme in ["socks4", "socks4a", "socks5", "socks5h"] {
        for url in ["http://127.0.0.1:1", "https://bizkithub.com"] {
            let proxy = reqwest::Proxy::all(format!("{scheme}://127.0.0.1:1080")).unwrap();
            let client = Client::builder(KEY)
                .base_url(url)
                // A retry would be noticed.
                .retry(RetryPolicy::default().max_retries(10).initial_backoff(day).max_backoff(day))
                .timeout(100 * day)
                .configure_http(|http| http.proxy(proxy));
            let error = failure(&client.build().unwrap(), endpoint("login")).await;
            assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
            let text = message(error);
            let cause = "could not connect: a SOCKS proxy needs the feature socks of reqwest. Nothing was sent";
            assert!(text.ends_with(cause), "{scheme} {url}: {text}");
        }
    }
}

#[tokio::test]
async fn lost_connection_is_unknown() {
    let login = endpoint("login");
    for end in [Step::Reset, Step::Close] {
        for script in [
            Script::without_effect(end.clone()),
            Script::without_effect(Step::Read(100)).then(end.clone()),
        ] {
            let server = Server::over(Wire::Http1).connecting(script).await;
            assert_unknown(&failure(&server.client(), login).await, &format!("{end:?}"));
        }
        let server = Server::replying(Script::with_effect(end.clone())).await;
        assert_unknown(&failure(&server.client(), login).await, &format!("{end:?} after it"));
        let entry = server.entry(login, &Secrets::default());
        assert_eq!(entry, Entry { received: 1, done: 1 });
    }
}

#[tokio::test]
async fn truncated_response_is_unknown() {
    let login = endpoint("login");
    let whole = json(200, login.success).bytes();
    for length in 0..whole.len() {
        let script = Script::with_effect(Step::Write(whole[..length].to_vec())).then(Step::Close);
        let server = Server::replying(script).await;
        let error = failure(&server.client(), login).await;
        assert_unknown(&error, &format!("{length} bytes"));
        let head = whole.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        assert_eq!(error.status().is_some(), length >= head, "{length} bytes");
    }
}

#[tokio::test]
async fn timeout_of_http_settings_is_unknown() {
    let server = Server::replying(Script::with_effect(Step::Hang)).await;
    for settings in [
        |http: reqwest::ClientBuilder| http.read_timeout(Duration::from_millis(200)),
        |http: reqwest::ClientBuilder| http.timeout(Duration::from_millis(200)),
    ] {
        let client = server.client_with(|builder| builder.configure_http(settings));
        let error = failure(&client, endpoint("logout")).await;
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_timeout() && !transport.is_connect(), "{error:?}");
        assert_unknown(&error, "a read timeout");
        assert!(error.to_string().contains("timeout of the HTTP settings"), "{error}");
    }
}

#[tokio::test]
async fn call_timeout_is_unknown_and_keeps_the_status() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{";
    for (steps, status) in [(Step::Hang, None), (Step::Write(head.into()), Some(200))] {
        let server = Server::replying(Script::with_effect(steps).then(Step::Hang)).await;
        let client = server.client().with_timeout(Duration::from_millis(300));
        let error = failure(&client, endpoint("reset-password")).await;
        assert_unknown(&error, "the timeout");
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_timeout() && !transport.is_connect(), "{error:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), status);
        assert!(error.to_string().contains("timed out after 300ms"), "{error}");
    }
}

/// On a `current_thread` runtime, such a flood can delay the timeout: see "Timeouts" in `src/outcomes.md`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flood_without_a_response_ends_at_the_timeout() {
    let continues = "HTTP/1.1 100 Continue\r\n\r\n".repeat(20_000);
    let chunk = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_owned();
    for (start, flood) in [(String::new(), continues), (chunk, "0".repeat(500_000))] {
        let script = Script::with_effect(start).then(&*flood).then(Step::Hang);
        let server = Server::replying(script).await;
        let client = server.client().with_timeout(Duration::from_millis(500));
        assert_unknown(&failure(&client, endpoint("login")).await, &flood[..20]);
    }
}

#[tokio::test]
async fn reading_stops_at_the_size_limit() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"success\":true";
    let server = Server::replying(Script::with_effect(head).then(Step::Hang)).await;
    let client = server.client_with(|builder| builder.max_response_size(10));
    let error = failure(&client, endpoint("login")).await;
    assert!(matches!(error, Error::UnexpectedResponse(_)), "{error:?}");
    assert!(error.to_string().contains("longer than 10 bytes"), "{error}");
}

#[tokio::test]
async fn closed_idle_connection_is_replaced() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let reply = Script::with_effect(json(200, login.success)).then(Step::Close);
    let server = Server::replying(reply).await;
    let client = server.client();
    for calls in 1..=3 {
        login.call(&client, &secrets).await.unwrap();
        assert_eq!((server.requests().len(), server.connections()), (calls, calls));
        // The end of the connection has time to arrive.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn canceled_call_leaves_the_client_usable() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = Server::over(Wire::Http1)
        .serving(|_, before| match before {
            0 => Script::with_effect(Step::Hang),
            _ => Script::with_effect(json(200, endpoint("login").success)),
        })
        .await;
    let client = server.client();
    let call = login.call(&client, &secrets);
    tokio::time::timeout(Duration::from_millis(200), call).await.unwrap_err();
    login.call(&client, &secrets).await.unwrap();
}

#[tokio::test]
async fn every_endpoint_works_over_every_protocol() {
    for wire in Wire::ALL {
        for endpoint in &ENDPOINTS {
            let server =
                Server::over(wire).replying(Script::with_effect(json(200, endpoint.success)));
            let server = server.await;
            endpoint.call(&server.client(), &Secrets::default()).await.unwrap();
            let version = server.request().version().to_owned();
            assert_eq!(version == "HTTP/2", wire.is_http2(), "{wire:?}");
        }
    }
}

#[tokio::test]
async fn http2_faults_never_resend_a_received_request() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let steps = [
        // It should mean that the request was not processed, but a server may be wrong.
        Step::ResetStream(Reason::REFUSED_STREAM), // prose: allow
        Step::ResetStream(Reason::INTERNAL_ERROR),
        Step::ResetStream(Reason::CANCEL),
        Step::GoAway(Reason::NO_ERROR),
        Step::GoAway(Reason::INTERNAL_ERROR),
        Step::Close,
        Step::Truncate(json(200, login.success), 5),
    ];
    for step in steps {
        let server = Server::over(Wire::Http2).replying(Script::with_effect(step.clone())).await;
        let client = server.client_with(|builder| builder.retry(RetryPolicy::default()));
        let error = login.call(&client, &secrets).await.unwrap_err();
        assert_unknown(&error, &format!("{step:?}"));
        assert_eq!(server.entry(login, &secrets), Entry { received: 1, done: 1 }, "{step:?}");
    }
}

#[tokio::test]
async fn goaway_is_unknown_and_retried_if_idempotent() {
    let goaway = http2::goaway_before_the_first_stream(b"too busy");
    for endpoint in &ENDPOINTS {
        let goaway = goaway.clone();
        let server = Server::over(Wire::Http2)
            .on_connection(move |number| (number == 0).then(|| goaway.clone()))
            .replying(Script::with_effect(json(200, endpoint.success)))
            .await;
        let client = server.client_with(|builder| builder.retry(RetryPolicy::default()));
        let result = endpoint.call(&client, &Secrets::default()).await;
        match endpoint.is_idempotent {
            true => assert!(result.is_ok(), "{result:?}"),
            false => assert_unknown(&result.unwrap_err(), endpoint.name()),
        }
        // The HTTP library must not retry on another connection, although it could.
        let connections = if endpoint.is_idempotent { 2 } else { 1 };
        assert_eq!(server.connections(), connections, "{}", endpoint.name());
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
            .configure_http(|http| settings(http.no_proxy()));
        super::failure(&client.build().unwrap(), endpoint("login")).await
    }

    fn assert_not_accepted(error: Error, cause: &str) {
        let Error::Transport(transport) = &error else { panic!("{error:?}") };
        assert!(transport.is_connect(), "{error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true));
        let text = message(error);
        // The causes of another TLS library are unknown.
        let expected = format!("could not connect: {cause}.");
        assert!(cfg!(not(feature = "rustls")) || text.contains(&expected), "{text}");
    }

    #[tokio::test]
    async fn rejected_certificate_is_not_sent_and_says_why() {
        let setup = || Server::over(Wire::Http1OverTls);
        let reply = || Script::with_effect(json(200, endpoint("login").success));

        let unknown = setup().replying(reply()).await;
        let error = failure(&unknown, |http| http).await;
        assert_not_accepted(error, "the certificate's issuer is not trusted");
        assert!(unknown.requests().is_empty());

        for (certificate, cause) in [
            (Certificate::of("localhost").expired(), "the certificate has expired"),
            (Certificate::of("localhost").not_valid_yet(), "the certificate is not valid yet"),
            (Certificate::of("bizkithub.example"), "the certificate is for another name"),
        ] {
            let server = setup().certificate(certificate).replying(reply()).await;
            let error = super::failure(&server.client(), endpoint("login")).await;
            assert_not_accepted(error, cause);
            assert!(server.requests().is_empty());
        }
    }

    #[tokio::test]
    async fn failed_tls_handshake_is_not_sent_and_says_why() {
        let alert = b"\x15\x03\x03\x00\x02\x02\x28".to_vec();
        // A ServerHello of TLS 1.1: a random of zeros, no session, a cipher, no compression.
        let mut hello = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02".to_vec();
        hello.extend([0; 32]);
        hello.extend(b"\x00\xc0\x13\x00");
        for (bytes, cause) in [
            (alert, "TLS: the server ended the handshake with the alert HandshakeFailure"),
            (hello, "TLS: the server supports no common version or cipher"),
        ] {
            let script = Script::from(Step::Write(bytes)).then(Step::Hang);
            let server = Server::over(Wire::Http1).connecting(script).await;
            let client = Client::builder(KEY)
                .base_url(format!("https://localhost:{}", server.port))
                .retry(RetryPolicy::none())
                .configure_http(|http| http.no_proxy());
            let error = super::failure(&client.build().unwrap(), endpoint("login")).await;
            assert_not_accepted(error, cause);
        }
    }

    #[tokio::test]
    async fn server_without_tls_is_not_sent_anything() {
        let server = Server::over(Wire::Http1)
            .connecting("garbage, and more than a record's head\r\n")
            .await;
        let client = Client::builder(KEY)
            .base_url(format!("https://localhost:{}", server.port))
            .retry(RetryPolicy::none())
            .configure_http(|http| http.no_proxy());
        let error = super::failure(&client.build().unwrap(), endpoint("login")).await;
        assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    }

    #[tokio::test]
    async fn plain_http_stays_off_despite_http_settings() {
        let error = Client::builder(KEY).base_url("http://bizkithub.com").build().unwrap_err();
        assert!(error.to_string().contains("use https"), "{error}");
        let reply = Reply::new(302, "").header("location", "http://127.0.0.1:9/");
        let server = Server::over(Wire::Http1OverTls).replying(Script::without_effect(reply)).await;
        let client = server.client_with(|builder| {
            builder.configure_http(|http| {
                http.redirect(reqwest::redirect::Policy::limited(5)).https_only(false)
            })
        });
        let error = super::failure(&client, endpoint("login")).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(302), "{error:?}");
    }
}
