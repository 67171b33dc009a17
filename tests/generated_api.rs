//! The signatures of everything that is generated, so that a change of the description shows as a readable diff.
//! Not covered: what `bon` and `serde` derive from them.

use syn::{Attribute, File, ImplItem, Item, Meta};

fn is_shown(attribute: &Attribute) -> bool {
    let is_for_rustdoc =
        matches!(&attribute.meta, Meta::List(list) if list.tokens.to_string().contains("doctest"));
    !is_for_rustdoc
        && ["serde", "derive", "cfg_attr"].iter().any(|name| attribute.path().is_ident(name))
}

/// Takes the texts and the bodies out of the items: they come from the description's prose and from the generator.
fn keep_signatures(items: &mut Vec<Item>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                module.attrs.retain(is_shown);
                if let Some((_, items)) = &mut module.content {
                    keep_signatures(items);
                }
            }
            Item::Struct(item) => {
                item.attrs.retain(is_shown);
                item.fields.iter_mut().for_each(|field| field.attrs.retain(is_shown));
            }
            Item::Enum(item) => {
                item.attrs.retain(is_shown);
                item.variants.iter_mut().for_each(|variant| variant.attrs.retain(is_shown));
            }
            Item::Impl(item) => {
                item.attrs.clear();
                for item in &mut item.items {
                    if let ImplItem::Fn(function) = item {
                        function.attrs.clear();
                        function.block.stmts.clear();
                    }
                }
            }
            _ => {}
        }
    }
}

#[test]
#[cfg(feature = "schemars")]
fn the_generated_signatures_are_the_reviewed_ones() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/generated.rs"));
    let mut file: File = syn::parse_str(generated).unwrap();
    file.attrs.clear();
    keep_signatures(&mut file.items);
    insta::assert_snapshot!(prettyplease::unparse(&file));
}

/// `build.rs` replaces two parts of what progenitor writes; should a version of it write them differently, the crate works
/// as before, but each call costs more.
#[test]
fn the_generated_method_adds_no_header_of_its_own_and_parses_no_url() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/generated.rs"));
    assert!(!generated.contains("\"api-version\""), "the header is left out");
    assert!(!generated.contains("format ! (\"{}/api"), "the URL is prepared");
}
