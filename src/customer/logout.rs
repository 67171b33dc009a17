use crate::error::error_codes;
use crate::generated::operations::post_api_v1_customer_logout as operation;
use crate::operation::Operation;
use crate::{Client, Error, Response};

impl Client {
    /// Signs a customer out: `POST /api/v1/customer/logout`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-logout)).
    ///
    /// It ends the identity that [`login`](Self::login) opened. Delete the customer's cookie first: the call may fail.
    ///
    /// # Errors
    ///
    /// [`Error::Endpoint`], [`Error::Platform`], [`Error::UnexpectedResponse`] or [`Error::Transport`]. Not documented: the
    /// error for an identity that has already ended. If the [outcome](Error::outcome) is `Unknown`, the identity may still be
    /// open, until it expires.
    #[cfg_attr(deprecated_operation = "post_api_v1_customer_logout", deprecated)]
    pub async fn logout(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<LogoutError>> {
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }
}

static OPERATION: Operation = Operation {
    facts: operation::FACTS,
    unknown_outcome_advice: "The identity may still be open: delete the customer's cookie anyway",
};

error_codes! {
    /// The error codes of [`Client::logout`]. None are documented.
    LogoutError of operation {}
}
