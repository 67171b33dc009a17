use std::borrow::Cow;

use bytes::Bytes;
use bytestring::ByteString;
use serde::Deserializer;
use serde::de::{DeserializeOwned, Error as _};

use super::{raw, string};

/// A server's text, an answer or a part of one, in the memory that it came in. It has no `Debug`, which would show it.
#[derive(Clone)]
pub(crate) struct Text {
    text: ByteString,
    /// The answer had bytes that are not UTF-8, which are replaced here.
    is_lossy: bool,
}

impl Text {
    /// A byte that is not UTF-8 may stand in a part that nobody needs: it must not turn a success into an error.
    pub(crate) fn of(answer: Bytes) -> Self {
        match ByteString::try_from(answer.clone()) {
            Ok(text) => Self { text, is_lossy: false },
            Err(_) => {
                let text = String::from_utf8_lossy(&answer).into_owned();
                Self { text: text.into(), is_lossy: true }
            }
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// It as the caller's type. `serde_json`'s own message may quote it, so it is replaced; its place stays.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        if self.is_lossy {
            return Err(serde_json::Error::custom("the answer is not UTF-8"));
        }
        serde_json::from_str(&self.text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            // serde_json takes the place out of the message's end.
            serde_json::Error::custom(format!(
                "the answer cannot be read as the type that was asked for at line {line} column {column}"
            ))
        })
    }

    /// What stands for a part that is not there.
    pub(crate) fn null(&self) -> Self {
        Self { text: ByteString::from_static("null"), is_lossy: self.is_lossy }
    }

    /// A part of this text.
    pub(crate) fn part(&self, part: &str) -> Self {
        Self { text: self.text.slice_ref(part), is_lossy: self.is_lossy }
    }

    /// A value of this text as it stands there.
    pub(crate) fn raw<'a, D: Deserializer<'a>>(&self, value: D) -> Result<Self, D::Error> {
        Ok(self.part(raw(value)?.get()))
    }

    /// A value of this text, if it is a string.
    pub(crate) fn string<'a, D: Deserializer<'a>>(
        &self,
        value: D,
    ) -> Result<Option<Self>, D::Error> {
        Ok(string(value)?.map(|string| match string {
            Cow::Borrowed(string) => self.part(string),
            Cow::Owned(string) => Self { text: string.into(), is_lossy: self.is_lossy },
        }))
    }
}
