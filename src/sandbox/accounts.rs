//! The data that BizKitHub keeps: contacts and their accounts, identities, and the emails that it has sent.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rand::distr::{Alphanumeric, SampleString};
use serde_json::Value;

use super::email::{Email, EmailKind};
use crate::{IdentityId, Password, Token};

/// The number of emails to keep. Older ones are deleted, so that a load test does not exhaust the memory.
const EMAILS: usize = 10_000;

#[derive(Default)]
pub(super) struct Accounts {
    /// The key is the normalized address.
    contacts: HashMap<String, Contact>,
    /// The address that each token was emailed to. The account says whether the token still works.
    tokens: HashMap<String, String>,
    identities: HashMap<String, Identity>,
    emails: VecDeque<Email>,
}

/// A person that the merchant knows.
#[derive(Default)]
pub(super) struct Contact {
    pub(super) banned: bool,
    pub(super) account: Option<Account>,
}

pub(super) struct Account {
    /// The request that registered it.
    pub(super) registration: Value,
    pub(super) registered_at: Duration,
    pub(super) cu_ref_no: String,
    /// The token of the verification email, until it is redeemed.
    pub(super) verification: Option<Token>,
    pub(super) reset: Option<Reset>,
    /// The former passwords, and the current one at the end.
    pub(super) passwords: Vec<Password>,
    /// The times of sign-ins with a wrong password.
    pub(super) wrong_passwords: Vec<Duration>,
}

pub(super) struct Reset {
    pub(super) token: Token,
    pub(super) expires_at: Duration,
}

struct Identity {
    email: String,
    opened_at: Duration,
}

impl Account {
    pub(super) fn has_password(&self, password: &str) -> bool {
        self.passwords.last().is_some_and(|current| current.expose() == password)
    }

    pub(super) fn has_had_password(&self, password: &str) -> bool {
        self.passwords.iter().any(|former| former.expose() == password)
    }
}

impl Accounts {
    /// The contact with a normalized address, which is created if it does not exist.
    pub(super) fn contact(&mut self, email: &str) -> &mut Contact {
        self.contacts.entry(email.to_owned()).or_default()
    }

    pub(super) fn known_contact(&mut self, email: &str) -> Option<&mut Contact> {
        self.contacts.get_mut(email)
    }

    /// The account of a contact who is not banned.
    pub(super) fn account(&mut self, email: &str) -> Option<&mut Account> {
        self.contacts.get_mut(email).filter(|contact| !contact.banned)?.account.as_mut()
    }

    pub(super) fn account_by_cu_ref_no(&self, cu_ref_no: &str) -> Option<&Account> {
        self.contacts
            .values()
            .filter_map(|contact| contact.account.as_ref())
            .find(|account| account.cu_ref_no == cu_ref_no)
    }

    /// The address that a token was emailed to.
    pub(super) fn recipient(&self, token: &str) -> Option<String> {
        self.tokens.get(token).cloned()
    }

    /// Emails a new token.
    pub(super) fn email(&mut self, to: &str, kind: EmailKind) -> Token {
        let token = Token::from(random(32));
        self.tokens.insert(token.expose().to_owned(), to.to_owned());
        if self.emails.len() == EMAILS {
            self.emails.pop_front();
        }
        self.emails.push_back(Email { to: to.to_owned(), kind, token: token.clone() });
        token
    }

    pub(super) fn emails(&self) -> impl Iterator<Item = &Email> {
        self.emails.iter()
    }

    pub(super) fn open_identity(&mut self, email: String, now: Duration) -> IdentityId {
        let id = random(32);
        self.identities.insert(id.clone(), Identity { email, opened_at: now });
        id.into()
    }

    /// The address of the customer who is signed in with an identity. The lifetime counts from the sign-in.
    pub(super) fn signed_in(
        &mut self,
        id: &str,
        now: Duration,
        session_lifetime: Duration,
    ) -> Option<String> {
        let identity = self.identities.get(id)?;
        if now.saturating_sub(identity.opened_at) >= session_lifetime {
            self.identities.remove(id);
            return None;
        }
        Some(identity.email.clone())
    }

    pub(super) fn end_identity(&mut self, id: &str) {
        self.identities.remove(id);
    }

    pub(super) fn end_identities_of(&mut self, email: &str) {
        self.identities.retain(|_, identity| identity.email != email);
    }

    /// The address that a request concerns: its own, or that of its token or identity.
    pub(super) fn address_of(&self, request: &Value) -> Option<String> {
        let field = |name| {
            request.get(name).or_else(|| request.get("body")?.get(name)).and_then(Value::as_str)
        };
        let of_token = || self.tokens.get(field("token")?).cloned();
        let of_identity = || Some(self.identities.get(field("identityId")?)?.email.clone());
        field("email").map(normalized).or_else(of_token).or_else(of_identity)
    }
}

/// BizKitHub does not document its rules for normalizing an address.
pub(super) fn normalized(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Letters and digits from a cryptographically secure source.
pub(super) fn random(length: usize) -> String {
    Alphanumeric.sample_string(&mut rand::rng(), length)
}
