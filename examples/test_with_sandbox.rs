//! Tests code of your own with the sandbox. In your project, `main` is a `#[tokio::test]`.

use bizkithub::sandbox::Sandbox;
use bizkithub::{Client, LoginError, LoginRequest, RegisterAccountRequest};

/// The code under test: returns the message of a sign-in page.
async fn sign_in(client: &Client, email: &str, password: &str) -> &'static str {
    let request = LoginRequest::builder().email(email).password(password).build();
    match client.login(&request).await {
        Ok(_) => "Welcome back!",
        Err(error) => match error.reason() {
            Some(LoginError::EmailNotVerified) => "Please open the link in our email first.",
            _ => "That did not work.",
        },
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let (client, email, password) = (sandbox.client(), "jan@barasek.com", "example_password");
    let request = RegisterAccountRequest::builder().email(email).password(password).build();
    client.register_account(&request).await?;
    assert_eq!(sign_in(&client, email, password).await, "Please open the link in our email first.");
    sandbox.confirm_email(email);
    assert_eq!(sign_in(&client, email, password).await, "Welcome back!");
    println!("passed, with {} requests to the sandbox", sandbox.requests().len());
    Ok(())
}
