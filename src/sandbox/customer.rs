//! The rules of the endpoints under `/api/v1/customer/`, as `src/customer/` has the client's side of them: a function for
//! each, from the description's request to its success or one of its refusals.

use std::time::Duration;

use serde_json::Map;

use super::accounts::{Account, Accounts, Reset, normalised, random};
use super::builder::Settings;
use super::mail::MailKind;
use super::reply::Reply;
use super::rule::Call;
use crate::call::Operation;
use crate::generated::operations;
use crate::types::{
    AccountInfo, Answer, CustomerGroup, LoginAnswer, LoginRequest, LogoutRequest, Referral,
    RegisterAccountAnswer, RegisterAccountData, RegisterAccountRequest,
    RegisterAccountVerifyAnswer, RegisterAccountVerifyRequest, ResetPasswordRequest,
    SetNewPasswordAnswer, SetNewPasswordRequest,
};
use crate::{
    EndpointError, IdentityId, LoginError, RegisterAccountError, SetNewPasswordError,
    UndocumentedRefusal,
};

/// How long a reset token works if the request does not say. Not documented.
const RESET_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The endpoints at one moment.
pub(super) struct Customer<'a> {
    pub(super) accounts: &'a mut Accounts,
    pub(super) settings: &'a Settings,
    pub(super) now: Duration,
}

impl Customer<'_> {
    /// Each operation of the description has its line here and its rules below.
    pub(super) fn answer(mut self, operation: &Operation, call: Call) -> Reply {
        match *operation {
            operations::REGISTER_ACCOUNT => call.by(|request| self.register_account(request)),
            operations::REGISTER_ACCOUNT_VERIFY => {
                call.by(|request| self.register_account_verify(request))
            }
            operations::LOGIN => call.by(|request| self.login(request)),
            operations::LOGOUT => call.by(|request| self.logout(request)),
            operations::RESET_PASSWORD => call.by(|request| self.reset_password(request)),
            operations::SET_NEW_PASSWORD => call.by(|request| self.set_new_password(request)),
            operations::GET_ACCOUNT_INFO => call.by(|request| self.get_account_info(request)),
            _ => Reply::not_implemented(),
        }
    }

    fn register_account(
        &mut self,
        request: RegisterAccountRequest,
    ) -> Result<RegisterAccountAnswer, RegisterAccountError> {
        let email = normalised(&request.email);
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
            if too_many.passes_after().is_some_and(|time| since < time) {
                return Err(too_many);
            }
        }
        // The whole registration is a new one: the pending password and the token before it are gone.
        let token = self.accounts.mail(&email, MailKind::VerifyAccount);
        self.accounts.contact(&email).account = Some(Account {
            registered_at: self.now,
            cu_ref_no: random(16),
            verification: Some(token),
            reset: None,
            passwords: vec![request.password.clone()],
            wrong_passwords: Vec::new(),
            registration: request,
        });
        let message = Some("The account is registered.".to_owned());
        Ok(RegisterAccountAnswer {
            success: true,
            data: Some(RegisterAccountData { message }),
            error_code: None,
            message: None,
        })
    }

    fn register_account_verify(
        &mut self,
        request: RegisterAccountVerifyRequest,
    ) -> Result<RegisterAccountVerifyAnswer, UndocumentedRefusal> {
        let no_such_token = || UndocumentedRefusal::from_code("");
        let email = self.accounts.recipient(&request.token).ok_or_else(no_such_token)?;
        let account = self.accounts.account(&email).ok_or_else(no_such_token)?;
        account
            .verification
            .take_if(|token| token.expose() == request.token.expose())
            .ok_or_else(no_such_token)?;
        let return_url = account.registration.return_url.clone();
        Ok(RegisterAccountVerifyAnswer {
            success: true,
            email: Some(email),
            return_url,
            error_code: None,
            message: None,
        })
    }

    fn login(&mut self, request: LoginRequest) -> Result<LoginAnswer, LoginError> {
        let email = normalised(&request.email);
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
        if !account.has_password(&request.password) {
            account.wrong_passwords.push(self.now);
            return Err(LoginError::WrongPassword);
        }
        account.wrong_passwords.clear();
        if account.verification.is_some() {
            return Err(LoginError::EmailNotVerified);
        }
        let identity_id = self.accounts.open_identity(email, self.now);
        Ok(LoginAnswer {
            success: true,
            identity_id: Some(identity_id),
            error_code: None,
            message: None,
        })
    }

    fn logout(&mut self, request: LogoutRequest) -> Result<Answer, UndocumentedRefusal> {
        self.accounts.end_identity(&request.identity_id);
        Ok(Answer { success: true, error_code: None, message: None })
    }

    fn reset_password(
        &mut self,
        request: ResetPasswordRequest,
    ) -> Result<Answer, UndocumentedRefusal> {
        let lifetime =
            request.expiration_time.and_then(|text| humantime::parse_duration(&text).ok());
        let email = normalised(&request.email);
        if self.accounts.account(&email).is_some() {
            let token = self.accounts.mail(&email, MailKind::ResetPassword);
            let expires_at = self.now.saturating_add(lifetime.unwrap_or(RESET_LIFETIME));
            if let Some(account) = self.accounts.account(&email) {
                account.reset = Some(Reset { token, expires_at });
            }
        }
        Ok(Answer { success: true, error_code: None, message: None })
    }

    fn set_new_password(
        &mut self,
        request: SetNewPasswordRequest,
    ) -> Result<SetNewPasswordAnswer, SetNewPasswordError> {
        let no_such_request = SetNewPasswordError::NoSuchRequest;
        let email = self.accounts.recipient(&request.token).ok_or(no_such_request.clone())?;
        let account = self.accounts.account(&email).ok_or(no_such_request.clone())?;
        let is_its = |reset: &&Reset| reset.token.expose() == request.token.expose();
        let reset = account.reset.as_ref().filter(is_its).ok_or(no_such_request)?;
        if self.now >= reset.expires_at {
            return Err(SetNewPasswordError::RequestExpired);
        }
        if account.has_had_password(&request.password) {
            return Err(SetNewPasswordError::PasswordUsedBefore);
        }
        account.reset = None;
        account.passwords.push(request.password);
        account.wrong_passwords.clear();
        self.accounts.end_identities_of(&email);
        Ok(SetNewPasswordAnswer { success: true, error_code: None, message: None })
    }

    fn get_account_info(
        &mut self,
        request: AccountInfoRequest,
    ) -> Result<AccountInfo, UndocumentedRefusal> {
        let idle_time = self.settings.idle_time;
        let email = self.accounts.use_identity(&request.identity_id, self.now, idle_time);
        let account = email.as_ref().and_then(|email| self.accounts.account(email));
        let Some(account) = account else {
            return Ok(AccountInfo { logged_in: Some(false), ..Default::default() });
        };
        let cu_ref_no = Some(account.cu_ref_no.clone());
        let registration = account.registration.clone();
        let referrer = registration.referral_id.as_deref().unwrap_or_default();
        let groups = registration.groups.map(|groups| groups.0).unwrap_or_default();
        Ok(AccountInfo {
            logged_in: Some(true),
            identity_id: Some(request.identity_id),
            cu_ref_no,
            credit_balance: Some(0.0),
            email,
            phone: registration.phone,
            first_name: registration.first_name,
            last_name: registration.last_name,
            company_name: registration.company_name,
            ban: Some(false),
            premium: Some(false),
            groups: Some(groups.into_iter().map(group).collect()),
            meta: Some(Map::new()),
            referral: self.accounts.account_by_cu_ref_no(referrer).map(referral),
            running_subscription_list: Some(Vec::new()),
        })
    }
}

/// The description has the query's parameters one by one.
#[derive(serde::Deserialize)]
struct AccountInfoRequest {
    #[serde(rename = "identityId")]
    identity_id: IdentityId,
}

/// A registration names its groups by one word each; it is taken as the name too.
fn group(slug: String) -> CustomerGroup {
    CustomerGroup { name: Some(slug.clone()), slug: Some(slug) }
}

fn referral(referrer: &Account) -> Referral {
    Referral {
        code: Some(referrer.cu_ref_no.clone()),
        email: Some(normalised(&referrer.registration.email)),
        first_name: referrer.registration.first_name.clone(),
        last_name: referrer.registration.last_name.clone(),
    }
}
