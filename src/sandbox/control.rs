//! What a test in another language asks of the sandbox itself, under `/sandbox/`. It needs no key.

use std::time::Duration;

use http::StatusCode;
use http::request::Parts;

use super::accounts::normalised;
use super::mail::Mail;
use super::reply::Reply;
use super::request::Query;
use super::server::{Shared, State};
use super::{Fault, endpoint};

/// The answer, if the request is for the sandbox itself.
pub(super) fn answer(head: &Parts, query: &Query, shared: &Shared) -> Option<Reply> {
    let name = head.uri.path().strip_prefix("/sandbox/")?;
    let state = &mut *shared.state();
    let done = match (head.method.as_str(), name) {
        ("GET", "mails") => return Some(mails(state, query)),
        ("POST", "faults") => inject(state, query),
        ("POST", "advance") => advance(state, query),
        _ => return None,
    };
    Some(match done {
        Some(()) => Reply::success(&serde_json::json!({})),
        None => {
            let message = "A parameter is missing, or it is none that the sandbox knows.";
            Reply::http(StatusCode::BAD_REQUEST, "SANDBOX_BAD_REQUEST", message)
        }
    })
}

fn mails(state: &State, query: &Query) -> Reply {
    // As it stands in an address; in a query, a plus sign that is not encoded is a blank.
    let to = query.get("to").map(|to| normalised(to).replace(' ', "+"));
    let wanted = |mail: &&Mail| to.as_ref().is_none_or(|to| *to == mail.to);
    Reply::success(&state.accounts.mails().filter(wanted).collect::<Vec<_>>())
}

fn inject(state: &mut State, query: &Query) -> Option<()> {
    let fault = Fault::named(query.get("fault")?)?;
    let endpoint = match query.get("endpoint") {
        Some(name) => Some(endpoint::named(name)?),
        None => None,
    };
    state.faults.push_back((endpoint, fault));
    Some(())
}

fn advance(state: &mut State, query: &Query) -> Option<()> {
    state.clock.advance(Duration::from_secs(query.get("seconds")?.parse().ok()?));
    Some(())
}
