//! Converts names of the spec to Rust, as the generator does.

use heck::{ToPascalCase, ToSnakeCase};

/// The name of a field. A keyword gets an underscore.
pub fn field(name: &str) -> String {
    let name = snake(name);
    if is_ident(&name) { name } else { name + "_" }
}

/// The name of a module or method.
pub fn snake(name: &str) -> String {
    words(name).to_snake_case()
}

/// The name of a type.
pub fn pascal(name: &str) -> String {
    words(name).to_pascal_case()
}

fn words(name: &str) -> String {
    name.replace(|sign: char| !sign.is_alphanumeric(), "-")
}

/// Returns `true` if Rust accepts a name as an identifier. A keyword is not an identifier.
pub fn is_ident(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok()
}
