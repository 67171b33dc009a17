//! Names in Rust.

use heck::ToSnakeCase;

/// The name of a property or parameter as a field. A keyword gets an underscore.
pub fn field(name: &str) -> String {
    let name = name.to_snake_case();
    if is_ident(&name) { name } else { name + "_" }
}

/// Returns `true` if Rust accepts a name as an identifier. A keyword is not an identifier; syn does not know `gen`.
pub fn is_ident(name: &str) -> bool {
    name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}
