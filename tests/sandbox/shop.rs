//! A shop that calls the sandbox, and reduces each error to its code.

use bizkithub::sandbox::{EmailKind, Sandbox};
use bizkithub::{
    AccountInfo, Client, Error, GetAccountInfoRequest, IdentityId, LoginRequest, LogoutRequest,
    RegisterAccountRequest, RegisterAccountVerifyRequest, ResetPasswordRequest, Response,
    SetNewPasswordRequest, Token,
};
use http::{HeaderMap, Method};
use serde_json::Value;
use tokio::net::TcpStream;

pub const EMAIL: &str = "jan@barasek.com";
pub const PASSWORD: &str = "example_password";
pub const KEY: &str = "PROD0123456789abcdefghijABCDEFGH";

pub struct Shop {
    pub sandbox: Sandbox,
    pub client: Client,
}

/// The error code; `?` without one.
fn code<T>(result: Result<T, Error>) -> Result<T, String> {
    result.map_err(|error| error.code().unwrap_or("?").to_owned())
}

impl Shop {
    pub async fn new() -> Self {
        Self::with(Sandbox::start().await.unwrap())
    }

    pub fn with(sandbox: Sandbox) -> Self {
        let client = sandbox.client();
        Self { sandbox, client }
    }

    /// A shop with an account that can sign in.
    pub async fn with_account() -> Self {
        let shop = Self::new().await;
        shop.open(EMAIL).await;
        shop
    }

    /// Registers and confirms an account.
    pub async fn open(&self, email: &str) {
        self.register(email).await.unwrap();
        assert!(self.sandbox.confirm_email(email));
    }

    pub async fn register(&self, email: &str) -> Result<(), String> {
        let request = RegisterAccountRequest::builder().email(email).password(PASSWORD).build();
        code(self.client.register_account(&request).await.map(drop).map_err(Error::from))
    }

    pub async fn verify(&self, token: Token) -> Result<(), String> {
        let request = RegisterAccountVerifyRequest::builder().token(token).build();
        code(self.client.register_account_verify(&request).await.map(drop).map_err(Error::from))
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Result<IdentityId, String> {
        let request = LoginRequest::builder().email(email).password(password).build();
        let login = code(self.client.login(&request).await.map_err(Error::from))?;
        Ok(login.identity_id.clone())
    }

    pub async fn account_info(&self, identity: &IdentityId) -> Response<AccountInfo> {
        let request = GetAccountInfoRequest::builder().identity_id(identity.clone()).build();
        self.client.get_account_info(&request).await.unwrap()
    }

    pub async fn is_signed_in(&self, identity: &IdentityId) -> bool {
        self.account_info(identity).await.is_logged_in()
    }

    pub async fn sign_out(&self, identity: &IdentityId) {
        let request = LogoutRequest::builder().identity_id(identity.clone()).build();
        self.client.logout(&request).await.unwrap();
    }

    pub async fn reset_password(&self, email: &str, lifetime: Option<&str>) -> Result<(), String> {
        let request = ResetPasswordRequest::builder()
            .email(email)
            .maybe_expiration_time(lifetime.map(str::to_owned));
        code(self.client.reset_password(&request.build()).await.map(drop).map_err(Error::from))
    }

    pub async fn set_password(&self, token: Token, password: &str) -> Result<(), String> {
        let request = SetNewPasswordRequest::builder().token(token).password(password).build();
        code(self.client.set_new_password(&request).await.map(drop).map_err(Error::from))
    }

    /// The token of the newest email.
    pub fn token(&self, kind: EmailKind) -> Token {
        let email = self.sandbox.emails().pop().unwrap();
        assert_eq!(email.kind, kind);
        email.token
    }
}

pub fn error<T>(code: &str) -> Result<T, String> {
    Err(code.to_owned())
}

pub async fn connect(sandbox: &Sandbox) -> TcpStream {
    TcpStream::connect(sandbox.url().trim_start_matches("http://")).await.unwrap()
}

/// A response to a request that this crate's client does not send.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    /// The code of a platform error.
    pub fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }
}

pub async fn send(request: reqwest::RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
    Reply { status, headers, body }
}

/// A request to an endpoint, with a key.
pub fn request(sandbox: &Sandbox, method: Method, endpoint: &str) -> reqwest::RequestBuilder {
    let url = format!("{}/api/v1/customer/{endpoint}", sandbox.url());
    reqwest::Client::new().request(method, url).query(&[("apiKey", KEY)])
}

pub async fn post(sandbox: &Sandbox, endpoint: &str, body: &Value) -> Reply {
    send(request(sandbox, Method::POST, endpoint).json(body)).await
}
