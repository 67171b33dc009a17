//! The baseline: the same call as a good engineer writes it with reqwest's documentation open.

use std::time::Duration;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

#[derive(Clone)]
pub struct Api {
    client: reqwest::Client,
    url: String,
    key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
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

#[allow(dead_code, reason = "read by a program, not by a bench")]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub success: bool,
    pub data: Option<Data>,
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[allow(dead_code, reason = "read by a program, not by a bench")]
#[derive(Deserialize)]
pub struct Data {
    pub message: Option<String>,
}

impl Api {
    pub fn new(server: &str, key: &str) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(3))
            .build()?;
        let url = format!("{server}/api/v1/customer/register-account");
        Ok(Self { client, url, key: key.to_owned() })
    }

    pub async fn register_account(
        &self,
        request: &Request,
    ) -> reqwest::Result<(StatusCode, Answer)> {
        let response = self
            .client
            .post(&self.url)
            .query(&[("apiKey", self.key.as_str())])
            .json(request)
            .send()
            .await?;
        let status = response.status();
        Ok((status, response.json().await?))
    }
}
