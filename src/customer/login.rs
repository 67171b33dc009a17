use crate::error::error_codes;
use crate::generated::operations::post_api_v1_customer_login as operation;
use crate::operation::Operation;
use crate::{Client, Error, Response};

impl Client {
    /// Signs a customer in: `POST /api/v1/customer/login`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-login)).
    ///
    /// It opens an identity, which is the customer's session until [`logout`](Self::logout). It gives full access to the account:
    /// put it into an `HttpOnly` cookie and nowhere else.
    ///
    /// Show one message for `E002`, `E003` and `E004`: a page that distinguishes them lets strangers find out which addresses
    /// have an account. Not documented: whether `E005`, `E006` and `E007` depend on the address or on a correct password. If
    /// they do, their separate messages also reveal accounts.
    ///
    /// # Errors
    ///
    /// [`Error::Endpoint`] with a [`LoginError`], [`Error::Platform`], [`Error::UnexpectedResponse`] or [`Error::Transport`].
    /// A success without an identity is an `UnexpectedResponse`. If the [outcome](Error::outcome) is `Unknown`, an identity
    /// may have been opened, and the attempt may count toward `E006`: let the customer try again.
    #[cfg_attr(deprecated_operation = "post_api_v1_customer_login", deprecated)]
    pub async fn login(
        &self,
        request: &operation::Request,
    ) -> Result<Response<operation::Success>, Error<LoginError>> {
        self.call(&OPERATION, |client| operation::send(client, request)).await
    }
}

static OPERATION: Operation = Operation {
    facts: operation::FACTS,
    unknown_outcome_advice: "An identity may have been opened: have the customer sign in again",
};

const ONE_MESSAGE: &str = "show one message for E002, E003 and E004";

error_codes! {
    /// The error codes of [`Client::login`].
    LoginError of operation {
        /// A generic failure, typically on the platform's side.
        E001 LoginFailed: "have the customer retry later; contact BizKitHub support if it persists";

        /// No contact has this address. Show the same message as for `E004`.
        E002 UnknownEmail: ONE_MESSAGE;

        /// The contact has never set a password: a newsletter subscriber, for instance. Show the same message as for `E004`.
        E003 NoAccount: ONE_MESSAGE;

        /// Almost always, the password is wrong: `E002` covers an unknown address.
        E004 WrongPassword: ONE_MESSAGE;

        /// The merchant has forbidden any interaction with this contact.
        E005 AccountBanned: "do not retry, since the merchant has banned this contact";

        /// A protection against guessing. Not documented: the number of attempts and the waiting time.
        E006 TooManyAttempts: "have the customer try again later; the waiting time is not documented";

        /// The token of the verification email has not been redeemed.
        E007 EmailNotVerified:
            "have the customer open the verification email, or register again after ten minutes";
    }
}
