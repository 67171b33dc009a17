//! The memory for reading a response, and proof that calls leave nothing behind. A binary of its own, since it counts what the
//! process allocates. Not covered: the memory that the HTTP library keeps for a connection.

#[path = "support/mod.rs"]
mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bizkithub::{
    Client, GetAccountInfoRequest, LoginRequest, LogoutRequest, RegisterAccountRequest,
};
use support::{KEY, Reply, Script, Secrets, Server, Step, endpoint, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The system's allocator, with a count of the bytes in use.
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

/// The default size limit of a response.
const LIMIT: usize = 256 * 1024;
/// The most memory that one response may take: 63.2 MiB when measured, as SECURITY.md states, and room for a newer library.
const MOST: usize = 72 << 20;

/// An object that fills the limit with `item`s.
fn filled(head: &str, item: &str, tail: &str) -> Vec<u8> {
    let count = (LIMIT - head.len() - tail.len()) / item.len();
    [head, &item.repeat(count), tail].concat().into_bytes()
}

/// Bodies of the size limit that take much memory to read.
fn hostile_bodies() -> Vec<Vec<u8>> {
    let head = r#"{"success":true,"loggedIn":true,"identityId":"a","#;
    // Without and with a value that needs the fallback.
    let heads = [head.to_owned(), format!("{head}\"email\":7,\"phone\":7,\"message\":7,")];
    let mut bodies = Vec::new();
    for head in &heads {
        let in_field = |field: &str, open: &str, item: &str, close: &str| {
            filled(&format!("{head}\"{field}\":{open}"), item, &format!("{close}}}"))
        };
        for field in ["data", "groups", "runningSubscriptionList", "meta", "referral", "unknown"] {
            bodies.push(in_field(field, "[", "0,", "0]"));
            bodies.push(in_field(field, "[", "[],", "[]]"));
            bodies.push(in_field(field, "[", "{},", "{}]"));
            bodies.push(in_field(field, "[", "{},", "7]"));
            bodies.push(in_field(field, "[", "\"\",", "\"\"]"));
            bodies.push(in_field(field, "[", r#"{"":0},"#, "{}]"));
            bodies.push(in_field(field, "[", r#"{"name":""},"#, "{}]"));
            bodies.push(in_field(field, "[", r#"{"name":0},"#, "{}]"));
            bodies.push(in_field(field, "[", r#"{"orderHash":""},"#, "7]"));
            bodies.push(in_field(field, "{", r#""message":"","#, r#""a":0}"#));
            bodies.push(in_field(field, "\"", "\\n", "\""));
            bodies.push(in_field(field, "", "[", ""));
            let nested = "[".repeat(120) + &"]".repeat(120) + ",";
            bodies.push(in_field(field, "[", &nested, "0]"));
            let nested = r#"{"":"#.repeat(120) + "0" + &"}".repeat(120) + ",";
            bodies.push(in_field(field, "[", &nested, "0]"));
            let names: String = (0..LIMIT / 8).map(|number| format!("\"{number:x}\":0,")).collect();
            let names = &names[..LIMIT - head.len() - 100];
            let names = &names[..names.rfind(',').unwrap() + 1];
            bodies.push(format!("{head}\"{field}\":{{{names}\"z\":0}}}}").into_bytes());
        }
        bodies.push(filled(head, "\"\\u0061\":0,", "\"b\":0}"));
        bodies.push(filled(head, "\"email\":\"x\",", "\"b\":0}"));
        let mut invalid = in_field("data", "\"", "x", "\"");
        let middle = invalid.len() / 2;
        invalid[middle..].fill(0xff);
        bodies.push(invalid);
    }
    bodies.push(filled(r#"{"success":false,"message":""#, "\\n", "\"}"));
    bodies.push(filled(r#"{"success":false,"errorCode":""#, "\\n", "\"}"));
    bodies.push(filled(r#"{"error":{"code":"A","message":""#, "x", "\"}}"));
    bodies.push(filled(r#"{"error":{"code":"A","message":7,"b":["#, "{},", "0]}}"));
    bodies.push(filled(r#"{"error":{"code":"A","message":7,"b":["#, r#"{"":0},"#, "0]}}"));
    bodies.push(vec![0xff; LIMIT]);
    bodies
}

/// The peak of the memory that a call used in addition to that in use before, and the call's result.
async fn peak_of<T>(call: impl Future<Output = T>) -> (usize, T) {
    let before = IN_USE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let result = call.await;
    (PEAK.load(Ordering::Relaxed) - before, result)
}

/// One test, since two at once would count each other's memory.
#[tokio::test]
async fn memory_is_bounded_and_freed() {
    hostile_bodies_stay_within_the_bound().await;
    endless_body_is_not_kept().await;
    announced_length_is_not_allocated().await;
    calls_leave_nothing_behind().await;
}

/// Makes a call, which may fail. The table's calls would also print the result, which takes more memory than reading it.
async fn call(client: &Client, name: &str) {
    match name {
        "register-account" => {
            let request = RegisterAccountRequest::builder().email("a@b.cz").password("p").build();
            drop(client.register_account(&request).await);
        }
        "login" => {
            let request = LoginRequest::builder().email("a@b.cz").password("p").build();
            drop(client.login(&request).await);
        }
        "logout" => {
            let request = LogoutRequest::builder().identity_id("identity").build();
            drop(client.logout(&request).await);
        }
        _ => {
            let request = GetAccountInfoRequest::builder().identity_id("identity").build();
            drop(client.get_account_info(&request).await);
        }
    }
}

async fn hostile_bodies_stay_within_the_bound() {
    let (mut worst, mut worst_name) = (0, String::new());
    for body in hostile_bodies() {
        let start = String::from_utf8_lossy(&body[..150.min(body.len())]).into_owned();
        assert!(body.len() <= LIMIT && body.len() > LIMIT - 2000, "{}: {start}", body.len());
        let server =
            Server::replying(Script::with_effect(Step::Write(json(200, &*body).bytes()))).await;
        let client = server.client();
        for name in ["register-account", "login", "logout", "get-account-info"] {
            // The first call sets up what is kept.
            call(&client, name).await;
            let (peak, ()) = peak_of(call(&client, name)).await;
            assert!(peak < MOST, "{name}: {peak} bytes: {start}");
            if peak > worst {
                (worst, worst_name) = (peak, format!("{name}: {start}"));
            }
        }
    }
    println!("at most {:.1} MiB: {worst_name}", worst as f64 / f64::from(1 << 20));
}

async fn endless_body_is_not_kept() {
    let endless = Reply::new(200, vec![b' '; 64 << 20]);
    let server = Server::replying(Script::with_effect(endless)).await;
    let client = server.client();
    let (_, result) = peak_of(endpoint("login").call(&client, &Secrets::default())).await;
    let error = result.unwrap_err();
    assert!(error.to_string().contains("longer than 262144 bytes"), "{error}");
}

async fn announced_length_is_not_allocated() {
    let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n  ", 1_u64 << 62);
    let moment = Step::Wait(Duration::from_millis(50));
    let script = Script::from(announced).then(moment.clone()).then("  ").then(moment);
    let server = Server::replying(script.then(Step::Close)).await;
    let client = server.client_with(|builder| builder.max_response_size(usize::MAX));
    let (peak, result) = peak_of(endpoint("login").call(&client, &Secrets::default())).await;
    let error = result.unwrap_err();
    assert!(error.to_string().contains("lost its connection"), "{error}");
    assert!(peak < 4 * LIMIT, "{peak} bytes for an announced length");
}

async fn calls_leave_nothing_behind() {
    let (client, secrets) = (forgetful().await, Secrets::default());
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

/// A client of a server that keeps nothing of a request. Each request arrives in one piece.
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
