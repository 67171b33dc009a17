//! Runs the client that OpenAPI Generator generates for Rust (reqwest).

use generated::apis::configuration::{ApiKey, Configuration};
use generated::apis::customer_api::*;
use generated::models::{
    LoginRequest, LogoutRequest, RegisterAccountErrorCode, RegisterAccountRequest,
    RegisterAccountVerifyRequest,
};
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

async fn register(api: &Configuration, body: &str) -> Result<RegisterAccountRequest> {
    let request: RegisterAccountRequest = serde_json::from_str(&std::fs::read_to_string(body)?)?;
    assert!(post_api_v1_customer_register_account(api, request.clone()).await?.success);
    let again = post_api_v1_customer_register_account(api, request.clone()).await?;
    assert_eq!(again.error_code.as_deref(), Some(&RegisterAccountErrorCode::E004));
    Ok(request)
}

async fn verify_and_sign_in(api: &Configuration, email: String, password: String) -> Result<()> {
    let emails = format!("{}/sandbox/emails?to={email}", api.base_path);
    let emails: Vec<Value> = reqwest::get(emails).await?.json().await?;
    let token = emails.last().and_then(|email| email["token"].as_str()).ok_or("no email")?;
    let request = RegisterAccountVerifyRequest::new(token.to_owned());
    let verified = post_api_v1_customer_register_account_verify(api, request).await?;
    assert_eq!(verified.email.flatten().as_deref(), Some(&*email));
    let address = Some("1.1.1.1".to_owned());
    let request = LoginRequest { customer_real_ip: address, ..LoginRequest::new(email, password) };
    let identity =
        post_api_v1_customer_login(api, request).await?.identity_id.ok_or("no identity")?;
    let info = get_api_v1_customer_get_account_info(api, &identity, Some("1.1.1.1")).await?;
    assert_eq!(info.logged_in.flatten(), Some(true));
    assert!(post_api_v1_customer_logout(api, LogoutRequest::new(identity.clone())).await?.success);
    let info = get_api_v1_customer_get_account_info(api, &identity, None).await?;
    assert_eq!(info.logged_in.flatten(), Some(false));
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (url, body) = arguments.next().zip(arguments.next()).ok_or("usage: program URL BODY")?;
    let key = ApiKey { prefix: None, key: "DEV_0123456789abcdefghijABCDEFGH".to_owned() };
    let api = Configuration { base_path: url, api_key: Some(key), ..Configuration::default() };
    let customer = register(&api, &body).await?;
    println!("registered");
    verify_and_sign_in(&api, customer.email, customer.password).await?;
    println!("signed in and out");
    Ok(())
}
