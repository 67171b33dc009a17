//! A broken connection does not affect the next request.

use std::time::Duration;

use bizkithub::RegisterAccountRequest;
use bizkithub::sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::shop::{KEY, connect};

async fn assert_serves(sandbox: &Sandbox, email: &str) {
    let request = RegisterAccountRequest::builder().email(email).password("x").build();
    sandbox.client().register_account(&request).await.unwrap();
}

#[tokio::test]
async fn malformed_http_affects_only_its_own_connection() {
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
        // The sandbox may close the connection before everything is written or read.
        let _ = connection.write_all(bytes).await;
        let _ = connection.shutdown().await;
        let mut response = Vec::new();
        let _ = connection.read_to_end(&mut response).await;
        assert!(!response.starts_with(b"HTTP/1.1 2"), "{:?}", String::from_utf8_lossy(&response));
        assert_serves(&sandbox, &format!("customer{index}@example.com")).await;
    }
}

#[tokio::test]
async fn half_open_connections_do_not_block_others() {
    let sandbox = Sandbox::start().await.unwrap();
    let head = format!(
        "POST /api/v1/customer/register-account?apiKey={KEY} HTTP/1.1\r\nhost: sandbox\r\n\
         content-type: application/json\r\ncontent-length: 100\r\n\r\n{{\"email\":"
    );
    let mut open = Vec::new();
    for end in [1, 20, head.find("content-length").unwrap(), head.len()] {
        let mut connection = connect(&sandbox).await;
        connection.write_all(&head.as_bytes()[..end]).await.unwrap();
        open.push(connection);
        assert_serves(&sandbox, &format!("customer{end}@example.com")).await;
    }
    drop(open);
    assert_serves(&sandbox, "last@example.com").await;
}

#[tokio::test]
async fn four_hundred_idle_connections_do_not_block_others() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut idle = Vec::new();
    // Each takes two file descriptors of this process, and a common limit is 1,024.
    for _ in 0..400 {
        idle.push(connect(&sandbox).await);
    }
    tokio::time::timeout(Duration::from_secs(60), assert_serves(&sandbox, "jan@barasek.com"))
        .await
        .unwrap();
    assert_eq!(idle.len(), 400);
}
