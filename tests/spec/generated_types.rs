//! The generated types that callers see, as they would read them.

use syn::{Attribute, File, Item, Meta};

/// The types, without what is derived from them.
fn types() -> File {
    let generated = include_str!(concat!(env!("OUT_DIR"), "/generated.rs"));
    let mut file: File = syn::parse_str(generated).unwrap();
    let items = file.items.drain(..).find_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    file.items = items.unwrap().1;
    file.items.retain(|item| matches!(item, Item::Struct(_) | Item::Enum(_)));
    file
}

/// The documentation is hidden from rustdoc's tests.
fn is_doc(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else { return false };
    list.path.is_ident("cfg_attr") && list.tokens.to_string().starts_with("not (doctest) , doc")
}

#[test]
fn generated_types_are_the_reviewed_ones() {
    let mut file = types();
    let keep = |attributes: &mut Vec<Attribute>| {
        attributes.retain(|attribute| !is_doc(attribute) && !attribute.path().is_ident("derive"));
    };
    for item in &mut file.items {
        match item {
            Item::Struct(item) => {
                keep(&mut item.attrs);
                item.fields.iter_mut().for_each(|field| keep(&mut field.attrs));
            }
            Item::Enum(item) => {
                keep(&mut item.attrs);
                item.variants.iter_mut().for_each(|variant| keep(&mut variant.attrs));
            }
            _ => {}
        }
    }
    file.attrs.clear();
    insta::assert_snapshot!(prettyplease::unparse(&file));
}

#[test]
fn each_type_field_and_value_has_its_documentation() {
    let mut missing = Vec::new();
    let mut check = |attributes: &[Attribute], name: String| {
        if !attributes.iter().any(is_doc) {
            missing.push(name);
        }
    };
    for item in types().items {
        match item {
            Item::Struct(item) => {
                check(&item.attrs, item.ident.to_string());
                for (field, name) in
                    item.fields.iter().filter_map(|it| Some((it, it.ident.as_ref()?)))
                {
                    check(&field.attrs, format!("{}::{name}", item.ident));
                }
            }
            Item::Enum(item) => {
                check(&item.attrs, item.ident.to_string());
                for variant in &item.variants {
                    check(&variant.attrs, format!("{}::{}", item.ident, variant.ident));
                }
            }
            _ => {}
        }
    }
    assert!(missing.is_empty(), "without a description in the spec: {missing:?}");
}
