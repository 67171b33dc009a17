use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::object::{Fields, Object};

/// The string, if it is one.
pub(crate) fn string<'a, D: Deserializer<'a>>(value: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    Ok(match value.deserialize_any(AnyValue::<()>(PhantomData))? {
        Value::String(string) => Some(string),
        _ => None,
    })
}

/// The number, if it is one.
pub(crate) fn number<'a, D: Deserializer<'a>>(value: D) -> Result<Option<f64>, D::Error> {
    Ok(match value.deserialize_any(AnyValue::<()>(PhantomData))? {
        Value::Number(number) => Some(number),
        _ => None,
    })
}

/// The boolean, if it is one.
pub(crate) fn boolean<'a, D: Deserializer<'a>>(value: D) -> Result<Option<bool>, D::Error> {
    Ok(match value.deserialize_any(AnyValue::<()>(PhantomData))? {
        Value::Boolean(boolean) => Some(boolean),
        _ => None,
    })
}

/// What a value turns out to be, with an object's fields in `F`.
pub(super) enum Value<'a, F> {
    String(Cow<'a, str>),
    Number(f64),
    Boolean(bool),
    Object(F),
    Other,
}

pub(super) struct AnyValue<F>(pub(super) PhantomData<F>);

impl<'a, F: Fields<'a> + Default> Visitor<'a> for AnyValue<F> {
    type Value = Value<'a, F>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, string: &'a str) -> Result<Self::Value, E> {
        Ok(Value::String(Cow::Borrowed(string)))
    }

    fn visit_str<E>(self, string: &str) -> Result<Self::Value, E> {
        Ok(Value::String(Cow::Owned(string.to_owned())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_bool<E>(self, boolean: bool) -> Result<Self::Value, E> {
        Ok(Value::Boolean(boolean))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'a>>(self, items: A) -> Result<Self::Value, A::Error> {
        IgnoredAny.visit_seq(items).map(|_| Value::Other)
    }

    fn visit_map<A: MapAccess<'a>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut fields = F::default();
        Object { fields: &mut fields, one_by_one: false }.visit_map(map)?;
        Ok(Value::Object(fields))
    }
}

/// As a part of a list.
impl<'a, F: Fields<'a> + Default> DeserializeSeed<'a> for AnyValue<F> {
    type Value = Value<'a, F>;

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<Self::Value, D::Error> {
        value.deserialize_any(self)
    }
}
