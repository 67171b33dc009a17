mod records;

use std::fmt;
use std::net::IpAddr;

use serde::Deserializer;
use serde::de::DeserializeOwned;

use crate::call::Endpoint;
use crate::call::answer::Success;
use crate::call::json::{self, Fields, Text};
use crate::generated::operations;
use crate::{Answered, Client, Error, IdentityId, UndocumentedRefusal};

pub use records::{CustomerGroup, Referral, Subscription};

impl Client {
    /// Tells who is signed in: `GET /api/v1/customer/get-account-info`
    /// ([page](https://docs.bizkithub.com/swagger/-api-v1-customer-get-account-info)).
    ///
    /// It changes nothing, so it is the one call that is repeated when its answer is lost.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`], [`Error::Platform`], [`Error::Unexpected`] or [`Error::Transport`]. Not documented: what an
    /// identity gets that is unknown or has ended. Treat a refusal, and a platform error with the code
    /// `INTERNAL_RESOURCE_NOT_FOUND`, like an answer that is not [logged in](AccountInfo::is_logged_in). After any other error
    /// the shopper may well be signed in: keep the cookie.
    pub async fn get_account_info(
        &self,
        request: &GetAccountInfoRequest,
    ) -> Result<Answered<AccountInfo>, Error<UndocumentedRefusal>> {
        self.call(&ENDPOINT, |api| {
            api.get_api_v1_customer_get_account_info(
                request.customer_real_ip.as_ref(),
                &request.identity_id,
            )
        })
        .await
    }
}

static ENDPOINT: Endpoint = Endpoint {
    operation: operations::GET_ACCOUNT_INFO,
    in_doubt: "The call changes nothing: the shopper may well be signed in, so keep the cookie and repeat the call later",
};

/// What [`Client::get_account_info`] sends, in the query.
#[derive(bon::Builder, Clone, Debug)]
#[builder(on(_, into))]
#[non_exhaustive]
pub struct GetAccountInfoRequest {
    /// The shopper's session, from [`Client::login`].
    pub identity_id: IdentityId,
    /// The shopper's own IP address, version 4 or 6, as the shop's server sees it.
    pub customer_real_ip: Option<IpAddr>,
}

/// Who is signed in.
///
/// Not documented: which fields may be missing. One that is, or is `null` or of another type than documented, is `None`.
/// [`read`](Self::read) gives the whole answer as a type of yours.
///
/// ```no_run
/// use bizkithub::{Client, Error, GetAccountInfoRequest, IdentityId};
///
/// async fn greeting(client: &Client, identity_id: IdentityId) -> Result<String, Error> {
///     let request = GetAccountInfoRequest::builder().identity_id(identity_id).build();
///     let info = client.get_account_info(&request).await?;
///     Ok(match info.is_logged_in() {
///         true => format!("Hello {}!", info.first_name().unwrap_or("there")),
///         false => "Please sign in.".to_owned(),
///     })
/// }
/// ```
#[derive(Clone)]
pub struct AccountInfo(Box<Content>);

/// Apart, since it is large, and would be moved with every future around it.
#[derive(Clone)]
struct Content {
    answer: Text,
    is_logged_in: bool,
    identity_id: Option<IdentityId>,
    cu_ref_no: Option<Text>,
    credit_balance: Option<f64>,
    email: Option<Text>,
    phone: Option<Text>,
    first_name: Option<Text>,
    last_name: Option<Text>,
    company_name: Option<Text>,
    ban: Option<bool>,
    premium: Option<bool>,
    groups: Text,
    meta: Text,
    referral: Text,
    running_subscription_list: Text,
}

impl AccountInfo {
    /// Whether the identity stands for a shopper. An answer that does not say so says no.
    pub fn is_logged_in(&self) -> bool {
        self.0.is_logged_in
    }

    /// The identity that was asked about.
    pub fn identity_id(&self) -> Option<&IdentityId> {
        self.0.identity_id.as_ref()
    }

    /// The customer reference number, 16 characters. It is what another customer's `referral_id` refers to.
    pub fn cu_ref_no(&self) -> Option<&str> {
        self.0.cu_ref_no.as_ref().map(Text::as_str)
    }

    /// The balance of the shopper's credit. Not documented: its currency.
    pub fn credit_balance(&self) -> Option<f64> {
        self.0.credit_balance
    }

    /// The e-mail address, in BizKitHub's normalised form.
    pub fn email(&self) -> Option<&str> {
        self.0.email.as_ref().map(Text::as_str)
    }

    /// The phone number, like `+420 777123456`.
    pub fn phone(&self) -> Option<&str> {
        self.0.phone.as_ref().map(Text::as_str)
    }

    /// The first name.
    pub fn first_name(&self) -> Option<&str> {
        self.0.first_name.as_ref().map(Text::as_str)
    }

    /// The last name.
    pub fn last_name(&self) -> Option<&str> {
        self.0.last_name.as_ref().map(Text::as_str)
    }

    /// The company's name.
    pub fn company_name(&self) -> Option<&str> {
        self.0.company_name.as_ref().map(Text::as_str)
    }

    /// Whether the merchant has forbidden any interaction with the shopper.
    pub fn ban(&self) -> Option<bool> {
        self.0.ban
    }

    /// Whether the shopper is a premium customer.
    pub fn premium(&self) -> Option<bool> {
        self.0.premium
    }

    /// The customer groups that the shopper is in. Read from the answer each time, as the two below.
    pub fn groups(&self) -> Vec<CustomerGroup<'_>> {
        json::objects(self.0.groups.as_str())
    }

    /// Who referred the shopper.
    pub fn referral(&self) -> Option<Referral<'_>> {
        json::object(self.0.referral.as_str())
    }

    /// The running subscriptions.
    pub fn running_subscription_list(&self) -> Vec<Subscription<'_>> {
        json::objects(self.0.running_subscription_list.as_str())
    }

    /// The answer's `meta` as a type of yours; `null` if there was none. Not documented: what is in it.
    ///
    /// # Errors
    ///
    /// If it does not fit the type, or is not UTF-8.
    pub fn meta<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        self.0.meta.read()
    }

    /// The whole answer as a type of yours.
    ///
    /// # Errors
    ///
    /// If it does not fit the type, or is not UTF-8.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        self.0.answer.read()
    }
}

impl<'a> Fields<'a> for AccountInfo {
    fn take<D: Deserializer<'a>>(&mut self, name: &str, value: D) -> Result<(), D::Error> {
        let content = &mut *self.0;
        let answer = &content.answer;
        match name {
            "loggedIn" => content.is_logged_in = json::boolean(value)?.unwrap_or_default(),
            "identityId" => {
                content.identity_id = json::string(value)?.map(|id| id.into_owned().into())
            }
            "cuRefNo" => content.cu_ref_no = answer.string(value)?,
            "creditBalance" => content.credit_balance = json::number(value)?,
            "email" => content.email = answer.string(value)?,
            "phone" => content.phone = answer.string(value)?,
            "firstName" => content.first_name = answer.string(value)?,
            "lastName" => content.last_name = answer.string(value)?,
            "companyName" => content.company_name = answer.string(value)?,
            "ban" => content.ban = json::boolean(value)?,
            "premium" => content.premium = json::boolean(value)?,
            "groups" => content.groups = answer.raw(value)?,
            "meta" => content.meta = answer.raw(value)?,
            "referral" => content.referral = answer.raw(value)?,
            "runningSubscriptionList" => content.running_subscription_list = answer.raw(value)?,
            _ => json::skip(value)?,
        }
        Ok(())
    }
}

impl Success for AccountInfo {
    const SAYS_SUCCESS: bool = false;

    fn of(answer: &Text) -> Self {
        Self(Box::new(Content {
            answer: answer.clone(),
            is_logged_in: false,
            identity_id: None,
            cu_ref_no: None,
            credit_balance: None,
            email: None,
            phone: None,
            first_name: None,
            last_name: None,
            company_name: None,
            ban: None,
            premium: None,
            groups: answer.null(),
            meta: answer.null(),
            referral: answer.null(),
            running_subscription_list: answer.null(),
        }))
    }
}

/// What a server wrote is not shown.
impl fmt::Debug for AccountInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AccountInfo([{} bytes])", self.0.answer.as_str().len())
    }
}
