//! Makes several calls in a function with one error type: `Error` without a parameter.

use bizkithub::sandbox::Sandbox;
use bizkithub::{Client, Error, LoginRequest, LogoutRequest};

/// `?` converts the error of each endpoint into `Error`.
async fn sign_in_and_out(client: &Client, request: &LoginRequest) -> Result<(), Error> {
    let identity_id = client.login(request).await?.identity_id.clone();
    client.logout(&LogoutRequest::builder().identity_id(identity_id).build()).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let sandbox = Sandbox::start().await?;
    let request = LoginRequest::builder().email("jan@barasek.com").password("secret").build();
    if let Err(error) = sign_in_and_out(&sandbox.client(), &request).await {
        if let Some(reason) = error.reason() {
            println!("{}: {reason}", reason.operation_id());
        }
        println!("{error}");
    }
    Ok(())
}
