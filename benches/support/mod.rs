//! What the benches share: the two contestants and the server they talk to.

pub mod by_hand;
pub mod server;

use bizkithub::{Client, RegisterAccountRequest, RegisteredAccount};

pub const API_KEY: &str = "DEV_0123456789abcdefghijABCDEFGH";

const EXAMPLE: &str = include_str!("../../examples/register-account.json");

/// The reference page's example with all 21 fields, its street padded until the body has at least `bytes` bytes.
pub fn full_request(bytes: usize) -> serde_json::Value {
    let mut request: serde_json::Value =
        serde_json::from_str(EXAMPLE).expect("the example is JSON");
    let length = serde_json::to_vec(&request).expect("a value is JSON").len();
    if let Some(serde_json::Value::String(street)) = request.get_mut("streetAddress") {
        street.push_str(&"x".repeat(bytes.saturating_sub(length)));
    }
    request
}

/// What the endpoint needs and nothing else.
pub fn minimal_request() -> serde_json::Value {
    serde_json::json!({ "email": "jan@barasek.com", "password": "example_password" })
}

/// Someone who registers accounts; a clone shares the connections.
pub trait Contestant: Clone + 'static {
    #[allow(dead_code, reason = "the harness for instructions has names of its own")]
    const NAME: &str;

    fn new(server: &str, request: &serde_json::Value) -> Self;

    /// Registers the account; panics if that fails, since a failed call must not count as a fast one.
    fn register(&self) -> impl Future<Output = ()>;
}

#[derive(Clone)]
pub struct ByHand {
    api: by_hand::Api,
    request: std::rc::Rc<by_hand::Request>,
}

impl Contestant for ByHand {
    const NAME: &str = "by hand";

    fn new(server: &str, request: &serde_json::Value) -> Self {
        let request = serde_json::from_value(request.clone()).expect("a request");
        let api = by_hand::Api::new(server, API_KEY).expect("an HTTP client");
        Self { api, request: std::rc::Rc::new(request) }
    }

    async fn register(&self) {
        let (status, answer) = self.api.register_account(&self.request).await.expect("an answer");
        assert!(status.is_success() && answer.success);
        let _ = std::hint::black_box(answer);
    }
}

#[derive(Clone)]
pub struct Bizkithub {
    client: Client,
    request: std::rc::Rc<RegisterAccountRequest>,
}

impl Contestant for Bizkithub {
    const NAME: &str = "bizkithub";

    fn new(server: &str, request: &serde_json::Value) -> Self {
        let request = serde_json::from_value(request.clone()).expect("a request");
        let client = Client::builder(API_KEY).base_url(server).build().expect("a client");
        Self { client, request: std::rc::Rc::new(request) }
    }

    async fn register(&self) {
        let account: RegisteredAccount =
            self.client.register_account(&self.request).await.expect("an account");
        let _ = std::hint::black_box(account);
    }
}
