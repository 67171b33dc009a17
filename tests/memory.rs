//! Memory stays flat over 100,000 calls, and one endless answer costs no more than its bound. One test in a binary of its
//! own, since it reads the process's memory; the servers are part of what is measured. Linux only.
#![cfg(target_os = "linux")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bizkithub::{Client, RegisterAccountRequest};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CALLS: usize = 100_000;
const CALLERS: usize = 64;
const HUGE: usize = 500_000_000;

/// Resident memory of this process in KiB.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Serves each connection in this way.
async fn server<Serve, Served>(serve: Serve) -> Client
where
    Serve: Fn(TcpStream) -> Served + Send + Sync + 'static,
    Served: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            tokio::spawn(serve(listener.accept().await.unwrap().0));
        }
    });
    Client::builder("PROD0123456789abcdefghijABCDEFGH")
        .base_url(url)
        .timeout(Duration::from_secs(120))
        .build()
        .unwrap()
}

fn request() -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email("jan@barasek.com").password("example_password").build()
}

/// Answers each request, all of which come in one piece, with a success.
async fn succeed(mut stream: TcpStream) {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{\"success\":true}";
    let mut request = [0; 4096];
    while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
        stream.write_all(answer).await.unwrap();
    }
}

/// Answers with half a gigabyte.
async fn overwhelm(mut stream: TcpStream, head: &'static str, written: Arc<AtomicUsize>) {
    let mut request = [0; 4096];
    assert_ne!(stream.read(&mut request).await.unwrap(), 0);
    stream.write_all(head.as_bytes()).await.unwrap();
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x10000));
    while written.load(Ordering::SeqCst) < HUGE && stream.write_all(piece.as_bytes()).await.is_ok()
    {
        written.fetch_add(piece.len(), Ordering::SeqCst);
    }
}

async fn calls(client: &Client, count: usize) {
    let callers = (0..CALLERS).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            for _ in 0..count / CALLERS {
                client.register_account(&request()).await.unwrap();
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_calls_and_an_endless_answer_leave_memory_flat() {
    let client = server(succeed).await;
    // Fills pools and the allocator's own stores.
    calls(&client, CALLS / 10).await;
    let (before, started) = (resident(), Instant::now());
    calls(&client, CALLS).await;
    let after = resident();
    println!("{CALLS} calls in {:?}: {before} KiB before, {after} KiB after", started.elapsed());
    assert!(after < before + 4 * 1024, "{before} KiB before, {after} KiB after");

    let heads = [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 500000000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n",
    ];
    for head in heads {
        let written = Arc::<AtomicUsize>::default();
        let counted = written.clone();
        let client = server(move |stream| overwhelm(stream, head, counted.clone())).await;
        let before = resident();
        let error = client.register_account(&request()).await.unwrap_err();
        let after = resident();
        println!(
            "an endless answer: {before} KiB before, {after} KiB after, {} bytes written",
            written.load(Ordering::SeqCst)
        );
        assert!(error.to_string().contains("longer than 1048576 bytes"), "{error}");
        assert!(after < before + 16 * 1024, "{before} KiB before, {after} KiB after");
        assert!(written.load(Ordering::SeqCst) < HUGE / 2, "the connection was closed early");
    }
}
