//! Completes the generated types: builders for requests, types that read a success together with its envelope, and attributes
//! that the generator does not write.

use quote::ToTokens;
use syn::{Attribute, Expr, Field, File, Item, ItemStruct, Lit, Meta, parse_quote};

use super::endpoints::Endpoint;
use super::error::SpecError;
use super::names::pascal;
use super::schema::{DEPRECATED, SENT};
use super::transform::PLATFORM_ERROR;

/// `public_names` is the text of the file that names the crate's own types.
pub fn complete(
    client: &mut File,
    endpoints: &[Endpoint],
    public_names: &str,
) -> Result<(), SpecError> {
    let code = public_names.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words = code.flat_map(|line| line.split(|sign: char| !sign.is_alphanumeric()));
    let mut taken: Vec<String> = words.map(str::to_owned).collect();
    let (mut exported, mut wires) = (Vec::new(), Vec::new());
    let modules = client.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    let Some((_, types)) = modules.last() else { return Ok(()) };
    for item in types.iter_mut() {
        let (attributes, name) = match item {
            Item::Struct(kind) => (&mut kind.attrs, &kind.ident),
            Item::Enum(kind) => (&mut kind.attrs, &kind.ident),
            _ => continue,
        };
        if taken.iter().any(|taken| name == taken) {
            let reason = "another type of the crate has this name: rename the schema or the field";
            return Err(SpecError::at(&format!("/components/schemas/{name}"), reason));
        }
        taken.push(name.to_string());
        if name != PLATFORM_ERROR {
            exported.push(name.clone());
        }
        let is_sent = document(attributes);
        // With this, a new field or value in the spec does not break callers.
        attributes.push(parse_quote!(#[non_exhaustive]));
        match item {
            Item::Enum(kind) => {
                kind.variants.iter_mut().for_each(|variant| _ = document(&mut variant.attrs));
            }
            Item::Struct(kind) => {
                let mut successes = endpoints.iter().map(|endpoint| &endpoint.success);
                if successes.any(|it| it.has_fields && kind.ident == pascal(&it.schema)) {
                    wires.push(wire(kind));
                }
                kind.fields.iter_mut().for_each(|field| _ = document(&mut field.attrs));
                if is_sent {
                    kind.attrs.push(parse_quote!(#[derive(::typed_builder::TypedBuilder)]));
                    kind.fields.iter_mut().for_each(|field| field.attrs.push(setter(field)));
                }
            }
            _ => {}
        }
    }
    types.extend(wires);
    client.items.push(parse_quote! {
        /// The types that callers see.
        pub mod exported {
            pub use super::types::{#(#exported),*};
        }
    });
    Ok(())
}

/// Passes the fields of a success to a macro, which defines a type that has those of the envelope, too.
fn wire(success: &ItemStruct) -> Item {
    let mut fields = success.fields.clone();
    for field in &mut fields {
        field.attrs.retain(|attribute| attribute.path().is_ident("serde"));
    }
    let (name, fields) = (&success.ident, fields.iter());
    parse_quote!(crate::call::wire! { #name { #(#fields,)* } })
}

/// The attribute for a setter that takes a plain value. The one that takes an `Option` is called `maybe_…`.
fn setter(field: &Field) -> Attribute {
    let kind = field.ty.to_token_stream().to_string();
    if kind.starts_with(":: std :: option :: Option") {
        parse_quote! {
            #[builder(default, setter(into, strip_option(fallback_prefix = "maybe_")))]
        }
    } else {
        parse_quote!(#[builder(setter(into))])
    }
}

/// Removes the marks from the documentation. Puts `#[deprecated]` on items that are marked so, and returns `true` for those of
/// requests. Rustdoc would run the code in a description as a test, so its tests do not see any.
fn document(attributes: &mut Vec<Attribute>) -> bool {
    let (mut is_sent, mut is_deprecated) = (false, false);
    for attribute in attributes.iter_mut() {
        if let Meta::NameValue(doc) = &attribute.meta
            && doc.path.is_ident("doc")
            && let Expr::Lit(literal) = &doc.value
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
