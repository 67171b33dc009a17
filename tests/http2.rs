//! HTTP/2, its own faults among them: one by one, and at random while others share the connection.
//! `BIZKITHUB_CHAOS_SEED=… cargo test --test http2` replays the random ones (not their interleaving). Not covered: TLS,
//! which `tests/tls.rs` has.

#[allow(dead_code)]
mod hostile;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bizkithub::{Client, Error, Outcome, RetryPolicy};
use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use hostile::{KEY, Ledger, SUCCESS, email_of, many, request};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

const REFUSAL: &str = r#"{"success":false,"errorCode":"E002"}"#;
const TURNED_AWAY: &str = r#"{"error":{"code":"INTERNAL_TOO_MANY_REQUESTS","message":"Later."}}"#;

/// What the server does with a request that it has read.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Answer(u16, &'static str),
    /// Resets the stream.
    Reset(Reason),
    /// Ends the connection, and every stream of it, without an answer.
    GoAway(Reason),
    /// Answers, and lets the connection end once all of its streams have.
    AnswerAndRetire,
    /// Closes the connection's socket.
    Disconnect,
    /// Breaks the answer off in the middle.
    Truncate,
    /// Never answers.
    Hang,
}

/// Whether the account is registered, and what happens then.
type OnRequest = dyn Fn(usize) -> (bool, Deed) + Send + Sync;

/// A server, and what it received and registered.
struct Server {
    url: String,
    shared: Arc<Shared>,
}

struct Shared {
    ledger: Ledger,
    requests: AtomicUsize,
    connections: AtomicUsize,
    on_request: Box<OnRequest>,
}

impl Server {
    /// `on_request` gets the number of a request.
    async fn start(on_request: impl Fn(usize) -> (bool, Deed) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            ledger: Ledger::default(),
            requests: AtomicUsize::new(0),
            connections: AtomicUsize::new(0),
            on_request: Box::new(on_request),
        });
        let serving = shared.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                serving.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, serving.clone()));
            }
        });
        Self { url, shared }
    }

    fn client(&self, timeout: Duration, retry: RetryPolicy) -> Client {
        Client::builder(KEY)
            .base_url(self.url.as_str())
            .timeout(timeout)
            .retry(retry)
            .http(|http| http.http2_prior_knowledge())
            .build()
            .unwrap()
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    let (to_connection, mut of_streams) = mpsc::unbounded_channel();
    loop {
        tokio::select! {
            accepted = connection.accept() => match accepted {
                Some(Ok((request, respond))) => {
                    assert!(request.uri().query().unwrap().contains(KEY));
                    let to_connection = to_connection.clone();
                    let shared = shared.clone();
                    tokio::spawn(async move {
                        // An error is a connection that another stream has ended.
                        let _ = handle(request.into_body(), respond, &to_connection, &shared).await;
                    });
                }
                Some(Err(_)) | None => return,
            },
            Some(deed) = of_streams.recv() => match deed {
                Deed::GoAway(reason) => connection.abrupt_shutdown(reason),
                Deed::AnswerAndRetire => connection.graceful_shutdown(),
                _ => return,
            },
        }
    }
}

async fn handle(
    mut body: RecvStream,
    mut respond: SendResponse<Bytes>,
    to_connection: &mpsc::UnboundedSender<Deed>,
    shared: &Shared,
) -> Result<(), h2::Error> {
    let mut json = Vec::new();
    while let Some(chunk) = body.data().await {
        json.extend_from_slice(&chunk?);
    }
    let number = shared.requests.fetch_add(1, Ordering::SeqCst);
    let deed = shared.ledger.enter(&email_of(&json), |_| (shared.on_request)(number));

    let head = |status: u16| http::Response::builder().status(status).body(()).unwrap();
    match deed {
        Deed::Answer(status, body) => {
            respond.send_response(head(status), false)?.send_data(body.into(), true)?;
        }
        Deed::Reset(reason) => respond.send_reset(reason),
        Deed::AnswerAndRetire => {
            respond.send_response(head(200), false)?.send_data(SUCCESS.into(), true)?;
            let _ = to_connection.send(deed);
        }
        Deed::GoAway(_) | Deed::Disconnect => {
            let _ = to_connection.send(deed);
            // Dropping the stream would reset it first.
            std::future::pending().await
        }
        Deed::Truncate => {
            let mut body = respond.send_response(head(200), false)?;
            body.send_data(SUCCESS[..10].into(), false)?;
            body.send_reset(Reason::INTERNAL_ERROR);
        }
        Deed::Hang => std::future::pending().await,
    }
    Ok(())
}

async fn call(deed: Deed) -> (Result<(), Error>, usize) {
    let server = Server::start(move |_| (true, deed)).await;
    let client = server.client(Duration::from_secs(20), RetryPolicy::default());
    let result = client.register_account(&request("jan@barasek.com")).await.map(drop);
    (result, server.shared.ledger.entry("jan@barasek.com").received)
}

#[tokio::test]
async fn a_call_over_http_2_succeeds() {
    let (result, received) = call(Deed::Answer(200, SUCCESS)).await;
    result.unwrap();
    assert_eq!(received, 1);
}

#[tokio::test]
async fn no_fault_of_http_2_makes_the_client_repeat_what_the_server_has_read() {
    let deeds = [
        // By its definition not processed; but a server that did read it is not taken at its word.
        Deed::Reset(Reason::REFUSED_STREAM),
        Deed::Reset(Reason::INTERNAL_ERROR),
        Deed::Reset(Reason::CANCEL),
        Deed::GoAway(Reason::NO_ERROR),
        Deed::GoAway(Reason::INTERNAL_ERROR),
        Deed::Disconnect,
        Deed::Truncate,
    ];
    for deed in deeds {
        let (result, received) = call(deed).await;
        let error = result.unwrap_err();
        assert_eq!(received, 1, "{deed:?}");
        assert!(matches!(error, Error::Transport(_)), "{deed:?}: {error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false), "{deed:?}");
        assert!(!format!("{error:?}{error}").contains(KEY), "{deed:?}");
    }
}

fn random_deed(random: &mut StdRng) -> (bool, Deed) {
    let reasons =
        [Reason::NO_ERROR, Reason::INTERNAL_ERROR, Reason::REFUSED_STREAM, Reason::CANCEL];
    let reason = *reasons.choose(random).unwrap();
    let registers = random.random();
    match random.random_range(0..200) {
        0..=99 => (true, Deed::Answer(200, SUCCESS)),
        100..=119 => (false, Deed::Answer(404, REFUSAL)),
        120..=139 => (false, Deed::Answer(429, TURNED_AWAY)),
        140..=149 => (registers, Deed::Answer(502, "<html></html>")),
        150..=169 => (registers, Deed::Reset(reason)),
        170..=179 => (true, Deed::Truncate),
        180..=185 => (true, Deed::AnswerAndRetire),
        186..=191 => (registers, Deed::GoAway(reason)),
        192..=195 => (registers, Deed::Disconnect),
        _ => (registers, Deed::Hang),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn streams_that_share_a_broken_connection_are_not_registered_twice_and_say_the_truth() {
    const CALLS: usize = 4_000;
    const CALLERS: usize = 32;
    let seed = hostile::seed();
    let server = Server::start(move |number| {
        random_deed(&mut StdRng::seed_from_u64(seed.wrapping_add(number as u64)))
    })
    .await;
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(5));
    let client = server.client(Duration::from_secs(1), retry);

    let called = many::calls(vec![client], CALLS, CALLERS).await;
    let tally = many::tally(&called, &server.shared.ledger, seed);
    println!("{tally:?}, {} connections", server.shared.connections.load(Ordering::SeqCst));
    for outcome in ["Ok", "Refused", "Unknown"] {
        assert!(tally.get(outcome).is_some_and(|count| *count > CALLS / 50), "{tally:?}");
    }
}
