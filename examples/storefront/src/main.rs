//! The account area of a shop: registration, signing in and out, a forgotten password.
//!
//!     cargo run -p storefront             with the embedded sandbox, and a mailbox that shows its emails
//!     cargo run -p storefront -- --live   with the real BizKitHub, and the key in BIZKITHUB_API_KEY

mod client_address;
mod mailbox;
mod messages;
mod pages;
mod return_path;
mod routes;
mod security;
mod server;
mod session;
mod shop;

use std::io;
use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, ensure};
use bizkithub::Client;
use bizkithub::sandbox::Sandbox;
use clap::Parser;
use ipnet::IpNet;
use tokio::net::TcpListener;
use url::Url;

use shop::Shop;

#[derive(Parser)]
#[command(about = "A shop's account area on BizKitHub")]
struct Arguments {
    /// The address to listen on. Port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The address of the shop for customers, like https://shop.example. Required if other machines can reach it.
    #[arg(long)]
    public_url: Option<Url>,
    /// A reverse proxy, as an address or a network, whose X-Forwarded-For is trusted. May be given several times.
    #[arg(long, value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// Use the real BizKitHub, with the key in BIZKITHUB_API_KEY.
    #[arg(long)]
    live: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(io::stderr).init();

    let listener = TcpListener::bind(arguments.listen)
        .await
        .with_context(|| format!("cannot listen on {}", arguments.listen))?;
    let address = listener.local_addr()?;
    let public_url = match arguments.public_url {
        Some(url) => url,
        None => Url::parse(&format!("http://{address}"))?,
    };
    let is_local = address.ip().is_loopback() && shop::is_loopback(&public_url);
    ensure!(
        is_local || public_url.scheme() == "https",
        "a shop that other machines can reach needs --public-url https://…, behind a proxy with TLS"
    );
    ensure!(
        is_local || arguments.live,
        "without --live, the shop shows every email, so it serves only this machine"
    );

    let sandbox = if arguments.live { None } else { Some(Sandbox::start().await?) };
    let bizkithub = match &sandbox {
        Some(sandbox) => sandbox.client(),
        None => Client::from_env()?,
    };
    println!("The shop is open at {}", public_url.origin().ascii_serialization());
    let shop = Shop::new(bizkithub, sandbox, public_url, arguments.trusted_proxy)?;
    server::serve(listener, routes::routes(shop)?).await;
    Ok(())
}

fn network(text: &str) -> Result<IpNet, ipnet::AddrParseError> {
    match text.parse::<IpAddr>() {
        Ok(address) => Ok(address.into()),
        Err(_) => text.parse(),
    }
}
