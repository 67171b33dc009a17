use std::collections::HashMap;

use super::PlatformFault;
use crate::{ApiKey, ApiKeyKind};

/// The placeholders of BizKitHub's documentation, and of this crate's.
const SAMPLES: [&str; 4] = [
    "YOUR_API_KEY",
    "PRODxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "DEV_xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "{apiKey}",
];

/// What the sandbox knows of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyState {
    /// It may do everything.
    Active,
    /// It was switched off.
    Inactive,
    /// It was deleted.
    Deleted,
    /// Its time is over.
    Expired,
    /// It has scopes, and no endpoint of the sandbox is among them.
    NotAllowed,
}

/// Which keys there are.
#[derive(Default)]
pub(super) struct Keys {
    known: HashMap<String, KeyState>,
    only_known: bool,
}

impl Keys {
    pub(super) fn set(&mut self, key: ApiKey, state: KeyState) {
        self.known.insert(key.expose().to_owned(), state);
    }

    pub(super) fn set_only_known(&mut self) {
        self.only_known = true;
    }

    /// The platform's checks of a key that come before the rate limit, in its order. A key that was introduced is what it
    /// was said to be, in whatever format.
    pub(super) fn check(&self, key: &str) -> Result<(), PlatformFault> {
        match self.known.get(key) {
            Some(KeyState::Active | KeyState::NotAllowed) => Ok(()),
            Some(KeyState::Deleted) => Err(PlatformFault::ApiKeyHasBeenDeleted),
            Some(KeyState::Inactive) => Err(PlatformFault::ApiKeyIsNotActive),
            Some(KeyState::Expired) => Err(PlatformFault::ApiKeyHasBeenExpired),
            None if key.is_empty() => Err(PlatformFault::ApiKeyIsEmpty),
            // Before the format: the reference page's own placeholder is not in the documented one.
            None if SAMPLES.contains(&key) => Err(PlatformFault::ApiKeySampleValue),
            None if ApiKey::from(key).kind() == ApiKeyKind::Unknown => {
                Err(PlatformFault::ApiKeyIsNotInValidFormat)
            }
            None if self.only_known => Err(PlatformFault::ApiKeyDoesNotExist),
            None => Ok(()),
        }
    }

    /// The check that comes after the rate limit.
    pub(super) fn check_permission(&self, key: &str) -> Result<(), PlatformFault> {
        match self.known.get(key) {
            Some(KeyState::NotAllowed) => Err(PlatformFault::ApiKeyScopeNotAllowed),
            _ => Ok(()),
        }
    }
}
