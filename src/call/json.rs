//! Reading a server's JSON leniently, within its own memory, and without quoting it.
//!
//! A text, or a part that is asked for later, stays the slice of the answer that it is. So no JSON, however deep it is
//! nested and whatever numbers it holds, takes more memory than its own bytes or fails what is otherwise clear. (An
//! array of zeros as a `serde_json::Value` was seen to take sixteen times its bytes.)

mod object;
mod text;
mod value;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny};
use serde_json::value::RawValue;

pub(crate) use object::{Fields, fields, object, objects};
pub(crate) use text::Text;
pub(crate) use value::{boolean, number, string};

pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// The value, if it is of that type.
pub(crate) fn of_type<T: DeserializeOwned>(value: &RawValue) -> Option<T> {
    serde_json::from_str(value.get()).ok()
}

pub(crate) fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// The value as it stands there.
pub(crate) fn raw<'a, D: Deserializer<'a>>(value: D) -> Result<&'a RawValue, D::Error> {
    Deserialize::deserialize(value)
}

pub(crate) fn skip<'a, D: Deserializer<'a>>(value: D) -> Result<(), D::Error> {
    IgnoredAny::deserialize(value).map(drop)
}
