//! Shows each kind of error, as the sandbox produces it.

use bizkithub::sandbox::{Fault, Sandbox};
use bizkithub::{Error, LoginRequest, PlatformErrorCode};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let sandbox = Sandbox::start().await?;
    let client = sandbox.client();
    let request = LoginRequest::builder().email("jan@barasek.com").password("secret").build();
    for fault in [
        Fault::EndpointError("E004".to_owned()),
        Fault::Platform(PlatformErrorCode::ApiKeyHasBeenExpired),
        Fault::Html(http::StatusCode::BAD_GATEWAY),
        Fault::Dropped,
    ] {
        sandbox.inject(fault);
        let Err(error) = client.login(&request).await else { continue };
        match &error {
            Error::Endpoint(error) => println!("endpoint error: {:?}", error.reason()),
            Error::Platform(error) => println!("platform error: {:?}", error.kind()),
            Error::UnexpectedResponse(error) => println!("HTTP status: {}", error.status()),
            Error::Transport(error) => println!("timeout: {}", error.is_timeout()),
            _ => println!("a kind of error newer than this example"),
        }
        println!("{:?}: {error}\n", error.outcome());
    }
    Ok(())
}
