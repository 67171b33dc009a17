//! Reading an answer takes a small multiple of its bytes, whatever they are, and calls leave nothing behind. A binary of
//! its own, since it counts what the process allocates. Not covered: what the HTTP library keeps for a connection.

#[path = "support/mod.rs"]
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bizkithub::Client;
use support::{Answer, KEY, Script, Secrets, Server, Step, endpoint, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The system's allocator, and how much of it is in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

// The trait has no safe form.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(in_use, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const LIMIT: usize = 1 << 20;

/// An object that fills the limit with `item`s in a field.
fn filled(head: &str, item: &str, tail: &str) -> Vec<u8> {
    let count = (LIMIT - head.len() - tail.len()) / item.len();
    [head, &item.repeat(count), tail].concat().into_bytes()
}

fn adversarial() -> Vec<Vec<u8>> {
    let head = r#"{"success":true,"loggedIn":true,"identityId":"a","#;
    let in_field = |field: &str, open: &str, item: &str, close: &str| {
        filled(&format!("{head}\"{field}\":{open}"), item, &format!("{close}}}"))
    };
    let mut answers = Vec::new();
    for field in ["data", "groups", "runningSubscriptionList", "meta", "referral", "unknown"] {
        answers.push(in_field(field, "[", "0,", "0]"));
        answers.push(in_field(field, "[", "{},", "{}]"));
        answers.push(in_field(field, "[", r#"{"name":""},"#, "{}]"));
        answers.push(in_field(field, "[", r#"{"orderHash":""},"#, "{}]"));
        answers.push(in_field(field, "{", r#""message":"","#, r#""a":0}"#));
        answers.push(in_field(field, "\"", "\\n", "\""));
        answers.push(in_field(field, "", "[", ""));
    }
    answers.push(filled(head, "\"\\u0061\":0,", "\"b\":0}"));
    answers.push(filled(head, "\"email\":\"x\",", "\"b\":0}"));
    answers.push(filled(r#"{"success":false,"message":""#, "\\n", "\"}"));
    answers.push(filled(r#"{"error":{"code":"A","message":""#, "x", "\"}}"));
    let mut invalid = in_field("data", "\"", "x", "\"");
    let middle = invalid.len() / 2;
    invalid[middle..middle + 1000].fill(0xff);
    answers.push(invalid);
    answers
}

/// The most that was in use at once during a call, beyond what was in use before, and what came of it.
async fn peak_of<T>(call: impl Future<Output = T>) -> (usize, T) {
    let before = IN_USE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = call.await;
    (PEAK.load(Ordering::Relaxed) - before, result)
}

#[tokio::test]
async fn no_answer_takes_more_than_a_small_multiple_of_its_bytes_and_calls_leave_nothing_behind() {
    let secrets = Secrets::default();
    for (number, answer) in adversarial().into_iter().enumerate() {
        let start = String::from_utf8_lossy(&answer[..60.min(answer.len())]).into_owned();
        let server =
            Server::answering(Script::acting(Step::Write(json(200, &*answer).bytes()))).await;
        for name in ["register-account", "login", "get-account-info"] {
            let client = server.client_with(|builder| builder.answer_limit(LIMIT));
            // The first call sets up what is kept; it may fail as well.
            let _ = endpoint(name).call(&client, &secrets).await;
            let (peak, _) = peak_of(endpoint(name).call(&client, &secrets)).await;
            // The server copies it once more.
            let most = 5 * answer.len();
            assert!(peak < most, "{number}, {name}: {peak} of {} bytes: {start}", answer.len());
        }
    }

    let endless = Answer::new(200, vec![b' '; 64 << 20]);
    let server = Server::answering(Script::acting(endless)).await;
    let client = server.client();
    let error = endpoint("login").call(&client, &secrets).await.unwrap_err();
    assert!(error.to_string().contains("longer than 1048576 bytes"), "{error}");
    drop((client, server));

    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n  ", 1_u64 << 62);
    let moment = Step::Pause(Duration::from_millis(50));
    let script = Script::from(announced).then(moment.clone()).then("  ").then(moment);
    let server = Server::answering(script.then(Step::Close)).await;
    let client = server.client_with(|builder| builder.answer_limit(usize::MAX));
    let (peak, result) = peak_of(endpoint("login").call(&client, &secrets)).await;
    let error = result.unwrap_err();
    assert!(error.to_string().contains("the connection broke"), "{error}");
    assert!(peak < 4 * LIMIT, "{peak} of an answer that announces more than any memory");
    drop((client, server));

    let client = forgetful().await;
    let logout = endpoint("logout");
    let calls = async |count: usize| {
        for _ in 0..count {
            logout.call(&client, &secrets).await.unwrap();
        }
        IN_USE.load(Ordering::Relaxed)
    };
    let (before, after) = (calls(200).await, calls(10_000).await);
    assert!(after < before + 10_000, "{} bytes in 10,000 calls", after - before);
}

/// A client of a server that keeps nothing of a request, each of which comes in one piece.
async fn forgetful() -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
            stream.write_all(&json(200, r#"{"success":true}"#).bytes()).await.unwrap();
        }
    });
    Client::builder(KEY).base_url(url).build().unwrap()
}
