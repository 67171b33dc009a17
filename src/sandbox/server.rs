//! The HTTP server: accepts connections, and takes each request through the checks, the endpoint and the faults.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::customer::Customer;
use super::endpoint::Endpoint;
use super::fault::Fault;
use super::platform::Checked;
use super::recorded::{RecordedRequest, masked_key, recordable};
use super::reply::{Body, Reply};
use super::request::Request;
use super::rule::Call;
use super::state::Shared;
use super::{control, platform, spec};

/// A connection that sends no complete head within this time is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The way a response is sent.
#[derive(Default)]
struct Delivery {
    delay: Duration,
    is_dropped: bool,
    is_truncated: bool,
}

/// Serves until it is dropped, together with all of its connections.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, shared.clone()));
                }
                // If the process is out of file descriptors, the next connection that closes frees one.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // Without this, a response waits for the acknowledgment of its own first packet.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| respond(request, shared.clone()));
    // An error is malformed HTTP, a reset, or an injected fault. The client notices each of them.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Responds to a request. After an error, hyper closes the connection without a response.
async fn respond(
    request: http::Request<Incoming>,
    shared: Arc<Shared>,
) -> io::Result<Response<Body>> {
    let request = Request::read(request).await;
    if let Some(reply) = control::respond(&request, &shared) {
        return Ok(reply.into_response());
    }
    let mut delivery = Delivery::default();
    let checked = platform::check(&request, &shared);
    let rate_limit = checked.rate_limit.clone();
    let reply = process(&request, checked, &mut delivery, &shared);

    tokio::time::sleep(delivery.delay).await;
    if delivery.is_dropped {
        return Err(io::Error::other("a fault of the sandbox drops the connection"));
    }
    let mut response = match delivery.is_truncated {
        true => reply.into_truncated_response(),
        false => reply.into_response(),
    };
    response.headers_mut().extend(rate_limit);
    Ok(response)
}

/// Processes a request that the checks let through, and records it if it is for one of the API's own paths.
fn process(request: &Request, checked: Checked, delivery: &mut Delivery, shared: &Shared) -> Reply {
    let (mut query, mut body) = (json!({}), None);
    let reply = checked.result.and_then(|route| {
        query = request.recordable_query(&route);
        let decoded = request.decode(&route)?;
        body = recordable_body(route.endpoint, &decoded);
        Ok(run(route.endpoint, decoded, delivery, shared))
    });
    let reply = reply.unwrap_or_else(|rejection| rejection);
    if let Some(path) = checked.path {
        let recorded = RecordedRequest {
            method: request.head.method.clone(),
            path,
            query,
            api_key: masked_key(&checked.api_key),
            headers: recordable(&request.head.headers),
            body,
            status: (!delivery.is_dropped).then_some(reply.status.as_u16()),
            outcome: reply.outcome.clone(),
        };
        shared.record(recorded.clone());
        if let Some(observer) = &shared.settings.observer {
            observer(&recorded);
        }
    }
    reply
}

fn recordable_body(endpoint: &Endpoint, request: &Value) -> Option<Value> {
    let schema = endpoint.body_schema()?;
    let body = match endpoint.parameters() {
        [] => request,
        _ => spec::get(request, "body"),
    };
    spec::without_secrets(body, schema)
}

/// Runs the endpoint with the fault that was planned for this request, if any.
fn run(
    endpoint: &'static Endpoint,
    request: Value,
    delivery: &mut Delivery,
    shared: &Shared,
) -> Reply {
    let state = &mut *shared.state();
    let fault = state
        .take_fault(endpoint.facts)
        .or_else(|| Fault::of_address(&state.accounts.address_of(&request)?, endpoint.facts));
    let suffix = match fault.as_ref().map(|fault| &fault.fault) {
        Some(Fault::Platform(code)) => return Reply::platform_fault(code),
        Some(Fault::Html(status)) => return Reply::html(*status),
        Some(Fault::Slow(delay)) => {
            delivery.delay = *delay;
            ", slow"
        }
        Some(Fault::Dropped) => {
            delivery.is_dropped = true;
            ", dropped"
        }
        Some(Fault::Truncated) => {
            delivery.is_truncated = true;
            ", truncated"
        }
        Some(Fault::EndpointError(_)) | None => "",
    };
    let (settings, now) = (&shared.settings, state.clock.now());
    let customer = Customer { accounts: &mut state.accounts, settings, now };
    let error_status = settings.error_status;
    let mut reply = customer.respond(Call { endpoint, request, fault, error_status });
    reply.outcome += suffix;
    reply
}
