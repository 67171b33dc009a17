use crate::call::Endpoint;
use crate::generated::operations;
use crate::{Answered, Client, Error, ResetPasswordRequest, UndocumentedRefusal};

impl Client {
    /// Mails a shopper a token to set a new password with: `POST /api/v1/customer/reset-password`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-reset-password)).
    ///
    /// The token goes to [`set_new_password`](Self::set_new_password). How long it works is the request's
    /// `expiration_time`, a relative time such as `3h 20m`. Not documented: how long it works without that.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`], [`Error::Platform`], [`Error::Unexpected`] or [`Error::Transport`]. Not documented: what an
    /// address without an account gets. So whether it succeeds, is refused, or gets a platform error with the code
    /// `INTERNAL_RESOURCE_NOT_FOUND` or `INTERNAL_VALIDATION_FAILED`, tell the shopper one thing: "If the address has an
    /// account, we have sent an e-mail to it." Anything else lets strangers find out which addresses have one. If the
    /// [outcome](Error::outcome) is `Unknown`, the mail may be on its way.
    pub async fn reset_password(
        &self,
        request: &ResetPasswordRequest,
    ) -> Result<Answered<()>, Error<UndocumentedRefusal>> {
        self.call(&ENDPOINT, |api| api.post_api_v1_customer_reset_password(request)).await
    }
}

static ENDPOINT: Endpoint = Endpoint {
    operation: operations::RESET_PASSWORD,
    in_doubt: "The mail may be on its way: have the shopper check the inbox before asking for another one",
};
