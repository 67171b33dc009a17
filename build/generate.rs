//! Runs the generator.

use std::panic::{self, AssertUnwindSafe};
use std::{env, iter};

use progenitor::{GenerationSettings, Generator, HooksMode};
use serde_json::{Value, json};

use super::error::SpecError;
use super::schema::{IP_ADDRESS, SERVER_JSON, SERVER_TEXT};
use super::secret::SECRETS;

/// The generated client as a syntax tree.
pub fn client(input: &Value) -> Result<syn::File, SpecError> {
    // The generator panics on some constructs.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(|| generate(input)));
    panic::set_hook(hook);
    let result = result.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        Err(text
            .or_else(|| Some((*payload.downcast_ref::<&str>()?).to_owned()))
            .unwrap_or_default())
    });
    result.map_err(|reason| SpecError::new(format!("the generator cannot express this: {reason}")))
}

fn generate(input: &Value) -> Result<syn::File, String> {
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
        let schema = serde_json::from_value(json!({ "type": "string", "format": format }));
        settings.with_conversion(schema.map_err(|error| error.to_string())?, kind, iter::empty());
    }
    let input = serde_json::from_value(input.clone()).map_err(|error| error.to_string())?;
    let tokens = Generator::new(&settings).generate_tokens(&input);
    syn::parse2(tokens.map_err(|error| error.to_string())?).map_err(|error| error.to_string())
}
