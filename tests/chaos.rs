//! 10,000 calls with random faults, 64 at a time, checked against the server's ledger. The faults come from a seed, which
//! is printed: `BIZKITHUB_CHAOS_SEED=… cargo test --test chaos` replays them (not their interleaving, which is the
//! scheduler's). Not covered: TLS, and HTTP/2, which `tests/http2.rs` has.

#[allow(dead_code)]
mod hostile;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bizkithub::{Client, RetryPolicy};
use hostile::{Hostile, KEY, SUCCESS, Script, Step, answer, answer_with, many};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

const CALLS: usize = 10_000;
const CALLERS: usize = 64;
const TIMEOUT: Duration = Duration::from_secs(1);
const GRACE: Duration = Duration::from_millis(500);

/// What happens to a request, from the seed, its address and how often it was received before.
fn script(random: &mut StdRng) -> Script {
    let success = || answer(200, SUCCESS);
    let status = random.random_range(200..600);
    let bodies = [
        "",
        SUCCESS,
        r#"{"any":"json"}"#,
        "<html></html>",
        r#"{"error":{"code":"NEW","message":""}}"#,
    ];
    let body = bodies.choose(random).unwrap();
    let pause = Duration::from_millis(random.random_range(0..30));
    match random.random_range(0..20) {
        0..=5 => Script::registering(success()),
        6 => Script::registering(success()).then(Step::Close),
        7 => Script::registering(success()).then(Step::Reset),
        8 => Script { registers: random.random(), steps: vec![Step::Pause(pause), Step::Reset] },
        9 => Script { registers: random.random(), steps: vec![Step::Pause(pause), Step::Close] },
        10 if random.random_ratio(1, 4) => {
            Script { registers: random.random(), steps: vec![Step::Hang] }
        }
        10 => Script::registering("").then(Step::Pause(pause)).then(Step::Write(success().into())),
        11 => {
            let length = random.random_range(0..success().len());
            Script::registering(&success().as_bytes()[..length]).then(Step::Close)
        }
        12 => {
            let garbage: Vec<u8> =
                (0..random.random_range(1..200)).map(|_| random.random()).collect();
            Script::registering(garbage).then(Step::Close)
        }
        13 => Script::registering(format!("HTTP/1.1 103 Early Hints\r\n\r\n{}", success())),
        14 => {
            let code = ["E001", "E002", "E003", "E004", "E999"].choose(random).unwrap();
            let refusal = format!(r#"{{"success":false,"errorCode":"{code}"}}"#);
            Script::refusing(answer(status, &refusal))
        }
        15 => {
            let body = r#"{"error":{"code":"INTERNAL_TOO_MANY_REQUESTS","message":"Later."}}"#;
            let wait = ["", "retry-after: 0\r\n", "retry-after: 3600\r\n"].choose(random).unwrap();
            Script::refusing(answer_with(429, wait, body))
        }
        16 => Script::refusing(answer(
            404,
            r#"{"error":{"code":"PUBLIC_API_KEY_IS_EMPTY","message":""}}"#,
        )),
        // What a gateway makes of a request that may have arrived. Only a 429 that does not
        // speak of success, and a platform error with a 4xx, say that it did not.
        17..=18 => {
            let says_no = (status == 429 && *body != SUCCESS)
                || (body.contains("NEW") && (400..500).contains(&status));
            let says_yes = (200..300).contains(&status) && *body == SUCCESS;
            Script {
                registers: says_yes || (!says_no && random.random()),
                steps: vec![Step::Write(answer(status, body).into())],
            }
        }
        _ => Script::registering(answer(200, &" ".repeat(3 << 20))),
    }
}

/// Resolves to the server, to an address where nobody listens, or to nothing.
struct Flapping {
    seed: u64,
    count: AtomicU64,
}

impl Resolve for Flapping {
    fn resolve(&self, _: Name) -> Resolving {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let mut random =
            StdRng::seed_from_u64(self.seed ^ count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let address: Option<SocketAddr> = match random.random_range(0..10) {
            0..3 => Some(([127, 0, 0, 2], 0).into()),
            3 => None,
            _ => Some(([127, 0, 0, 1], 0).into()),
        };
        Box::pin(async move { Ok(Box::new(address.into_iter()) as Addrs) })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_happens_the_ledger_agrees_with_every_outcome_and_nothing_is_registered_twice() {
    let seed = hostile::seed();
    let server = Hostile::start(
        move |connection| {
            let mut random = StdRng::seed_from_u64(seed ^ (connection as u64) << 32);
            match random.random_range(0..40) {
                0 => Some(Script::default().then(Step::Reset)),
                1 => Some(
                    Script::default()
                        .then(Step::Read(random.random_range(1..600)))
                        .then(Step::Reset),
                ),
                _ => None,
            }
        },
        move |email, before| {
            let index: u64 = email.split_once('@').unwrap().0.parse().unwrap();
            script(&mut StdRng::seed_from_u64(seed.wrapping_add(index * 8 + before as u64)))
        },
    )
    .await;
    let repeating = RetryPolicy::default().min_delay(Duration::from_millis(5));
    let clients = [repeating, RetryPolicy::none()].map(|retry| {
        Client::builder(KEY)
            .base_url(format!("http://localhost:{}", server.port))
            .timeout(TIMEOUT)
            .retry(retry)
            .http(|http| http.dns_resolver(Arc::new(Flapping { seed, count: AtomicU64::new(0) })))
            .build()
            .unwrap()
    });

    let called = many::calls(clients.into(), CALLS, CALLERS).await;
    for call in &called {
        assert!(call.took <= TIMEOUT + GRACE, "outlived its timeout: {call:?}, seed {seed}");
    }
    let tally = many::tally(&called, server.ledger(), seed);
    let slowest = called.iter().map(|call| call.took).max().unwrap_or_default();
    println!("{tally:?}, slowest {slowest:?}, {} connections", server.connections());
    for outcome in ["Ok", "NotSent", "Refused", "Unknown"] {
        assert!(
            tally.get(outcome).is_some_and(|count| *count > CALLS / 200),
            "{outcome}: {tally:?}"
        );
    }
}
