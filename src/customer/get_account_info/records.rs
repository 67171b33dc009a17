use std::fmt;

use serde_json::value::RawValue;

use crate::call::json;

/// An object inside an answer whose documented fields are all texts.
pub(super) trait Record: Sized {
    /// Nothing if no documented field is there: many of those would take more memory than their bytes.
    fn read(value: &RawValue) -> Option<Self>;
}

/// A record: its fields, each with its name in the answer. Its `Debug` form shows nothing of what a server wrote.
macro_rules! record {
    (
        $(#[$attribute:meta])*
        $record:ident:
        $($(#[$field_attribute:meta])* $field:ident = $name:literal;)+
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Default, PartialEq, Eq)]
        pub struct $record {
            $($field: Option<String>,)+
        }

        impl $record {
            $(
                $(#[$field_attribute])*
                pub fn $field(&self) -> Option<&str> {
                    self.$field.as_deref()
                }
            )+
        }

        impl Record for $record {
            fn read(value: &RawValue) -> Option<Self> {
                let mut record = Self::default();
                json::fields(value.get(), |name, value| match name {
                    $($name => record.$field = json::text(value),)+
                    _ => {}
                })
                .ok()?;
                (record != Self::default()).then_some(record)
            }
        }

        impl fmt::Debug for $record {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(stringify!($record))
            }
        }
    };
}

record! {
    /// A customer group that a shopper is in.
    CustomerGroup:
    /// For people, like `Personal Trainer`.
    name = "name";
    /// For programs, like `trainer`.
    slug = "slug";
}

record! {
    /// Who referred a shopper.
    Referral:
    /// The referral code.
    code = "code";
    /// The referrer's e-mail address.
    email = "email";
    /// The referrer's first name.
    first_name = "firstName";
    /// The referrer's last name.
    last_name = "lastName";
}

record! {
    /// A running subscription. It has more fields that are not documented:
    /// [`AccountInfo::read`](crate::AccountInfo::read) gives them.
    Subscription:
    /// The shop's own identifier of it.
    external_id = "externalId";
    /// The product's slug.
    product_slug = "productSlug";
    /// The product's code.
    product_code = "productCode";
    /// The order's number.
    order_number = "orderNumber";
    /// The order's hash.
    order_hash = "orderHash";
}
