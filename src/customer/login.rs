use serde::Deserializer;

use crate::call::Endpoint;
use crate::call::answer::Success;
use crate::call::json::{self, Fields, Text};
use crate::error::refusals;
use crate::generated::operations;
use crate::{Answered, Client, Error, IdentityId, LoginRequest};

impl Client {
    /// Signs a shopper in: `POST /api/v1/customer/login`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-login)).
    ///
    /// It opens an identity, which stands for the shopper until [`logout`](Self::logout).
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with a [`LoginError`], [`Error::Platform`], [`Error::Unexpected`] or [`Error::Transport`]. A success
    /// without an identity is `Unexpected`. If the [outcome](Error::outcome) is `Unknown`, BizKitHub may have opened
    /// an identity that never reached you, and the attempt may count: let the shopper try again.
    ///
    /// | code | what to tell the shopper |
    /// | --- | --- |
    /// | `E001` | Something went wrong. Please try again later. |
    /// | `E002`, `E003`, `E004` | E-mail address or password is wrong. |
    /// | `E005` | We cannot sign you in. Please write to us. |
    /// | `E006` | Too many attempts. Please try again later. |
    /// | `E007` | Please open the link in our e-mail first. |
    ///
    /// `E002`, `E003` and `E004` are one sentence on purpose. A page that tells them apart lets strangers find out which
    /// addresses have an account. Not documented: whether `E005`, `E006` and `E007` come for any address, whatever the
    /// password. If not, they tell it too.
    pub async fn login(
        &self,
        request: &LoginRequest,
    ) -> Result<Answered<Login>, Error<LoginError>> {
        self.call(&ENDPOINT, |api| api.post_api_v1_customer_login(request)).await
    }
}

static ENDPOINT: Endpoint = Endpoint {
    operation: operations::LOGIN,
    in_doubt: "BizKitHub may have opened an identity that never reached you: let the shopper sign in again",
};

/// What a shopper is to be told of every wrong combination of address and password.
const ONE_SENTENCE: &str =
    "tell the shopper that address or password is wrong, in the same words for E002, E003 and E004";

refusals! {
    /// Why BizKitHub did not sign a shopper in.
    LoginError of LoginErrorCode:

    /// Not documented: why.
    E001 LoginFailed, "Customer login failed.",
        "let the shopper try again later, and write to BizKitHub's support if it stays";

    /// Tell the shopper the same as for `E004`.
    E002 UnknownEmail, "Customer e-mail does not exist.", ONE_SENTENCE;

    /// A contact without an account: a newsletter reader, say. Tell the shopper the same as for `E004`.
    E003 NoAccount, "Customer have not a registered account.", ONE_SENTENCE;

    /// Not documented: when this comes rather than `E002`.
    E004 WrongPassword, "Wrong e-mail or password.", ONE_SENTENCE;

    /// The merchant has forbidden any interaction with this contact.
    E005 AccountBanned, "Customer account has been banned.",
        "do not try again, since the merchant has forbidden any interaction with this contact";

    /// Not documented: after how many attempts, and for how long.
    E006 TooManyAttempts, "Too many login attempts.",
        "let the shopper try again later; no page says when";

    /// The token of the verification mail has not been redeemed.
    E007 EmailNotVerified, "Customer mail has not been authorized.",
        "have the shopper open the link in the verification mail, or register again after ten minutes for a new one";
}

/// A shopper who is signed in.
#[derive(Clone, Debug)]
pub struct Login {
    identity_id: IdentityId,
}

impl Login {
    /// The shopper's session. Whoever has it is the shopper: keep it like a password.
    pub fn identity_id(&self) -> &IdentityId {
        &self.identity_id
    }
}

impl<'a> Fields<'a> for Login {
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
        match name {
            "identityId" => {
                self.identity_id = json::string(value)?.unwrap_or_default().into_owned().into();
            }
            _ => json::skip(value)?,
        }
        Ok(())
    }
}

impl Success for Login {
    fn of(_: &Text) -> Self {
        Self { identity_id: "".into() }
    }

    fn complete(self) -> Option<Self> {
        (!self.identity_id.expose().is_empty()).then_some(self)
    }
}
