//! Generates what progenitor does not: the facts and error codes of each operation, and those of the platform.

use heck::ToPascalCase;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

use super::check::{api_key_parameter, only};
use super::endpoints::Endpoint;
use super::error::{SpecError, ensure};
use super::normalize::{Code, code};
use super::rust::File;
use super::spec::items;

/// The list of the platform's codes.
const PLATFORM_CODES: &str =
    "/components/schemas/PlatformErrorDetail/properties/code/x-error-codes";

/// `codes` is the file with the table of the platform's error codes.
pub fn module(
    spec: &Value,
    endpoints: &[Endpoint],
    codes: &File,
) -> Result<TokenStream, SpecError> {
    let operations = endpoints.iter().map(operation);
    let names = endpoints.iter().map(|endpoint| format_ident!("{}", endpoint.ident));
    let parameter = api_key_parameter(spec).unwrap_or_default();
    let server = spec["servers"][0]["url"].as_str().unwrap_or_default();
    let platform = platform(spec, codes)?;
    Ok(quote! {
        pub(crate) const API_KEY_PARAMETER: &str = #parameter;
        pub(crate) const SERVER_URL: &str = #server;
        pub(crate) mod operations {
            #(#operations)*
            pub(crate) const ALL: &[crate::operation::Facts] = &[#(#names::FACTS),*];
        }
        pub(crate) mod platform { #platform }
    })
}

fn operation(endpoint: &Endpoint) -> TokenStream {
    let Endpoint { operation, ident, method: send, request: schema, fields, success } = endpoint;
    let id = operation.value["operationId"].as_str();
    let (method, path) = (operation.method.to_uppercase(), &operation.path);
    let name = format!("{method} {path}");
    let is_idempotent = operation.value["x-idempotent"] == true;
    let has_flag = success.has_flag;
    let [ident, send, request] =
        [ident, send, &schema.to_pascal_case()].map(|name| format_ident!("{name}"));
    let result = success.has_fields.then(|| format_ident!("{}", success.name.to_pascal_case()));
    let result = result.map_or(quote!(()), |name| quote!(super::super::types::#name));
    let arguments = match fields {
        Some(fields) => {
            let fields = fields.iter().map(|field| format_ident!("{field}"));
            quote!(#(crate::operation::Argument::argument(&request.#fields)),*)
        }
        None => quote!(request),
    };
    let codes = self::codes(&success.codes);
    quote! {
        pub(crate) mod #ident {
            pub(crate) type Request = super::super::types::#request;
            pub(crate) type Success = #result;
            pub(crate) const FACTS: crate::operation::Facts = crate::operation::Facts {
                id: #id, method: #method, path: #path, name: #name,
                is_idempotent: #is_idempotent, has_success_flag: #has_flag, request_schema: #schema,
            };
            pub(crate) fn send<'a>(
                client: &'a super::super::Client,
                request: &'a Request,
            ) -> impl ::std::future::Future<Output = crate::operation::SendResult> + use<'a> {
                client.#send(#arguments)
            }
            #codes
            const _: () = { const fn check<T: crate::operation::Implemented>() {} check::<Code>() };
        }
    }
}

/// Generates the codes as an enum, so that a table without one of them does not compile, and the message of each.
fn codes(codes: &[Code]) -> TokenStream {
    let names = codes.iter().map(|(name, _)| format_ident!("{name}")).collect::<Vec<_>>();
    let messages = codes.iter().map(|(_, message)| message);
    quote! {
        pub(crate) enum Code { #(#names),* }
        macro_rules! message {
            #((#names) => { #messages };)*
            ($code:ident) => {
                compile_error!(concat!(stringify!($code), " is not in the spec: remove its row"))
            };
        }
        pub(crate) use message;
    }
}

fn platform(spec: &Value, file: &File) -> Result<TokenStream, SpecError> {
    let listed = items(spec.pointer(PLATFORM_CODES).unwrap_or(&Value::Null));
    ensure(!listed.is_empty(), PLATFORM_CODES, "must list the platform's error codes")?;
    let known = listed.iter().map(|it| code(&it["code"], &it["description"], PLATFORM_CODES, file));
    let known = known.collect::<Result<Vec<_>, _>>()?;
    let names = known.iter().map(|(name, _)| format_ident!("{name}"));
    let status = |entry: &Value| {
        only(entry, PLATFORM_CODES, &["code", "status", "description"])?;
        let status = entry["status"].as_u64().filter(|status| (100..1000).contains(status));
        let reason = format!("{} needs its HTTP status", entry["code"]);
        status.map(Literal::u64_unsuffixed).ok_or_else(|| SpecError::at(PLATFORM_CODES, reason))
    };
    let statuses = listed.iter().map(status).collect::<Result<Vec<_>, _>>()?;
    let codes = codes(&known);
    Ok(quote! {
        #codes
        impl Code {
            pub(crate) fn status(&self) -> u16 {
                match self { #(Self::#names => #statuses),* }
            }
        }
    })
}
