//! [`ApiKey`], [`Password`], [`IdentityId`], [`Token`]: never printed, wiped on drop.

use std::fmt;

use secrecy::zeroize::Zeroize;
use secrecy::{ExposeSecret, SecretString};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// The shop's API key. Every request carries it as the query parameter `apiKey`.
///
/// Its `Debug` form shows the [kind](ApiKeyKind) and nothing else, it has no `Display`, and its memory is wiped when it is
/// dropped. The documented form is 32 characters, `^(PROD|DEV_|ROOT)[A-Za-z0-9]{28}$`
/// ([BizKitHub's documentation](https://docs.bizkithub.com)). A key in another form is accepted, since only BizKitHub knows
/// which keys are valid. BizKitHub shows a key in full only once. A key without an expiry date expires after 90 days. A key
/// with scopes works for those endpoints only.
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
    /// The kind of the key, by its prefix.
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

/// The kind of an [`ApiKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiKeyKind {
    /// `PROD…`: for live data.
    Production,
    /// `DEV_…`: for development, with a low quota.
    Development,
    /// `ROOT…`: for BizKitHub's own platform maintenance, without a quota.
    System,
    /// A key in another form than the documented one.
    Unknown,
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ApiKey").field(&self.kind()).finish()
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(wiped(key))
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self(key.into())
    }
}

/// Defines a type for a schema of the spec that is a secret.
macro_rules! secret {
    ($(#[$attribute:meta])* $name:ident, may be empty: $may_be_empty:literal) => {
        $(#[$attribute])*
        ///
        /// It serializes as its text. Its `Debug` form shows nothing of it, it has no `Display`, and its memory is wiped when
        /// it is dropped. (The buffers of the HTTP library, which contain the request, are not wiped.)
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Returns the text. Keep it out of logs.
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
                Self(wiped(text))
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
                let text = unquoted(deserializer)?;
                if text.is_empty() && !$may_be_empty {
                    return Err(de::Error::custom("a secret must not be empty"));
                }
                Ok(text.into())
            }
        }

        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": "password" })
            }
        }
    };
}

secret! {
    /// The password that a customer signs in with.
    ///
    /// ```
    /// use bizkithub::Password;
    ///
    /// let password = Password::from("correct horse");
    /// assert_eq!(format!("{password:?}"), "Password([redacted])");
    /// assert_eq!(serde_json::to_string(&password).unwrap(), r#""correct horse""#);
    /// ```
    Password, may be empty: true
}

secret! {
    /// A customer's session, from [`Client::login`](crate::Client::login). It gives full access to the account: put it into an
    /// `HttpOnly` cookie and nowhere else.
    ///
    /// It has 32 alphanumeric characters. It ends with [`logout`](crate::Client::logout), and by default three months after
    /// sign-in ([guide](https://docs.bizkithub.com/customer-login-api)).
    // A sign-in whose identity is empty is not a success.
    IdentityId, may be empty: false
}

secret! {
    /// A one-time token from an email: from the verification email, for
    /// [`register_account_verify`](crate::Client::register_account_verify), or from the reset email, for
    /// [`set_new_password`](crate::Client::set_new_password).
    ///
    /// Not documented: the lifetime of a verification token, the address of the link in the email, and the name of the link's
    /// parameter. The lifetime of a reset token is the request's `expiration_time`.
    Token, may be empty: true
}

/// Moves a text into a secret. Converting the `String` itself may move it when it shrinks, and leave the old memory unwiped.
fn wiped(mut text: String) -> SecretString {
    let secret = text.as_str().into();
    text.zeroize();
    secret
}

/// Deserializes a string without quoting a value of another type. serde's own error would quote it: a password that was
/// written as a number, for instance.
fn unquoted<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    if deserializer.is_human_readable() {
        // serde_json's `deserialize_string` quotes a number without calling the visitor.
        deserializer.deserialize_any(Text)
    } else {
        deserializer.deserialize_string(Text)
    }
}

struct Text;

impl Text {
    fn reject<E: de::Error>() -> Result<String, E> {
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
        Self::reject()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<String, E> {
        Self::reject()
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<String, E> {
        Self::reject()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<String, E> {
        Self::reject()
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<String, E> {
        Self::reject()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<String, E> {
        Self::reject()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secret_of_another_type_is_not_quoted() {
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
    fn only_an_identity_must_not_be_empty() {
        serde_json::from_str::<Password>("\"\"").unwrap();
        serde_json::from_str::<Token>("\"\"").unwrap();
        let error = serde_json::from_str::<IdentityId>("\"\"").unwrap_err().to_string();
        assert!(error.contains("must not be empty"), "{error}");
    }

    #[test]
    fn secret_as_a_large_number_is_not_quoted() {
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
    fn missing_password_is_reported_by_name() {
        let request =
            serde_json::from_str::<crate::RegisterAccountRequest>(r#"{"email":"a@b.cz"}"#);
        assert!(request.unwrap_err().to_string().contains("missing field `password`"));
    }
}
