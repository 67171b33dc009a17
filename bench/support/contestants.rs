//! Who makes the calls.

use std::hint::black_box;
use std::net::IpAddr;
use std::rc::Rc;

use bizkithub::{Client, GetAccountInfoRequest, LoginRequest, RegisterAccountRequest};

use crate::{Call, by_hand};

const API_KEY: &str = "DEV_0123456789abcdefghijABCDEFGH";

/// Someone who makes one of the calls; a clone shares the connections.
pub trait Contestant: Clone + 'static {
    const NAME: &str;

    fn new(server: &str, call: Call) -> Self;

    /// Makes the call. It panics if that fails, since a failed call must not count as a fast one.
    fn call(&self) -> impl Future<Output = ()>;
}

#[derive(Clone)]
pub struct ByHand {
    api: by_hand::Api,
    request: Rc<Request<by_hand::RegisterAccount, by_hand::Login, by_hand::GetAccountInfo>>,
}

#[derive(Clone)]
pub struct Bizkithub {
    client: Client,
    request: Rc<Request<RegisterAccountRequest, LoginRequest, GetAccountInfoRequest>>,
}

enum Request<R, L, G> {
    RegisterAccount(R),
    Login(L),
    GetAccountInfo(G),
}

impl Contestant for ByHand {
    const NAME: &str = "by hand";

    fn new(server: &str, call: Call) -> Self {
        let api = by_hand::Api::new(server, API_KEY).expect("an HTTP client");
        let request = match call {
            Call::RegisterAccount { .. } | Call::RegisterAccountMinimal => {
                Request::RegisterAccount(call.request())
            }
            Call::Login => Request::Login(call.request()),
            Call::GetAccountInfo => Request::GetAccountInfo(call.request()),
        };
        Self { api, request: Rc::new(request) }
    }

    async fn call(&self) {
        match &*self.request {
            Request::RegisterAccount(request) => {
                let (status, answer) = self.api.register_account(request).await.expect("an answer");
                assert!(status.is_success() && answer.success);
                drop(black_box(answer));
            }
            Request::Login(request) => {
                let (status, answer) = self.api.login(request).await.expect("an answer");
                assert!(status.is_success() && answer.success);
                drop(black_box(answer));
            }
            Request::GetAccountInfo(request) => {
                let (status, answer) = self.api.get_account_info(request).await.expect("an answer");
                assert!(status.is_success() && answer.logged_in);
                drop(black_box(answer));
            }
        }
    }
}

impl Contestant for Bizkithub {
    const NAME: &str = "bizkithub";

    fn new(server: &str, call: Call) -> Self {
        let client = Client::builder(API_KEY).base_url(server).build().expect("a client");
        let request = match call {
            Call::RegisterAccount { .. } | Call::RegisterAccountMinimal => {
                Request::RegisterAccount(call.request())
            }
            Call::Login => Request::Login(call.request()),
            Call::GetAccountInfo => {
                let by_hand::GetAccountInfo { identity_id, customer_real_ip } = call.request();
                let address = customer_real_ip.and_then(|address| address.parse::<IpAddr>().ok());
                let request = GetAccountInfoRequest::builder().identity_id(identity_id);
                Request::GetAccountInfo(request.maybe_customer_real_ip(address).build())
            }
        };
        Self { client, request: Rc::new(request) }
    }

    async fn call(&self) {
        match &*self.request {
            Request::RegisterAccount(request) => {
                let account = self.client.register_account(request).await.expect("an account");
                drop(black_box(account));
            }
            Request::Login(request) => {
                let login = self.client.login(request).await.expect("an identity");
                drop(black_box(login));
            }
            Request::GetAccountInfo(request) => {
                let info = self.client.get_account_info(request).await.expect("an account");
                assert!(info.is_logged_in());
                // By hand, they are read with the rest.
                let lists = (info.groups(), info.running_subscription_list());
                drop(black_box((lists, info.referral())));
                drop(black_box(info));
            }
        }
    }
}
