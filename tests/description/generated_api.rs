//! The signatures of everything that is generated, so that a change of the description shows as a readable diff.
//! Not covered: what `bon` and `serde` derive from them.

use syn::{Attribute, File, ImplItem, Item};

/// Takes the texts and the bodies out of the items: they come from the description's prose and from the generator.
fn keep_signatures(items: &mut Vec<Item>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                keep_code(&mut module.attrs);
                if let Some((_, items)) = &mut module.content {
                    keep_signatures(items);
                }
            }
            Item::Struct(item) => {
                keep_code(&mut item.attrs);
                item.fields.iter_mut().for_each(|field| keep_code(&mut field.attrs));
            }
            Item::Enum(item) => {
                keep_code(&mut item.attrs);
                item.variants.iter_mut().for_each(|variant| keep_code(&mut variant.attrs));
            }
            Item::Impl(item) => {
                keep_code(&mut item.attrs);
                for item in &mut item.items {
                    if let ImplItem::Fn(function) = item {
                        keep_code(&mut function.attrs);
                        function.block.stmts.clear();
                    }
                }
            }
            _ => {}
        }
    }
}

fn keep_code(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
}

#[test]
fn the_generated_signatures_are_the_reviewed_ones() {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/generated.rs"));
    let mut file: File = syn::parse_str(generated).unwrap();
    keep_code(&mut file.attrs);
    keep_signatures(&mut file.items);
    insta::assert_snapshot!(prettyplease::unparse(&file));
}
