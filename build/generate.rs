//! Runs the generator, and finds the place where it fails.

use std::env;
use std::panic::{self, AssertUnwindSafe};

use progenitor::{GenerationSettings, Generator, HooksMode, TypePatch};
use serde_json::{Map, Value, json};

use crate::document::{METHODS, operations};
use crate::problem::Problem;
use crate::secret::SECRETS;

pub fn client(document: &Value) -> Result<String, Problem> {
    generate(document).map_err(|reason| {
        let reason = format!("the generator cannot express this: {reason}");
        Problem::at(place_of_failure(document), reason)
    })
}

/// Runs the generator, whose way to refuse some constructs is to panic.
fn generate(document: &Value) -> Result<String, String> {
    let description =
        serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let tokens = panic::catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings(document)).generate_tokens(&description)
    }));
    panic::set_hook(hook);
    match tokens {
        Ok(Ok(tokens)) => Ok(tokens.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(payload) => Err(panic_message(&*payload).unwrap_or("it gave no reason").to_owned()),
    }
}

fn panic_message(payload: &(dyn std::any::Any + Send)) -> Option<&str> {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
}

fn settings(document: &Value) -> GenerationSettings {
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
    let requests: Vec<_> = operations(document)
        .filter_map(|operation| {
            let body = "/requestBody/content/application~1json/schema/$ref";
            operation.value.pointer(body)?.as_str()?.rsplit('/').next()
        })
        .collect();
    for (name, schema) in schemas(document) {
        let mut patch = TypePatch::default();
        patch.with_attr("#[non_exhaustive]");
        if requests.contains(&name.as_str()) {
            // One attribute, since attributes are sorted and `builder` would come before the derive it belongs to.
            patch.with_attr("#[cfg_attr(all(), derive(::bon::Builder), builder(on(_, into)))]");
            if let Some(example) = schema.get("example") {
                // For rustdoc alone: `JsonSchema` takes the other texts for its descriptions.
                let text = program(name, example);
                patch.with_attr(format!("#[cfg_attr(any(doc, doctest), doc = {text:?})]"));
            }
        }
        settings.with_patch(name, &patch);
    }
    settings
}

fn schemas(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document["components"]["schemas"].as_object().into_iter().flatten()
}

/// A documentation test that reads a request's example and writes it again: what goes over the wire.
fn program(name: &str, example: &Value) -> String {
    format!(
        "\n```\nlet json = serde_json::json!({example:#});\n\
         let request: bizkithub::types::{name} = serde_json::from_value(json.clone())?;\n\
         assert_eq!(serde_json::to_value(&request)?, json);\n\
         # Ok::<(), serde_json::Error>(())\n```"
    )
}

/// Found by leaving things out: the generator's errors name no place.
fn place_of_failure(document: &Value) -> String {
    let mut without_operations = document.clone();
    without_operations["paths"] = json!({});
    if generate(&without_operations).is_ok() {
        let failing = operations(document).find(|operation| {
            // With what stands beside it in its path, such as parameters, but not the other methods.
            let mut item = document["paths"][operation.path].clone();
            item.as_object_mut().map(|item| {
                item.retain(|key, _| key == operation.method || !METHODS.contains(&key.as_str()));
            });
            let mut alone = without_operations.clone();
            alone["paths"][operation.path] = item;
            generate(&alone).is_err()
        });
        return failing.map_or("#/paths".to_owned(), |operation| operation.pointer());
    }
    let failing = schemas(document).map(|(name, _)| name).find(|name| {
        // Not removed, since others may refer to it: replaced by one that allows anything.
        let mut without = without_operations.clone();
        without["components"]["schemas"][name] = json!({});
        generate(&without).is_ok()
    });
    failing.map_or("#".to_owned(), |name| format!("#/components/schemas/{name}"))
}
