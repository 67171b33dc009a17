//! The state that all pages share, and the function through which they call BizKitHub.

use anyhow::Result;
use bizkithub::sandbox::Sandbox;
use bizkithub::{Client, Error, ErrorCode, Response};
use ipnet::IpNet;
use tokio::sync::Semaphore;
use url::{Host, Url};

use crate::messages::{CallResult, Endpoint};
use crate::pages::Pages;

/// The limit on simultaneous calls. If BizKitHub does not respond, each takes as long as the client's timeout, and further
/// customers get an error message at once. Pages without a call do not wait.
const MAX_CALLS: usize = 64;

pub struct Shop {
    pub bizkithub: Client,
    pub pages: Pages,
    /// The address of the shop, as customers see it.
    pub public_url: Url,
    pub trusted_proxies: Vec<IpNet>,
    /// `None` with `--live`.
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
        let calls = Semaphore::new(MAX_CALLS);
        Ok(Self { bizkithub, pages, public_url, trusted_proxies, sandbox, calls })
    }

    pub fn over_tls(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// Makes a call, unless too many are in progress, and logs its error.
    pub async fn call<T, E: ErrorCode>(
        &self,
        endpoint: Endpoint,
        call: impl Future<Output = Result<Response<T>, Error<E>>>,
    ) -> Result<T, CallResult> {
        let Ok(_permit) = self.calls.try_acquire() else {
            tracing::warn!("{endpoint:?} was not called: {MAX_CALLS} calls are in progress");
            return Err(CallResult::NotDone);
        };
        let result = call.await;
        let call_result = CallResult::of(endpoint, &result);
        // The error's message contains no secret and nothing that a customer entered.
        result.map(Response::into_inner).map_err(|error| {
            match error.reason() {
                Some(_) => tracing::info!("{error}"),
                None => tracing::warn!("{error}"),
            }
            call_result
        })
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

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};
    use std::pin::pin;
    use std::task::Poll;

    use bizkithub::LogoutError;

    use super::*;

    type Result = std::result::Result<Response<()>, Error<LogoutError>>;

    #[tokio::test]
    async fn calls_beyond_the_limit_fail_without_waiting() {
        let client = Client::builder("DEV_0123456789abcdefghijABCDEFGH").build().unwrap();
        let url = Url::parse("http://127.0.0.1").unwrap();
        let shop = Shop::new(client, None, url, Vec::new()).unwrap();
        let call = || Box::pin(shop.call(Endpoint::Logout, pending::<Result>()));
        let mut calls: Vec<_> = (0..MAX_CALLS).map(|_| call()).collect();
        for call in &mut calls {
            assert!(poll_once(call).await.is_pending());
        }
        assert_eq!(poll_once(call()).await, Poll::Ready(Err(CallResult::NotDone)));
        calls.pop();
        assert!(poll_once(call()).await.is_pending());
    }

    async fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
        let mut future = pin!(future);
        poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
    }
}
