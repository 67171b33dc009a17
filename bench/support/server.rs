//! A minimal HTTP/1.1 keep-alive server with one fixed response for each path.

use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The start of a request, and the body of its response: the documented examples.
const BODIES: [(&str, &str); 3] = [
    (
        "POST /api/v1/customer/register-account?",
        r#"{"success":true,"data":{"message":"Customer account has been registered ok."}}"#,
    ),
    (
        "POST /api/v1/customer/login?",
        r#"{"success":true,"identityId":"b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA"}"#,
    ),
    (
        "GET /api/v1/customer/get-account-info?",
        concat!(
            r#"{"loggedIn":true,"identityId":"b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA","#,
            r#""cuRefNo":"1cGIHvFoQDGLAbcA","creditBalance":123,"email":"jan@barasek.com","#,
            r#""phone":"+420 777123456","firstName":"Jan","lastName":"Barášek","companyName":"BRJ","#,
            r#""ban":false,"premium":false,"groups":[{"name":"Personal Trainer","slug":"trainer"}],"#,
            r#""meta":{},"referral":{"code":"1cGIHvFoQDGLAbcA","email":"petr@example.com","#,
            r#""firstName":"Petr","lastName":"Novák"},"runningSubscriptionList":[{"#,
            r#""externalId":"example_externalId","productSlug":"example-product","#,
            r#""productCode":"P-001","orderNumber":"2026000001","orderHash":"example_orderHash"}]}"#,
        ),
    ),
];

/// Serves in a thread until the process exits.
pub fn start_in_a_thread() -> String {
    let (listener, url) = listen();
    std::thread::spawn(|| serve(listener));
    url
}

/// A server in a separate process, so that it does not affect the contestants' memory, locks and instructions.
pub struct Server {
    pub url: String,
    process: Child,
}

impl Server {
    /// Runs this program again with `argument`, which must call [`serve_for_a_parent`].
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

/// The other side of [`Server::start`]: serves until the parent exits.
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
                let response = response_to(&received);
                stream.write_all(response).await?;
                received.drain(..length);
            }
            _ => {
                if stream.read_buf(&mut received).await? == 0 {
                    return Ok(());
                }
            }
        }
    }
}

/// The response to a request, head and body.
fn response_to(request: &[u8]) -> &'static [u8] {
    static RESPONSES: LazyLock<[(&str, Vec<u8>); 3]> = LazyLock::new(|| {
        BODIES.map(|(request_line, body)| (request_line, response(body).into_bytes()))
    });
    let response = RESPONSES.iter().find(|(start, _)| request.starts_with(start.as_bytes()));
    response
        .map_or(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", |(_, response)| response)
}

fn response(body: &str) -> String {
    format!(
        "HTTP/1.1 200 OK\r\n\
         content-type: application/json\r\n\
         content-length: {}\r\n\
         x-ratelimit-limit: 1000\r\n\
         x-ratelimit-remaining: 999\r\n\
         x-ratelimit-reset: 1893456000\r\n\
         \r\n\
         {body}",
        body.len()
    )
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
