//! A server that sends the same response to every request.

use std::io::{Read, Write};
use std::net::TcpListener;

/// Starts a server for the life of the process, and returns its URL.
pub fn replying(status: u16, body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let length = body.len();
    let response = format!(
        "HTTP/1.1 {status} Reason\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // A GET, which arrives in one piece.
            let _ = stream.read(&mut [0; 4096]).unwrap();
            stream.write_all(response.as_bytes()).unwrap();
        }
    });
    url
}
