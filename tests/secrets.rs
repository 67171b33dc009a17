//! Nothing of what a shopper typed or a server wrote in anything that a program could print or log. A binary of its own,
//! since it takes every log and trace line of the process.
//!
//! Two proofs: no form of a secret stands in any text or line, and no text changes when the secrets do. The second one
//! holds for secrets of one character and for such that look like a code, which stand in many a text by chance.

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use bizkithub::{Client, RetryPolicy};
use support::situations::failures;
use support::{
    Answer, ENDPOINTS, Endpoint, Script, Secrets, Server, Step, Wire, endpoint, http2, json,
};
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// All lines of all levels of all crates, whichever test they come from.
static LINES: LazyLock<Lines> = LazyLock::new(Lines::capture);

/// Each line once and without its time: a run of the tests was seen to write half a gigabyte of them.
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

    /// The lines, and apart from them those in which h2 shows a GOAWAY's text, which the crate cannot keep it from.
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

/// The forms in which a text may be printed as a text.
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

/// The forms in which its bytes may be printed.
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

/// Answers that echo everything wherever a server can write.
fn echoes(secrets: &Secrets) -> Vec<Script> {
    let echo = all(secrets).join(" | ");
    let text = serde_json::to_string(&echo).unwrap();
    let header: String = echo.chars().filter(char::is_ascii).collect();
    let echoing = |answer: Answer| {
        let answer = Answer { reason: header.clone(), ..answer };
        let answer = answer.header("x-echo", &header).header("x-ratelimit-limit", &header);
        Script::acting(answer.header("retry-after", &header).header("location", &header))
    };
    let error = |code: &str| {
        format!(
            r#"{{"error":{{"code":{code},"message":{text},"description":{text},"retry_after":{text}}}}}"#
        )
    };
    let password = serde_json::to_string(&secrets.password).unwrap();
    let mut echoes = vec![
        echoing(Answer::new(502, format!("<p>no route for {echo}</p>"))),
        echoing(json(500, format!(r#"{{"success":false,"errorCode":{text},"message":{text}}}"#))),
        echoing(json(200, format!(r#"{{"success":false,"errorCode":{password}}}"#))),
        echoing(json(404, error(&text))),
        echoing(json(404, error(&password))),
        echoing(json(404, error("\"PUBLIC_API_KEY_IS_EMPTY\""))),
        echoing(json(200, format!(r#"{{"success":{text}}}"#))),
        echoing(json(200, format!(r#"{{"success":true,"error":{text}}}"#))),
        echoing(json(200, format!("[{text}"))),
        echoing(json(429, echo.clone())),
        echoing(Answer::new(302, "")),
        Script::acting(Step::Truncate(json(200, format!(r#"{{"success":{text}}}"#)), 30)),
        Script::acting(Step::Close),
    ];
    let fields = ["success", "data", "email", "returnUrl", "identityId", "firstName", "meta"];
    echoes.extend(fields.map(|field| {
        let value = if field == "success" { "true" } else { &text };
        echoing(json(200, format!(r#"{{"success":true,"loggedIn":true,"identityId":{text},"{field}":{value},"groups":[{{"name":{text}}}]}}"#)))
    }));
    echoes
}

/// Everything that the call leads to in print, a success or an error.
async fn printed(client: &Client, endpoint: &Endpoint, secrets: &Secrets) -> String {
    match endpoint.try_call(client, secrets).await {
        Ok(printed) => printed,
        Err(failure) => failure.printed,
    }
}

/// A client that logs at trace level every byte of its connections; the crate has to switch that off again.
fn verbose_client(server: &Server, secrets: &Secrets) -> Client {
    let builder = server.builder(&secrets.key).retry(RetryPolicy::none());
    builder.http(|http| http.connection_verbose(true)).build().unwrap()
}

fn assert_sent(server: &Server, secrets: &Secrets) {
    assert_eq!(server.requests().len(), ENDPOINTS.len(), "every call was made");
    for (request, endpoint) in server.requests().iter().zip(&ENDPOINTS) {
        assert_eq!(request.parameter("apiKey").as_deref(), Some(&*secrets.key));
        let sent = if endpoint.is_get() {
            vec![request.parameter("identityId").unwrap()]
        } else {
            let json = request.json();
            json.as_object().unwrap().values().map(|value| value.to_string()).collect()
        };
        for secret in endpoint.sends(secrets) {
            let json = serde_json::to_string(secret).unwrap();
            assert!(sent.contains(&json) || sent.iter().any(|sent| sent == secret));
        }
    }
}

/// Makes a call over each wire and for each endpoint to a server that echoes, and gives what was printed.
async fn echoing_calls(secrets: &Secrets, wires: &[Wire]) -> Vec<String> {
    let mut texts = Vec::new();
    for wire in wires {
        for script in echoes(secrets) {
            let server = Server::over(*wire).answering(script).await;
            let client = verbose_client(&server, secrets);
            texts.push(format!("{client:?}{client:#?}").replace(&server.url(), "URL"));
            for endpoint in &ENDPOINTS {
                texts.push(printed(&client, endpoint, secrets).await);
            }
            assert_sent(&server, secrets);
        }
        if wire.is_http2() {
            let goaway = http2::goaway_before_the_first_stream(all(secrets).join(" | ").as_bytes());
            let server = Server::over(*wire).connecting(goaway).await;
            for endpoint in &ENDPOINTS {
                let client = verbose_client(&server, secrets);
                texts.push(printed(&client, endpoint, secrets).await);
            }
        }
    }
    texts
}

/// Makes a call for every situation of every endpoint, over one wire; the platform's own words are the secrets.
async fn calls_in_every_situation(secrets: &Secrets, wire: Wire) -> Vec<String> {
    let mut texts = Vec::new();
    for endpoint in &ENDPOINTS {
        let situations = failures(endpoint, &all(secrets).join(" | "));
        let answers: Vec<_> = situations.into_iter().map(|situation| situation.answer).collect();
        let (calls, received) = (answers.len(), AtomicUsize::new(0));
        let server = Server::over(wire).serving(move |_, _| {
            Script::from(answers[received.fetch_add(1, Ordering::SeqCst)].clone())
        });
        let server = server.await;
        let client = verbose_client(&server, secrets);
        for _ in 0..calls {
            texts.push(printed(&client, endpoint, secrets).await);
        }
        assert_eq!(server.requests().len(), calls, "every call was made");
    }
    texts
}

/// Secrets that nothing else holds.
fn distinct() -> Secrets {
    Secrets {
        key: "DEV_k&y+/é=kkkkkkkkkkkkkk".to_owned(),
        password: "Xq\"zw\\ <pässwörd> & more".to_owned(),
        token: "ToKeNtOkEnToKeNtOkEnToKeNtOkEnXy".to_owned(),
        identity: "IdEnTiTyIdEnTiTyIdEnTiTyIdEnTiTy".to_owned(),
        email: "shopper.sample@example.org".to_owned(),
        phone: "+420 735999111".to_owned(),
        name: "Žofie Vzorová-O'Brien".to_owned(),
    }
}

/// Two shoppers whose secrets have the same lengths, and nothing else in common.
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
async fn nothing_that_was_typed_or_written_shows_in_any_error_log_or_trace_line() {
    LazyLock::force(&LINES);
    let secrets = distinct();
    let mut texts = echoing_calls(&secrets, &Wire::ALL).await;
    for wire in Wire::ALL {
        texts.extend(calls_in_every_situation(&secrets, wire).await);
    }
    // A character of no other text, whose bytes may stand in a line of TLS by chance.
    let [short, _] = alike(["Ж", "Ы"]);
    echoing_calls(&short, &[Wire::Http1, Wire::Http2]).await;
    let refused = Client::builder(&*secrets.key).base_url("http://127.0.0.1:1").build().unwrap();
    for endpoint in &ENDPOINTS {
        texts.push(printed(&refused, endpoint, &secrets).await);
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

#[tokio::test]
async fn no_text_changes_when_the_secrets_do() {
    // Its lines would take longer to write than the calls to make.
    let _quiet = tracing::subscriber::set_default(NoSubscriber::default());
    for pair in [["E", "0"], ["_", "}"], ["E777", "K123"], ["FAILED", "BROKEN"], ["true", "null"]] {
        let [one, other] = alike(pair);
        let wires = [Wire::Http1, Wire::Http2];
        let texts = echoing_calls(&one, &wires).await;
        assert_eq!(texts, echoing_calls(&other, &wires).await, "{pair:?}");
    }
}

#[tokio::test]
async fn what_the_server_wrote_is_there_for_whoever_asks_for_it_by_name() {
    let secrets = distinct();
    let server = Server::answering(echoes(&secrets).remove(0)).await;
    let failure = endpoint("login").try_call(&server.client(), &secrets).await.unwrap_err();
    assert!(failure.told.raw[0].contains(&secrets.password), "{:?}", failure.told);

    let goaway = http2::goaway_before_the_first_stream(secrets.token.as_bytes());
    let server = Server::over(Wire::Http2).connecting(goaway).await;
    let failure = endpoint("login").try_call(&server.client(), &secrets).await.unwrap_err();
    assert!(failure.told.raw[0].contains(&secrets.token), "{:?}", failure.told);
}

#[test]
fn a_requests_debug_form_shows_no_secret() {
    let secrets = distinct();
    let request = bizkithub::LoginRequest::builder().email("a@b.cz").password(&*secrets.password);
    let verify = bizkithub::RegisterAccountVerifyRequest::builder().token(&*secrets.token);
    let info = bizkithub::GetAccountInfoRequest::builder().identity_id(&*secrets.identity);
    let logout = bizkithub::LogoutRequest::builder().identity_id(&*secrets.identity);
    let set = bizkithub::SetNewPasswordRequest::builder().token(&*secrets.token);
    let register = bizkithub::RegisterAccountRequest::builder().email("a@b.cz");
    let requests: [&dyn std::fmt::Debug; 6] = [
        &request.build(),
        &verify.build(),
        &info.build(),
        &logout.build(),
        &set.password(&*secrets.password).build(),
        &register.password(&*secrets.password).build(),
    ];
    for request in requests {
        assert_shows_nothing("a request", &format!("{request:?}{request:#?}"), &secrets);
    }
}
