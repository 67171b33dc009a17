use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;

use crate::call::Endpoint;
use crate::call::answer::Success;
use crate::call::json::{self, Fields, Text};
use crate::generated::operations;
use crate::{Answered, Client, Error, RegisterAccountVerifyRequest, UndocumentedRefusal};

impl Client {
    /// Redeems the token of the verification mail: `POST /api/v1/customer/register-account-verify`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-register-account-verify)).
    ///
    /// Afterwards the shopper can [sign in](Self::login). Call it from a page with a button: mail scanners follow links, and
    /// a token works once.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`], [`Error::Platform`], [`Error::Unexpected`] or [`Error::Transport`]. Not documented: what a used or
    /// an unknown token gets. Whether it is a refusal or a platform error with the code `INTERNAL_RESOURCE_NOT_FOUND`, tell the
    /// shopper one thing: "This link is used up or too old. Try to sign in, or register again." If the
    /// [outcome](Error::outcome) is `Unknown`, the token may be used up: let the shopper try to sign in.
    pub async fn register_account_verify(
        &self,
        request: &RegisterAccountVerifyRequest,
    ) -> Result<Answered<VerifiedAccount>, Error<UndocumentedRefusal>> {
        self.call(&ENDPOINT, |api| api.post_api_v1_customer_register_account_verify(request)).await
    }
}

static ENDPOINT: Endpoint = Endpoint {
    operation: operations::REGISTER_ACCOUNT_VERIFY,
    in_doubt: "The token may be used up: let the shopper try to sign in",
};

/// An account whose verification token has been redeemed: the shopper can sign in.
#[derive(Clone)]
pub struct VerifiedAccount {
    email: String,
    return_url: Option<String>,
}

impl VerifiedAccount {
    /// The account's address, in BizKitHub's normalised form; empty if the answer had none, which is a success too.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Where the shopper is to return to, if the registration said so, it seems. It need not be a complete URL.
    ///
    /// Check that it leads to your own site before you redirect to it.
    pub fn return_url(&self) -> Option<&str> {
        self.return_url.as_deref()
    }
}

impl<'a> Fields<'a> for VerifiedAccount {
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
        match name {
            "email" => self.email = json::string(value)?.unwrap_or_default().into_owned(),
            "returnUrl" => self.return_url = json::string(value)?.map(Cow::into_owned),
            _ => json::skip(value)?,
        }
        Ok(())
    }
}

impl Success for VerifiedAccount {
    fn of(_: &Text) -> Self {
        Self { email: String::new(), return_url: None }
    }
}

/// What a server wrote is not shown.
impl fmt::Debug for VerifiedAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VerifiedAccount")
    }
}
