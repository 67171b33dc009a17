//! A request's way through the sandbox.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::accounts::Accounts;
use super::builder::Settings;
use super::clock::Clock;
use super::customer::Customer;
use super::fault::Demand;
use super::keys::Keys;
use super::quota::{Allowance, Quotas};
use super::recorded::{RecordedRequest, masked_key, without_credentials, without_secrets};
use super::reply::{Body, Reply, rate_limit, truncated};
use super::request::{self, Query};
use super::rule::Call;
use super::{Fault, PlatformFault, control, endpoint};
use crate::call::Operation;

/// A connection that sends no complete head within this time is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How many requests are kept for `requests()`; older ones are forgotten, so that a load test does not fill memory.
const RECORDED: usize = 10_000;
/// The platform's example of `Retry-After`, in seconds.
const RETRY_AFTER: u64 = 3600;

/// What all connections share.
pub(super) struct Shared {
    state: Mutex<State>,
    settings: Settings,
}

pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) accounts: Accounts,
    pub(super) quotas: Quotas,
    pub(super) keys: Keys,
    /// Each for the next request of its endpoint, or of any.
    pub(super) faults: VecDeque<(Option<&'static Operation>, Fault)>,
    pub(super) recorded: VecDeque<RecordedRequest>,
}

/// What is to happen to an answer on its way out.
#[derive(Default)]
struct Delivery {
    delay: Duration,
    broken: Option<Fault>,
}

impl Shared {
    pub(super) fn new(state: State, settings: Settings) -> Self {
        Self { state: Mutex::new(state), settings }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until it is dropped, together with all its connections.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, shared.clone()));
                }
                // Out of file descriptors, say: the next connection that closes frees one.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // Without it, an answer waits for the acknowledgement of its own first packet.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, shared.clone()));
    // A connection that fails is the client's to notice: malformed HTTP, a reset, a fault that was asked for.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Answers a request. An error makes hyper close the connection without an answer.
async fn answer(request: Request<Incoming>, shared: Arc<Shared>) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let query = Query::of(&head);
    if let Some(reply) = control::answer(&head, &query, &shared) {
        return Ok(reply.into_response());
    }
    let key = query.get("apiKey").unwrap_or_default();
    let (allowance, reset, admitted) = {
        let state = &mut *shared.state();
        let now = state.clock.now();
        let (allowance, admitted) = admit(state, &head.method, head.uri.path(), key, now);
        (allowance, state.clock.unix_seconds(allowance.reset), admitted)
    };

    let mut delivery = Delivery::default();
    let mut recorded = RecordedRequest {
        api_key: masked_key(key),
        path: head.uri.path().to_owned(),
        query: without_secrets(&query.parameters()),
        body: None,
        status: None,
        outcome: String::new(),
        method: head.method.clone(),
        headers: without_credentials(&head.headers),
    };
    let reply = match admitted {
        Err(reply) => reply,
        Ok(operation) => match request::read(operation, &head, &query, body).await {
            Err(reply) => reply,
            Ok(request) => {
                recorded.body = (head.method != Method::GET).then(|| without_secrets(&request));
                run(&shared, operation, request, &mut delivery)
            }
        },
    };
    let is_dropped = delivery.broken == Some(Fault::Dropped);
    recorded.status = (!is_dropped).then_some(reply.status.as_u16());
    recorded.outcome = reply.outcome.clone();
    record(&shared, recorded.clone());
    let observed = Observed { shared, recorded };

    tokio::time::sleep(delivery.delay).await;
    if is_dropped {
        return Err(io::Error::other("the sandbox drops the connection, as it was asked to"));
    }
    let mut response = reply.into_response();
    response.headers_mut().extend(rate_limit(allowance, reset));
    if delivery.broken.is_some() {
        response = truncated(response).await;
    }
    Ok(response.map(|body| {
        let until_it_is_out = observed;
        body.map_frame(move |frame| {
            let _ = &until_it_is_out;
            frame
        })
        .boxed()
    }))
}

/// Tells the observer once the answer is out, or nobody waits for it any more.
struct Observed {
    shared: Arc<Shared>,
    recorded: RecordedRequest,
}

impl Drop for Observed {
    fn drop(&mut self) {
        let (shared, recorded) = (self.shared.clone(), self.recorded.clone());
        // hyper lets go of an answer just before it writes its last bytes; this thread's next task runs after that.
        if let (Some(_), Ok(runtime)) =
            (&self.shared.settings.observer, tokio::runtime::Handle::try_current())
        {
            runtime.spawn(async move {
                if let Some(observer) = &shared.settings.observer {
                    observer(&recorded);
                }
            });
        }
    }
}

fn record(shared: &Shared, recorded: RecordedRequest) {
    let recorded_so_far = &mut shared.state().recorded;
    if recorded_so_far.len() == RECORDED {
        recorded_so_far.pop_front();
    }
    recorded_so_far.push_back(recorded);
}

/// The platform's checks, in its order.
fn admit(
    state: &mut State,
    method: &Method,
    path: &str,
    key: &str,
    now: Duration,
) -> (Allowance, Result<&'static Operation, Reply>) {
    let operation = route(method, path).and_then(|operation| {
        state.keys.check(key).map_err(|fault| Reply::platform(fault, None, None))?;
        Ok(operation)
    });
    let operation = match operation {
        Ok(operation) => operation,
        Err(reply) => return (state.quotas.untouched(now), Err(reply)),
    };
    let allowance = state.quotas.take(key, now);
    let permitted = match allowance.wait {
        Some(wait) => Err(Reply::platform(PlatformFault::TooManyRequests, None, Some(wait))),
        None => state
            .keys
            .check_permission(key)
            .map_err(|fault| Reply::platform(fault, None, None))
            .map(|()| operation),
    };
    (allowance, permitted)
}

fn route(method: &Method, path: &str) -> Result<&'static Operation, Reply> {
    let Some(operation) = endpoint::at(path) else {
        let message = "The sandbox has no such path.";
        return Err(Reply::http(StatusCode::NOT_FOUND, "SANDBOX_PATH_NOT_FOUND", message));
    };
    if method != operation.method {
        let message = "This path takes another method.";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        return Err(
            Reply::http(status, "SANDBOX_METHOD_NOT_ALLOWED", message).allow(operation.method)
        );
    }
    Ok(operation)
}

/// Plays the fault that waits for this request, and lets the endpoint do what the fault does not prevent.
fn run(
    shared: &Shared,
    operation: &'static Operation,
    mut request: Value,
    delivery: &mut Delivery,
) -> Reply {
    request::resolve_address(&mut request);
    let state = &mut *shared.state();
    let waiting = state
        .faults
        .iter()
        .position(|(endpoint, _)| endpoint.is_none_or(|endpoint| endpoint == operation))
        .and_then(|position| state.faults.remove(position))
        .map(|(_, fault)| Demand { fault, only_if_documented: false });
    let demand =
        waiting.or_else(|| Fault::of_address(&state.accounts.address_of(&request)?, operation));
    let played = match demand.as_ref().map(|demand| &demand.fault) {
        Some(Fault::Platform(fault)) => {
            let limited = fault.status() == StatusCode::TOO_MANY_REQUESTS;
            return Reply::platform(*fault, None, limited.then_some(RETRY_AFTER));
        }
        Some(Fault::Html(status)) => return Reply::html(*status),
        Some(Fault::Slow(delay)) => {
            delivery.delay = *delay;
            " slowly"
        }
        Some(fault @ (Fault::Dropped | Fault::Truncated)) => {
            delivery.broken = Some(fault.clone());
            if *fault == Fault::Dropped { ", dropped" } else { ", truncated" }
        }
        Some(Fault::Refusal(_)) | None => "",
    };
    let now = state.clock.now();
    let customer = Customer { accounts: &mut state.accounts, settings: &shared.settings, now };
    let refusal_status = shared.settings.refusal_status;
    let mut reply = customer.answer(operation, Call { request, demand, refusal_status });
    reply.outcome += played;
    reply
}
