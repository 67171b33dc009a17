//! [`ServerText`] and [`ServerJson`]: text and JSON that a server wrote, which their `Debug` forms do not show.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// Text that a server wrote. Its `Debug` form shows only its length, since the text may quote the API key, a password or a
/// customer's name, in any encoding.
///
/// It derefs to `str`, so `info.first_name.as_deref()` is an `Option<&str>`. It has no `Display`: printing it takes an
/// explicit step.
///
/// ```
/// use bizkithub::ServerText;
///
/// let text = ServerText::from("Jan");
/// assert_eq!(&*text, "Jan");
/// assert_eq!(format!("{text:?}"), "[3 bytes]");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerText(Box<str>);

impl ServerText {
    /// Keeps at most `limit` bytes. Bytes that are not UTF-8 are replaced.
    pub(crate) fn bounded(text: &[u8], limit: usize) -> Self {
        let text = String::from_utf8_lossy(text.get(..limit).unwrap_or(text));
        // A replacement character is longer than the byte that it replaces.
        let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        Self(text.get(..end.unwrap_or_default()).unwrap_or_default().into())
    }
}

impl Deref for ServerText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for ServerText {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&str> for ServerText {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{} bytes]", self.0.len())
    }
}

/// JSON that a server wrote and that the spec does not describe, such as `meta` of
/// [`AccountInfo`](crate::AccountInfo). Its `Debug` form shows nothing of it.
///
/// It derefs to [`serde_json::Value`].
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerJson(serde_json::Value);

impl Deref for ServerJson {
    type Target = serde_json::Value;

    fn deref(&self) -> &serde_json::Value {
        &self.0
    }
}

impl From<serde_json::Value> for ServerJson {
    fn from(value: serde_json::Value) -> Self {
        Self(value)
    }
}

impl fmt::Debug for ServerJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[JSON]")
    }
}

#[cfg(feature = "schemars")]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    impl JsonSchema for super::ServerText {
        fn schema_name() -> Cow<'static, str> {
            "ServerText".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string" })
        }
    }

    impl JsonSchema for super::ServerJson {
        fn schema_name() -> Cow<'static, str> {
            "ServerJson".into()
        }

        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!(true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounded_text_is_cut_between_characters() {
        assert_eq!(ServerText::bounded("naïve".as_bytes(), 3).len(), 2);
        assert_eq!(&*ServerText::bounded(&[0xff; 9], 9), "\u{fffd}\u{fffd}\u{fffd}");
    }
}
