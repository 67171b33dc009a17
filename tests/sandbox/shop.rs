//! A shop that does its calls, and gives the code that came of each.

use bizkithub::sandbox::{MailKind, Sandbox};
use bizkithub::{
    Client, Error, GetAccountInfoRequest, IdentityId, LoginRequest, LogoutRequest,
    RegisterAccountRequest, RegisterAccountVerifyRequest, ResetPasswordRequest,
    SetNewPasswordRequest, Token,
};

pub const EMAIL: &str = "jan@barasek.com";
pub const PASSWORD: &str = "example_password";

pub struct Shop {
    pub sandbox: Sandbox,
    pub client: Client,
}

/// The code of a refusal; `?` if it has none.
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

    /// With an account that can sign in.
    pub async fn with_account() -> Self {
        let shop = Self::new().await;
        shop.open(EMAIL).await;
        shop
    }

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
        Ok(login.identity_id().clone())
    }

    pub async fn is_signed_in(&self, identity: &IdentityId) -> bool {
        let request = GetAccountInfoRequest::builder().identity_id(identity.clone()).build();
        self.client.get_account_info(&request).await.unwrap().is_logged_in()
    }

    pub async fn sign_out(&self, identity: &IdentityId) {
        let request = LogoutRequest::builder().identity_id(identity.clone()).build();
        self.client.logout(&request).await.unwrap();
    }

    pub async fn forget(&self, email: &str, within: Option<&str>) -> Result<(), String> {
        let request = ResetPasswordRequest::builder().email(email).maybe_expiration_time(within);
        code(self.client.reset_password(&request.build()).await.map(drop).map_err(Error::from))
    }

    pub async fn set(&self, token: Token, password: &str) -> Result<(), String> {
        let request = SetNewPasswordRequest::builder().token(token).password(password).build();
        code(self.client.set_new_password(&request).await.map(drop).map_err(Error::from))
    }

    /// The newest mail's token.
    pub fn token(&self, kind: MailKind) -> Token {
        let mail = self.sandbox.mails().pop().unwrap();
        assert_eq!(mail.kind, kind);
        mail.token
    }
}

pub fn refused<T>(code: &str) -> Result<T, String> {
    Err(code.to_owned())
}
