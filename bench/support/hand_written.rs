//! The baseline: the same calls, hand-written as reqwest's documentation suggests.

use std::time::Duration;

use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    server: String,
    key: String,
}

impl Api {
    pub fn new(server: &str, key: &str) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(3))
            .build()?;
        Ok(Self { client, server: server.to_owned(), key: key.to_owned() })
    }

    pub async fn register_account(
        &self,
        request: &RegisterAccount,
    ) -> reqwest::Result<(StatusCode, Registered)> {
        let response = self
            .client
            .post(format!("{}/api/v1/customer/register-account", self.server))
            .query(&[("apiKey", &self.key)])
            .json(request)
            .send()
            .await?;
        decode(response).await
    }

    pub async fn login(&self, request: &Login) -> reqwest::Result<(StatusCode, LoggedIn)> {
        let response = self
            .client
            .post(format!("{}/api/v1/customer/login", self.server))
            .query(&[("apiKey", &self.key)])
            .json(request)
            .send()
            .await?;
        decode(response).await
    }

    pub async fn get_account_info(
        &self,
        request: &GetAccountInfo,
    ) -> reqwest::Result<(StatusCode, AccountInfo)> {
        let response = self
            .client
            .get(format!("{}/api/v1/customer/get-account-info", self.server))
            .query(&AccountInfoQuery {
                api_key: &self.key,
                identity_id: &request.identity_id,
                customer_real_ip: request.customer_real_ip.as_deref(),
            })
            .send()
            .await?;
        decode(response).await
    }
}

async fn decode<T: DeserializeOwned>(response: Response) -> reqwest::Result<(StatusCode, T)> {
    let status = response.status();
    Ok((status, response.json().await?))
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RegisterAccount {
    email: String,
    password: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company_registration_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_identification_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    street_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city_part: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    postal_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    newsletter: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_locale: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_real_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    referral_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    pub success: bool,
    pub data: Option<Data>,
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[derive(Deserialize)]
pub struct Data {
    pub message: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Login {
    email: String,
    password: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_real_ip: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoggedIn {
    pub success: bool,
    pub identity_id: Option<String>,
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GetAccountInfo {
    pub identity_id: String,
    pub customer_real_ip: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountInfoQuery<'a> {
    api_key: &'a str,
    identity_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_real_ip: Option<&'a str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountInfo {
    pub logged_in: bool,
    pub identity_id: Option<String>,
    pub cu_ref_no: Option<String>,
    pub credit_balance: Option<f64>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub company_name: Option<String>,
    pub ban: Option<bool>,
    pub premium: Option<bool>,
    #[serde(default)]
    pub groups: Vec<Group>,
    pub meta: Option<serde_json::Value>,
    pub referral: Option<Referral>,
    #[serde(default)]
    pub running_subscription_list: Vec<Subscription>,
}

#[derive(Deserialize)]
pub struct Group {
    pub name: Option<String>,
    pub slug: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Referral {
    pub code: Option<String>,
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    pub external_id: Option<String>,
    pub product_slug: Option<String>,
    pub product_code: Option<String>,
    pub order_number: Option<String>,
    pub order_hash: Option<String>,
}
