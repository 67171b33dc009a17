//! Completes the generated types: builders for requests, and attributes that the generator does not write.

use std::collections::BTreeSet;

use quote::{ToTokens, format_ident};
use syn::{
    Attribute, Expr, Field, Fields, FieldsNamed, File, FnArg, Ident, ImplItem, Item, ItemStruct,
    Lit, Meta, Pat, PatType, Type, parse_quote,
};

use super::endpoints;
use super::error::SpecError;
use super::names::pascal;
use super::transform::{DEPRECATED, PLATFORM_ERROR};

/// `public_names` is the file that names the crate's own types.
pub fn complete(
    client: &mut File,
    sent: &BTreeSet<String>,
    public_names: &endpoints::File,
) -> Result<(), SpecError> {
    let Some(types) = types(client) else { return Ok(()) };
    let sent: BTreeSet<_> = sent.iter().map(|name| pascal(name)).collect();
    let mut exported = Vec::new();
    for item in types.iter_mut() {
        let (attributes, name) = match item {
            Item::Struct(kind) => (&mut kind.attrs, &kind.ident),
            Item::Enum(kind) => (&mut kind.attrs, &kind.ident),
            _ => continue,
        };
        let is_taken = public_names.has_word(&name.to_string());
        if is_taken || exported.contains(name) {
            let reason = "another type of the crate has this name: rename the schema or the field";
            return Err(SpecError::at(&format!("/components/schemas/{name}"), reason));
        }
        if name != PLATFORM_ERROR {
            exported.push(name.clone());
        }
        // With this, a new field or value in the spec does not break callers.
        attributes.push(parse_quote!(#[non_exhaustive]));
        document(attributes);
        if let Item::Enum(kind) = item {
            kind.variants.iter_mut().for_each(|variant| document(&mut variant.attrs));
        }
        if let Item::Struct(kind) = item
            && let Fields::Named(fields) = &mut kind.fields
        {
            let is_sent = sent.contains(&kind.ident.to_string());
            if is_sent {
                check_builder(&kind.ident, fields)?;
                kind.attrs.push(parse_quote!(#[derive(::typed_builder::TypedBuilder)]));
            }
            for field in &mut fields.named {
                document(&mut field.attrs);
                if is_sent {
                    field.attrs.push(setter(field));
                }
            }
        }
    }
    let root = format_ident!("types");
    client.items.push(parse_quote! {
        /// The types that callers see.
        pub mod exported {
            pub use super::#root::{#(#exported),*};
        }
    });
    Ok(())
}

/// Rejects fields with the names of the builder's own methods: `build`, and `maybe_x` for each optional `x`.
fn check_builder(kind: &Ident, fields: &FieldsNamed) -> Result<(), SpecError> {
    let names = fields.named.iter().filter_map(|field| Some(field.ident.as_ref()?.to_string()));
    let names: BTreeSet<_> = names.collect();
    let is_method = |name: &&String| {
        *name == "build" || name.strip_prefix("maybe_").is_some_and(|name| names.contains(name))
    };
    match names.iter().find(is_method) {
        Some(name) => {
            let reason = format!("the builder has a method {name} of its own");
            Err(SpecError::at(&format!("/components/schemas/{kind}"), reason))
        }
        None => Ok(()),
    }
}

fn types(client: &mut File) -> Option<&mut Vec<Item>> {
    client.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

/// The attribute for a setter that takes a plain value. The one that takes an `Option` is called `maybe_…`.
fn setter(field: &Field) -> Attribute {
    let kind = field.ty.to_token_stream().to_string().replace(' ', "");
    // Undocumented fields are flattened into the object.
    let is_flattened =
        |attribute: &Attribute| attribute.to_token_stream().to_string().contains("flatten");
    if kind.starts_with("::std::option::Option<") {
        parse_quote! {
            #[builder(default, setter(into, strip_option(fallback_prefix = "maybe_")))]
        }
    } else if field.attrs.iter().any(is_flattened) {
        parse_quote!(#[builder(default, setter(into))])
    } else {
        parse_quote!(#[builder(setter(into))])
    }
}

/// Hides the documentation from rustdoc's tests, which would run the code in it as Rust, and puts `#[deprecated]` on items
/// whose text the transform has marked.
fn document(attributes: &mut Vec<Attribute>) {
    let mut is_deprecated = false;
    for attribute in attributes.iter_mut() {
        if let Meta::NameValue(doc) = &attribute.meta
            && doc.path.is_ident("doc")
            && let Expr::Lit(literal) = &doc.value
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            let description = text.strip_suffix(DEPRECATED);
            is_deprecated |= description.is_some();
            let description = description.unwrap_or(&text);
            *attribute = parse_quote!(#[cfg_attr(not(doctest), doc = #description)]);
        }
    }
    if is_deprecated {
        attributes.push(parse_quote!(#[deprecated]));
    }
}

/// The generated structs.
pub fn structs(client: &File) -> impl Iterator<Item = &ItemStruct> {
    let modules = client.items.iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_ref(),
        _ => None,
    });
    modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        Item::Struct(kind) => Some(kind),
        _ => None,
    })
}

/// The names and types of the parameters of a generated method.
pub fn parameters(client: &File, method: &str) -> Vec<(Ident, Type)> {
    let methods = client.items.iter().filter_map(|item| match item {
        Item::Impl(implementation) => Some(&implementation.items),
        _ => None,
    });
    let inputs = methods.flatten().filter_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == method => Some(&function.sig.inputs),
        _ => None,
    });
    let parameters = inputs.flatten().filter_map(|input| match input {
        FnArg::Typed(PatType { pat, ty, .. }) => Some((&**pat, &**ty)),
        FnArg::Receiver(_) => None,
    });
    let named = parameters.filter_map(|(pattern, kind)| match pattern {
        Pat::Ident(name) => Some((name.ident.clone(), kind.clone())),
        _ => None,
    });
    named.collect()
}
