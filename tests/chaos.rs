//! Many concurrent calls of all endpoints against a server that behaves at random and keeps a ledger of what it received and
//! did. A binary of its own, since it takes all of the machine. `BIZKITHUB_CHAOS_SEED=… cargo test --test chaos` replays
//! the server's behavior, but not the interleaving.

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bizkithub::{Client, Error, Outcome, RetryPolicy};
use h2::Reason;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use support::names::{CLOSED, Names, SERVER};
use support::{
    ENDPOINTS, Endpoint, KEY, Reply, Script, Secrets, Server, Step, Wire, endpoint, http2, json,
};

const CALLS: usize = 10_000;
const CALLERS: usize = 48;
const TIMEOUT: Duration = Duration::from_millis(1200);
/// Short enough that a retry fits into the call.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(200);
/// Extra time for a busy machine.
const GRACE: Duration = Duration::from_secs(2);

fn seed() -> u64 {
    let seed = std::env::var("BIZKITHUB_CHAOS_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| rand::rng().random());
    println!("BIZKITHUB_CHAOS_SEED={seed}");
    seed
}

/// A response that proves that nothing was done.
fn certain_error(endpoint: &Endpoint, random: &mut StdRng) -> Reply {
    let status = *[200, 400, 404, 409, 429, 500, 503].choose(random).unwrap();
    let code = endpoint.codes.choose(random).map(|documented| documented.code);
    match (code, random.random_range(0..3)) {
        (Some(code), 0) => json(status, format!(r#"{{"success":false,"errorCode":"{code}"}}"#)),
        (_, 1) => json(404, r#"{"error":{"code":"PUBLIC_API_KEY_IS_EMPTY","message":""}}"#),
        _ => {
            let wait = *["", "0", "3600"].choose(random).unwrap();
            let limited = r#"{"error":{"code":"INTERNAL_TOO_MANY_REQUESTS","message":""}}"#;
            json(429, limited).header("retry-after", wait)
        }
    }
}

/// A response that proves nothing.
fn uncertain_error(random: &mut StdRng) -> Reply {
    let bodies = [
        "",
        "<html></html>",
        "[[[[",
        r#"{"success":false,"errorCode":"E999"}"#,
        r#"{"success":true,"error":{"code":"NEW"}}"#,
        r#"{"success":false,"success":true}"#,
        r#"{"error":{"code":"PERMISSION_SERVICE_CRASHED","message":""}}"#,
    ];
    json(*[408, 500, 502, 503, 504].choose(random).unwrap(), *bodies.choose(random).unwrap())
}

fn script(endpoint: &Endpoint, wire: Wire, random: &mut StdRng) -> Script {
    let success = || json(200, endpoint.success);
    let has_effect = random.random();
    let pause = Step::Wait(Duration::from_millis(random.random_range(0..30)));
    let cut = random.random_range(0..endpoint.success.len());
    let of_http2 = [
        Step::ResetStream(Reason::REFUSED_STREAM), // prose: allow
        Step::ResetStream(Reason::CANCEL),
        Step::GoAway(Reason::NO_ERROR),
        Step::GoAway(Reason::INTERNAL_ERROR),
    ];
    let of_http1 = [
        Step::Write(format!("HTTP/1.1 103 Early Hints\r\n\r\n{}", success().head()).into()),
        Step::Write((0..random.random_range(1..200)).map(|_| random.random()).collect()),
        Step::Write(success().bytes()[..cut].to_vec()),
        Step::Reset,
    ];
    match random.random_range(0..100) {
        0..45 => Script::with_effect(success()),
        45..50 => Script::with_effect(pause).then(success()),
        50..65 => Script::without_effect(certain_error(endpoint, random)),
        65..75 => Script { has_effect, steps: vec![uncertain_error(random).into()] },
        75..80 => Script { has_effect: true, steps: vec![Step::Truncate(success(), cut)] },
        80..85 => Script { has_effect, steps: vec![pause, Step::Close] },
        85..87 => Script { has_effect, steps: vec![Step::Hang] },
        87..90 => Script::with_effect(json(200, " ".repeat(2 << 20))),
        90..92 if wire == Wire::Http2 => Script::with_effect(success()).then(Step::Retire),
        _ if wire == Wire::Http2 => {
            Script { has_effect, steps: vec![of_http2.choose(random).unwrap().clone()] }
        }
        _ => Script {
            has_effect,
            steps: vec![of_http1.choose(random).unwrap().clone(), Step::Close],
        },
    }
}

struct Called {
    endpoint: &'static Endpoint,
    secrets: Secrets,
    result: Result<(), Error>,
    took: Duration,
}

/// The secrets of a customer, with a password that is short or resembles a code.
fn secrets(number: usize) -> Secrets {
    let passwords =
        ["E", "0", "_", "E004", "E001", "true", "null", "FAILED", "{}", "\"", "correct horse"];
    let password = passwords[number % passwords.len()].to_owned();
    Secrets { password, ..Secrets::of_customer(number) }
}

async fn calls(client: &Client) -> Vec<Called> {
    let next = Arc::new(AtomicUsize::new(0));
    let callers = (0..CALLERS).map(|_| {
        let (client, next) = (client.clone(), next.clone());
        tokio::spawn(async move {
            let mut called = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= CALLS {
                    return called;
                }
                let (endpoint, secrets) = (&ENDPOINTS[number % ENDPOINTS.len()], secrets(number));
                let started = Instant::now();
                let result = endpoint.call(&client, &secrets).await.map(drop);
                called.push(Called { endpoint, secrets, result, took: started.elapsed() });
            }
        })
    });
    let mut called = Vec::new();
    for caller in callers.collect::<Vec<_>>() {
        called.extend(caller.await.unwrap());
    }
    called
}

/// Counts the outcomes, and checks each against the ledger.
fn tally(called: &[Called], server: &Server, seed: u64) -> BTreeMap<&'static str, usize> {
    let mut tally = BTreeMap::new();
    for Called { endpoint, secrets, result, took } in called {
        let entry = server.entry(endpoint, secrets);
        let what = format!("{}: {result:?}, {entry:?}, {took:?}, seed {seed}", endpoint.name());
        assert!(*took <= TIMEOUT + GRACE, "outlived its timeout: {what}");
        if !endpoint.is_idempotent {
            assert!(entry.done <= 1, "done twice: {what}");
        }
        let outcome = match result.as_ref().map_err(Error::outcome) {
            Ok(()) => {
                assert!(entry.done >= 1, "a false success: {what}");
                "Ok"
            }
            Err(Outcome::NotSent) => {
                assert_eq!(entry.received, 0, "was sent: {what}");
                "NotSent"
            }
            Err(Outcome::Unchanged) => {
                assert!(entry.done == 0 || endpoint.is_idempotent, "was done: {what}");
                "Unchanged"
            }
            Err(Outcome::Unknown) => "Unknown",
        };
        *tally.entry(outcome).or_insert(0) += 1;
        if endpoint.is_idempotent && entry.received > 1 {
            *tally.entry("idempotent calls retried").or_insert(0) += 1;
        }
    }
    tally
}

async fn chaos(wire: Wire) {
    let seed = seed();
    let server = Server::over(wire)
        .on_connection(move |connection| {
            let mut random = StdRng::seed_from_u64(seed ^ (connection as u64) << 32);
            match (wire, random.random_range(0..40)) {
                (_, 0) => Some(Script::without_effect(Step::Reset)),
                (Wire::Http1, 1) => {
                    let length = random.random_range(1..150);
                    Some(Script::without_effect(Step::Read(length)).then(Step::Reset))
                }
                (Wire::Http2, 1) => Some(http2::goaway_before_the_first_stream(b"")),
                _ => None,
            }
        })
        .serving(move |request, before| {
            let call = request.call();
            let number: u64 =
                call.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
            let mut random = StdRng::seed_from_u64(seed.wrapping_add(number * 8 + before as u64));
            script(endpoint(request.endpoint()), wire, &mut random)
        })
        .await;
    // So many lookups lead to a closed port that all attempts of some calls do, and some lookups fail. With HTTP/2, all callers
    // wait for the same connection.
    let closed = if wire == Wire::Http1 { 6 } else { 3 };
    let names = Names::new(move |lookup| {
        let mut random = StdRng::seed_from_u64(seed.wrapping_mul(31).wrapping_add(lookup as u64));
        match random.random_range(0..10) {
            9 => None,
            share if share < closed => Some(CLOSED),
            _ => Some(SERVER),
        }
    });
    let retry = RetryPolicy::default().max_backoff(Duration::from_millis(5));
    let client = server
        .builder(KEY)
        .base_url(format!("http://localhost:{}", server.port))
        .timeout(TIMEOUT)
        .connect_timeout(CONNECT_TIMEOUT)
        .retry(retry)
        .configure_http(|http| http.dns_resolver(names))
        .build()
        .unwrap();

    let called = calls(&client).await;
    let tally = tally(&called, &server, seed);
    println!(
        "{wire:?}: {tally:?}, {} requests, {} connections",
        server.requests().len(),
        server.connections()
    );
    for outcome in ["Ok", "NotSent", "Unchanged", "Unknown", "idempotent calls retried"] {
        let count = tally.get(outcome).copied().unwrap_or_default();
        assert!(count > CALLS / 500, "{outcome}: {tally:?}, seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_match_the_ledger_over_http1() {
    chaos(Wire::Http1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn outcomes_match_the_ledger_over_http2() {
    chaos(Wire::Http2).await;
}
