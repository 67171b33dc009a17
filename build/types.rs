//! Completes the generated types: builders for requests, types that read a success together with its envelope, and attributes
//! that the generator does not write.

use heck::ToPascalCase;
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, Field, File, Ident, Item, Lit, Meta, MetaNameValue, Type, parse_quote};

use super::endpoints::Endpoint;
use super::spec::PLATFORM_ERROR;
use super::transform::{DEPRECATED, SENT};

pub fn complete(client: &mut File, endpoints: &[Endpoint]) {
    let modules = client.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    let Some((_, types)) = modules.last() else { return };
    let names: Vec<_> = types.iter_mut().filter_map(complete_type).collect();
    let wires: Vec<_> = types.iter().filter_map(|item| wire(item, endpoints)).collect();
    types.extend(wires);
    let exported = names.iter().filter(|name| *name != PLATFORM_ERROR);
    // A glob would not conflict with the crate's own types.
    let export: File = parse_quote! {
        macro_rules! export_types {
            () => { #[allow(deprecated)] pub use crate::generated::types::{#(#exported),*}; };
        }
        pub(crate) use export_types;
    };
    client.items.extend(export.items);
}

/// Adds the attributes of a type, and returns its name.
fn complete_type(item: &mut Item) -> Option<Ident> {
    let (name, attributes) = match item {
        Item::Struct(kind) => (&kind.ident, &mut kind.attrs),
        Item::Enum(kind) => (&kind.ident, &mut kind.attrs),
        _ => return None,
    };
    let (name, is_sent) = (name.clone(), document(attributes));
    // With this, a new field or value in the spec does not break callers.
    attributes.push(parse_quote!(#[non_exhaustive]));
    if is_sent {
        // A setter takes a plain value. The one that takes an `Option` is called `maybe_…`.
        attributes.push(parse_quote!(#[derive(::typed_builder::TypedBuilder)]));
        let strip = quote!(strip_option(ignore_invalid, fallback_prefix = "maybe_"));
        attributes.push(parse_quote!(#[builder(field_defaults(setter(into, #strip)))]));
    }
    if let Item::Struct(kind) = item {
        for field in &mut kind.fields {
            document(&mut field.attrs);
            unbox(field);
            let kind = field.ty.to_token_stream().to_string();
            if is_sent && kind.starts_with(":: std :: option :: Option") {
                field.attrs.push(parse_quote!(#[builder(default)]));
            }
        }
    }
    Some(name)
}

/// Turns `Box<Option<T>>` into `Option<Box<T>>`. The generator writes the former for a field of a schema that contains itself, and
/// sends `null` if it is unset.
fn unbox(field: &mut Field) {
    let kind = field.ty.to_token_stream().to_string();
    let inner = kind.strip_prefix(":: std :: boxed :: Box < :: std :: option :: Option < ");
    if let Some(inner) = inner.and_then(|inner| inner.strip_suffix(" > >"))
        && let Ok(inner) = syn::parse_str::<Type>(inner)
    {
        field.ty = parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>);
        let default: Attribute = parse_quote!(#[serde(default)]);
        if field.attrs.contains(&default) {
            let is_none = "::std::option::Option::is_none";
            field.attrs.push(parse_quote!(#[serde(skip_serializing_if = #is_none)]));
        }
    }
}

/// Passes the fields of a success to a macro, which defines a type that has those of the envelope, too.
fn wire(item: &Item, endpoints: &[Endpoint]) -> Option<Item> {
    let Item::Struct(success) = item else { return None };
    let name = &success.ident;
    let mut successes = endpoints.iter().map(|endpoint| &endpoint.success);
    successes.find(|it| it.has_fields && *name == it.name.to_pascal_case())?;
    let mut fields = success.fields.clone();
    for field in &mut fields {
        field.attrs.retain(|attribute| attribute.path().is_ident("serde"));
    }
    let fields = fields.iter();
    Some(parse_quote!(crate::call::wire! { #name { #(#fields,)* } }))
}

/// Removes the marks from the documentation. Puts `#[deprecated]` on items that are marked so, and returns `true` for those of
/// requests. Rustdoc would run the code in a description as a test, so its tests do not see any.
fn document(attributes: &mut Vec<Attribute>) -> bool {
    let (mut is_sent, mut is_deprecated) = (false, false);
    for attribute in attributes.iter_mut() {
        // Only documentation has this form.
        if let Meta::NameValue(MetaNameValue { value: Expr::Lit(literal), .. }) = &attribute.meta
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            is_sent |= text.contains(SENT);
            is_deprecated |= text.contains(DEPRECATED);
            let text = text.replace(SENT, "").replace(DEPRECATED, "");
            *attribute = parse_quote!(#[cfg_attr(not(doctest), doc = #text)]);
        }
    }
    if is_deprecated {
        attributes.push(parse_quote!(#[deprecated]));
    }
    is_sent
}
