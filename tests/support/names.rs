//! A DNS resolver under a test's control, and addresses without a server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// The address of the tests' servers.
pub const SERVER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 1));
/// A loopback address without a listener, so every connection to it fails.
pub const CLOSED: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// Resolves every name by `address`, which gets the number of the lookup.
pub struct Names<F> {
    address: F,
    lookups: AtomicUsize,
}

impl<F> Names<F>
where
    F: Fn(usize) -> Option<IpAddr> + Send + Sync + 'static,
{
    pub fn new(address: F) -> Arc<Self> {
        Arc::new(Self { address, lookups: AtomicUsize::new(0) })
    }

    pub fn lookups(&self) -> usize {
        self.lookups.load(Ordering::SeqCst)
    }
}

impl<F> Resolve for Names<F>
where
    F: Fn(usize) -> Option<IpAddr> + Send + Sync + 'static,
{
    fn resolve(&self, _: Name) -> Resolving {
        let address = (self.address)(self.lookups.fetch_add(1, Ordering::SeqCst));
        // The port comes from the URL.
        let addresses = address.into_iter().map(|address| SocketAddr::new(address, 0));
        let addresses: Addrs = Box::new(addresses);
        Box::pin(async move { Ok(addresses) })
    }
}

/// A port that is bound but has no listener, so every connection to it fails.
pub fn closed_port() -> (TcpSocket, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    (socket, url)
}

/// A listener whose backlog is full: a connection attempt gets no response.
pub struct FullBacklog {
    listener: TcpListener,
    _queue: Vec<TcpStream>,
}

impl FullBacklog {
    pub async fn start() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let connecting = (0..8).map(|_| {
            tokio::spawn(tokio::time::timeout(
                Duration::from_millis(200),
                TcpStream::connect(address),
            ))
        });
        let mut queue = Vec::new();
        for connection in connecting.collect::<Vec<_>>() {
            if let Ok(Ok(connection)) = connection.await.unwrap() {
                queue.push(connection);
            }
        }
        Self { listener, _queue: queue }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }
}
