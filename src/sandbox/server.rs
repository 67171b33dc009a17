use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::accounts::Accounts;
use super::clock::Clock;
use super::keys::Keys;
use super::quota::{Allowance, Quotas};
use super::recorded::{RecordedRequest, masked_key};
use super::reply::{Body, Reply, truncated};
use super::{Fault, PlatformFault, body};
use crate::generated::operations::POST_API_V1_CUSTOMER_REGISTER_ACCOUNT as REGISTER_ACCOUNT;

/// Far more than any documented request.
const BODY_LIMIT: usize = 64 * 1024;
/// A connection that sends no complete head within this time is closed.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How many requests are kept for `requests()`; older ones are forgotten, so that a load test does not fill memory.
const RECORDED: usize = 10_000;
/// The platform's example of `Retry-After`, in seconds.
const RETRY_AFTER: u64 = 3600;

pub(super) type Observer = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

/// What all connections share.
pub(super) struct Shared {
    state: Mutex<State>,
    refusal_status: StatusCode,
    observer: Option<Observer>,
}

pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) accounts: Accounts,
    pub(super) quotas: Quotas,
    pub(super) keys: Keys,
    pub(super) faults: VecDeque<Fault>,
    pub(super) recorded: VecDeque<RecordedRequest>,
}

/// What is to happen to an answer on its way out.
#[derive(Default)]
struct Delivery {
    delay: Duration,
    broken: Option<Fault>,
}

impl Shared {
    pub(super) fn new(
        state: State,
        refusal_status: StatusCode,
        observer: Option<Observer>,
    ) -> Self {
        Self { state: Mutex::new(state), refusal_status, observer }
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
    let key = api_key(head.uri.query().unwrap_or_default());
    let path = head.uri.path().to_owned();
    let (allowance, reset, turned_away) = {
        let state = &mut *shared.state();
        let now = state.clock.now();
        let turned_away = check_route(&head.method, &path).or_else(|| check_key(state, &key));
        let (allowance, turned_away) = match turned_away {
            Some(reply) => (state.quotas.untouched(now), Some(reply)),
            None => check_quota(state, &key, now),
        };
        (allowance, state.clock.unix_seconds(allowance.reset), turned_away)
    };

    let mut delivery = Delivery::default();
    let mut json = None;
    let reply = match turned_away {
        Some(reply) => reply,
        None => match read(&head.headers, body).await {
            Err(reply) => reply,
            Ok(read) => register(&shared, json.insert(read), &mut delivery),
        },
    };
    let dropped = delivery.broken == Some(Fault::Dropped);
    let recorded = RecordedRequest {
        method: head.method,
        path,
        api_key: masked_key(&key),
        headers: head.headers,
        body: json.map(without_password),
        status: (!dropped).then_some(reply.status.as_u16()),
        outcome: reply.outcome.clone(),
    };
    record(&shared, recorded);
    tokio::time::sleep(delivery.delay).await;
    let response = reply.into_response(allowance, reset);
    match delivery.broken {
        Some(Fault::Dropped) => {
            Err(io::Error::other("the sandbox drops the connection, as it was asked to"))
        }
        Some(_) => Ok(truncated(response).await),
        None => Ok(response),
    }
}

fn record(shared: &Shared, recorded: RecordedRequest) {
    if let Some(observer) = &shared.observer {
        observer(&recorded);
    }
    let recorded_so_far = &mut shared.state().recorded;
    if recorded_so_far.len() == RECORDED {
        recorded_so_far.pop_front();
    }
    recorded_so_far.push_back(recorded);
}

fn check_route(method: &Method, path: &str) -> Option<Reply> {
    if path != REGISTER_ACCOUNT.path {
        let message = "The sandbox has no such path.";
        return Some(Reply::http(StatusCode::NOT_FOUND, "SANDBOX_PATH_NOT_FOUND", message));
    }
    (method != REGISTER_ACCOUNT.method).then(|| {
        let message = "This path takes POST only.";
        Reply::http(StatusCode::METHOD_NOT_ALLOWED, "SANDBOX_METHOD_NOT_ALLOWED", message)
            .allow("POST")
    })
}

fn check_key(state: &State, key: &str) -> Option<Reply> {
    let fault = state.keys.check(key).err()?;
    Some(Reply::platform(fault, None, None))
}

fn check_quota(state: &mut State, key: &str, now: Duration) -> (Allowance, Option<Reply>) {
    let allowance = state.quotas.take(key, now);
    let turned_away = match allowance.wait {
        Some(wait) => {
            let seconds = wait.as_secs().max(1);
            Some(Reply::platform(PlatformFault::TooManyRequests, None, Some(seconds)))
        }
        None => {
            let fault = state.keys.check_permission(key).err();
            fault.map(|fault| Reply::platform(fault, None, None))
        }
    };
    (allowance, turned_away)
}

/// The JSON of a request's body, valid by the description.
async fn read(headers: &HeaderMap, body: Incoming) -> Result<Value, Reply> {
    let content_type =
        headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let message = "The body must be application/json.";
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Reply::http(status, "SANDBOX_UNSUPPORTED_MEDIA_TYPE", message));
    }
    let invalid =
        |description| Reply::platform(PlatformFault::ValidationFailed, Some(description), None);
    let bytes = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let message = "The body is longer than 65,536 bytes.";
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Reply::http(status, "SANDBOX_BODY_TOO_LARGE", message));
        }
        Err(_) => return Err(invalid("the body ended early".to_owned())),
    };
    let json = serde_json::from_slice(&bytes).map_err(|error| {
        invalid(format!("the body is not JSON (line {}, column {})", error.line(), error.column()))
    })?;
    body::check_registration(&json).map_err(invalid)?;
    Ok(json)
}

fn register(shared: &Shared, body: &Value, delivery: &mut Delivery) -> Reply {
    let email = body.get("email").and_then(Value::as_str).unwrap_or_default();
    let mut state = shared.state();
    let fault = state.faults.pop_front().or_else(|| Fault::of_address(email));
    let outcome = match fault {
        Some(Fault::Refusal(code)) => return Reply::refused(code, shared.refusal_status),
        Some(Fault::Platform(fault)) => {
            let limited = fault.status() == StatusCode::TOO_MANY_REQUESTS;
            return Reply::platform(fault, None, limited.then_some(RETRY_AFTER));
        }
        Some(Fault::Html(status)) => return Reply::html(status),
        Some(Fault::Slow(delay)) => {
            delivery.delay = delay;
            " slowly"
        }
        Some(fault @ (Fault::Dropped | Fault::Truncated)) => {
            let outcome = if fault == Fault::Dropped { ", dropped" } else { ", truncated" };
            delivery.broken = Some(fault);
            outcome
        }
        None => "",
    };
    let now = state.clock.now();
    let mut reply = match state.accounts.register(email, now) {
        Ok(()) => Reply::registered(),
        Err(code) => Reply::refused(code, shared.refusal_status),
    };
    reply.outcome += outcome;
    reply
}

fn without_password(mut body: Value) -> Value {
    if let Some(fields) = body.as_object_mut() {
        fields.remove("password");
    }
    body
}

fn api_key(query: &str) -> String {
    url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "apiKey")
        .map(|(_, key)| key.into_owned())
        .unwrap_or_default()
}
