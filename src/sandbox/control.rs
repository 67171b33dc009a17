//! The sandbox's own requests under `/sandbox/`, for tests in other languages. They need no API key.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http::StatusCode;
use http::header::HOST;
use url::{Host, Url};

use super::accounts::normalized;
use super::email::Email;
use super::endpoint;
use super::fault::Fault;
use super::reply::Reply;
use super::request::Request;
use super::state::{Shared, State};

/// Responds to a request if it is for the sandbox itself.
pub(super) fn respond(request: &Request, shared: &Shared) -> Option<Reply> {
    let name = request.path().strip_prefix("/sandbox/")?;
    if !is_allowed_host(request, shared.settings.listen) {
        let message = "The host must be a loopback address or the one that the sandbox listens on.";
        return Some(Reply::http(StatusCode::FORBIDDEN, "SANDBOX_HOST_NOT_ALLOWED", message));
    }
    let state = &mut *shared.state();
    let done = match (request.head.method.as_str(), name) {
        ("GET", "emails") => return Some(emails(state, request)),
        ("POST", "faults") => inject(state, request),
        ("POST", "advance") => advance(state, request),
        _ => return None,
    };
    Some(match done {
        Some(()) => Reply::success(&serde_json::json!({})),
        None => {
            let message = "A parameter is missing or has an unknown value.";
            Reply::http(StatusCode::BAD_REQUEST, "SANDBOX_BAD_REQUEST", message)
        }
    })
}

/// Rejects the host names of websites. Otherwise, a website whose name resolves to this machine (DNS rebinding) could read
/// the tokens through a browser on it.
fn is_allowed_host(request: &Request, listen: SocketAddr) -> bool {
    let mut hosts = request.head.headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let url = host.to_str().ok().and_then(|host| Url::parse(&format!("http://{host}")).ok());
    let is_allowed = |address: IpAddr| {
        address.is_loopback() || listen.ip().is_unspecified() || address == listen.ip()
    };
    match url.as_ref().and_then(Url::host) {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => is_allowed(address.into()),
        Some(Host::Ipv6(address)) => is_allowed(address.into()),
        None => false,
    }
}

fn emails(state: &State, request: &Request) -> Reply {
    // In a query, an unencoded plus sign means a space. An address may contain plus signs, but no spaces.
    let to = request.query("to").map(|to| normalized(to).replace(' ', "+"));
    let is_wanted = |email: &&Email| to.as_ref().is_none_or(|to| *to == email.to);
    Reply::success(&state.accounts.emails().filter(is_wanted).collect::<Vec<_>>())
}

fn inject(state: &mut State, request: &Request) -> Option<()> {
    let fault = Fault::named(request.query("fault")?)?;
    let endpoint = match request.query("endpoint") {
        Some(name) => Some(endpoint::named(name).ok()?),
        None => None,
    };
    state.faults.push_back((endpoint, fault));
    Some(())
}

fn advance(state: &mut State, request: &Request) -> Option<()> {
    state.clock.advance(Duration::from_secs(request.query("seconds")?.parse().ok()?));
    Some(())
}
