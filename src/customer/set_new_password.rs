use crate::error::error_codes;
use crate::generated::operations::post_api_v1_customer_set_new_password as operation;
use crate::operation::Operation;
use crate::{Client, Error, Response};

impl Client {
    /// Sets a new password with the token of the reset email: `POST /api/v1/customer/set-new-password`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-set-new-password)).
    ///
    /// Not documented: whether identities that were opened with the old password end. [Sign out](Self::logout) those that you
    /// know.
    ///
    /// # Errors
    ///
    /// [`Error::Endpoint`] with a [`SetNewPasswordError`], [`Error::Platform`], [`Error::UnexpectedResponse`] or
    /// [`Error::Transport`]. A platform error with the code `INTERNAL_RESOURCE_NOT_FOUND` means the same as `E003`. If the
    /// [outcome](Error::outcome) is `Unknown`, the token may have been used and the new password may be set: let the customer
    /// try to sign in with it.
    #[cfg_attr(deprecated_operation = "post_api_v1_customer_set_new_password", deprecated)]
    pub async fn set_new_password(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<SetNewPasswordError>> {
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }
}

static OPERATION: Operation = Operation {
    facts: operation::FACTS,
    unknown_outcome_advice: "The new password may be set: have the customer try it",
};

error_codes! {
    /// The error codes of [`Client::set_new_password`].
    SetNewPasswordError of operation {
        /// Not documented: the cause.
        E001 ChangeFailed: "have the customer retry later; contact BizKitHub support if it persists";

        /// The account had this password before.
        E002 PasswordUsedBefore: "ask for another";

        /// The token belongs to no reset request. Not documented: whether a used or replaced token gets this or `E004`.
        E003 NoSuchRequest: "have the customer request a new reset email";

        /// The request's `expirationTime` has passed.
        E004 RequestExpired: "have the customer request a new reset email";
    }
}
