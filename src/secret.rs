//! [`ApiKey`], [`Password`], [`IdentityId`], [`Token`]: never printed, wiped on drop.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// The shop's API key, which goes out as the query parameter `apiKey` of every request.
///
/// Its `Debug` form shows the [kind](ApiKeyKind) and nothing else, it has no `Display`, and its memory is wiped when it is
/// dropped. The documented form is 32 characters, `^(PROD|DEV_|ROOT)[A-Za-z0-9]{28}$`
/// ([BizKitHub's documentation](https://docs.bizkithub.com)). A key in another form is accepted, since BizKitHub is the
/// judge of its keys. One that was made without an expiry date expires after 90 days. BizKitHub shows it in full only once. It
/// may carry scopes, and then reaches only those endpoints.
///
/// ```
/// use bizkithub::{ApiKey, ApiKeyKind};
///
/// let key = ApiKey::from("DEV_0123456789abcdefghijABCDEFGH");
/// assert_eq!(key.kind(), ApiKeyKind::Development);
/// assert_eq!(format!("{key:?}"), "ApiKey(Development)");
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// What the key is for, told from its prefix.
    pub fn kind(&self) -> ApiKeyKind {
        let key = self.expose();
        let documented =
            |rest: &str| rest.len() == 28 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        [
            ("PROD", ApiKeyKind::Production),
            ("DEV_", ApiKeyKind::Development),
            ("ROOT", ApiKeyKind::System),
        ]
        .into_iter()
        .find(|(prefix, _)| key.strip_prefix(prefix).is_some_and(documented))
        .map_or(ApiKeyKind::Unknown, |(_, kind)| kind)
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// What an [`ApiKey`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiKeyKind {
    /// `PROD…`: works on live data.
    Production,
    /// `DEV_…`: for development, with a low quota.
    Development,
    /// `ROOT…`: for BizKitHub's own platform maintenance, without a quota.
    System,
    /// A key in no documented form.
    Unknown,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ApiKey").field(&self.kind()).finish()
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(key.into())
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(key.into())
    }
}

/// A named schema of the description that stands for a secret.
macro_rules! secret {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        ///
        /// It is serialised as its text, but its `Debug` form shows nothing of it, it has no `Display`, and its memory is
        /// wiped when it is dropped. (The request that was made from it lives in buffers of the HTTP library, which are
        /// not wiped.)
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// The text itself. Keep it out of logs.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.expose())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                unquoted(deserializer).map(|text| Self(text.into()))
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": "password", "minLength": 1 })
            }
        }
    };
}

secret! {
    /// The password that a shopper signs in with.
    ///
    /// ```
    /// use bizkithub::Password;
    ///
    /// let password = Password::from("correct horse");
    /// assert_eq!(format!("{password:?}"), "Password([redacted])");
    /// assert_eq!(serde_json::to_string(&password).unwrap(), r#""correct horse""#);
    /// ```
    Password
}

secret! {
    /// A shopper's session, from [`Client::login`](crate::Client::login). Whoever has it is the shopper: put it into an
    /// `HttpOnly` cookie and nowhere else.
    ///
    /// 32 alphanumeric characters, made by BizKitHub. It ends by [`logout`](crate::Client::logout) or after inactivity. Not
    /// documented: how long that is ([the guide](https://docs.bizkithub.com/identity-id)).
    IdentityId
}

secret! {
    /// A one-time token from a mail: of the verification mail, for
    /// [`register_account_verify`](crate::Client::register_account_verify), or of the reset mail, for
    /// [`set_new_password`](crate::Client::set_new_password).
    ///
    /// Not documented: how long it lives (a reset token's life can be set: `expiration_time`), where the mail's link leads, and
    /// the name of its parameter.
    Token
}

/// A string. serde's own message for another type quotes the value: a password that was written as a number.
fn unquoted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    if deserializer.is_human_readable() {
        // Asked for a string, serde_json quotes a number it finds instead without asking the visitor.
        deserializer.deserialize_any(Text)
    } else {
        deserializer.deserialize_string(Text)
    }
}

struct Text;

impl Text {
    fn refuse<E: de::Error>() -> Result<String, E> {
        Err(E::custom("a secret must be a string"))
    }
}

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<String, E> {
        Self::refuse()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<String, E> {
        Self::refuse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_is_no_string_is_not_quoted_in_the_error() {
        for json in ["12345", "-12345", "12.345", "[\"secret\"]", "{\"secret\":1}", "null", "true"]
        {
            let errors = [
                serde_json::from_str::<Password>(json).unwrap_err(),
                serde_json::from_str::<IdentityId>(json).unwrap_err(),
                serde_json::from_str::<Token>(json).unwrap_err(),
            ];
            for error in errors.map(|error| error.to_string()) {
                assert!(error.contains("string"), "{error}");
                assert!(!error.contains("345") && !error.contains("secret\""), "{error}");
            }
        }
    }

    #[test]
    fn a_secret_that_another_format_gives_as_a_large_number_is_not_quoted_either() {
        use serde::de::value::{Error, I128Deserializer, U128Deserializer};
        let errors = [
            Password::deserialize(I128Deserializer::<Error>::new(-12345)).unwrap_err(),
            Password::deserialize(U128Deserializer::<Error>::new(12345)).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.to_string(), "a secret must be a string");
        }
    }

    #[test]
    fn a_missing_password_is_told_by_the_name_of_its_field() {
        let request =
            serde_json::from_str::<crate::RegisterAccountRequest>(r#"{"email":"a@b.cz"}"#);
        assert!(request.unwrap_err().to_string().contains("missing field `password`"));
    }
}
