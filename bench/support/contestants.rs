//! The two clients that make the calls.

use std::hint::black_box;
use std::net::IpAddr;
use std::rc::Rc;

use bizkithub::{Client, GetAccountInfoRequest, LoginRequest, RegisterAccountRequest};

use crate::{Call, hand_written};

const API_KEY: &str = "DEV_0123456789abcdefghijABCDEFGH";

/// A client that makes one of the calls. Its clones share the connections.
pub trait Contestant: Clone + 'static {
    const NAME: &str;

    fn new(server: &str, call: Call) -> Self;

    /// Makes the call. It panics on an error: a failed call must not count as a fast one.
    fn call(&self) -> impl Future<Output = ()>;
}

#[derive(Clone)]
pub struct HandWritten {
    api: hand_written::Api,
    request: Rc<
        Request<hand_written::RegisterAccount, hand_written::Login, hand_written::GetAccountInfo>,
    >,
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

impl Contestant for HandWritten {
    const NAME: &str = "hand-written";

    fn new(server: &str, call: Call) -> Self {
        let api = hand_written::Api::new(server, API_KEY).expect("an HTTP client");
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
                let (status, response) =
                    self.api.register_account(request).await.expect("a response");
                assert!(status.is_success() && response.success);
                drop(black_box(response));
            }
            Request::Login(request) => {
                let (status, response) = self.api.login(request).await.expect("a response");
                assert!(status.is_success() && response.success);
                drop(black_box(response));
            }
            Request::GetAccountInfo(request) => {
                let (status, response) =
                    self.api.get_account_info(request).await.expect("a response");
                assert!(status.is_success() && response.logged_in);
                drop(black_box(response));
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
                let hand_written::GetAccountInfo { identity_id, customer_real_ip } = call.request();
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
                drop(black_box(info));
            }
        }
    }
}
