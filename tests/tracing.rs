//! The spans and events of a call: one span with OpenTelemetry's names, and one event for each retry. A binary of its own,
//! since it takes every span of the process. Not covered: that they contain no secrets, which `secrets.rs` has.

#[path = "support/mod.rs"]
mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bizkithub::{Client, RetryPolicy};
use support::{Reply, Script, Secrets, Server, Step, endpoint, json};
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

/// The spans and events of this crate, with their fields.
#[derive(Clone, Default)]
struct Captured {
    spans: Arc<Mutex<BTreeMap<u64, Fields>>>,
    events: Arc<Mutex<Vec<Fields>>>,
}

impl<S: Subscriber> Layer<S> for Captured {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Collect(&mut fields));
        if attributes.metadata().target().starts_with("bizkithub") {
            fields.insert("level".to_owned(), attributes.metadata().level().to_string());
            self.spans.lock().unwrap().insert(id.into_u64(), fields);
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

/// The span and the events of a sign-in, successful or not.
async fn sign_in(captured: &Captured, client: &Client) -> (Fields, Vec<Fields>) {
    let _ = endpoint("login").call(client, &Secrets::default()).await;
    captured.take()
}

async fn recorded(captured: &Captured, script: impl Into<Script>) -> (Fields, Vec<Fields>) {
    let server = Server::replying(script).await;
    let retry = RetryPolicy::default().max_backoff(Duration::ZERO);
    let settings = |builder: bizkithub::ClientBuilder| {
        builder.retry(retry).timeout(Duration::from_secs(2)).connect_timeout(Duration::from_secs(1))
    };
    let (span, events) = sign_in(captured, &server.client_with(settings)).await;
    assert_fields(&span, &[("server.port", &server.port.to_string())]);
    (span, events)
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
async fn call_is_one_span_with_an_event_per_retry() {
    let captured = Captured::default();
    tracing_subscriber::registry().with(captured.clone()).init();

    let (span, events) = recorded(&captured, json(200, endpoint("login").success)).await;
    assert_fields(
        &span,
        &[
            ("otel.name", "POST /api/v1/customer/login"),
            ("otel.kind", "client"),
            ("http.request.method", "POST"),
            ("url.template", "/api/v1/customer/login"),
            ("server.address", "127.0.0.1"),
            ("http.response.status_code", "200"),
            ("level", "INFO"),
        ],
    );
    assert_absent(&span, &["error.type", "bizkithub.error_code", "http.request.resend_count"]);
    assert!(events.is_empty(), "{events:?}");

    let limited = json(429, r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Later."}}"#);
    let (span, events) = recorded(&captured, limited.header("retry-after", 0)).await;
    let code = "RATE_LIMIT_EXCEEDED";
    assert_fields(
        &span,
        &[("http.response.status_code", "429"), ("http.request.resend_count", "2")],
    );
    assert_fields(&span, &[("error.type", "platform"), ("bizkithub.error_code", code)]);
    assert_eq!(events.len(), 2, "one event for each retry: {events:?}");
    assert_fields(&events[1], &[("reason", "platform"), ("error_code", code)]);
    assert_fields(&events[1], &[("http.request.resend_count", "2")]);

    let (span, _) = recorded(&captured, json(200, r#"{"success":false,"errorCode":"E002"}"#)).await;
    assert_fields(&span, &[("error.type", "endpoint"), ("bizkithub.error_code", "E002")]);

    // An unknown code is recorded only if it is short.
    let (span, _) = recorded(&captured, json(200, r#"{"success":false,"errorCode":"E999"}"#)).await;
    assert_fields(&span, &[("bizkithub.error_code", "E999")]);
    let (span, _) =
        recorded(&captured, json(200, r#"{"success":false,"errorCode":"E9999"}"#)).await;
    assert_fields(&span, &[("error.type", "endpoint")]);
    assert_absent(&span, &["bizkithub.error_code"]);

    let (span, _) = recorded(&captured, Reply::html(502)).await;
    assert_fields(&span, &[("error.type", "unexpected_response")]);
    assert_fields(&span, &[("http.response.status_code", "502")]);

    let (span, _) = recorded(&captured, Step::Hang).await;
    assert_fields(&span, &[("error.type", "timeout")]);
    assert_absent(&span, &["http.response.status_code"]);

    let client = Client::builder(support::KEY).base_url("http://127.0.0.1:1").build().unwrap();
    let retry = RetryPolicy::default().max_backoff(Duration::ZERO);
    let (span, events) = sign_in(&captured, &client.with_retry(retry)).await;
    assert_fields(&span, &[("error.type", "connect"), ("http.request.resend_count", "2")]);
    assert_fields(&events[0], &[("reason", "connect")]);
}
