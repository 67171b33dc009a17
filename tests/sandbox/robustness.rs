//! Whatever a connection does, the sandbox answers the next good request.

use std::time::Duration;

use bizkithub::RegisterAccountRequest;
use bizkithub::sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub async fn connect(sandbox: &Sandbox) -> TcpStream {
    TcpStream::connect(sandbox.url().trim_start_matches("http://")).await.unwrap()
}

async fn assert_answers(sandbox: &Sandbox, email: &str) {
    let request = RegisterAccountRequest::builder().email(email).password("x").build();
    sandbox.client().register_account(&request).await.unwrap();
}

#[tokio::test]
async fn malformed_http_closes_its_own_connection_and_nothing_else() {
    let sandbox = Sandbox::start().await.unwrap();
    let endless = vec![b'x'; 1024 * 1024];
    let malformed: [&[u8]; 8] = [
        b"garbage\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"POST\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        &endless,
    ];
    for (index, bytes) in malformed.into_iter().enumerate() {
        let mut connection = connect(&sandbox).await;
        // It may be closed before all is written, and before all is read.
        let _ = connection.write_all(bytes).await;
        let _ = connection.shutdown().await;
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{:?}", String::from_utf8_lossy(&answer));
        assert_answers(&sandbox, &format!("shopper{index}@example.com")).await;
    }
}

#[tokio::test]
async fn half_open_connections_hold_nothing_up() {
    let sandbox = Sandbox::start().await.unwrap();
    let head = "POST /api/v1/customer/register-account?apiKey=DEV_0123456789abcdefghijABCDEFGH HTTP/1.1\r\n\
                host: sandbox\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"email\":";
    let mut open = Vec::new();
    for end in [1, 20, head.find("content-length").unwrap(), head.len()] {
        let mut connection = connect(&sandbox).await;
        connection.write_all(&head.as_bytes()[..end]).await.unwrap();
        open.push(connection);
        assert_answers(&sandbox, &format!("shopper{end}@example.com")).await;
    }
    drop(open);
    assert_answers(&sandbox, "last@example.com").await;
}

#[tokio::test]
async fn four_hundred_idle_connections_hold_nothing_up() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut idle = Vec::new();
    // Each takes two file descriptors of this process; many a system's limit is 1,024.
    for _ in 0..400 {
        idle.push(connect(&sandbox).await);
    }
    tokio::time::timeout(Duration::from_secs(60), assert_answers(&sandbox, "jan@barasek.com"))
        .await
        .unwrap();
    assert_eq!(idle.len(), 400);
}

/// No machine has as much memory for a thread's stack. The variable counts from the start of a process, so this test runs
/// itself in another one.
#[tokio::test]
async fn where_there_is_no_thread_to_be_had_starting_is_an_error_and_no_panic() {
    const STACK: (&str, &str) = ("RUST_MIN_STACK", "1000000000000000000");
    const TEST: &str =
        "robustness::where_there_is_no_thread_to_be_had_starting_is_an_error_and_no_panic";
    if std::env::var(STACK.0).is_ok_and(|stack| stack == STACK.1) {
        let error = Sandbox::start().await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "{error:?}");
        println!("{TEST} was refused a thread");
        return;
    }
    // With one test at a time, it is run without a thread.
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new(program)
        .args([TEST, "--exact", "--test-threads", "1", "--nocapture"])
        .env(STACK.0, STACK.1)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("was refused a thread"), "{output:#?}");
}
