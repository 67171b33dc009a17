use crate::call::Endpoint;
use crate::error::refusals;
use crate::generated::operations;
use crate::{Answered, Client, Error, SetNewPasswordRequest};

impl Client {
    /// Sets a new password with the token of the reset mail: `POST /api/v1/customer/set-new-password`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-set-new-password)).
    ///
    /// Not documented: whether identities end that were opened with the old password. [Sign out](Self::logout) those that
    /// you know.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with a [`SetNewPasswordError`], [`Error::Platform`], [`Error::Unexpected`] or
    /// [`Error::Transport`]. If the [outcome](Error::outcome) is `Unknown`, the token may be used up and the new password may
    /// hold: let the shopper try to sign in with it.
    ///
    /// | code | what to tell the shopper |
    /// | --- | --- |
    /// | `E001` | Something went wrong. Please try again later. |
    /// | `E002` | You had this password before. Please choose another one. |
    /// | `E003`, `E004` | This link is used up or too old. Please ask for a new one. |
    ///
    /// A platform error with the code `INTERNAL_RESOURCE_NOT_FOUND` tells the same as `E003`.
    pub async fn set_new_password(
        &self,
        request: &SetNewPasswordRequest,
    ) -> Result<Answered<()>, Error<SetNewPasswordError>> {
        self.call(&ENDPOINT, |api| api.post_api_v1_customer_set_new_password(request)).await
    }
}

static ENDPOINT: Endpoint = Endpoint {
    operation: operations::SET_NEW_PASSWORD,
    in_doubt: "The token may be used up and the new password may hold: let the shopper try to sign in with it",
};

refusals! {
    /// Why BizKitHub did not set a new password.
    SetNewPasswordError of SetNewPasswordErrorCode:

    /// Not documented: why.
    E001 ChangeFailed, "Change password failed.",
        "let the shopper try again later, and write to BizKitHub's support if it stays";

    /// The account has had this password before.
    E002 PasswordUsedBefore,
        "You have entered a previously used password. For security reasons, please enter a new and unique password.",
        "have the shopper choose another password";

    /// No reset request has this token. Not documented: whether a used or a replaced token gets this or `E004`.
    E003 NoSuchRequest, "Reset password request does not exist.",
        "have the shopper ask for a new reset mail";

    /// The request's `expirationTime` has passed.
    E004 RequestExpired, "Reset password request has been expired.",
        "have the shopper ask for a new reset mail";
}
