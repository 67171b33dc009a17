use crate::error::error_codes;
use crate::generated::operations::post_api_v1_customer_register_account_verify as operation;
use crate::operation::Operation;
use crate::{Client, Error, Response};

impl Client {
    /// Redeems the token of the verification email: `POST /api/v1/customer/register-account-verify`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-register-account-verify)).
    ///
    /// Then the customer can [sign in](Self::login). Make this call from a page with a button: email scanners follow links,
    /// and a token works once. Before you redirect to `return_url`, check that it leads to your own site.
    ///
    /// # Errors
    ///
    /// [`Error::Endpoint`], [`Error::Platform`], [`Error::UnexpectedResponse`] or [`Error::Transport`]. Not documented: the
    /// error for a used or unknown token. Take an endpoint error, and a platform error with the code
    /// `INTERNAL_RESOURCE_NOT_FOUND`, as "the link has expired or was already used". If the [outcome](Error::outcome) is
    /// `Unknown`, the token may have been used: let the customer try to sign in.
    #[cfg_attr(deprecated_operation = "post_api_v1_customer_register_account_verify", deprecated)]
    pub async fn register_account_verify(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<RegisterAccountVerifyError>> {
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }
}

static OPERATION: Operation = Operation {
    facts: operation::FACTS,
    unknown_outcome_advice: "The token may have been used: have the customer try to sign in",
};

error_codes! {
    /// The error codes of [`Client::register_account_verify`]. None are documented.
    RegisterAccountVerifyError of operation {}
}
