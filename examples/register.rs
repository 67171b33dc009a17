//! A customer's account, from registration to sign-out.
//!
//!     cargo run --example register                          with the embedded sandbox, offline
//!     cargo run --example register -- customer.json         registers the customer in a file
//!     cargo run --example register -- --live customer.json  at the real BizKitHub, with the key in BIZKITHUB_API_KEY

use std::io::{Write, stdin, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bizkithub::sandbox::Sandbox;
use bizkithub::{
    Client, Error, ErrorCode, GetAccountInfoRequest, LoginRequest, LogoutRequest,
    RegisterAccountRequest, RegisterAccountVerifyRequest, Token,
};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/register-account.json");

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = pico_args::Arguments::from_env();
    let live = arguments.contains("--live");
    let file: Option<PathBuf> = arguments.opt_free_from_str()?;
    if let Some(unknown) = arguments.finish().first() {
        bail!("unknown argument {}", unknown.display());
    }
    if live {
        let customer = read(&file.context("--live needs a JSON file with the customer")?)?;
        let client = Client::from_env()?;
        let email = &customer.email;
        ask(&format!("Press Enter to register {email} at BizKitHub, which sends an email. "))?;
        client.register_account(&customer).await?;
        println!("Registered.");
        let token = ask("The token in the email: ")?;
        return verify_and_sign_in(&client, &customer, token.trim().into()).await;
    }
    let customer = read(file.as_deref().unwrap_or(Path::new(EXAMPLE)))?;
    let sandbox = Sandbox::start().await?;
    let client = sandbox.client();
    println!("The sandbox is running at {}. Nothing leaves this machine.", sandbox.url());
    client.register_account(&customer).await?;
    println!("Registered {}.", customer.email);
    // Two errors that occur in every shop: a customer registers twice, and signs in too early.
    if let Err(error) = client.register_account(&customer).await {
        print_error("Registering again", &error);
    }
    if let Err(error) = client.login(&login_request(&customer)).await {
        print_error("Signing in too early", &error);
    }
    let email = sandbox.emails().pop().context("the sandbox has sent no email")?;
    verify_and_sign_in(&client, &customer, email.token).await
}

async fn verify_and_sign_in(
    client: &Client,
    customer: &RegisterAccountRequest,
    token: Token,
) -> Result<()> {
    let request = RegisterAccountVerifyRequest::builder().token(token).build();
    client.register_account_verify(&request).await?;
    println!("Verified the email address.");

    let identity_id = client.login(&login_request(customer)).await?.identity_id.clone();
    println!("Signed in.");
    let request = GetAccountInfoRequest::builder().identity_id(identity_id.clone()).build();
    let info = client.get_account_info(&request).await?;
    println!("Account info: email {}", info.email.as_deref().unwrap_or("unknown"));

    client.logout(&LogoutRequest::builder().identity_id(identity_id).build()).await?;
    let info = client.get_account_info(&request).await?;
    println!("Signed out. Still logged in? {}", info.is_logged_in());
    Ok(())
}

fn login_request(customer: &RegisterAccountRequest) -> LoginRequest {
    LoginRequest::builder().email(&customer.email).password(customer.password.clone()).build()
}

fn print_error<E: ErrorCode>(attempt: &str, error: &Error<E>) {
    match error.reason() {
        Some(reason) => println!("{attempt}: {reason}"),
        None => println!("{attempt}: {error}"),
    }
}

fn ask(prompt: &str) -> Result<String> {
    print!("{prompt}");
    stdout().flush()?;
    let mut line = String::new();
    if stdin().read_line(&mut line)? == 0 {
        bail!("the input ended");
    }
    Ok(line)
}

fn read(path: &Path) -> Result<RegisterAccountRequest> {
    let name = path.display();
    let json = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    serde_json::from_str(&json).map_err(|error| {
        // serde's own message is left out, because it can quote the file.
        let (line, column) = (error.line(), error.column());
        anyhow::anyhow!("{name} is not a valid request: see line {line}, column {column}")
    })
}
