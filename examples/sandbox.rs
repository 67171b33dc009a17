//! An embedded BizKitHub for programs in any language.
//!
//!     cargo run --example sandbox -- --listen 127.0.0.1:8787

use std::net::SocketAddr;
use std::process::ExitCode;

use bizkithub::sandbox::Sandbox;
use clap::Parser;

/// Serves an embedded BizKitHub until it is interrupted, and prints a line for each request.
#[derive(Parser)]
struct Arguments {
    /// Where to listen. Port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments { listen } = Arguments::parse();
    let builder = Sandbox::builder().listen(listen).on_request(|request| println!("{request}"));
    let sandbox = match builder.start().await {
        Ok(sandbox) => sandbox,
        Err(error) => {
            eprintln!("error: cannot listen on {listen}: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("BizKitHub's sandbox listens on {}", sandbox.url());
    println!(
        "curl -X POST '{}/api/v1/customer/register-account?apiKey=DEV_0123456789abcdefghijABCDEFGH' \
         -H 'Content-Type: application/json' \
         -d '{{\"email\":\"jan@barasek.com\",\"password\":\"example_password\"}}'",
        sandbox.url()
    );
    match tokio::signal::ctrl_c().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot wait for an interruption: {error}");
            ExitCode::FAILURE
        }
    }
}
