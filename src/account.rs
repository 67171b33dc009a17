//! [`RegisteredAccount`]: what a successful registration gives back.

use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::RateLimit;
use crate::answer::Answered;

/// A registered account. The shopper cannot sign in with it before clicking the link in the verification e-mail.
///
/// ```no_run
/// # async fn run(client: bizkithub::Client, request: bizkithub::RegisterAccountRequest) -> Result<(), bizkithub::Error> {
/// let account = client.register_account(&request).await?;
/// println!("{}", account.message().unwrap_or("registered"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct RegisteredAccount {
    data: Map<String, Value>,
    rate_limit: Option<RateLimit>,
}

/// The endpoint's own part of a successful answer. `data` is not documented beyond `message`, so a form that nobody
/// foresaw must not turn a success into an error.
#[derive(Deserialize)]
pub(crate) struct Success {
    #[serde(default, deserialize_with = "object_or_empty")]
    data: Map<String, Value>,
}

fn object_or_empty<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Map<String, Value>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Object(data) => data,
        _ => Map::new(),
    })
}

impl RegisteredAccount {
    /// BizKitHub's message, for developers, if it sent one: `data.message` of the answer.
    ///
    /// ```
    /// # use bizkithub::RegisteredAccount;
    /// fn log(account: &RegisteredAccount) {
    ///     eprintln!("{}", account.message().unwrap_or_default());
    /// }
    /// ```
    pub fn message(&self) -> Option<&str> {
        self.data.get("message")?.as_str()
    }

    /// Everything in the answer's `data`; empty if there was none. Not documented beyond `message`.
    ///
    /// ```
    /// # use bizkithub::RegisteredAccount;
    /// fn field_names(account: &RegisteredAccount) -> Vec<&str> {
    ///     account.data().keys().map(String::as_str).collect()
    /// }
    /// ```
    pub fn data(&self) -> &Map<String, Value> {
        &self.data
    }

    /// What is left of the key's quota, if the answer said so.
    ///
    /// ```
    /// # use bizkithub::RegisteredAccount;
    /// fn requests_left(account: &RegisteredAccount) -> Option<u64> {
    ///     Some(account.rate_limit()?.remaining)
    /// }
    /// ```
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.rate_limit
    }
}

impl From<Answered<Success>> for RegisteredAccount {
    fn from(answered: Answered<Success>) -> Self {
        Self { data: answered.value.data, rate_limit: answered.rate_limit }
    }
}

/// Without the values of `data`: whatever a server puts there, the shopper's data and secrets included, would
/// otherwise end in logs.
impl fmt::Debug for RegisteredAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RegisteredAccount")
            .field("rate_limit", &self.rate_limit)
            .finish_non_exhaustive()
    }
}
