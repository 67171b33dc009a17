//! Neither key nor password in anything a program could print or log. One test in a binary of its own, since it
//! takes every log and trace line of the process. Not covered: TLS and HTTP/2.

#[allow(dead_code)]
mod support;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bizkithub::{Client, Error, RegisterAccountRequest, RetryPolicy};
use support::situations::failures;
use support::{PASSWORD, Server, answer, json};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// With characters that change under percent-encoding.
const KEY: &str = "DEV_k&y+/é=secret";

/// All lines of all levels of all crates.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn capture() -> Self {
        let lines = Self::default();
        let writer = lines.clone();
        // This takes the lines of the `log` crate as well.
        tracing_subscriber::registry()
            .with(
                tracing_subscriber::fmt::layer()
                    .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
                    .with_ansi(false)
                    .with_writer(move || writer.clone()),
            )
            .init();
        lines
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// The secret as it is, percent-encoded in two ways, and JSON-escaped.
fn forms(secret: &str) -> Vec<String> {
    let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = serde_json::to_string(secret).unwrap();
    vec![
        secret.to_owned(),
        percent.replace('+', "%20"),
        percent,
        json.trim_matches('"').to_owned(),
        format!("{secret:?}").trim_matches('"').to_owned(),
    ]
}

fn assert_shows_no_secret(what: &str, text: &str) {
    for form in [KEY, PASSWORD].into_iter().flat_map(forms) {
        assert!(!text.contains(&form), "{what} shows a secret as {form}");
    }
}

/// Everything that a program could print of an error.
fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text += &format!("{cause}\n{cause:?}\n{cause:#?}\n");
        source = cause.source();
    }
    if let Error::Refused(refused) = error {
        text += &format!("{}{:?}", refused.message(), refused.error());
    }
    if let Error::Platform(platform) = error {
        text += &format!("{}{}{:?}", platform.code(), platform.message(), platform.description());
    }
    if let Error::Unexpected(response) = error {
        text += response.excerpt();
    }
    text
}

fn request() -> RegisterAccountRequest {
    RegisterAccountRequest::builder()
        .email("shopper@example.com")
        .name("Shopper Sample")
        .phone("+420 777123456")
        .street_address("Sample Street 1505")
        .password(PASSWORD)
        .build()
}

fn client(url: &str) -> Client {
    Client::builder(KEY)
        .base_url(url)
        .retry(RetryPolicy::default().max_repeats(1).min_delay(Duration::from_millis(1)))
        .timeout(Duration::from_secs(2))
        // At trace level this logs every byte of the connection; the client has to switch it off again.
        .http(|http| http.connection_verbose(true))
        .build()
        .unwrap()
}

/// Answers that echo what they got, in the forms that servers have been seen to echo it in.
fn echoes() -> Vec<String> {
    let mut echoes = Vec::new();
    for form in [KEY, PASSWORD].into_iter().flat_map(forms) {
        let text = serde_json::to_string(&form).unwrap();
        echoes.extend([
            answer(502, &[], &format!("<p>no route for /?apiKey={form}</p>")),
            json(200, &format!(r#"{{"success":{text}}}"#)),
            json(409, &format!(r#"{{"success":false,"errorCode":"E002","message":{text}}}"#)),
            json(409, &format!(r#"{{"success":false,"errorCode":{text}}}"#)),
            json(
                404,
                &format!(r#"{{"error":{{"code":{text},"message":{text},"description":{text}}}}}"#),
            ),
            answer(302, &[("location", "/elsewhere")], &form),
        ]);
    }
    echoes
}

#[tokio::test]
async fn neither_key_nor_password_shows_in_any_error_log_or_trace_line() {
    let lines = Lines::capture();
    assert_shows_no_secret("a request's Debug", &format!("{:?}{:#?}", request(), request()));

    let answers = failures().into_iter().map(|situation| situation.answer).chain(echoes());
    for answer in answers {
        let server = Server::answering(answer).await;
        let client = client(&server.url);
        assert_shows_no_secret("a client's Debug", &format!("{client:?}{client:#?}"));
        let error = client.register_account(&request()).await.unwrap_err();
        let sent = server.requests().concat();
        assert!(sent.contains(&forms(KEY)[2]), "the key went out: {sent}");
        assert!(sent.contains(&forms(PASSWORD)[3]), "the password went out: {sent}");
        assert_shows_no_secret("an error", &printed(&error));
    }

    let error = client("http://127.0.0.1:1").register_account(&request()).await.unwrap_err();
    assert_shows_no_secret("a refused connection", &printed(&error));
    for broken in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{", "garbage\r\n\r\n"] {
        let server = Server::answering(broken).await;
        let error = client(&server.url).register_account(&request()).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)), "{error:?}");
        assert_shows_no_secret("a broken connection", &printed(&error));
    }
    let echo = format!(r#"{{"success":true,"data":{{"message":{KEY:?},"key":{KEY:?}}}}}"#);
    let server = Server::answering(json(200, &echo)).await;
    let account = client(&server.url).register_account(&request()).await.unwrap();
    assert_shows_no_secret("an account's Debug", &format!("{account:?}{account:#?}"));

    let text = lines.text();
    for crate_name in ["bizkithub", "hyper_util", "reqwest"] {
        assert!(text.contains(&format!("{crate_name}::")), "lines of {crate_name} were captured");
    }
    assert_shows_no_secret("a log or trace line", &text);
    for personal in ["shopper@example.com", "Shopper Sample", "777123456", "Sample Street"] {
        assert!(!text.contains(personal), "a trace line shows {personal}");
    }
}
