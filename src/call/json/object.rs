use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{Error as NullError, UnitDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::skip;
use super::value::{AnyValue, Value};

/// What an object is read into, field by field.
pub(crate) trait Fields<'a>: Sized {
    /// Takes a field. A value of another type than documented is skipped.
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error>;
}

/// Takes nothing.
impl<'a> Fields<'a> for () {
    fn take<D: Deserializer<'a>>(&mut self, _: &str, value: D) -> Result<(), D::Error> {
        skip(value)
    }
}

/// Reads an object into `fields`, which are `empty` before. Each value is read once and where it stands; what no type holds
/// (a number past every bound, half a surrogate) makes that one field be left out.
pub(crate) fn fields<'a, F: Fields<'a>>(
    text: &'a str,
    fields: &mut F,
    empty: impl Fn() -> F,
) -> serde_json::Result<()> {
    if !text.trim_ascii_start().starts_with('{') {
        // serde_json would quote what it finds instead, all of it.
        return Err(serde_json::Error::custom("no object"));
    }
    let read = |fields: &mut F, one_by_one| {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        Object { fields, one_by_one }.deserialize(&mut deserializer)?;
        deserializer.end()
    };
    read(fields, false).or_else(|_| {
        *fields = empty();
        read(fields, true)
    })
}

/// The object, unless none of the fields is there that are taken: many of those would take more memory than their bytes.
pub(crate) fn object<'a, F: Fields<'a> + Default + PartialEq>(text: &'a str) -> Option<F> {
    let mut object = F::default();
    fields(text, &mut object, F::default).ok()?;
    says_something(&object).then_some(object)
}

/// The objects of a list. What is no list has none.
pub(crate) fn objects<'a, F: Fields<'a> + Default + PartialEq>(text: &'a str) -> Vec<F> {
    let read = |one_by_one| {
        let items = Items { objects: Vec::new(), one_by_one };
        items.deserialize(&mut serde_json::Deserializer::from_str(text))
    };
    read(false).or_else(|_: serde_json::Error| read(true)).unwrap_or_default()
}

fn says_something<F: Default + PartialEq>(fields: &F) -> bool {
    *fields != F::default()
}

/// An object as it is read. Its fields are borrowed, since serde would move them from call to call.
pub(super) struct Object<'fields, F> {
    pub(super) fields: &'fields mut F,
    pub(super) one_by_one: bool,
}

impl<'a, F: Fields<'a>> DeserializeSeed<'a> for Object<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a, F: Fields<'a>> Visitor<'a> for Object<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key_seed(Name { of_any_bytes: self.one_by_one })? {
            if self.one_by_one {
                let value: &RawValue = map.next_value()?;
                let value = &mut serde_json::Deserializer::from_str(value.get());
                if self.fields.take(&name, value).is_err() {
                    // Not left as it is: the same field may have stood there before.
                    let null = UnitDeserializer::<NullError>::new();
                    let _ = self.fields.take(&name, null);
                }
            } else {
                map.next_value_seed(Field { name: &name, fields: self.fields })?;
            }
        }
        Ok(())
    }
}

struct Field<'name, 'fields, F> {
    name: &'name str,
    fields: &'fields mut F,
}

impl<'a, F: Fields<'a>> DeserializeSeed<'a> for Field<'_, '_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, value: D) -> Result<(), D::Error> {
        self.fields.take(self.name, value)
    }
}

/// A field's name, borrowed unless it is written with escapes.
struct Name {
    /// Read as bytes, which costs more: a name that no string holds (half a surrogate) is then one that nobody asks for.
    of_any_bytes: bool,
}

impl<'a> DeserializeSeed<'a> for Name {
    type Value = Cow<'a, str>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        match self.of_any_bytes {
            true => deserializer.deserialize_bytes(self),
            false => deserializer.deserialize_str(self),
        }
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

    fn visit_borrowed_bytes<E>(self, name: &'a [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(str::from_utf8(name).unwrap_or_default()))
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(str::from_utf8(name).unwrap_or_default().to_owned()))
    }
}

/// A list as it is read.
struct Items<F> {
    objects: Vec<F>,
    one_by_one: bool,
}

impl<'a, F: Fields<'a> + Default + PartialEq> DeserializeSeed<'a> for Items<F> {
    type Value = Vec<F>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Vec<F>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a, F: Fields<'a> + Default + PartialEq> Visitor<'a> for Items<F> {
    type Value = Vec<F>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut items: A) -> Result<Vec<F>, A::Error> {
        if self.one_by_one {
            while let Some(item) = items.next_element::<&RawValue>()? {
                self.objects.extend(object(item.get()));
            }
        } else {
            while let Some(item) = items.next_element_seed(AnyValue(PhantomData))? {
                if let Value::Object(object) = item
                    && says_something(&object)
                {
                    self.objects.push(object);
                }
            }
        }
        Ok(self.objects)
    }
}
