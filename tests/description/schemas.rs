//! The JSON schemas that the crate's types derive against the description's own.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::LazyLock;

use bizkithub::{IdentityId, Password, Token, types};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::DESCRIPTION;
use crate::shape::shape;

pub struct Type {
    derived: Value,
    rewrite: fn(&Value) -> serde_json::Result<Value>,
}

impl Type {
    fn of<T: JsonSchema + DeserializeOwned + Serialize>() -> Self {
        Self {
            derived: schemars::schema_for!(T).to_value(),
            rewrite: |json| serde_json::to_value(T::deserialize(json)?),
        }
    }

    /// Reads a value of this type, and writes it again.
    pub fn rewrite(&self, json: &Value) -> serde_json::Result<Value> {
        (self.rewrite)(json)
    }
}

macro_rules! types {
    ($($name:ident is $kind:ty,)+) => { BTreeMap::from([$((stringify!($name), Type::of::<$kind>()),)+]) };
}

/// What each schema of the description is in Rust.
pub static TYPES: LazyLock<BTreeMap<&str, Type>> = LazyLock::new(|| {
    types! {
        AccountInfo is types::AccountInfo,
        Answer is types::Answer,
        CustomerGroup is types::CustomerGroup,
        GatewayPage is types::GatewayPage,
        Groups is types::Groups,
        IdentityId is IdentityId,
        IpAddress is IpAddr,
        LoginAnswer is types::LoginAnswer,
        LoginErrorCode is types::LoginErrorCode,
        LoginRequest is types::LoginRequest,
        LogoutRequest is types::LogoutRequest,
        Password is Password,
        PlatformErrorDetail is types::PlatformErrorDetail,
        PlatformErrorResponse is types::PlatformErrorResponse,
        Referral is types::Referral,
        RegisterAccountAnswer is types::RegisterAccountAnswer,
        RegisterAccountData is types::RegisterAccountData,
        RegisterAccountErrorCode is types::RegisterAccountErrorCode,
        RegisterAccountRequest is types::RegisterAccountRequest,
        RegisterAccountVerifyAnswer is types::RegisterAccountVerifyAnswer,
        RegisterAccountVerifyRequest is types::RegisterAccountVerifyRequest,
        ResetPasswordRequest is types::ResetPasswordRequest,
        SetNewPasswordAnswer is types::SetNewPasswordAnswer,
        SetNewPasswordErrorCode is types::SetNewPasswordErrorCode,
        SetNewPasswordRequest is types::SetNewPasswordRequest,
        Subscription is types::Subscription,
        Token is Token,
    }
});

/// The schemas of the description.
fn described() -> impl Iterator<Item = (&'static str, &'static Value)> {
    let schemas = DESCRIPTION["components"]["schemas"].as_object().unwrap();
    schemas.iter().map(|(name, schema)| (name.as_str(), schema))
}

fn derived(name: &str) -> &Value {
    let kind = TYPES.get(name);
    &kind.unwrap_or_else(|| panic!("no row in TYPES for the schema {name}")).derived
}

#[test]
fn each_derived_schema_has_the_fields_types_and_required_ones_of_the_description() {
    for (name, schema) in described() {
        let derived = derived(name);
        assert_eq!(shape(derived, derived), shape(&DESCRIPTION, schema), "{name}");
    }
    assert_eq!(TYPES.len(), described().count(), "a row in TYPES has no schema");
}

#[test]
fn each_example_of_a_schema_fits_the_derived_one() {
    for (name, schema) in described() {
        if let Err(error) = jsonschema::validate(derived(name), &schema["example"]) {
            panic!("{name}: {error}");
        }
    }
}

#[test]
fn the_secrets_keep_what_the_description_says_of_them_and_the_address_is_one() {
    for name in ["Password", "Token", "IdentityId"] {
        for keyword in ["type", "format", "minLength"] {
            let described = &DESCRIPTION["components"]["schemas"][name][keyword];
            assert_eq!(derived(name)[keyword], *described, "{keyword} of {name}");
        }
    }
    assert_eq!(derived("IpAddress")["format"], "ip");
}

#[test]
fn each_error_code_keeps_its_text() {
    let texts = |schema: &Value| -> Vec<String> {
        let codes = schema["oneOf"].as_array().unwrap().iter();
        let texts = codes.map(|code| code["description"].as_str().unwrap().split_whitespace());
        texts.map(|words| words.collect::<Vec<_>>().join(" ")).collect()
    };
    let of_codes: Vec<_> = described().filter(|(_, schema)| schema["oneOf"].is_array()).collect();
    assert!(!of_codes.is_empty());
    for (name, schema) in of_codes {
        assert_eq!(texts(derived(name)), texts(schema), "{name}");
    }
}
