use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;

use crate::call::json::{self, Fields};

/// A record: an object whose documented fields are all texts, each with its name in the answer. Its `Debug` form shows
/// nothing of what a server wrote.
macro_rules! record {
    (
        $(#[$attribute:meta])*
        $record:ident:
        $($(#[$field_attribute:meta])* $field:ident = $name:literal;)+
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct $record<'a> {
            $($(#[$field_attribute])* pub $field: Option<Cow<'a, str>>,)+
        }

        impl<'a> Fields<'a> for $record<'a> {
            fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
                match name {
                    $($name => self.$field = json::string(value)?,)+
                    _ => json::skip(value)?,
                }
                Ok(())
            }
        }

        impl fmt::Debug for $record<'_> {
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
    /// Not documented beyond its name: an identifier from outside BizKitHub, it seems.
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
