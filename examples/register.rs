//! A shopper's account from registering to signing out.
//!
//!     cargo run --example register                         at an embedded BizKitHub, offline
//!     cargo run --example register -- shopper.json         your own request instead of the reference page's example
//!     cargo run --example register -- --live shopper.json  at the real BizKitHub, with the key in BIZKITHUB_API_KEY

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use bizkithub::sandbox::Sandbox;
use bizkithub::{
    Client, Error, GetAccountInfoRequest, IdentityId, LoginRequest, LogoutRequest,
    RegisterAccountRequest, RegisterAccountVerifyRequest, Token,
};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/register-account.json");

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let mut arguments = pico_args::Arguments::from_env();
    let live = arguments.contains("--live");
    let file: Option<PathBuf> = arguments.opt_free_from_str()?;
    if let Some(unknown) = arguments.finish().first() {
        bail!("there is no argument {}", unknown.display());
    }
    if live {
        let file = file.context("--live wants the JSON file of the shopper to register")?;
        return at_bizkithub(&read(&file)?).await;
    }
    at_the_sandbox(&read(file.as_deref().unwrap_or(Path::new(EXAMPLE)))?).await
}

async fn at_the_sandbox(request: &RegisterAccountRequest) -> Result<()> {
    let sandbox = Sandbox::start().await.context("the sandbox could not start")?;
    let client = sandbox.client();
    println!("A sandbox listens on {}; nothing leaves this machine.", sandbox.url());

    register(&client, request).await?;
    // What a shop is told when a shopper clicks twice, or is too quick.
    tell("register-account", client.register_account(request).await.map(|_| "registered"));
    tell("login", client.login(&sign_in(request)).await.map(|_| "signed in"));
    let mail = sandbox.mails().pop().context("the sandbox has sent no mail")?;
    from_verifying_to_signing_out(&client, request, mail.token).await
}

async fn at_bizkithub(request: &RegisterAccountRequest) -> Result<()> {
    let client = Client::from_env()?;
    println!("At the real BizKitHub, this registers {}, which gets a mail.", request.email);
    println!(
        "With the token from it, it verifies the account, signs in, asks who it is, and signs out."
    );
    confirm("Press Enter to begin, Ctrl-C to leave. ")?;
    register(&client, request).await?;
    let token = confirm("The token from the mail: ")?;
    from_verifying_to_signing_out(&client, request, token.trim().into()).await
}

async fn register(client: &Client, request: &RegisterAccountRequest) -> Result<()> {
    client.register_account(request).await?;
    println!("register-account: registered {}; a mail is on its way", request.email);
    Ok(())
}

async fn from_verifying_to_signing_out(
    client: &Client,
    request: &RegisterAccountRequest,
    token: Token,
) -> Result<()> {
    let verify = RegisterAccountVerifyRequest::builder().token(token).build();
    let account = client.register_account_verify(&verify).await?;
    println!("register-account-verify: {} can sign in now", account.email());

    let login = client.login(&sign_in(request)).await?;
    println!("login: signed in");
    let identity_id = login.identity_id();
    who_is_it(client, identity_id).await?;
    client.logout(&LogoutRequest::builder().identity_id(identity_id.clone()).build()).await?;
    println!("logout: signed out");
    who_is_it(client, identity_id).await?;
    Ok(())
}

async fn who_is_it(client: &Client, identity_id: &IdentityId) -> Result<(), Error> {
    let request = GetAccountInfoRequest::builder().identity_id(identity_id.clone()).build();
    let info = client.get_account_info(&request).await?;
    match info.is_logged_in() {
        true => println!("get-account-info: it is {}", info.email().unwrap_or("somebody")),
        false => println!("get-account-info: nobody is signed in"),
    }
    Ok(())
}

fn sign_in(request: &RegisterAccountRequest) -> LoginRequest {
    LoginRequest::builder().email(&request.email).password(request.password.clone()).build()
}

fn tell<E: bizkithub::Refusal>(endpoint: &str, result: Result<&str, Error<E>>) {
    match result {
        Ok(done) => println!("{endpoint}: {done}"),
        Err(error) => println!("{endpoint}: {error}"),
    }
}

fn confirm(prompt: &str) -> Result<String> {
    print!("{prompt}");
    std::io::stdout().flush()?;
    let mut line = String::new();
    if std::io::stdin().read_line(&mut line)? == 0 {
        bail!("the input ended");
    }
    Ok(line)
}

/// Reads a request and names the field that is wrong.
fn read(path: &Path) -> Result<RegisterAccountRequest> {
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
