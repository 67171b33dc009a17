//! Reading a server's JSON leniently, within its own memory, and without quoting it.
//!
//! A value stays the slice of the text that it is until somebody needs it. So no JSON, however deep it is nested and
//! whatever numbers it holds, takes more memory than its own bytes or fails what is otherwise clear. (An array of zeros
//! as a `serde_json::Value` was seen to take sixteen times its bytes.)

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess,
    Visitor,
};
use serde_json::value::RawValue;

pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Gives `take` each field of an object, once it is known that the whole text is JSON up to there.
pub(crate) fn fields<'a>(
    text: &'a str,
    take: impl FnMut(&str, &'a RawValue),
) -> serde_json::Result<()> {
    if !text.trim_ascii_start().starts_with('{') {
        // serde_json would quote what it finds instead, all of it.
        return Err(serde_json::Error::custom("no object"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Fields(take).deserialize(&mut deserializer)?;
    deserializer.end()
}

/// The value as the caller's type. `serde_json`'s own message may quote the value, so it is replaced; its place stays.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        // serde_json takes the place out of the message's end.
        serde_json::Error::custom(format!(
            "the answer cannot be read as the type that was asked for at line {line} column {column}"
        ))
    })
}

/// Gives `take` each item of a list.
pub(crate) fn items<'a>(text: &'a str, take: impl FnMut(&'a RawValue)) -> serde_json::Result<()> {
    if !text.starts_with('[') {
        return Err(serde_json::Error::custom("no list"));
    }
    Items(take).deserialize(&mut serde_json::Deserializer::from_str(text))
}

/// A part of an answer, kept as it came until somebody asks for it as a type.
#[derive(Clone, Default)]
pub(crate) struct Part(Option<Box<str>>);

impl Part {
    pub(crate) fn of(value: &RawValue) -> Self {
        Self(Some(value.get().into()))
    }

    /// `answer` is the whole that it is a part of.
    pub(crate) fn read<T: DeserializeOwned>(&self, answer: &[u8]) -> serde_json::Result<T> {
        utf8(answer)?;
        read(self.text())
    }

    /// Its JSON; `null` if the answer had none.
    pub(crate) fn text(&self) -> &str {
        self.0.as_deref().unwrap_or("null")
    }
}

pub(crate) fn utf8(answer: &[u8]) -> serde_json::Result<&str> {
    std::str::from_utf8(answer).map_err(|_| serde_json::Error::custom("the answer is not UTF-8"))
}

/// The value, if it is of that type.
pub(crate) fn value<T: DeserializeOwned>(value: &RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

/// The string, if it is one. Without an escape in it, it is what stands between the quotes.
pub(crate) fn text(value: &RawValue) -> Option<String> {
    let inner = value.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') { self::value(value) } else { Some(inner.to_owned()) }
}

pub(crate) fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

struct Fields<Take>(Take);

impl<'a, Take: FnMut(&str, &'a RawValue)> DeserializeSeed<'a> for Fields<Take> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a, Take: FnMut(&str, &'a RawValue)> Visitor<'a> for Fields<Take> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name)? {
            (self.0)(&name, map.next_value()?);
        }
        Ok(())
    }
}

/// A field's name, borrowed unless it is written with escapes.
struct Name;

impl<'a> DeserializeSeed<'a> for Name {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Name {
    type Value = Cow<'a, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'a str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

struct Items<Take>(Take);

impl<'a, Take: FnMut(&'a RawValue)> DeserializeSeed<'a> for Items<Take> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a, Take: FnMut(&'a RawValue)> Visitor<'a> for Items<Take> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            (self.0)(item);
        }
        Ok(())
    }
}
