//! A server on a real socket that records every request as it came and gives the answer that the test wants.

pub mod situations;

use std::sync::{Arc, Mutex};

use bizkithub::{Client, ClientBuilder, RegisterAccountRequest, RetryPolicy};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// In the documented format, so that nothing about it is special.
pub const KEY: &str = "DEV_0123456789abcdefghijABCDEFGH";
pub const PASSWORD: &str = "correct horse \"battery\" & <staple> é";

pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Gives every request the same answer, byte by byte as it stands here, then closes the connection.
    pub async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::answering_at("127.0.0.1:0", answer).await
    }

    pub async fn answering_at(address: &str, answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let recorded = requests.clone();
        let answer = answer.into();
        let accepting = tokio::spawn(async move {
            loop {
                let (mut connection, _) = listener.accept().await.unwrap();
                let request = read_request(&mut connection).await;
                recorded.lock().unwrap().push(request);
                connection.write_all(&answer).await.unwrap();
                connection.shutdown().await.unwrap();
            }
        });
        Self { url, requests, accepting }
    }

    /// The requests so far, each as it came: request line, headers, empty line, body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub fn client(&self) -> Client {
        self.client_with(|builder| builder)
    }

    pub fn client_with(&self, settings: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
        let builder = Client::builder(KEY).base_url(&self.url).retry(RetryPolicy::none());
        settings(builder).build().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn read_request(connection: &mut TcpStream) -> String {
    let mut request = Vec::new();
    loop {
        if let Some(length) = complete_length(&request)
            && request.len() >= length
        {
            return String::from_utf8(request).unwrap();
        }
        let read = connection.read_buf(&mut request).await.unwrap();
        assert_ne!(read, 0, "the request ended early: {:?}", String::from_utf8_lossy(&request));
    }
}

/// How long the request is, once its head has come.
fn complete_length(request: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(request);
    let (head, _) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    Some(head.len() + "\r\n\r\n".len() + length.map_or(0, |length| length.parse().unwrap()))
}

/// An answer with a right `content-length`.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> String {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = body.len();
    format!("HTTP/1.1 {status} Reason\r\n{headers}content-length: {length}\r\n\r\n{body}")
}

pub fn json(status: u16, body: &str) -> String {
    answer(status, &[("content-type", "application/json")], body)
}

pub fn minimal_request() -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email("jan@barasek.com").password(PASSWORD).build()
}
