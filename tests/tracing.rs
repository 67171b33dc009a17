//! What a call tells to `tracing`: one span with OpenTelemetry's names, one event for each repeat, and nothing of the
//! shopper. One test in a binary of its own, since it takes every span of the process.

#[allow(dead_code)]
mod hostile;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bizkithub::{Client, RegisterAccountRequest, RetryPolicy};
use hostile::{Hostile, KEY, SUCCESS, Script, Step, answer, answer_with};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

type Fields = BTreeMap<String, String>;

struct Collect<'a>(&'a mut Fields);

impl Visit for Collect<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

/// The spans and events of this crate, with their fields, and the fields of everything else as text.
#[derive(Clone, Default)]
struct Captured {
    spans: Arc<Mutex<BTreeMap<u64, Fields>>>,
    events: Arc<Mutex<Vec<Fields>>>,
    others: Arc<Mutex<String>>,
}

impl<S: Subscriber> Layer<S> for Captured {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Collect(&mut fields));
        if attributes.metadata().target().starts_with("bizkithub") {
            fields.insert("level".to_owned(), attributes.metadata().level().to_string());
            self.spans.lock().unwrap().insert(id.into_u64(), fields);
        } else {
            *self.others.lock().unwrap() +=
                &format!("{} {fields:?}", attributes.metadata().target());
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some(fields) = self.spans.lock().unwrap().get_mut(&id.into_u64()) {
            values.record(&mut Collect(fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Collect(&mut fields));
        if event.metadata().target().starts_with("bizkithub") {
            self.events.lock().unwrap().push(fields);
        } else {
            *self.others.lock().unwrap() += &format!("{} {fields:?}", event.metadata().target());
        }
    }
}

impl Captured {
    /// The one span and the events of the call that was made last.
    fn take(&self) -> (Fields, Vec<Fields>) {
        let spans = std::mem::take(&mut *self.spans.lock().unwrap());
        assert_eq!(spans.len(), 1, "one span for each call: {spans:?}");
        let span = spans.into_values().next().unwrap();
        (span, std::mem::take(&mut *self.events.lock().unwrap()))
    }
}

fn shopper() -> RegisterAccountRequest {
    RegisterAccountRequest::builder()
        .email("shopper@example.com")
        .name("Shopper Sample")
        .phone("+420 777123456")
        .street_address("Sample Street 1505")
        .city("Samplecity")
        .customer_real_ip([203, 0, 113, 9])
        .password("example_password")
        .build()
}

fn client(url: &str) -> Client {
    let retry = RetryPolicy::default().min_delay(Duration::from_millis(1));
    Client::builder(KEY).base_url(url).retry(retry).timeout(Duration::from_secs(2)).build().unwrap()
}

fn assert_fields(span: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(span.get(*name).map(String::as_str), Some(*value), "{name} in {span:?}");
    }
}

fn assert_absent(span: &Fields, names: &[&str]) {
    for name in names {
        assert!(!span.contains_key(*name), "{name} in {span:?}");
    }
}

#[tokio::test]
async fn a_call_is_one_span_with_opentelemetrys_names_and_nothing_of_the_shopper() {
    let captured = Captured::default();
    tracing_subscriber::registry().with(captured.clone()).init();
    let mut everything = String::new();

    let server = Hostile::answering(Script::registering(answer(200, SUCCESS))).await;
    client(&server.url()).register_account(&shopper()).await.unwrap();
    let (span, events) = captured.take();
    assert_fields(
        &span,
        &[
            ("otel.name", "POST /api/v1/customer/register-account"),
            ("otel.kind", "client"),
            ("http.request.method", "POST"),
            ("url.template", "/api/v1/customer/register-account"),
            ("server.address", "127.0.0.1"),
            ("server.port", &server.port.to_string()),
            ("http.response.status_code", "200"),
            ("level", "INFO"),
        ],
    );
    assert_absent(&span, &["error.type", "bizkithub.error_code", "http.request.resend_count"]);
    assert!(events.is_empty(), "{events:?}");
    everything += &format!("{span:?}");

    let limited = r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Later."}}"#;
    let server =
        Hostile::answering(Script::refusing(answer_with(429, "retry-after: 0\r\n", limited))).await;
    client(&server.url()).register_account(&shopper()).await.unwrap_err();
    let (span, events) = captured.take();
    assert_fields(
        &span,
        &[
            ("http.response.status_code", "429"),
            ("http.request.resend_count", "2"),
            ("error.type", "platform"),
            ("bizkithub.error_code", "RATE_LIMIT_EXCEEDED"),
        ],
    );
    assert_eq!(events.len(), 2, "one event for each repeat: {events:?}");
    assert_fields(
        &events[1],
        &[
            ("reason", "platform"),
            ("error_code", "RATE_LIMIT_EXCEEDED"),
            ("http.request.resend_count", "2"),
        ],
    );
    everything += &format!("{span:?}{events:?}");

    let refused = Hostile::answering(Script::refusing(answer(
        200,
        r#"{"success":false,"errorCode":"E002"}"#,
    )))
    .await;
    client(&refused.url()).register_account(&shopper()).await.unwrap_err();
    let (span, _) = captured.take();
    assert_fields(&span, &[("error.type", "refused"), ("bizkithub.error_code", "E002")]);

    // A server that puts the shopper's data where its code belongs.
    let echo = r#"{"success":false,"errorCode":"shopper@example.com","message":"Shopper Sample"}"#;
    let echoing = Hostile::answering(Script::refusing(answer(200, echo))).await;
    client(&echoing.url()).register_account(&shopper()).await.unwrap_err();
    let (span, events) = captured.take();
    assert_absent(&span, &["bizkithub.error_code"]);
    everything += &format!("{span:?}{events:?}");

    let silent = Hostile::answering(Script { registers: true, steps: vec![Step::Hang] }).await;
    client(&silent.url()).register_account(&shopper()).await.unwrap_err();
    let (span, _) = captured.take();
    assert_fields(&span, &[("error.type", "timeout")]);
    assert_absent(&span, &["http.response.status_code"]);

    client("http://127.0.0.1:1").register_account(&shopper()).await.unwrap_err();
    let (span, events) = captured.take();
    assert_fields(&span, &[("error.type", "connect"), ("http.request.resend_count", "2")]);
    assert_fields(&events[0], &[("reason", "connect")]);
    everything += &format!("{span:?}{events:?}");

    everything += &captured.others.lock().unwrap();
    assert!(everything.contains("hyper"), "other crates' lines were captured");
    let private =
        [KEY, "example_password", "shopper@", "Shopper", "777123456", "Sample", "203.0.113.9"];
    for private in private {
        assert!(!everything.contains(private), "{private} in {everything}");
    }
}
