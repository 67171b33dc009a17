//! A shop's account area: opening an account, signing in and out, a forgotten password.
//!
//!     cargo run -p storefront             works against an embedded BizKitHub, and shows the mails that it would send
//!     cargo run -p storefront -- --live   works against the real one, with the key in BIZKITHUB_API_KEY

mod client_address;
mod mailbox;
mod pages;
mod return_path;
mod routes;
mod security;
mod session;
mod shop;
mod words;

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
    /// Where to listen. Port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Where shoppers find the shop, like https://shop.example. Needed where others than this machine can reach it.
    #[arg(long)]
    public_url: Option<Url>,
    /// A reverse proxy, as an address or a network, whose X-Forwarded-For is to be believed. May be repeated.
    #[arg(long, value_parser = network)]
    trusted_proxy: Vec<IpNet>,
    /// Use the real BizKitHub, with the environment's BIZKITHUB_API_KEY.
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
    let only_here = address.ip().is_loopback() && shop::is_loopback(&public_url);
    ensure!(
        only_here || public_url.scheme() == "https",
        "a shop that others can reach needs --public-url https://…, behind a proxy that speaks TLS"
    );
    ensure!(
        only_here || arguments.live,
        "without --live, the shop shows everybody's mails, so it serves this machine alone"
    );

    let sandbox = if arguments.live { None } else { Some(Sandbox::start().await?) };
    let bizkithub = match &sandbox {
        Some(sandbox) => sandbox.client(),
        None => Client::from_env()?,
    };
    println!("The shop is open at {}", public_url.origin().ascii_serialization());
    let shop = Shop::new(bizkithub, sandbox, public_url, arguments.trusted_proxy)?;
    let routes = routes::routes(shop)?;
    axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}

fn network(text: &str) -> Result<IpNet, ipnet::AddrParseError> {
    match text.parse::<IpAddr>() {
        Ok(address) => Ok(address.into()),
        Err(_) => text.parse(),
    }
}
