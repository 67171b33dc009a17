mod records;

use std::fmt;
use std::net::IpAddr;

use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::call::Endpoint;
use crate::call::answer::Success;
use crate::call::json;
use crate::generated::operations;
use crate::{Answered, Client, Error, IdentityId, UndocumentedRefusal};

use records::Record;
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
    /// identity gets that is unknown or has ended. Treat a refusal like an answer that is not
    /// [logged in](AccountInfo::is_logged_in). After any other error the shopper may well be signed in: keep the cookie.
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
pub struct AccountInfo {
    answer: Bytes,
    is_logged_in: bool,
    identity_id: Option<IdentityId>,
    cu_ref_no: Option<String>,
    credit_balance: Option<f64>,
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    company_name: Option<String>,
    ban: Option<bool>,
    premium: Option<bool>,
    referral: Option<Referral>,
}

impl AccountInfo {
    /// Whether the identity stands for a shopper. An answer that does not say so says no.
    pub fn is_logged_in(&self) -> bool {
        self.is_logged_in
    }

    /// The identity that was asked about.
    pub fn identity_id(&self) -> Option<&IdentityId> {
        self.identity_id.as_ref()
    }

    /// The customer reference number, 16 characters. It is what another customer's `referral_id` refers to.
    pub fn cu_ref_no(&self) -> Option<&str> {
        self.cu_ref_no.as_deref()
    }

    /// The balance of the shopper's credit. Not documented: its currency.
    pub fn credit_balance(&self) -> Option<f64> {
        self.credit_balance
    }

    /// The e-mail address, in BizKitHub's normalised form.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The phone number, like `+420 777123456`.
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }

    /// The first name.
    pub fn first_name(&self) -> Option<&str> {
        self.first_name.as_deref()
    }

    /// The last name.
    pub fn last_name(&self) -> Option<&str> {
        self.last_name.as_deref()
    }

    /// The company's name.
    pub fn company_name(&self) -> Option<&str> {
        self.company_name.as_deref()
    }

    /// Whether the merchant has forbidden any interaction with the shopper.
    pub fn ban(&self) -> Option<bool> {
        self.ban
    }

    /// Whether the shopper is a premium customer.
    pub fn premium(&self) -> Option<bool> {
        self.premium
    }

    /// The customer groups that the shopper is in. Read from the answer each time.
    pub fn groups(&self) -> Vec<CustomerGroup> {
        self.list("groups")
    }

    /// Who referred the shopper.
    pub fn referral(&self) -> Option<&Referral> {
        self.referral.as_ref()
    }

    /// The running subscriptions. Read from the answer each time.
    pub fn running_subscription_list(&self) -> Vec<Subscription> {
        self.list("runningSubscriptionList")
    }

    /// The answer's `meta` as a type of yours; `null` if there was none. Not documented: what is in it.
    ///
    /// # Errors
    ///
    /// If it does not fit the type, or is not UTF-8.
    pub fn meta<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        json::read(json::field(self.text()?, "meta").unwrap_or("null"))
    }

    /// The whole answer as a type of yours.
    ///
    /// # Errors
    ///
    /// If it does not fit the type, or is not UTF-8.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        json::read(self.text()?)
    }

    fn text(&self) -> serde_json::Result<&str> {
        json::utf8(&self.answer)
    }

    fn list<T: Record>(&self, name: &str) -> Vec<T> {
        let Ok(Some(list)) = self.text().map(|text| json::field(text, name)) else {
            return Vec::new();
        };
        let mut records = Vec::new();
        // What is no list has no items; an item that says nothing is left out.
        let _ = json::items(list, |item| records.extend(T::read(item)));
        records
    }
}

impl Success for AccountInfo {
    const SAYS_SUCCESS: bool = false;

    fn empty() -> Self {
        Self {
            answer: Bytes::new(),
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
            referral: None,
        }
    }

    fn take(&mut self, field: &str, value: &RawValue) {
        match field {
            "loggedIn" => self.is_logged_in = value.get() == "true",
            "identityId" => self.identity_id = json::text(value).map(IdentityId::from),
            "cuRefNo" => self.cu_ref_no = json::text(value),
            "creditBalance" => self.credit_balance = json::value(value),
            "email" => self.email = json::text(value),
            "phone" => self.phone = json::text(value),
            "firstName" => self.first_name = json::text(value),
            "lastName" => self.last_name = json::text(value),
            "companyName" => self.company_name = json::text(value),
            "ban" => self.ban = json::value(value),
            "premium" => self.premium = json::value(value),
            "referral" => self.referral = Referral::read(value),
            _ => {}
        }
    }

    fn complete(self, answer: Bytes) -> Option<Self> {
        Some(Self { answer, ..self })
    }
}

/// What a server wrote is not shown.
impl fmt::Debug for AccountInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AccountInfo([{} bytes])", self.answer.len())
    }
}
