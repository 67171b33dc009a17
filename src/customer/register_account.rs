use std::time::Duration;

use crate::error::error_codes;
use crate::generated::operations::post_api_v1_customer_register_account as operation;
use crate::operation::Operation;
use crate::{Client, Error, Response};

impl Client {
    /// Registers a customer account: `POST /api/v1/customer/register-account`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-register-account)).
    ///
    /// BizKitHub sends a verification email. The customer can sign in once the token in it is redeemed with
    /// [`register_account_verify`](Self::register_account_verify).
    ///
    /// A request without an email address or a password does not compile:
    ///
    /// ```compile_fail
    /// # use bizkithub::RegisterAccountRequest;
    /// let request = RegisterAccountRequest::builder().email("jan@barasek.com").build();
    /// ```
    ///
    /// ```compile_fail
    /// # use bizkithub::RegisterAccountRequest;
    /// let request = RegisterAccountRequest::builder().password("example_password").build();
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Endpoint`] with a [`RegisterAccountError`], [`Error::Platform`], [`Error::UnexpectedResponse`] or
    /// [`Error::Transport`]. If the [outcome](Error::outcome) is `Unknown`, the account may exist and the email may be on its
    /// way.
    ///
    /// ```no_run
    /// use bizkithub::{Client, Outcome, RegisterAccountError, RegisterAccountRequest};
    ///
    /// # async fn run(client: Client, request: RegisterAccountRequest) {
    /// let message = match client.register_account(&request).await {
    ///     Ok(_) => "Welcome! Please open the link in our email.",
    ///     Err(error) => match (error.reason(), error.outcome()) {
    ///         (Some(RegisterAccountError::AlreadyRegistered), _) => "You already have an account.",
    ///         (_, Outcome::Unknown) => "We are not sure that it worked. Please check your inbox.",
    ///         _ => "That did not work. Please try again later.",
    ///     },
    /// };
    /// # }
    /// ```
    #[cfg_attr(deprecated_operation = "post_api_v1_customer_register_account", deprecated)]
    pub async fn register_account(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<RegisterAccountError>> {
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }
}

static OPERATION: Operation = Operation {
    facts: operation::FACTS,
    unknown_outcome_advice: "The account may exist: have the customer look for the verification email first",
};

/// Later pages: another attempt is accepted once every ten minutes.
const TEN_MINUTES: Duration = Duration::from_secs(10 * 60);

error_codes! {
    /// The error codes of [`Client::register_account`].
    RegisterAccountError of operation {
        /// A rare, generic failure, typically on the platform's side
        /// ([later pages](https://docs.bizkithub.com/swagger/-api-v1-customer-register-account)). The outcome `Unchanged`
        /// relies on the code alone: no page says that nothing was registered.
        E001 RegisterFailed: "have the customer retry later; contact BizKitHub support if it persists";

        /// The account is registered and confirmed.
        E002 AlreadyRegistered: "have the customer sign in or reset the password";

        /// The merchant has forbidden any interaction with this contact.
        E003 AccountBanned: "do not retry, since the merchant has banned this contact";

        /// This address has too many pending registrations. Another attempt is accepted once every ten minutes. It registers
        /// again and sends another email.
        E004 TooManyAttempts:
            "have the customer look for the verification email, or try again in ten minutes",
            retry after TEN_MINUTES;
    }
}
