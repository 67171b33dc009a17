//! Many calls at once, and whether a server's ledger agrees with what came of each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bizkithub::{Client, Error, Outcome};

use super::{Ledger, request};

#[derive(Debug)]
pub struct Called {
    pub email: String,
    pub result: Result<(), Error>,
    pub took: Duration,
}

/// Registers `0@example.com` and so on with each of the clients in turn.
pub async fn calls(clients: Vec<Client>, calls: usize, callers: usize) -> Vec<Called> {
    let clients = Arc::new(clients);
    let next = Arc::new(AtomicUsize::new(0));
    let callers: Vec<_> = (0..callers)
        .map(|_| {
            let (clients, next) = (clients.clone(), next.clone());
            tokio::spawn(async move {
                let mut called = Vec::new();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= calls {
                        return called;
                    }
                    let client = &clients[index % clients.len()];
                    let email = format!("{index}@example.com");
                    let started = Instant::now();
                    let result = client.register_account(&request(&email)).await.map(drop);
                    called.push(Called { email, result, took: started.elapsed() });
                }
            })
        })
        .collect();
    let mut called = Vec::new();
    for caller in callers {
        called.extend(caller.await.unwrap());
    }
    assert_eq!(called.len(), calls);
    called
}

/// How often each outcome came, none of them in contradiction to the ledger.
pub fn tally(called: &[Called], ledger: &Ledger, seed: u64) -> BTreeMap<&'static str, usize> {
    let mut tally = BTreeMap::new();
    for call in called {
        let entry = ledger.entry(&call.email);
        let what = format!("{call:?}, {entry:?}, seed {seed}");
        assert!(entry.registered <= 1, "registered twice: {what}");
        let outcome = match call.result.as_ref().map_err(Error::outcome) {
            Ok(()) => {
                assert_eq!(entry.registered, 1, "a success that is none: {what}");
                "Ok"
            }
            Err(Outcome::NotSent) => {
                assert_eq!(entry.received, 0, "was sent: {what}");
                "NotSent"
            }
            Err(Outcome::Refused) => {
                assert_eq!(entry.registered, 0, "was registered: {what}");
                "Refused"
            }
            Err(Outcome::Unknown) => "Unknown",
        };
        *tally.entry(outcome).or_insert(0) += 1;
    }
    tally
}
