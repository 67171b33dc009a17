//! What BizKitHub keeps: contacts and their accounts, identities, and the mails that it has sent.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rand::distr::{Alphanumeric, SampleString};
use serde_json::Value;

use super::mail::{Mail, MailKind};
use crate::types::RegisterAccountRequest;
use crate::{IdentityId, Password, Token};

/// How many mails are kept; older ones are forgotten, so that a load test does not fill memory.
const MAILS: usize = 10_000;

#[derive(Default)]
pub(super) struct Accounts {
    /// By normalised address.
    contacts: HashMap<String, Contact>,
    /// The address that each token was mailed to. Whether it still works is its account's to say.
    tokens: HashMap<String, String>,
    identities: HashMap<String, Identity>,
    mails: VecDeque<Mail>,
}

/// Somebody whom the merchant knows.
#[derive(Default)]
pub(super) struct Contact {
    pub(super) banned: bool,
    pub(super) account: Option<Account>,
}

pub(super) struct Account {
    pub(super) registration: RegisterAccountRequest,
    pub(super) registered_at: Duration,
    pub(super) cu_ref_no: String,
    /// The token of the verification mail, until it is redeemed.
    pub(super) verification: Option<Token>,
    pub(super) reset: Option<Reset>,
    /// Those that it had, and the current one at the end.
    pub(super) passwords: Vec<Password>,
    /// When somebody tried a wrong one.
    pub(super) wrong_passwords: Vec<Duration>,
}

pub(super) struct Reset {
    pub(super) token: Token,
    pub(super) expires_at: Duration,
}

struct Identity {
    email: String,
    used_at: Duration,
}

impl Account {
    pub(super) fn has_password(&self, password: &Password) -> bool {
        self.passwords.last().is_some_and(|current| current.expose() == password.expose())
    }

    pub(super) fn has_had_password(&self, password: &Password) -> bool {
        self.passwords.iter().any(|former| former.expose() == password.expose())
    }
}

impl Accounts {
    /// The contact with a normalised address, made now if there is none.
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

    /// The address that a token was mailed to.
    pub(super) fn recipient(&self, token: &Token) -> Option<String> {
        self.tokens.get(token.expose()).cloned()
    }

    /// Mails a new token.
    pub(super) fn mail(&mut self, to: &str, kind: MailKind) -> Token {
        let token = Token::from(random(32));
        self.tokens.insert(token.expose().to_owned(), to.to_owned());
        if self.mails.len() == MAILS {
            self.mails.pop_front();
        }
        self.mails.push_back(Mail { to: to.to_owned(), kind, token: token.clone() });
        token
    }

    pub(super) fn mails(&self) -> impl Iterator<Item = &Mail> {
        self.mails.iter()
    }

    pub(super) fn open_identity(&mut self, email: String, now: Duration) -> IdentityId {
        let id = random(32);
        self.identities.insert(id.clone(), Identity { email, used_at: now });
        id.into()
    }

    /// The address of whoever is signed in. It keeps the identity from ending by inactivity.
    pub(super) fn use_identity(
        &mut self,
        id: &IdentityId,
        now: Duration,
        idle_time: Duration,
    ) -> Option<String> {
        let identity = self.identities.get_mut(id.expose())?;
        if now.saturating_sub(identity.used_at) >= idle_time {
            self.identities.remove(id.expose());
            return None;
        }
        identity.used_at = now;
        Some(identity.email.clone())
    }

    pub(super) fn end_identity(&mut self, id: &IdentityId) {
        self.identities.remove(id.expose());
    }

    pub(super) fn end_identities_of(&mut self, email: &str) {
        self.identities.retain(|_, identity| identity.email != email);
    }

    /// The address that a request is about: its own, or that of its token or identity.
    pub(super) fn address_of(&self, request: &Value) -> Option<String> {
        let field = |name| request.get(name).and_then(Value::as_str);
        let of_token = || self.tokens.get(field("token")?).cloned();
        let of_identity = || Some(self.identities.get(field("identityId")?)?.email.clone());
        field("email").map(normalised).or_else(of_token).or_else(of_identity)
    }
}

/// The real platform's rules are not documented beyond "normalised and canonicalised"; this much is safe to assume.
pub(super) fn normalised(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Letters and digits from a secure source.
pub(super) fn random(length: usize) -> String {
    Alphanumeric.sample_string(&mut rand::rng(), length)
}
