//! An embedded BizKitHub for programs in any language.
//!
//!     cargo run --example sandbox -- --listen 127.0.0.1:8787

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use bizkithub::sandbox::Sandbox;

const HELP: &str = "\
Serves an embedded BizKitHub until it is interrupted, and prints a line for each request to the API.

Usage: sandbox [--listen ADDRESS]

  --listen ADDRESS  address to listen on; port 0 selects a free port [default: 127.0.0.1:0]
  --help            print this text";

#[tokio::main(flavor = "current_thread")]
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
    if arguments.contains(["-h", "--help"]) {
        println!("{HELP}");
        return Ok(());
    }
    let listen = arguments.opt_value_from_str("--listen")?;
    if let Some(other) = arguments.finish().first() {
        bail!("unknown option {}; --help lists the options", other.display());
    }
    let listen = listen.unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));

    // A closed output, such as a pipe to `head`, must not fail the requests.
    let builder = Sandbox::builder().listen(listen).on_request(|request| {
        let _ = writeln!(std::io::stdout(), "{request}");
    });
    let sandbox = builder.start().await.with_context(|| format!("cannot listen on {listen}"))?;
    let url = sandbox.url();
    println!("The sandbox listens on {url}");
    println!(
        "curl '{url}/api/v1/customer/register-account?apiKey=DEV_0123456789abcdefghijABCDEFGH' \
         -H 'Content-Type: application/json' \
         -d '{{\"email\":\"jan@barasek.com\",\"password\":\"example_password\"}}'"
    );
    std::future::pending().await
}
