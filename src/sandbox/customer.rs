//! The rules of the endpoints under `/api/v1/customer/`: a function for each, from a valid request to a success or one of the
//! endpoint's error codes. Requests and successes are JSON, not generated types, so that the spec may change.

use std::time::Duration;

use serde_json::{Value, json};

use super::accounts::{Account, Accounts, Reset, normalized, random};
use super::email::EmailKind;
use super::reply::Reply;
use super::rule::Call;
use super::settings::Settings;
use super::spec::get;
use crate::error::EndpointCode;
use crate::generated::operations as op;
use crate::{
    GetAccountInfoError, LoginError, LogoutError, Password, RegisterAccountError,
    RegisterAccountVerifyError, ResetPasswordError, SetNewPasswordError,
};

/// The lifetime of a reset token if the request does not set it. Not documented.
const RESET_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The endpoints at one moment.
pub(super) struct Customer<'a> {
    pub(super) accounts: &'a mut Accounts,
    pub(super) settings: &'a Settings,
    pub(super) now: Duration,
}

impl Customer<'_> {
    /// Runs the rule of the call's operation. An operation without a rule returns the spec's example of a success.
    pub(super) fn respond(mut self, call: Call) -> Reply {
        match call.endpoint.facts.id {
            id if id == op::post_api_v1_customer_register_account::FACTS.id => {
                call.by(|request| self.register_account(request))
            }
            id if id == op::post_api_v1_customer_register_account_verify::FACTS.id => {
                call.by(|request| self.register_account_verify(request))
            }
            id if id == op::post_api_v1_customer_login::FACTS.id => {
                call.by(|request| self.login(request))
            }
            id if id == op::post_api_v1_customer_logout::FACTS.id => {
                call.by(|request| self.logout(request))
            }
            id if id == op::post_api_v1_customer_reset_password::FACTS.id => {
                call.by(|request| self.reset_password(request))
            }
            id if id == op::post_api_v1_customer_set_new_password::FACTS.id => {
                call.by(|request| self.set_new_password(request))
            }
            id if id == op::get_api_v1_customer_get_account_info::FACTS.id => {
                call.by(|request| self.get_account_info(request))
            }
            _ => call.by_example(),
        }
    }

    fn register_account(&mut self, request: Value) -> Result<Value, RegisterAccountError> {
        let email = normalized(text(&request, "email"));
        let contact = self.accounts.contact(&email);
        if contact.banned {
            return Err(RegisterAccountError::AccountBanned);
        }
        if let Some(account) = &contact.account {
            if account.verification.is_none() {
                return Err(RegisterAccountError::AlreadyRegistered);
            }
            let too_many = RegisterAccountError::TooManyAttempts;
            let since = self.now.saturating_sub(account.registered_at);
            if too_many.retry_after().is_some_and(|time| since < time) {
                return Err(too_many);
            }
        }
        // The new registration replaces a pending one, including its password and its token.
        let token = self.accounts.email(&email, EmailKind::VerifyAccount);
        self.accounts.contact(&email).account = Some(Account {
            registered_at: self.now,
            cu_ref_no: random(16),
            verification: Some(token),
            reset: None,
            passwords: vec![Password::from(text(&request, "password"))],
            wrong_passwords: Vec::new(),
            registration: request,
        });
        Ok(json!({ "data": { "message": "The account is registered." } }))
    }

    fn register_account_verify(
        &mut self,
        request: Value,
    ) -> Result<Value, RegisterAccountVerifyError> {
        let (token, no_such_token) =
            (text(&request, "token"), || RegisterAccountVerifyError::from(""));
        let email = self.accounts.recipient(token).ok_or_else(no_such_token)?;
        let account = self.accounts.account(&email).ok_or_else(no_such_token)?;
        account.verification.take_if(|sent| sent.expose() == token).ok_or_else(no_such_token)?;
        Ok(json!({ "email": email, "returnUrl": get(&account.registration, "returnUrl") }))
    }

    fn login(&mut self, request: Value) -> Result<Value, LoginError> {
        let email = normalized(text(&request, "email"));
        let contact = self.accounts.known_contact(&email).ok_or(LoginError::UnknownEmail)?;
        if contact.banned {
            return Err(LoginError::AccountBanned);
        }
        let account = contact.account.as_mut().ok_or(LoginError::NoAccount)?;
        let (attempts, period) = self.settings.login_attempts;
        account.wrong_passwords.retain(|at| self.now.saturating_sub(*at) < period);
        if account.wrong_passwords.len() >= attempts {
            return Err(LoginError::TooManyAttempts);
        }
        if !account.has_password(text(&request, "password")) {
            account.wrong_passwords.push(self.now);
            return Err(LoginError::WrongPassword);
        }
        account.wrong_passwords.clear();
        if account.verification.is_some() {
            return Err(LoginError::EmailNotVerified);
        }
        let identity_id = self.accounts.open_identity(email, self.now);
        Ok(json!({ "identityId": identity_id.expose() }))
    }

    fn logout(&mut self, request: Value) -> Result<(), LogoutError> {
        self.accounts.end_identity(text(&request, "identityId"));
        Ok(())
    }

    fn reset_password(&mut self, request: Value) -> Result<(), ResetPasswordError> {
        let lifetime = humantime::parse_duration(text(&request, "expirationTime")).ok();
        let email = normalized(text(&request, "email"));
        if self.accounts.account(&email).is_some() {
            let token = self.accounts.email(&email, EmailKind::ResetPassword);
            let expires_at = self.now.saturating_add(lifetime.unwrap_or(RESET_LIFETIME));
            if let Some(account) = self.accounts.account(&email) {
                account.reset = Some(Reset { token, expires_at });
            }
        }
        Ok(())
    }

    fn set_new_password(&mut self, request: Value) -> Result<(), SetNewPasswordError> {
        let (token, password) = (text(&request, "token"), text(&request, "password"));
        let no_such_request = SetNewPasswordError::NoSuchRequest;
        let email = self.accounts.recipient(token).ok_or(no_such_request.clone())?;
        let account = self.accounts.account(&email).ok_or(no_such_request.clone())?;
        let is_its = |reset: &&Reset| reset.token.expose() == token;
        let reset = account.reset.as_ref().filter(is_its).ok_or(no_such_request)?;
        if self.now >= reset.expires_at {
            return Err(SetNewPasswordError::RequestExpired);
        }
        if account.has_had_password(password) {
            return Err(SetNewPasswordError::PasswordUsedBefore);
        }
        account.reset = None;
        account.passwords.push(Password::from(password));
        account.wrong_passwords.clear();
        self.accounts.end_identities_of(&email);
        Ok(())
    }

    fn get_account_info(&mut self, request: Value) -> Result<Value, GetAccountInfoError> {
        let (identity_id, lifetime) =
            (text(&request, "identityId"), self.settings.session_lifetime);
        let email = self.accounts.signed_in(identity_id, self.now, lifetime);
        let account = email.as_ref().and_then(|email| self.accounts.account(email));
        let Some(account) = account else { return Ok(json!({ "loggedIn": false })) };
        let cu_ref_no = account.cu_ref_no.clone();
        let registration = account.registration.clone();
        let groups = get(&registration, "groups").as_array().into_iter().flatten();
        Ok(json!({
            "loggedIn": true,
            "identityId": identity_id,
            "cuRefNo": cu_ref_no,
            "creditBalance": 0.0,
            "email": email,
            "phone": get(&registration, "phone"),
            "firstName": get(&registration, "firstName"),
            "lastName": get(&registration, "lastName"),
            "companyName": get(&registration, "companyName"),
            "ban": false,
            "premium": false,
            // A registration has one text for each group, which is used as both slug and name.
            "groups": groups.map(|slug| json!({ "name": slug, "slug": slug })).collect::<Value>(),
            "meta": {},
            "referral": self.accounts.account_by_cu_ref_no(text(&registration, "referralId")).map(referral),
        }))
    }
}

fn referral(referrer: &Account) -> Value {
    json!({
        "code": referrer.cu_ref_no,
        "email": normalized(text(&referrer.registration, "email")),
        "firstName": get(&referrer.registration, "firstName"),
        "lastName": get(&referrer.registration, "lastName"),
    })
}

/// A text of a request; empty if it has none.
fn text<'a>(request: &'a Value, field: &str) -> &'a str {
    get(request, field).as_str().unwrap_or_default()
}
