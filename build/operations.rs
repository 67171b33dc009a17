//! Generates what progenitor does not: the facts and error codes of each operation, and those of the platform.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::Ident;

use super::endpoints::{Endpoint, File};
use super::error::SpecError;
use super::names::pascal;
use super::responses::{self, Code};
use super::{check, types, wire};

/// The list of the platform's codes.
const PLATFORM_CODES: &str =
    "/components/schemas/PlatformErrorDetail/properties/code/x-error-codes";

pub fn module(
    spec: &Value,
    endpoints: &[Endpoint],
    client: &syn::File,
    platform_codes: &File,
) -> Result<TokenStream, SpecError> {
    let operations = endpoints.iter().map(|endpoint| operation(endpoint, client));
    let names = endpoints.iter().map(|endpoint| format_ident!("{}", endpoint.ident));
    let wire = wire::module(client, endpoints);
    let parameter = check::api_key_parameter(spec).unwrap_or_default();
    let server = spec["servers"][0]["url"].as_str().unwrap_or_default();
    let platform = platform(spec, platform_codes)?;
    Ok(quote! {
        pub(crate) const API_KEY_PARAMETER: &str = #parameter;
        pub(crate) const SERVER_URL: &str = #server;
        #wire
        pub(crate) mod operations {
            #(#operations)*
            pub(crate) const ALL: &[crate::operation::Facts] = &[#(#names::FACTS),*];
        }
        pub(crate) mod platform { #platform }
    })
}

fn operation(endpoint: &Endpoint, client: &syn::File) -> TokenStream {
    let Endpoint { id, method, path, is_idempotent, .. } = endpoint;
    let name = format!("{method} {path}");
    let ident = format_ident!("{}", endpoint.ident);
    let request_schema = &endpoint.request;
    let request = format_ident!("{}", pascal(request_schema));
    let has_flag = endpoint.success.has_flag;
    let success = match endpoint.success.has_fields {
        true => format_ident!("{}", pascal(&endpoint.success.schema)).into_token_stream(),
        false => quote!(()),
    };
    let arguments: Vec<_> = match endpoint.has_parameters {
        true => types::parameters(client, &endpoint.ident).into_iter().map(argument).collect(),
        false => vec![quote!(request)],
    };
    let codes = codes(&endpoint.codes);
    quote! {
        pub(crate) mod #ident {
            use super::super::types::*;
            pub(crate) type Request = #request;
            pub(crate) type Success = #success;
            pub(crate) const FACTS: crate::operation::Facts = crate::operation::Facts {
                id: #id, method: #method, path: #path, name: #name,
                is_idempotent: #is_idempotent, has_success_flag: #has_flag, request_schema: #request_schema,
            };
            pub(crate) fn send<'a>(
                client: &'a super::super::Client,
                request: &'a Request,
            ) -> impl ::std::future::Future<Output = crate::operation::SendResult> + use<'a> {
                client.#ident(#(#arguments),*)
            }
            #codes
            const _: () = { const fn check<T: crate::operation::Implemented>() {} check::<Code>() };
        }
    }
}

/// A field of the request, as the generated method takes it.
fn argument((name, kind): (Ident, syn::Type)) -> TokenStream {
    let kind = kind.into_token_stream().to_string().replace(' ', "");
    if kind.starts_with("Option<&'astr") {
        quote!(request.#name.as_deref())
    } else if kind.starts_with("Option<&") {
        quote!(request.#name.as_ref())
    } else if kind.starts_with('&') {
        quote!(&request.#name)
    } else {
        quote!(request.#name.clone())
    }
}

/// Generates the codes as an enum, so that a table without one of them does not compile, and the message of each.
fn codes(codes: &[Code]) -> TokenStream {
    let names = codes.iter().map(|code| format_ident!("{}", code.code)).collect::<Vec<_>>();
    let messages = codes.iter().map(|code| &code.message);
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
    let (mut known, mut statuses) = (Vec::new(), Vec::new());
    let listed = spec.pointer(PLATFORM_CODES).and_then(Value::as_array);
    for (index, entry) in listed.into_iter().flatten().enumerate() {
        let place = format!("{PLATFORM_CODES}/{index}");
        let status = entry["status"].as_u64().and_then(|status| u16::try_from(status).ok());
        statuses.push(status.ok_or_else(|| SpecError::at(&place, "a code needs its HTTP status"))?);
        known.push(responses::code(&entry["code"], &entry["description"], &place, &known, file)?);
    }
    if known.is_empty() {
        return Err(SpecError::at(PLATFORM_CODES, "must list the platform's error codes"));
    }
    let names = known.iter().map(|code| format_ident!("{}", code.code));
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
