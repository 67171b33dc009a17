//! A hostile server over real sockets, with a ledger of what it received and what it registered. A test tells it, for
//! each connection or each request, what to do by a script.

mod ledger;
pub mod many;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bizkithub::{Client, ClientBuilder, RegisterAccountRequest, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

pub use ledger::{Entry, Ledger};

pub const KEY: &str = "PROD0123456789abcdefghijABCDEFGH";
pub const SUCCESS: &str = r#"{"success":true,"data":{"message":"Example response"}}"#;

/// What the server does with a request, or with a connection.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// Whether the account is registered before the first step.
    pub registers: bool,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug)]
pub enum Step {
    Write(Vec<u8>),
    Pause(Duration),
    /// Never goes on; the client has to give up.
    Hang,
    /// Closes the connection in good order.
    Close,
    /// Resets the connection.
    Reset,
    /// Reads up to this many bytes of what the client sends.
    Read(usize),
}

impl Script {
    /// Registers and answers, byte by byte as given; the connection stays open.
    pub fn registering(answer: impl Into<Vec<u8>>) -> Self {
        Self { registers: true, steps: vec![Step::Write(answer.into())] }
    }

    /// Answers without registering.
    pub fn refusing(answer: impl Into<Vec<u8>>) -> Self {
        Self { registers: false, steps: vec![Step::Write(answer.into())] }
    }

    pub fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

type OnConnection = dyn Fn(usize) -> Option<Script> + Send + Sync;
type OnRequest = dyn Fn(&str, usize) -> Script + Send + Sync;

struct Shared {
    ledger: Ledger,
    connections: AtomicUsize,
    on_connection: Box<OnConnection>,
    on_request: Box<OnRequest>,
}

pub struct Hostile {
    pub port: u16,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

impl Hostile {
    /// Does the same with every request.
    pub async fn answering(script: Script) -> Self {
        Self::start(|_| None, move |_, _| script.clone()).await
    }

    /// Does the same with every connection, whatever comes over it.
    pub async fn connecting(script: Script) -> Self {
        Self::start(move |_| Some(script.clone()), |_, _| Script::default()).await
    }

    /// `on_connection` gets the number of a connection and may take it over; `on_request` gets an address and how often
    /// it was received before.
    pub async fn start(
        on_connection: impl Fn(usize) -> Option<Script> + Send + Sync + 'static,
        on_request: impl Fn(&str, usize) -> Script + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            ledger: Ledger::default(),
            connections: AtomicUsize::new(0),
            on_connection: Box::new(on_connection),
            on_request: Box::new(on_request),
        });
        let serving = shared.clone();
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    accepted = listener.accept() => {
                        connections.spawn(serve(accepted.unwrap().0, serving.clone()));
                    }
                    Some(_) = connections.join_next() => {}
                }
            }
        });
        Self { port, shared, accepting }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn client(&self) -> Client {
        self.client_with(|builder| builder)
    }

    /// A client that repeats nothing and waits for two seconds, unless told otherwise.
    pub fn client_with<'a>(
        &self,
        settings: impl FnOnce(ClientBuilder) -> ClientBuilder + 'a,
    ) -> Client {
        let builder = Client::builder(KEY)
            .base_url(self.url())
            .retry(RetryPolicy::none())
            .timeout(Duration::from_secs(2));
        settings(builder).build().unwrap()
    }

    pub fn ledger(&self) -> &Ledger {
        &self.shared.ledger
    }

    pub fn entry(&self, email: &str) -> Entry {
        self.ledger().entry(email)
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The seed of random faults: the environment's, or a new one; printed, so that a failure can be replayed.
pub fn seed() -> u64 {
    let seed = std::env::var("BIZKITHUB_CHAOS_SEED").ok();
    let seed = seed.map_or_else(rand::random, |seed| seed.parse().unwrap());
    println!("BIZKITHUB_CHAOS_SEED={seed}");
    seed
}

pub fn request(email: &str) -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email(email).password("example_password").build()
}

/// An answer with a right `content-length`.
pub fn answer(status: u16, body: &str) -> String {
    answer_with(status, "", body)
}

/// `headers` are whole lines, each with its line end.
pub fn answer_with(status: u16, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} Reason\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let number = shared.connections.fetch_add(1, Ordering::SeqCst);
    if let Some(script) = (shared.on_connection)(number) {
        // It went out, whatever becomes of it.
        let _ = run(&mut stream, &script.steps).await;
        return;
    }
    let mut buffer = Vec::new();
    while let Some(email) = read_request(&mut stream, &mut buffer).await {
        let script = shared.ledger.enter(&email, |before| {
            let script = (shared.on_request)(&email, before);
            (script.registers, script)
        });
        if run(&mut stream, &script.steps).await.is_err() {
            return;
        }
    }
}

/// An error ends the connection.
async fn run(stream: &mut TcpStream, steps: &[Step]) -> Result<(), ()> {
    for step in steps {
        match step {
            Step::Write(bytes) => stream.write_all(bytes).await.map_err(drop)?,
            Step::Pause(pause) => tokio::time::sleep(*pause).await,
            Step::Hang => std::future::pending().await,
            Step::Close => {
                let _ = stream.shutdown().await;
                return Err(());
            }
            Step::Reset => {
                // Closing with unsent data and no time to linger sends a reset instead of an end.
                stream.set_zero_linger().map_err(drop)?;
                return Err(());
            }
            Step::Read(most) => {
                let mut bytes = vec![0; *most];
                stream.read(&mut bytes).await.map_err(drop)?;
            }
        }
    }
    Ok(())
}

/// The address in a request's body.
pub fn email_of(body: &[u8]) -> String {
    let json: serde_json::Value = serde_json::from_slice(body).unwrap();
    json["email"].as_str().unwrap().to_owned()
}

/// The address of the next request, once it has come whole; `None` if the connection ends before.
async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(buffer);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
            let length: usize = length.parse().unwrap();
            if body.len() >= length {
                let email = email_of(&body.as_bytes()[..length]);
                let taken = head.len() + "\r\n\r\n".len() + length;
                buffer.drain(..taken);
                return Some(email);
            }
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}
