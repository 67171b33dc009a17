//! Runs the generator, and finds the place where it fails.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::{env, mem};

use progenitor::{GenerationSettings, Generator, HooksMode, TypePatch};
use serde_json::{Value, json};

use super::document::{children, operations};
use super::problem::Problem;
use super::secret::SECRETS;
use super::texts;

pub fn client(document: &Value) -> Result<String, Problem> {
    generate(document).map_err(|reason| Problem::at(&place_of(&reason, document), reason))
}

/// The generator's way to refuse some constructs is to panic.
fn generate(document: &Value) -> Result<String, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(|| generate_or_panic(document)));
    panic::set_hook(hook);
    let code = result
        .unwrap_or_else(|payload| Err(message(&*payload).unwrap_or("no reason given").to_owned()))
        .map_err(|reason| format!("the generator cannot express this: {reason}"))?;
    texts::check(&code)?;
    Ok(code)
}

fn message(payload: &dyn Any) -> Option<&str> {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
}

fn generate_or_panic(document: &Value) -> Result<String, String> {
    let text = |error: progenitor::Error| error.to_string();
    let description =
        serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    let mut settings = settings();
    // A first run for the names: the generator gives some to schemas that have none in the description.
    let mut named = Generator::new(&settings);
    named.generate_tokens(&description).map_err(text)?;
    let requests: Vec<_> = requests(document).collect();
    for name in named.get_type_space().iter_types().map(|kind| kind.name()) {
        let mut patch = TypePatch::default();
        // A new field or code in the description breaks no caller.
        patch.with_attr("#[non_exhaustive]");
        if requests.contains(&name.as_str()) {
            // One attribute, since attributes are sorted and `builder` would come before the derive it belongs to.
            patch.with_attr("#[cfg_attr(all(), derive(::bon::Builder), builder(on(_, into)))]");
        }
        settings.with_patch(name, &patch);
    }
    let tokens = Generator::new(&settings).generate_tokens(&description).map_err(text)?;
    Ok(tokens.to_string())
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    // Without an implementation of the hooks, and so without the API key, the crate does not compile.
    settings.with_hooks(HooksMode::Expected);
    if let Ok(inner) = "crate::call::Authentication".parse() {
        settings.with_inner_type(inner);
    }
    if env::var_os("CARGO_FEATURE_SCHEMARS").is_some() {
        settings.with_derive("::schemars::JsonSchema");
    }
    settings.with_replacement("IpAddress", "::std::net::IpAddr", std::iter::empty());
    for secret in SECRETS {
        settings.with_replacement(secret, format!("crate::{secret}"), std::iter::empty());
    }
    settings
}

/// The names of the schemas that are request bodies: those get a builder.
fn requests(document: &Value) -> impl Iterator<Item = &str> {
    operations(document).filter_map(|operation| {
        let schema = operation.value.pointer("/requestBody/content/application~1json/schema/$ref");
        schema?.as_str()?.rsplit('/').next()
    })
}

/// Found by leaving out part after part: no reason comes with its place.
fn place_of(reason: &str, document: &Value) -> String {
    let mut rest = document.clone();
    let operations = operations(document).map(|operation| (operation.pointer(), Value::Null));
    let parts = schemas_at("/components/schemas", document).chain(operations).collect();
    let Some(part) = first_with(reason, parts, &mut rest) else { return String::new() };
    let properties = schemas_at(&format!("{part}/properties"), document).collect();
    first_with(reason, properties, &mut rest).unwrap_or(part)
}

/// The schemas under a pointer, each with one to put in its place, since others may refer to it.
fn schemas_at(pointer: &str, document: &Value) -> impl Iterator<Item = (String, Value)> {
    let schemas = document.pointer(pointer).map(children).unwrap_or_default().into_iter();
    schemas.map(move |(key, _)| (format!("{pointer}/{key}"), json!({ "description": "Anything." })))
}

/// Begins at the end, where the generator comes last, and puts back only the part without which the reason is gone.
fn first_with(reason: &str, parts: Vec<(String, Value)>, rest: &mut Value) -> Option<String> {
    parts.into_iter().rev().find_map(|(pointer, harmless)| {
        let part = mem::replace(rest.pointer_mut(&pointer)?, harmless);
        if generate(rest).err().as_deref() == Some(reason) {
            return None;
        }
        *rest.pointer_mut(&pointer)? = part;
        Some(pointer)
    })
}
