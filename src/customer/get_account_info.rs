use crate::error::error_codes;
use crate::generated::operations::get_api_v1_customer_get_account_info as operation;
use crate::operation::Operation;
use crate::{AccountInfo, Client, Error, Response};

impl Client {
    /// Returns the account of a signed-in customer: `GET /api/v1/customer/get-account-info`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-get-account-info)).
    ///
    /// It is the only call that is retried after a lost response, since it changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Endpoint`], [`Error::Platform`], [`Error::UnexpectedResponse`] or [`Error::Transport`]. An unknown, expired or
    /// revoked identity is not an error, but a success that is not [logged in](AccountInfo::is_logged_in)
    /// ([later pages](https://docs.bizkithub.com/customer-account-info-api)). Treat an endpoint error, and a platform error
    /// with the code `INTERNAL_RESOURCE_NOT_FOUND`, in the same way. After any other error, the customer may still be signed
    /// in: keep the cookie.
    #[cfg_attr(deprecated_operation = "get_api_v1_customer_get_account_info", deprecated)]
    pub async fn get_account_info(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<GetAccountInfoError>> {
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }
}

impl AccountInfo {
    /// Returns `true` if the response says that the customer is signed in.
    pub fn is_logged_in(&self) -> bool {
        // Also if the spec makes the field required, which changes its type.
        [self.logged_in].contains(&true.into())
    }
}

static OPERATION: Operation = Operation {
    facts: operation::FACTS,
    unknown_outcome_advice: "The customer may still be signed in: keep the cookie and retry later",
};

error_codes! {
    /// The error codes of [`Client::get_account_info`]. None are documented.
    GetAccountInfoError of operation {}
}
