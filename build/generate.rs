//! Runs the generator.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::{env, iter};

use progenitor::{GenerationSettings, Generator, HooksMode};
use serde_json::{Value, json};

use super::error::SpecError;
use super::transform::{Input, SERVER_JSON, SERVER_TEXT};

/// The generated client as a syntax tree.
pub fn client(input: &Input) -> Result<syn::File, SpecError> {
    let settings = settings(&input.replacements).map_err(SpecError::new)?;
    generate(&input.spec, &settings)
        .map_err(|reason| SpecError::new(format!("the generator cannot express this: {reason}")))
}

/// Runs the generator, which panics on some constructs.
fn generate(input: &Value, settings: &GenerationSettings) -> Result<syn::File, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        let input = serde_json::from_value(input.clone()).map_err(|error| error.to_string())?;
        let tokens = Generator::new(settings).generate_tokens(&input);
        syn::parse2(tokens.map_err(|error| error.to_string())?).map_err(|error| error.to_string())
    }));
    panic::set_hook(hook);
    result.unwrap_or_else(|payload| Err(message(&*payload).unwrap_or("no reason given").to_owned()))
}

fn message(payload: &dyn Any) -> Option<&str> {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
}

fn settings(replacements: &[(String, String)]) -> Result<GenerationSettings, String> {
    let mut settings = GenerationSettings::default();
    // If the hooks, which add the API key, are not implemented, the crate does not compile.
    settings.with_hooks(HooksMode::Expected);
    let inner = "crate::call::Authentication".parse();
    settings.with_inner_type(inner.map_err(|error| format!("{error}"))?);
    if env::var_os("CARGO_FEATURE_SCHEMARS").is_some() {
        settings.with_derive("::schemars::JsonSchema");
    }
    for (name, kind) in replacements {
        settings.with_replacement(name, kind, iter::empty());
    }
    for (format, kind) in [(SERVER_TEXT, "crate::ServerText"), (SERVER_JSON, "crate::ServerJson")] {
        let schema = serde_json::from_value(json!({ "type": "string", "format": format }));
        settings.with_conversion(schema.map_err(|error| error.to_string())?, kind, iter::empty());
    }
    Ok(settings)
}
