use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bizkithub::{Client, ClientBuilder, RetryPolicy};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::tls::Certificate;
use super::{Endpoint, Entry, KEY, Ledger, Recorded, Script, Secrets, http1, http2};

/// The protocol between client and server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    Http1,
    Http2,
    Http1OverTls,
    Http2OverTls,
}

impl Wire {
    pub const ALL: [Self; 4] = [Self::Http1, Self::Http2, Self::Http1OverTls, Self::Http2OverTls];

    pub fn is_http2(self) -> bool {
        matches!(self, Self::Http2 | Self::Http2OverTls)
    }

    fn is_tls(self) -> bool {
        matches!(self, Self::Http1OverTls | Self::Http2OverTls)
    }
}

/// A server on a real socket that follows a script. It records every request as it arrived, and keeps a ledger of what it
/// received and did. It stops when it is dropped.
pub struct Server {
    pub port: u16,
    wire: Wire,
    certificate: Option<Certificate>,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

/// A server that has yet to start.
pub struct Setup {
    wire: Wire,
    address: &'static str,
    certificate: Option<Certificate>,
    on_connection: Box<OnConnection>,
}

type OnConnection = dyn Fn(usize) -> Option<Script> + Send + Sync;
type OnRequest = dyn Fn(&Recorded, usize) -> Script + Send + Sync;

pub struct Shared {
    ledger: Ledger,
    requests: Mutex<Vec<Recorded>>,
    connections: AtomicUsize,
    on_connection: Box<OnConnection>,
    on_request: Box<OnRequest>,
}

impl Shared {
    pub fn enter(&self, request: Recorded) -> Script {
        let script = self.ledger.enter(&request.call(), |before| {
            let script = (self.on_request)(&request, before);
            (script.has_effect, script)
        });
        self.requests.lock().unwrap().push(request);
        script
    }
}

impl Setup {
    /// The address to listen on; by default, a free port of 127.0.0.1.
    pub fn at(mut self, address: &'static str) -> Self {
        self.address = address;
        self
    }

    /// The certificate to present; by default, one for `localhost`.
    pub fn certificate(mut self, certificate: Certificate) -> Self {
        self.certificate = Some(certificate);
        self
    }

    /// `script` gets the number of a connection, and may take it over before anything is read.
    pub fn on_connection(
        mut self,
        script: impl Fn(usize) -> Option<Script> + Send + Sync + 'static,
    ) -> Self {
        self.on_connection = Box::new(script);
        self
    }

    /// Starts, and follows the same script on every connection.
    pub async fn connecting(self, script: impl Into<Script>) -> Server {
        let script = script.into();
        self.on_connection(move |_| Some(script.clone())).replying(Script::default()).await
    }

    /// Starts, and follows the same script for every request.
    pub async fn replying(self, script: impl Into<Script>) -> Server {
        let script = script.into();
        self.serving(move |_, _| script.clone()).await
    }

    /// Starts. `on_request` gets a request, and the number of times its call was received before.
    pub async fn serving(
        self,
        on_request: impl Fn(&Recorded, usize) -> Script + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            ledger: Ledger::default(),
            requests: Mutex::default(),
            connections: AtomicUsize::new(0),
            on_connection: self.on_connection,
            on_request: Box::new(on_request),
        });
        let certificate = self
            .wire
            .is_tls()
            .then(|| self.certificate.unwrap_or_else(|| Certificate::of("localhost")));
        let protocol = if self.wire.is_http2() { "h2" } else { "http/1.1" };
        let tls = certificate.as_ref().map(|certificate| certificate.acceptor(&[protocol]));
        let accepting = tokio::spawn(accept(listener, self.wire, tls, shared.clone()));
        Server { port, wire: self.wire, certificate, shared, accepting }
    }
}

async fn accept(listener: TcpListener, wire: Wire, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted.unwrap();
                stream.set_nodelay(true).unwrap();
                let number = shared.connections.fetch_add(1, Ordering::SeqCst);
                let (tls, shared) = (tls.clone(), shared.clone());
                connections.spawn(async move {
                    match tls {
                        None => serve(stream, number, wire, shared).await,
                        Some(tls) => {
                            let Ok(stream) = tls.accept(stream).await else { return };
                            serve(stream, number, wire, shared).await;
                        }
                    }
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(mut stream: impl Socket, number: usize, wire: Wire, shared: Arc<Shared>) {
    if let Some(script) = (shared.on_connection)(number) {
        // An error is a connection that the client closed. It ends here in any case.
        let _ = http1::run(&mut stream, &script).await;
    } else if wire.is_http2() {
        http2::serve(stream, shared).await;
    } else {
        let _ = http1::serve(stream, &shared).await;
    }
}

/// A connection, plain or TLS.
pub trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

impl Server {
    pub fn over(wire: Wire) -> Setup {
        let on_connection = Box::new(|_| None);
        Setup { wire, address: "127.0.0.1:0", certificate: None, on_connection }
    }

    /// An HTTP/1 server that follows the same script for every request.
    pub async fn replying(script: impl Into<Script>) -> Self {
        Self::over(Wire::Http1).replying(script).await
    }

    pub fn url(&self) -> String {
        let scheme = if self.wire.is_tls() { "https" } else { "http" };
        // The certificate's name.
        let host = if self.wire.is_tls() { "localhost" } else { "127.0.0.1" };
        format!("{scheme}://{host}:{}", self.port)
    }

    /// Settings for a client that connects to this server, trusts it, never retries and has plenty of time.
    pub fn builder(&self, key: &str) -> ClientBuilder {
        let builder = Client::builder(key)
            .base_url(self.url())
            .retry(RetryPolicy::none())
            .timeout(Duration::from_secs(60))
            .connect_timeout(Duration::from_secs(20))
            .configure_http(|http| http.no_proxy());
        let builder = match &self.certificate {
            Some(certificate) => {
                builder.configure_http(|http| http.tls_certs_only([certificate.root()]))
            }
            None => builder,
        };
        match self.wire {
            Wire::Http2 => builder.configure_http(|http| http.http2_prior_knowledge()),
            _ => builder,
        }
    }

    pub fn client(&self) -> Client {
        self.client_with(|builder| builder)
    }

    pub fn client_with(&self, settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        settings(self.builder(KEY)).build().unwrap()
    }

    /// The requests so far, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The one request so far.
    pub fn request(&self) -> Recorded {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "not one request: {requests:#?}");
        requests.into_iter().next().unwrap()
    }

    /// The ledger's entry for a customer's call.
    pub fn entry(&self, endpoint: &Endpoint, secrets: &Secrets) -> Entry {
        self.shared.ledger.entry(&endpoint.call_of(secrets))
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
