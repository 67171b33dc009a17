//! Turns `openapi/bizkithub.yaml` into the typed client that `src/generated.rs` includes.
//!
//! A description that cannot be used stops the build with one line: the file, the place, the reason.

use std::collections::HashMap;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::{env, fmt, fs};

use openapiv3::{
    OpenAPI, ReferenceOr, RequestBody, Response, Schema, SchemaKind, StatusCode, Type,
};
use progenitor::{GenerationSettings, Generator, HooksMode, TypePatch};
use yaml_serde::Value;

const DESCRIPTION: &str = "openapi/bizkithub.yaml";

/// Schemas that stand for a type of this crate or of the standard library.
const REPLACED: [(&str, &str); 2] =
    [("Password", "crate::Password"), ("IpAddress", "::std::net::IpAddr")];

/// The header that the generator adds to every request and the hooks would take off again.
const API_VERSION: &str = "let mut header_map = :: reqwest :: header :: HeaderMap :: with_capacity (1usize) ; \
    header_map . append (:: reqwest :: header :: HeaderName :: from_static (\"api-version\") , \
    :: reqwest :: header :: HeaderValue :: from_static (Self :: api_version ()) ,) ;";
const NO_HEADERS: &str = "let header_map = :: reqwest :: header :: HeaderMap :: new () ;";

/// The types of a schema in OpenAPI 3.0.
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

fn main() {
    println!("cargo::rerun-if-changed=openapi");
    // The tests run this very program on broken descriptions.
    if let Ok(program) = env::current_exe() {
        println!("cargo::rustc-env=BIZKITHUB_BUILD_SCRIPT={}", program.display());
    }
    if let Err(problem) = run() {
        println!("cargo::error={DESCRIPTION}{problem}");
    }
}

/// What is wrong with the description: where, and why.
struct Problem {
    place: String,
    reason: String,
}

impl Problem {
    fn at(place: impl fmt::Display, reason: impl fmt::Display) -> Self {
        // One line, since cargo takes the next one for something else, and not the whole of a syntax tree that the
        // generator prints with some of its reasons.
        let reason = reason.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let reason = match reason.char_indices().nth(200) {
            Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
            None => reason,
        };
        Self { place: place.to_string(), reason }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.reason)
    }
}

fn run() -> Result<(), Problem> {
    let directory = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
    let out = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default();
    let text = fs::read_to_string(directory.join(DESCRIPTION))
        .map_err(|error| Problem::at("", format!("cannot be read: {error}")))?;

    let document: Value = yaml_serde::from_str(&text).map_err(syntax_problem)?;
    check_references(&document, &document, "#")?;
    check_schemas(&document, "#", false)?;
    let mut description: OpenAPI = yaml_serde::from_str(&text).map_err(syntax_problem)?;
    withhold_answers(&mut description);
    tell_examples(&mut description);

    let client = generate(&description).map_err(|reason| {
        let place = place_of_failure(&description);
        Problem::at(format!(", {place}"), format!("the generator cannot express this: {reason}"))
    })?;
    write(&out.join("generated.rs"), &format!("{client}\n{}", operations(&description)))?;
    // The sandbox checks requests against the description; as JSON it needs no YAML parser for that.
    let json = serde_json::to_string(&document).map_err(|error| Problem::at("", error))?;
    write(&out.join("description.json"), &json)?;
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    fs::write(path, text)
        .map_err(|error| Problem::at("", format!("{} cannot be written: {error}", path.display())))
}

/// The place comes first, where editors and terminals link it, and not a second time at the message's end.
fn syntax_problem(error: yaml_serde::Error) -> Problem {
    let Some(location) = error.location() else { return Problem::at("", error) };
    let (line, column) = (location.line(), location.column());
    let reason = error.to_string().replace(&format!(" at line {line} column {column}"), "");
    Problem::at(format!(":{line}:{column}"), reason)
}

/// The generator panics on a reference to nothing.
fn check_references(document: &Value, value: &Value, path: &str) -> Result<(), Problem> {
    if let Some(reference) = value.get("$ref").and_then(Value::as_str)
        && resolve(document, reference).is_none()
    {
        return Err(Problem::at(
            format!(", {path}/$ref"),
            format!("{reference} points to nothing in this file"),
        ));
    }
    for (key, child) in children(value) {
        check_references(document, child, &format!("{path}/{key}"))?;
    }
    Ok(())
}

/// The generator takes a schema with a misspelt `type` for one that allows anything.
fn check_schemas(value: &Value, path: &str, is_schema: bool) -> Result<(), Problem> {
    if is_schema && let Some(name) = value.get("type") {
        let name = name.as_str().unwrap_or("(not a string)");
        if !TYPES.contains(&name) {
            return Err(Problem::at(
                format!(", {path}/type"),
                format!("{name} is no type of OpenAPI 3.0; it has {}", TYPES.join(", ")),
            ));
        }
    }
    for (key, child) in children(value) {
        let child_path = format!("{path}/{key}");
        match key.as_str() {
            "example" | "examples" | "default" | "enum" => {}
            "properties" | "schemas" => {
                for (name, schema) in children(child) {
                    check_schemas(schema, &format!("{child_path}/{name}"), true)?;
                }
            }
            "allOf" | "anyOf" | "oneOf" => {
                for (index, schema) in children(child) {
                    check_schemas(schema, &format!("{child_path}/{index}"), true)?;
                }
            }
            "schema" | "items" | "not" | "additionalProperties" => {
                check_schemas(child, &child_path, true)?;
            }
            _ => check_schemas(child, &child_path, false)?,
        }
    }
    Ok(())
}

fn children(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Mapping(mapping) => mapping
            .iter()
            .map(|(key, child)| {
                let key = key.as_str().unwrap_or("?").replace('~', "~0").replace('/', "~1");
                (key, child)
            })
            .collect(),
        Value::Sequence(items) => {
            items.iter().enumerate().map(|(index, child)| (index.to_string(), child)).collect()
        }
        _ => Vec::new(),
    }
}

fn resolve<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    reference.strip_prefix("#/")?.split('/').try_fold(document, |value, key| {
        value.get(key.replace("~1", "/").replace("~0", "~").as_str())
    })
}

/// Leaves the generator nothing but a 204 to decode, so that every answer with a body comes back whole, as
/// `UnexpectedResponse`. Its own decoding loses status and headers when a body does not parse (a gateway's HTML page
/// would come out without its 502), reads bodies without a bound, and panics on two types of answers.
fn withhold_answers(description: &mut OpenAPI) {
    let items = description.paths.paths.values_mut().filter_map(|item| match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    });
    for item in items {
        let methods = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.options,
            &mut item.head,
            &mut item.patch,
            &mut item.trace,
        ];
        for operation in methods.into_iter().flatten() {
            operation.responses.default = None;
            operation.responses.responses.clear();
            operation
                .responses
                .responses
                .insert(StatusCode::Code(204), ReferenceOr::Item(Response::default()));
        }
    }
}

/// Puts each field's example, its own or its schema's, into its text.
fn tell_examples(description: &mut OpenAPI) {
    let named: HashMap<String, Option<serde_json::Value>> = schemas(description)
        .map(|(name, schema)| {
            (format!("#/components/schemas/{name}"), schema.schema_data.example.clone())
        })
        .collect();
    let schemas = description.components.iter_mut().flat_map(|components| &mut components.schemas);
    for (_, schema) in schemas {
        let ReferenceOr::Item(Schema {
            schema_kind: SchemaKind::Type(Type::Object(object)), ..
        }) = schema
        else {
            continue;
        };
        for (_, field) in &mut object.properties {
            let ReferenceOr::Item(field) = field else { continue };
            let example = match (&field.schema_data.example, &field.schema_kind) {
                (Some(example), _) => Some(example),
                (None, SchemaKind::AllOf { all_of }) => match &all_of[..] {
                    [ReferenceOr::Reference { reference }] => {
                        named.get(reference).and_then(Option::as_ref)
                    }
                    _ => None,
                },
                (None, _) => None,
            };
            if let Some(example) = example {
                let text = field.schema_data.description.get_or_insert_default();
                *text = format!("{}\n\nExample: `{example}`.", text.trim_end());
            }
        }
    }
}

fn settings(description: &OpenAPI) -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    // Without an implementation of the hooks, and so without the API key, the crate does not compile.
    settings.with_hooks(HooksMode::Expected);
    if let Ok(inner) = "crate::transport::Authentication".parse() {
        settings.with_inner_type(inner);
    }
    if env::var_os("CARGO_FEATURE_SCHEMARS").is_some() {
        settings.with_derive("::schemars::JsonSchema");
    }
    for (schema, replacement) in REPLACED {
        settings.with_replacement(schema, replacement, std::iter::empty());
    }
    let requests: Vec<_> = request_schemas(description).collect();
    for (name, schema) in schemas(description) {
        let mut patch = TypePatch::default();
        if requests.contains(&name.as_str()) {
            // One attribute, since attributes are sorted and `builder` would come before the derive it belongs to.
            patch.with_attr("#[cfg_attr(all(), derive(::bon::Builder), builder(on(_, into)))]");
        }
        if let Some(example) = &schema.schema_data.example {
            // For rustdoc alone: `JsonSchema` takes the other texts for its descriptions.
            let text = program(name, example);
            patch.with_attr(format!("#[cfg_attr(any(doc, doctest), doc = {text:?})]"));
        }
        settings.with_patch(name, &patch);
    }
    settings
}

/// The named schemas that are written out.
fn schemas(description: &OpenAPI) -> impl Iterator<Item = (&String, &Schema)> {
    let schemas = description.components.iter().flat_map(|components| &components.schemas);
    schemas.filter_map(|(name, schema)| Some((name, schema.as_item()?)))
}

/// A documentation test that reads a schema's example and writes it again.
fn program(name: &str, example: &serde_json::Value) -> String {
    format!(
        "\n```\nlet json = serde_json::json!({example:#});\n\
         let value: bizkithub::types::{name} = serde_json::from_value(json.clone())?;\n\
         assert_eq!(serde_json::to_value(&value)?, json);\n\
         # Ok::<(), serde_json::Error>(())\n```"
    )
}

/// The named schemas that are request bodies: those get a builder.
fn request_schemas(description: &OpenAPI) -> impl Iterator<Item = &str> {
    description.operations().filter_map(|(_, _, operation)| match &operation.request_body {
        Some(ReferenceOr::Item(RequestBody { content, .. })) => {
            match &content.get("application/json")?.schema {
                Some(ReferenceOr::Reference { reference }) => reference.rsplit('/').next(),
                _ => None,
            }
        }
        _ => None,
    })
}

/// Runs the generator, whose way to refuse some constructs is to panic.
fn generate(description: &OpenAPI) -> Result<String, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let tokens = panic::catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings(description)).generate_tokens(description)
    }));
    panic::set_hook(hook);
    match tokens {
        Ok(Ok(tokens)) => Ok(lightened(&tokens.to_string(), description)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(payload) => Err(payload
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| payload.downcast_ref::<&str>().map(|reason| (*reason).to_owned()))
            .unwrap_or_else(|| "it gave no reason".to_owned())),
    }
}

/// Takes out of the generated methods what need not be done on every call. Should another version of the generator
/// write these parts differently, they stay as they are and work as well.
fn lightened(client: &str, description: &OpenAPI) -> String {
    let client = client.replace(API_VERSION, NO_HEADERS);
    fixed_paths(description).fold(client, |client, path| {
        let formatted = format!("let url = format ! (\"{{}}{path}\" , self . baseurl ,) ;");
        client.replace(&formatted, &format!("let url = self . inner . url ({path:?}) ;"))
    })
}

/// The paths that are the same in every call.
fn fixed_paths(description: &OpenAPI) -> impl Iterator<Item = &str> {
    description.paths.paths.keys().map(String::as_str).filter(|path| !path.contains('{'))
}

/// Where in the description the generator fails, found by leaving things out: its errors name no place.
fn place_of_failure(description: &OpenAPI) -> String {
    let mut without_operations = description.clone();
    without_operations.paths.paths.clear();
    if generate(&without_operations).is_ok() {
        let failing = description.operations().find(|(path, _, _)| {
            let mut alone = description.clone();
            alone.paths.paths.retain(|other, _| other == path);
            generate(&alone).is_err()
        });
        return failing.map_or("#/paths".to_owned(), |(path, method, _)| {
            format!("#/paths/{}/{method}", path.replace('/', "~1"))
        });
    }
    let schemas =
        without_operations.components.iter().flat_map(|components| components.schemas.keys());
    for name in schemas {
        let mut without = without_operations.clone();
        if let Some(components) = &mut without.components {
            // Not removed, since others may refer to it: replaced by something harmless.
            let harmless = Schema {
                schema_data: Default::default(),
                schema_kind: SchemaKind::Any(Default::default()),
            };
            components.schemas.insert(name.clone(), ReferenceOr::Item(harmless));
        }
        if generate(&without).is_ok() {
            return format!("#/components/schemas/{name}");
        }
    }
    "#/components/schemas".to_owned()
}

/// What a trace says of each operation; progenitor gives its hooks no more than an identifier.
fn operations(description: &OpenAPI) -> String {
    let constants: String = description
        .operations()
        .filter_map(|(path, method, operation)| {
            let name: String = operation
                .operation_id
                .as_deref()?
                .chars()
                .flat_map(|character| match character {
                    'A'..='Z' => vec!['_', character],
                    _ if character.is_ascii_alphanumeric() => vec![character.to_ascii_uppercase()],
                    _ => vec!['_'],
                })
                .collect();
            let name = name.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_");
            let method = method.to_uppercase();
            let full_name = format!("{method} {path}");
            Some(format!(
                "pub(crate) const {name}: crate::transport::Operation = \
                 crate::transport::Operation {{ name: {full_name:?}, method: {method:?}, path: {path:?} }};\n"
            ))
        })
        .collect();
    let fixed_paths: Vec<_> = fixed_paths(description).collect();
    format!(
        "pub(crate) mod operations {{\n{constants}\
         pub(crate) const FIXED_PATHS: &[&str] = &{fixed_paths:?};\n}}\n"
    )
}
