//! Registers a customer, signs the customer in, and asks who is signed in.

use bizkithub::sandbox::Sandbox;
use bizkithub::{GetAccountInfoRequest, LoginRequest, RegisterAccountRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = sandbox.client(); // in your program: Client::from_env()?
    let (email, password) = ("jan@barasek.com", "example_password");

    let request = RegisterAccountRequest::builder().email(email).password(password).build();
    client.register_account(&request).await?;
    sandbox.confirm_email(email); // in your program: register_account_verify, with the email's token

    let request = LoginRequest::builder().email(email).password(password).build();
    let identity_id = client.login(&request).await?.identity_id.clone();
    // In your program: set an HttpOnly cookie to identity_id.expose().

    let request = GetAccountInfoRequest::builder().identity_id(identity_id).build();
    let info = client.get_account_info(&request).await?;
    println!("signed in: {}", info.is_logged_in());
    println!("email: {}", info.email.as_deref().unwrap_or("unknown"));
    Ok(())
}
