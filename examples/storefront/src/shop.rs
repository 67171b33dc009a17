//! What all pages share, and the one way to BizKitHub: bounded, logged, and told as what a shopper may know of it.

use anyhow::Result;
use bizkithub::sandbox::Sandbox;
use bizkithub::{Answered, Client, EndpointError, Error};
use ipnet::IpNet;
use tokio::sync::Semaphore;
use url::{Host, Url};

use crate::pages::Pages;
use crate::words::{Came, Endpoint};

/// Calls that may be open at once. When BizKitHub hangs, each lasts as long as the client's timeout, and whoever comes on
/// top is told at once that it did not work. A page that makes no call waits for none.
const CALLS_AT_ONCE: usize = 64;

pub struct Shop {
    pub bizkithub: Client,
    pub pages: Pages,
    /// Where shoppers find the shop.
    pub public_url: Url,
    pub trusted_proxies: Vec<IpNet>,
    /// None with `--live`.
    pub sandbox: Option<Sandbox>,
    calls: Semaphore,
}

impl Shop {
    pub fn new(
        bizkithub: Client,
        sandbox: Option<Sandbox>,
        public_url: Url,
        trusted_proxies: Vec<IpNet>,
    ) -> Result<Self> {
        let pages = Pages::new()?;
        let calls = Semaphore::new(CALLS_AT_ONCE);
        Ok(Self { bizkithub, pages, public_url, trusted_proxies, sandbox, calls })
    }

    pub fn over_tls(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    pub async fn call<T, E: EndpointError>(
        &self,
        endpoint: Endpoint,
        call: impl Future<Output = Result<Answered<T>, Error<E>>>,
    ) -> Result<T, Came> {
        let Ok(_permit) = self.calls.try_acquire() else {
            tracing::warn!("{endpoint:?} was not called: {CALLS_AT_ONCE} calls are open");
            return Err(Came::NotDone);
        };
        match call.await {
            Ok(answered) => Ok(answered.into_inner()),
            Err(error) => {
                // Its words are the crate's own: no secret, nothing that a shopper typed.
                match error.refusal() {
                    Some(_) => tracing::info!("{error}"),
                    None => tracing::warn!("{error}"),
                }
                Err(Came::of(endpoint, &error))
            }
        }
    }
}

pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
