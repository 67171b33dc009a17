//! [`ApiKey`] and [`Password`]: never printed, wiped on drop.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The shop's API key, which goes out as the query parameter `apiKey` of every request.
///
/// Its `Debug` form shows the [kind](ApiKeyKind) and nothing else, it has no `Display`, and its memory is wiped
/// when it is dropped. The documented form is 32 characters, `^(PROD|DEV_|ROOT)[A-Za-z0-9]{28}$`
/// ([BizKitHub's documentation](https://docs.bizkithub.com)); a key in another form is accepted, since BizKitHub
/// is the judge of its keys.
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
    ///
    /// ```
    /// use bizkithub::{ApiKey, ApiKeyKind};
    ///
    /// assert_eq!(ApiKey::from("YOUR_API_KEY").kind(), ApiKeyKind::Unknown);
    /// ```
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
///
/// ```
/// use bizkithub::{ApiKey, ApiKeyKind};
///
/// let key = ApiKey::from("PROD0123456789abcdefghijABCDEFGH");
/// assert_eq!(key.kind(), ApiKeyKind::Production);
/// ```
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

/// The password that a shopper will sign in with.
///
/// It is serialised as its text, but its `Debug` form shows nothing of it, it has no `Display`, and its memory is
/// wiped when it is dropped. (The request body that was made from it lives in buffers of the HTTP library, which
/// are not wiped.)
///
/// ```
/// use bizkithub::Password;
///
/// let password = Password::from("correct horse");
/// assert_eq!(format!("{password:?}"), "Password([redacted])");
/// assert_eq!(serde_json::to_string(&password).unwrap(), r#""correct horse""#);
/// ```
#[derive(Clone)]
pub struct Password(SecretString);

impl Password {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ApiKey").field(&self.kind()).finish()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password([redacted])")
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

impl From<String> for Password {
    fn from(password: String) -> Self {
        Self(password.into())
    }
}

impl From<&str> for Password {
    fn from(password: &str) -> Self {
        Self(password.into())
    }
}

impl Serialize for Password {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Password {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            // Asked for a string, serde_json quotes a number it finds instead without asking the visitor.
            deserializer.deserialize_any(PasswordVisitor)
        } else {
            deserializer.deserialize_string(PasswordVisitor)
        }
    }
}

/// serde's own message for a wrong type quotes the value: a password that was written as a number.
struct PasswordVisitor;

impl PasswordVisitor {
    fn refuse<E: de::Error>() -> Result<Password, E> {
        Err(E::custom("a password must be a string"))
    }
}

impl Visitor<'_> for PasswordVisitor {
    type Value = Password;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, password: &str) -> Result<Password, E> {
        Ok(password.into())
    }

    fn visit_string<E: de::Error>(self, password: String) -> Result<Password, E> {
        Ok(password.into())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Password, E> {
        Self::refuse()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Password, E> {
        Self::refuse()
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<Password, E> {
        Self::refuse()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Password, E> {
        Self::refuse()
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<Password, E> {
        Self::refuse()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Password, E> {
        Self::refuse()
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Password {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Password".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "password", "minLength": 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_no_string_is_not_quoted_in_the_error() {
        for json in ["12345", "-12345", "12.345", "[\"secret\"]", "{\"secret\":1}", "null", "true"]
        {
            let error = serde_json::from_str::<Password>(json).unwrap_err().to_string();
            assert!(error.contains("string"), "{error}");
            assert!(!error.contains("345") && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_missing_password_is_told_by_the_name_of_its_field() {
        let request =
            serde_json::from_str::<crate::RegisterAccountRequest>(r#"{"email":"a@b.cz"}"#);
        assert!(request.unwrap_err().to_string().contains("missing field `password`"));
    }
}
