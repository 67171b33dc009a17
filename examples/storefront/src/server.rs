//! Accepts connections. `axum::serve` would do, but it has no time limit on the head of a request.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// The longest time for the head of a request. Without it, clients that send a byte now and then could hold every
/// connection that the system allows.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

pub async fn serve(listener: TcpListener, routes: Router) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                tokio::spawn(serve_connection(stream, peer, routes.clone()));
            }
            Err(error) => {
                // Too many open files, for instance: some of them will be closed soon.
                tracing::error!("cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

async fn serve_connection(stream: TcpStream, peer: SocketAddr, routes: Router) {
    let service = service_fn(|request: Request<Incoming>| respond(request, peer, routes.clone()));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!("a connection failed: {error}");
    }
}

async fn respond(
    mut request: Request<Incoming>,
    peer: SocketAddr,
    routes: Router,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(ConnectInfo(peer));
    routes.oneshot(request).await
}
