//! Whether each field and value that leaves the crate says what it is. Where one does not, rustc refuses the crate.

use syn::{Attribute, Fields, Item, Visibility};

/// Names the first field or variant of the generated code without a text.
pub fn check(code: &str) -> Result<(), String> {
    items(&syn::parse_file(code).map_err(|error| error.to_string())?.items)
}

fn items(all: &[Item]) -> Result<(), String> {
    all.iter().try_for_each(|item| match item {
        Item::Mod(module) => module.content.iter().try_for_each(|(_, inside)| items(inside)),
        Item::Struct(kind) => fields(&kind.fields, &kind.ident.to_string()),
        Item::Enum(kind) => kind.variants.iter().try_for_each(|variant| {
            text(&variant.attrs, &kind.ident.to_string(), &variant.ident.to_string())?;
            fields(&variant.fields, &variant.ident.to_string())
        }),
        _ => Ok(()),
    })
}

fn fields(fields: &Fields, owner: &str) -> Result<(), String> {
    // The generated client's own are for the crate alone.
    let public = fields.iter().filter(|field| !matches!(field.vis, Visibility::Restricted(_)));
    public
        .filter_map(|field| Some((field, field.ident.as_ref()?)))
        .try_for_each(|(field, name)| text(&field.attrs, owner, &name.to_string()))
}

fn text(attributes: &[Attribute], owner: &str, name: &str) -> Result<(), String> {
    match attributes.iter().any(|attribute| attribute.path().is_ident("doc")) {
        true => Ok(()),
        false => Err(format!(
            "no text reaches {name} of {owner}: describe it, refer in an allOf to what is an object or an enum, and \
             describe the values of an enum in a oneOf"
        )),
    }
}
