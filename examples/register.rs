//! Registers the reference page's example shopper at an embedded BizKitHub, then shows what a repeat gives.
//!
//!     cargo run --example register                  the example, at the sandbox
//!     cargo run --example register -- shopper.json  your own request instead
//!     cargo run --example register -- --live        at the real BizKitHub, with the key in BIZKITHUB_API_KEY

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use bizkithub::sandbox::Sandbox;
use bizkithub::{Client, RegisterAccountRequest};
use clap::Parser;

/// Registers a shopper's account.
#[derive(Parser)]
struct Arguments {
    /// A JSON file with the request; by default the reference page's example.
    #[arg(default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/register-account.json"))]
    request: PathBuf,
    /// Use the real BizKitHub, with the environment's BIZKITHUB_API_KEY, once.
    #[arg(long)]
    live: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let request = read(&arguments.request)?;
    if arguments.live {
        let client = Client::from_env()?;
        return register(&client, &request, "at the real BizKitHub").await;
    }

    let sandbox = Sandbox::start().await.context("the sandbox could not start")?;
    let client = sandbox.client();
    println!("A sandbox listens on {}; nothing leaves this machine.", sandbox.url());
    register(&client, &request, "for the first time").await?;
    register(&client, &request, "again, before the e-mail was confirmed")
        .await
        .unwrap_or_else(show);
    sandbox.confirm_email(&request.email);
    register(&client, &request, "again, after the e-mail was confirmed").await.unwrap_or_else(show);
    sandbox.ban(&request.email);
    register(&client, &request, "again, after the merchant banned it").await.unwrap_or_else(show);
    Ok(())
}

async fn register(client: &Client, request: &RegisterAccountRequest, when: &str) -> Result<()> {
    println!("\nRegistering {} {when}:", request.email);
    let account = client.register_account(request).await?;
    println!("  registered ({})", account.message().unwrap_or("no message"));
    Ok(())
}

fn show(error: anyhow::Error) {
    println!("  {error:#}");
}

/// Reads a request and names the field that is wrong.
fn read(path: &std::path::Path) -> Result<RegisterAccountRequest> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    let mut unknown = Vec::new();
    let mut json = serde_json::Deserializer::from_str(&text);
    let mut track = serde_path_to_error::Track::new();
    let json = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let request = serde_ignored::deserialize(json, |field| unknown.push(field.to_string()));
    let request = match request {
        Ok(request) => request,
        Err(error) => match track.path().to_string().as_str() {
            "." => bail!("{name} is not a valid request: {error}"),
            field => bail!("{name} is not a valid request: {field}: {error}"),
        },
    };
    if let Some(field) = unknown.first() {
        bail!("{name} is not a valid request: {field} is no field of it");
    }
    Ok(request)
}
