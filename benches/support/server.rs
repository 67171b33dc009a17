//! A keep-alive HTTP/1.1 server that does as little as it can: one canned answer to every request.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\n\
    content-type: application/json\r\n\
    content-length: 78\r\n\
    x-ratelimit-limit: 1000\r\n\
    x-ratelimit-remaining: 999\r\n\
    x-ratelimit-reset: 1893456000\r\n\
    \r\n\
    {\"success\":true,\"data\":{\"message\":\"Customer account has been registered ok.\"}}";

/// Serves in a thread of its own, for as long as the process lives.
#[allow(dead_code, reason = "not every bench needs it")]
pub fn start_in_a_thread() -> String {
    let (listener, url) = listen();
    std::thread::spawn(|| serve(listener));
    url
}

/// A server in a process of its own, so that it costs the contestants no memory, no lock and no instruction.
#[allow(dead_code, reason = "not every bench needs it")]
pub struct Server {
    pub url: String,
    process: Child,
}

#[allow(dead_code, reason = "not every bench needs it")]
impl Server {
    /// Runs this very program with `argument`, which must lead to [`serve_for_a_parent`].
    pub fn start(argument: &str) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(argument)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut url = String::new();
        if let Some(stdout) = &mut process.stdout {
            io::BufRead::read_line(&mut io::BufReader::new(stdout), &mut url)?;
        }
        Ok(Self { url: url.trim().to_owned(), process })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The other side of [`Server::start`]: serves until the parent is gone.
#[allow(dead_code, reason = "not every bench needs it")]
pub fn serve_for_a_parent() {
    let (listener, url) = listen();
    println!("{url}");
    std::thread::spawn(|| serve(listener));
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    listener.set_nonblocking(true).expect("a socket that tokio can use");
    let url = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
    (listener, url)
}

fn serve(listener: TcpListener) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_io().build().expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream));
        }
    });
}

async fn converse(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::with_capacity(4096);
    loop {
        match length(&received) {
            Some(length) if received.len() >= length => {
                received.drain(..length);
                stream.write_all(ANSWER).await?;
            }
            _ => {
                if stream.read_buf(&mut received).await? == 0 {
                    return Ok(());
                }
            }
        }
    }
}

/// The length of the request that starts here, once its head is complete.
fn length(received: &[u8]) -> Option<usize> {
    let head = received.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(received.get(..head)?).ok()?;
    let body = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Some(head + body.unwrap_or(0))
}
