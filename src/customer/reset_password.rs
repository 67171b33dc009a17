use crate::error::error_codes;
use crate::generated::operations::post_api_v1_customer_reset_password as operation;
use crate::operation::Operation;
use crate::{Client, Error, Response};

impl Client {
    /// Emails a customer a token for a new password: `POST /api/v1/customer/reset-password`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-reset-password)).
    ///
    /// The token is for [`set_new_password`](Self::set_new_password). Its lifetime is the request's `expiration_time`, a
    /// relative time such as `3h 20m`. Not documented: the default lifetime.
    ///
    /// Show one message for a success, an endpoint error and a platform error with the code `INTERNAL_RESOURCE_NOT_FOUND` or
    /// `INTERNAL_VALIDATION_FAILED`: "If this address has an account, we have sent an email to it." Otherwise strangers can
    /// find out which addresses have an account.
    ///
    /// # Errors
    ///
    /// [`Error::Endpoint`], [`Error::Platform`], [`Error::UnexpectedResponse`] or [`Error::Transport`]. Not documented: the
    /// result for an address without an account. If the [outcome](Error::outcome) is `Unknown`, the email may be on its way.
    #[cfg_attr(deprecated_operation = "post_api_v1_customer_reset_password", deprecated)]
    pub async fn reset_password(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<ResetPasswordError>> {
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }
}

static OPERATION: Operation = Operation {
    facts: operation::FACTS,
    unknown_outcome_advice: "The email may be on its way: have the customer check the inbox first",
};

error_codes! {
    /// The error codes of [`Client::reset_password`]. None are documented.
    ResetPasswordError of operation {}
}
