//! Sends requests through a proxy. The sandbox acts as the proxy here, and receives the request.

use bizkithub::sandbox::Sandbox;
use bizkithub::{Client, RegisterAccountRequest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let proxy = reqwest::Proxy::all(sandbox.url())?; // in your program: "http://proxy.example:3128"
    let client = Client::builder("DEV_0123456789abcdefghijABCDEFGH")
        .base_url("http://127.0.0.1:9") // no server listens here
        .configure_http(|http| http.proxy(proxy))
        .build()?;

    let request = RegisterAccountRequest::builder()
        .email("jan@barasek.com")
        .password("example_password")
        .build();
    client.register_account(&request).await?;
    for request in sandbox.requests() {
        println!("the proxy received: {request}");
    }
    Ok(())
}
