//! HTTP/2, its own faults among them. Not covered: TLS, which `tests/tls.rs` has.

#[allow(dead_code)]
mod hostile;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bizkithub::{Client, Error, Outcome};
use bytes::Bytes;
use h2::Reason;
use hostile::{KEY, SUCCESS, request};
use tokio::net::TcpListener;

#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    /// Resets the stream, after its request was read.
    Reset(Reason),
    /// Ends the connection without an answer.
    GoAway(Reason),
    /// Breaks the answer off in the middle.
    Truncate,
}

/// A server that does the same with every request, and how many it received.
async fn server(fault: Fault) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = Arc::<AtomicUsize>::default();
    let counted = received.clone();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(stream, fault, counted.clone()));
        }
    });
    (url, received)
}

async fn serve(stream: tokio::net::TcpStream, fault: Fault, received: Arc<AtomicUsize>) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        assert!(request.uri().query().unwrap().contains(KEY));
        received.fetch_add(1, Ordering::SeqCst);
        let response = http::Response::builder().status(200).body(()).unwrap();
        match fault {
            Fault::None => {
                let mut body = respond.send_response(response, false).unwrap();
                body.send_data(Bytes::from_static(SUCCESS.as_bytes()), true).unwrap();
            }
            Fault::Reset(reason) => respond.send_reset(reason),
            Fault::GoAway(reason) => connection.abrupt_shutdown(reason),
            Fault::Truncate => {
                let mut body = respond.send_response(response, false).unwrap();
                body.send_data(Bytes::from_static(&SUCCESS.as_bytes()[..10]), false).unwrap();
                body.send_reset(Reason::INTERNAL_ERROR);
            }
        }
    }
}

async fn call(fault: Fault) -> (Result<(), Error>, usize) {
    let (url, received) = server(fault).await;
    let client = Client::builder(KEY)
        .base_url(url)
        .timeout(Duration::from_secs(20))
        .http(|http| http.http2_prior_knowledge())
        .build()
        .unwrap();
    let result = client.register_account(&request("jan@barasek.com")).await.map(drop);
    (result, received.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_call_over_http_2_succeeds() {
    let (result, received) = call(Fault::None).await;
    result.unwrap();
    assert_eq!(received, 1);
}

#[tokio::test]
async fn no_fault_of_http_2_makes_the_client_repeat_what_the_server_has_read() {
    let faults = [
        // By its definition not processed; but a server that did read it is not taken at its word.
        Fault::Reset(Reason::REFUSED_STREAM),
        Fault::Reset(Reason::INTERNAL_ERROR),
        Fault::Reset(Reason::CANCEL),
        Fault::GoAway(Reason::NO_ERROR),
        Fault::GoAway(Reason::INTERNAL_ERROR),
        Fault::Truncate,
    ];
    for fault in faults {
        let (result, received) = call(fault).await;
        let error = result.unwrap_err();
        assert_eq!(received, 1, "{fault:?}");
        assert!(matches!(error, Error::Transport(_)), "{fault:?}: {error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false), "{fault:?}");
        assert!(!format!("{error:?}{error}").contains(KEY), "{fault:?}");
    }
}
