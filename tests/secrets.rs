//! Proof that nothing which a program could print or log contains a secret or a server's text. A binary of its own, since it
//! collects every log and trace line of the process.
//!
//! Two proofs: no form of a secret is in any text or line, and no text changes when the secrets do. The second proof covers
//! secrets of one character and secrets that resemble a code, which appear in texts by chance.

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use bizkithub::{Client, RetryPolicy};
use support::response_cases::failures;
use support::{
    ENDPOINTS, Endpoint, Recorded, Reply, Script, Secrets, Server, Step, Wire, endpoint, http2,
    json,
};
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// All lines of all levels, crates and tests.
static LINES: LazyLock<Lines> = LazyLock::new(Lines::capture);

/// Each line once and without its time: one run wrote half a gigabyte of lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<BTreeSet<Vec<u8>>>>);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().insert(line.to_owned());
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn capture() -> Self {
        let lines = Self::default();
        let writer = lines.clone();
        let layer = tracing_subscriber::fmt::layer()
            .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone());
        // This takes the lines of the `log` crate as well.
        tracing_subscriber::registry().with(layer).init();
        lines
    }

    /// The lines, and separately those in which h2 shows the text of a GOAWAY, which this crate cannot prevent.
    fn text_and_goaways(&self) -> (String, String) {
        let lines = self.0.lock().unwrap();
        let lines = lines.iter().map(|line| String::from_utf8_lossy(line));
        let (goaways, lines): (Vec<_>, Vec<_>) =
            lines.partition(|line| line.contains(" h2::") && line.contains("GoAway"));
        (lines.concat(), goaways.concat())
    }
}

fn all(secrets: &Secrets) -> [&str; 7] {
    let Secrets { key, password, token, identity, email, phone, name } = secrets;
    [key, password, token, identity, email, phone, name]
}

/// The forms in which a text may be printed.
fn spellings(secret: &str) -> Vec<String> {
    let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    vec![
        secret.to_owned(),
        secret.to_lowercase(),
        secret.to_uppercase(),
        percent.replace('+', "%20"),
        percent,
        serde_json::to_string(secret).unwrap().trim_matches('"').to_owned(),
        format!("{secret:?}").trim_matches('"').to_owned(),
        String::from_utf8(secret.bytes().flat_map(std::ascii::escape_default).collect()).unwrap(),
    ]
}

/// The forms in which the bytes of a text may be printed.
fn numbers(secret: &str) -> Vec<String> {
    let hexadecimal: Vec<_> = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let decimal: Vec<_> = secret.bytes().map(|byte| byte.to_string()).collect();
    vec![hexadecimal.concat(), hexadecimal.join(" "), decimal.join(", ")]
}

fn assert_shows_nothing(what: &str, text: &str, secrets: &Secrets) {
    for secret in all(secrets) {
        assert_shows_none_of(
            what,
            text,
            secret,
            spellings(secret).into_iter().chain(numbers(secret)),
        );
    }
}

fn assert_shows_none_of(
    what: &str,
    text: &str,
    secret: &str,
    forms: impl IntoIterator<Item = String>,
) {
    for form in forms {
        let at = text.find(&form);
        let line = at.map(|at| &text[text[..at].rfind('\n').unwrap_or_default()..at]);
        assert!(at.is_none(), "{what} shows {secret} as {form}: {line:?}");
    }
}

/// Responses with all secrets in every place where a server can write.
fn echoes(secrets: &Secrets) -> Vec<Script> {
    let echo = all(secrets).join(" | ");
    let text = serde_json::to_string(&echo).unwrap();
    let header: String = echo.chars().filter(char::is_ascii).collect();
    let echoing = |reply: Reply| {
        let reply = Reply { reason: header.clone(), ..reply };
        let reply = reply.header("x-echo", &header).header("x-ratelimit-limit", &header);
        Script::with_effect(reply.header("retry-after", &header).header("location", &header))
    };
    let error = |code: &str| {
        format!(
            r#"{{"error":{{"code":{code},"message":{text},"description":{text},"retry_after":{text}}}}}"#
        )
    };
    let password = serde_json::to_string(&secrets.password).unwrap();
    let mut echoes = vec![
        echoing(Reply::new(502, format!("<p>no route for {echo}</p>"))),
        echoing(json(500, format!(r#"{{"success":false,"errorCode":{text},"message":{text}}}"#))),
        echoing(json(200, format!(r#"{{"success":false,"errorCode":{password}}}"#))),
        echoing(json(404, error(&text))),
        echoing(json(404, error(&password))),
        echoing(json(404, error("\"PUBLIC_API_KEY_IS_EMPTY\""))),
        echoing(json(200, format!(r#"{{"success":{text}}}"#))),
        echoing(json(200, format!(r#"{{"success":true,"error":{text}}}"#))),
        echoing(json(200, format!("[{text}"))),
        echoing(json(429, echo.clone())),
        echoing(Reply::new(302, "")),
        Script::with_effect(Step::Truncate(json(200, format!(r#"{{"success":{text}}}"#)), 30)),
        Script::with_effect(Step::Close),
    ];
    let fields = ["success", "data", "email", "returnUrl", "identityId", "firstName", "meta"];
    echoes.extend(fields.map(|field| {
        let value = if field == "success" { "true" } else { &text };
        echoing(json(200, format!(r#"{{"success":true,"loggedIn":true,"identityId":{text},"{field}":{value},"groups":[{{"name":{text}}}]}}"#)))
    }));
    echoes
}

/// The output of a call, successful or not.
async fn output(client: &Client, endpoint: &Endpoint, secrets: &Secrets) -> String {
    match endpoint.try_call(client, secrets).await {
        Ok(output) => output,
        Err(failure) => failure.output,
    }
}

/// A client that is set to log every byte of its connections at trace level. The crate has to switch that off again.
fn verbose_client(server: &Server, secrets: &Secrets) -> Client {
    let builder = server.builder(&secrets.key).retry(RetryPolicy::none());
    builder.configure_http(|http| http.connection_verbose(true)).build().unwrap()
}

fn assert_sent(server: &Server, secrets: &Secrets) {
    assert_eq!(server.requests().len(), ENDPOINTS.len(), "every call was made");
    for (request, endpoint) in server.requests().iter().zip(&ENDPOINTS) {
        assert_sent_in(request, endpoint, secrets);
    }
}

fn assert_sent_in(request: &Recorded, endpoint: &Endpoint, secrets: &Secrets) {
    assert_eq!(request.parameter("apiKey").as_deref(), Some(&*secrets.key));
    let sent = if endpoint.is_get() {
        vec![request.parameter("identityId").unwrap()]
    } else {
        let values = request.json().as_object().unwrap().clone().into_iter();
        values.filter_map(|(_, value)| value.as_str().map(str::to_owned)).collect()
    };
    for secret in endpoint.sent(secrets) {
        assert!(sent.iter().any(|sent| sent == secret), "{secret} was sent");
    }
}

/// Calls each endpoint of an echoing server over each protocol, and returns the outputs.
async fn echoing_calls(secrets: &Secrets, wires: &[Wire]) -> Vec<String> {
    let mut texts = Vec::new();
    for wire in wires {
        for script in echoes(secrets) {
            let server = Server::over(*wire).replying(script).await;
            let client = verbose_client(&server, secrets);
            texts.push(format!("{client:?}{client:#?}").replace(&server.url(), "URL"));
            for endpoint in &ENDPOINTS {
                texts.push(output(&client, endpoint, secrets).await);
            }
            assert_sent(&server, secrets);
        }
        if wire.is_http2() {
            let goaway = http2::goaway_before_the_first_stream(all(secrets).join(" | ").as_bytes());
            let server = Server::over(*wire).connecting(goaway).await;
            for endpoint in &ENDPOINTS {
                let client = verbose_client(&server, secrets);
                texts.push(output(&client, endpoint, secrets).await);
            }
        }
    }
    texts
}

/// Calls each endpoint once for each response case, whose server messages are the secrets. Returns the outputs.
async fn calls_with_every_response(secrets: &Secrets, wire: Wire) -> Vec<String> {
    let mut texts = Vec::new();
    for endpoint in &ENDPOINTS {
        let cases = failures(endpoint, &all(secrets).join(" | "));
        let replies: Vec<_> = cases.into_iter().map(|case| case.reply).collect();
        let (calls, received) = (replies.len(), AtomicUsize::new(0));
        let server = Server::over(wire).serving(move |_, _| {
            Script::from(replies[received.fetch_add(1, Ordering::SeqCst)].clone())
        });
        let server = server.await;
        let client = verbose_client(&server, secrets);
        for _ in 0..calls {
            texts.push(output(&client, endpoint, secrets).await);
        }
        assert_eq!(server.requests().len(), calls, "every call was made");
        for request in server.requests() {
            assert_sent_in(&request, endpoint, secrets);
        }
    }
    texts
}

/// Secrets that occur nowhere else.
fn distinct() -> Secrets {
    Secrets {
        key: "DEV_k&y+/é=kkkkkkkkkkkkkk".to_owned(),
        password: "Xq\"zw\\ <pässwörd> & more".to_owned(),
        token: "ToKeNtOkEnToKeNtOkEnToKeNtOkEnXy".to_owned(),
        identity: "IdEnTiTyIdEnTiTyIdEnTiTyIdEnTiTy".to_owned(),
        email: "customer.sample@example.org".to_owned(),
        phone: "+420 735999111".to_owned(),
        name: "Žofie Vzorová-O'Brien".to_owned(),
    }
}

/// Two customers whose secrets have the same lengths and no other similarity.
fn alike(first: [&str; 2]) -> [Secrets; 2] {
    first.map(|secret| {
        let fill = |length: usize| secret.repeat(length / secret.len());
        Secrets {
            key: fill(32),
            password: secret.to_owned(),
            token: fill(32),
            identity: fill(32),
            email: format!("{}@example.com", fill(8)),
            phone: format!("+420 {}", fill(8)),
            name: fill(16),
        }
    })
}

#[tokio::test]
async fn secrets_are_in_no_error_log_or_trace() {
    LazyLock::force(&LINES);
    let secrets = distinct();
    let mut texts = echoing_calls(&secrets, &Wire::ALL).await;
    for wire in Wire::ALL {
        texts.extend(calls_with_every_response(&secrets, wire).await);
    }
    // A character that is in no other text; its bytes may be in a line about TLS by chance.
    let [short, _] = alike(["Ж", "Ы"]);
    echoing_calls(&short, &[Wire::Http1, Wire::Http2]).await;
    let closed = Client::builder(&*secrets.key).base_url("http://127.0.0.1:1").build().unwrap();
    for endpoint in &ENDPOINTS {
        texts.push(output(&closed, endpoint, &secrets).await);
    }
    assert_shows_nothing("a text", &texts.concat(), &secrets);

    let (text, goaways) = LINES.text_and_goaways();
    for crate_name in ["bizkithub", "hyper_util", "reqwest", "h2"] {
        assert!(text.contains(&format!("{crate_name}::")), "lines of {crate_name} were captured");
    }
    assert_shows_nothing("a log or trace line", &text, &secrets);
    let password = &short.password;
    assert_shows_none_of("a log or trace line", &text, password, spellings(password));
    assert!(goaways.contains(&secrets.token), "h2 hides it: SECURITY.md has no exception to make");
    assert!(
        !goaways.contains(" INFO ") && !goaways.contains(" WARN ") && !goaways.contains("ERROR ")
    );
}

/// The operating system's verifier logs the names of a certificate for another host, which this crate cannot prevent.
#[cfg(all(feature = "rustls", target_os = "linux"))]
#[tokio::test]
async fn names_of_a_certificate_are_in_no_other_line() {
    LazyLock::force(&LINES);
    let name = "quoted-name.example";
    let certificate = support::tls::Certificate::of(name);
    let root = certificate.root();
    let setup = Server::over(Wire::Http1OverTls).certificate(certificate);
    let server = setup.replying(json(200, "{}")).await;
    let client = Client::builder("YOUR_API_KEY")
        .base_url(server.url())
        .retry(RetryPolicy::none())
        .configure_http(|http| http.no_proxy().tls_certs_merge([root]))
        .build()
        .unwrap();
    let failure = endpoint("login").try_call(&client, &distinct()).await.unwrap_err();
    assert!(failure.output.contains("another name"), "{}", failure.output);
    assert!(!failure.output.contains(name), "{}", failure.output);
    let lines = LINES.0.lock().unwrap().clone();
    let lines = lines.iter().map(|line| String::from_utf8_lossy(line).into_owned());
    let quoting: Vec<_> = lines.filter(|line| line.contains(name)).collect();
    assert!(quoting.iter().all(|line| line.contains("rustls_platform_verifier")), "{quoting:?}");
    assert!(!quoting.is_empty(), "none quotes it: SECURITY.md has no exception to make");
}

#[tokio::test]
async fn outputs_do_not_depend_on_the_secrets() {
    // Writing the lines would take longer than the calls.
    let _quiet = tracing::subscriber::set_default(NoSubscriber::default());
    for pair in [["E", "0"], ["_", "}"], ["E7777", "K1234"], ["FAILED", "BROKEN"], ["true", "null"]]
    {
        let [one, other] = alike(pair);
        let wires = [Wire::Http1, Wire::Http2];
        let texts = echoing_calls(&one, &wires).await;
        assert_eq!(texts, echoing_calls(&other, &wires).await, "{pair:?}");
    }
}

#[tokio::test]
async fn server_text_is_available_from_accessors() {
    let secrets = distinct();
    let server = Server::replying(echoes(&secrets).remove(0)).await;
    let failure = endpoint("login").try_call(&server.client(), &secrets).await.unwrap_err();
    assert!(failure.view.raw[0].contains(&secrets.password), "{:?}", failure.view);

    let goaway = http2::goaway_before_the_first_stream(secrets.token.as_bytes());
    let server = Server::over(Wire::Http2).connecting(goaway).await;
    let failure = endpoint("login").try_call(&server.client(), &secrets).await.unwrap_err();
    assert!(failure.view.raw[0].contains(&secrets.token), "{:?}", failure.view);
}

#[test]
fn debug_of_a_request_shows_no_secret() {
    let secrets = distinct();
    let request = bizkithub::LoginRequest::builder().email("a@b.cz").password(&*secrets.password);
    let verify = bizkithub::RegisterAccountVerifyRequest::builder().token(&*secrets.token);
    let info = bizkithub::GetAccountInfoRequest::builder().identity_id(&*secrets.identity);
    let logout = bizkithub::LogoutRequest::builder().identity_id(&*secrets.identity);
    let set = bizkithub::SetNewPasswordRequest::builder().token(&*secrets.token);
    let register = bizkithub::RegisterAccountRequest::builder().email("a@b.cz");
    fn shown(request: &(impl std::fmt::Debug + serde::Serialize), secret: &str) -> String {
        let sent = serde_json::to_value(request).unwrap();
        let mut values = sent.as_object().unwrap().values();
        assert!(values.any(|value| value == secret), "the request has the secret");
        format!("{request:?}{request:#?}")
    }
    let (password, token, identity) = (&secrets.password, &secrets.token, &secrets.identity);
    let requests = [
        shown(&request.build(), password),
        shown(&verify.build(), token),
        shown(&info.build(), identity),
        shown(&logout.build(), identity),
        shown(&set.password(&**password).build(), token),
        shown(&register.password(&**password).build(), password),
    ];
    for request in requests {
        assert_shows_nothing("a request", &request, &secrets);
    }
}
