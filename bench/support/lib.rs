//! The calls, the two contestants that make them, and the server that they call.

mod contestants;
pub mod hand_written;
pub mod server;

pub use contestants::{Bizkithub, Contestant, HandWritten};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A call that both contestants make.
#[derive(Clone, Copy)]
pub enum Call {
    /// The reference page's example with all 21 fields. Its street is padded until the body has that many bytes.
    RegisterAccount {
        bytes: usize,
    },
    /// Only the required fields: email and password.
    RegisterAccountMinimal,
    Login,
    GetAccountInfo,
}

impl Call {
    pub const ALL: [Self; 4] = [
        Self::RegisterAccount { bytes: 0 },
        Self::RegisterAccountMinimal,
        Self::Login,
        Self::GetAccountInfo,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::RegisterAccount { .. } => "register_account",
            Self::RegisterAccountMinimal => "register_account, minimal",
            Self::Login => "login",
            Self::GetAccountInfo => "get_account_info",
        }
    }

    /// The request as a contestant's type, whose fields are named as in the API.
    fn request<T: DeserializeOwned>(self) -> T {
        let request = match self {
            Self::RegisterAccount { bytes } => example(bytes),
            Self::RegisterAccountMinimal => {
                json!({ "email": "jan@barasek.com", "password": "example_password" })
            }
            Self::Login => json!({
                "email": "jan@barasek.com",
                "password": "example_password",
                "customerRealIp": "1.1.1.1",
            }),
            Self::GetAccountInfo => json!({
                "identityId": "b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA",
                "customerRealIp": "1.1.1.1",
            }),
        };
        serde_json::from_value(request).expect("a request")
    }
}

fn example(bytes: usize) -> Value {
    let example = include_str!("../../examples/register-account.json");
    let mut example: Value = serde_json::from_str(example).expect("the example is JSON");
    let length = example.to_string().len();
    if let Some(Value::String(street)) = example.get_mut("streetAddress") {
        street.push_str(&"x".repeat(bytes.saturating_sub(length)));
    }
    example
}
