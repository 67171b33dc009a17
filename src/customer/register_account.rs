use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use serde::Deserializer;
use serde::de::DeserializeOwned;

use crate::call::Endpoint;
use crate::call::answer::Success;
use crate::call::json::{self, Fields, Text};
use crate::error::refusals;
use crate::generated::operations;
use crate::{Answered, Client, Error, RegisterAccountRequest};

impl Client {
    /// Registers a shopper's account: `POST /api/v1/customer/register-account`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-register-account)).
    ///
    /// BizKitHub sends the shopper a verification mail. The shopper can sign in once the token in it is redeemed, by
    /// [`register_account_verify`](Self::register_account_verify).
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with a [`RegisterAccountError`], [`Error::Platform`], [`Error::Unexpected`] or
    /// [`Error::Transport`]. If the [outcome](Error::outcome) is `Unknown`, the account may exist and the mail may be on its
    /// way.
    ///
    /// | code | what to tell the shopper |
    /// | --- | --- |
    /// | `E001` | Something went wrong. Please try again later. |
    /// | `E002` | You have an account. Sign in, or reset your password. |
    /// | `E003` | We cannot open an account for you. Please write to us. |
    /// | `E004` | Please look for our e-mail, or try again in ten minutes. |
    ///
    /// ```no_run
    /// use bizkithub::{Client, Outcome, RegisterAccountError, RegisterAccountRequest};
    ///
    /// # async fn run(client: Client, request: RegisterAccountRequest) {
    /// let words = match client.register_account(&request).await {
    ///     Ok(_) => "Welcome! We have sent you an e-mail.",
    ///     Err(error) => match (error.refusal(), error.outcome()) {
    ///         (Some(RegisterAccountError::AlreadyRegistered), _) => "You have an account. Sign in?",
    ///         (_, Outcome::Unknown) => "We are not sure that it worked. Please check your inbox.",
    ///         _ => "That did not work. Please try again later.",
    ///     },
    /// };
    /// # }
    /// ```
    pub async fn register_account(
        &self,
        request: &RegisterAccountRequest,
    ) -> Result<Answered<RegisteredAccount>, Error<RegisterAccountError>> {
        self.call(&ENDPOINT, |api| api.post_api_v1_customer_register_account(request)).await
    }
}

static ENDPOINT: Endpoint = Endpoint {
    operation: operations::REGISTER_ACCOUNT,
    in_doubt: "The account may exist, and its verification mail may be on its way: have the shopper check the inbox \
               before trying again",
};

/// The provider's later documentation: a fresh attempt is accepted once every ten minutes.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(10 * 60);

refusals! {
    /// Why BizKitHub did not register an account.
    RegisterAccountError of RegisterAccountErrorCode:

    /// A generic failure, typically on the platform's side; rare
    /// ([later pages](https://docs.bizkithub.com/swagger/-api-v1-customer-register-account)). No page says that nothing was
    /// registered; the refusal is taken at its word.
    E001 RegisterFailed, "Customer register failed.",
        "let the shopper try again later, and write to BizKitHub's support if it stays";

    /// Registered and confirmed already.
    E002 AlreadyRegistered, "Customer has been registered.",
        "direct the shopper to sign in or to reset the password";

    /// The merchant has forbidden any interaction with this contact.
    E003 AccountBanned, "Customer account has been banned.",
        "do not try again, since the merchant has forbidden any interaction with this contact";

    /// Too many pending registrations for this address without a verification. A fresh attempt is accepted once every ten
    /// minutes, and registers and mails anew.
    E004 TooManyAttempts, "Too many registration attempts.",
        "have the shopper look for the verification mail, or try again in ten minutes, which mails anew",
        passes after BETWEEN_ATTEMPTS;
}

/// A registered account. The shopper cannot sign in with it before the token in the verification mail is redeemed.
#[derive(Clone)]
pub struct RegisteredAccount {
    answer: Text,
    /// Read when it is asked for, since hardly anybody does.
    message: OnceLock<Option<String>>,
}

impl RegisteredAccount {
    /// BizKitHub's message, for developers, if it sent one: `data.message` of the answer.
    pub fn message(&self) -> Option<&str> {
        // Data that is no object has none.
        let message = || json::object::<Data>(self.data_as_sent()?)?.message.map(Cow::into_owned);
        self.message.get_or_init(message).as_deref()
    }

    /// The answer's `data` as a type of yours; `null` if there was none. Not documented beyond `message`.
    ///
    /// # Errors
    ///
    /// If `data` does not fit the type, or is not UTF-8. The account is registered all the same.
    pub fn data<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        let data = self.data_as_sent().map(|data| self.answer.part(data));
        data.unwrap_or_else(|| self.answer.null()).read()
    }

    fn data_as_sent(&self) -> Option<&str> {
        json::object::<Content>(self.answer.as_str())?.data
    }
}

/// Nothing of the answer is needed before somebody asks.
impl<'a> Fields<'a> for RegisteredAccount {
    fn take<D: Deserializer<'a>>(&mut self, _: &str, value: D) -> Result<(), D::Error> {
        json::skip(value)
    }
}

impl Success for RegisteredAccount {
    fn of(answer: &Text) -> Self {
        Self { answer: answer.clone(), message: OnceLock::new() }
    }
}

/// What of the answer is for the caller.
#[derive(Default, PartialEq)]
struct Content<'a> {
    data: Option<&'a str>,
}

impl<'a> Fields<'a> for Content<'a> {
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
        match name {
            "data" => self.data = Some(json::raw(value)?.get()),
            _ => json::skip(value)?,
        }
        Ok(())
    }
}

/// What of `data` is documented.
#[derive(Default, PartialEq)]
struct Data<'a> {
    message: Option<Cow<'a, str>>,
}

impl<'a> Fields<'a> for Data<'a> {
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
        match name {
            "message" => self.message = json::string(value)?,
            _ => json::skip(value)?,
        }
        Ok(())
    }
}

/// What a server wrote is not shown.
impl fmt::Debug for RegisteredAccount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "RegisteredAccount([{} bytes])", self.answer.as_str().len())
    }
}
