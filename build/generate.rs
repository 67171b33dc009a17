//! Runs the generator.

use std::error::Error;
use std::{env, iter, panic, process};

use progenitor::{GenerationSettings, Generator, HooksMode};
use serde_json::{Value, json};

use super::error::SpecError;
use super::spec::{IP_ADDRESS, SECRETS};
use super::transform::{SERVER_JSON, SERVER_TEXT};

/// The generated client as a syntax tree.
pub fn client(input: &Value) -> Result<syn::File, SpecError> {
    let error = |reason| SpecError::new("", format!("the generator cannot express this: {reason}"));
    // The generator panics on some constructs. With another exit code, cargo would print the whole output.
    panic::set_hook(Box::new(move |panic| {
        let text = panic.to_string();
        let (_place, reason) = text.split_once('\n').unwrap_or_default();
        println!("cargo::error={}", error(reason.to_owned()).0);
        process::exit(0);
    }));
    generate(input).map_err(|reason| error(reason.to_string()))
}

fn generate(input: &Value) -> Result<syn::File, Box<dyn Error>> {
    let mut settings = GenerationSettings::default();
    // If the hooks, which add the API key, are not implemented, the crate does not compile.
    settings.with_hooks(HooksMode::Expected);
    settings.with_inner_type(quote::quote!(crate::call::Authentication));
    if env::var_os("CARGO_FEATURE_SCHEMARS").is_some() {
        settings.with_derive("::schemars::JsonSchema");
    }
    for secret in SECRETS {
        settings.with_replacement(secret, format!("crate::{secret}"), iter::empty());
    }
    settings.with_replacement(IP_ADDRESS, "::std::net::IpAddr", iter::empty());
    for (format, kind) in [(SERVER_TEXT, "crate::ServerText"), (SERVER_JSON, "crate::ServerJson")] {
        let schema = serde_json::from_value(json!({ "type": "string", "format": format }))?;
        settings.with_conversion(schema, kind, iter::empty());
    }
    let input = serde_json::from_value(input.clone())?;
    Ok(syn::parse2(Generator::new(&settings).generate_tokens(&input)?)?)
}
