use std::collections::HashMap;

use crate::{ApiKey, ApiKeyKind, PlatformErrorCode};

/// The key of [`Sandbox::client`](super::Sandbox::client). It was never issued.
pub(super) const CLIENT_KEY: &str = "DEV_SandboxSandboxSandboxSandbox";

/// The placeholders in the documentation of BizKitHub and of this crate.
const SAMPLES: [&str; 4] = [
    "YOUR_API_KEY",
    "PRODxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "DEV_xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "{apiKey}",
];

/// The state of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyState {
    /// The key may call every endpoint.
    Active,
    /// The key was switched off.
    Inactive,
    /// The key was deleted.
    Deleted,
    /// The key has expired.
    Expired,
    /// The key's scopes do not include any endpoint of the sandbox.
    OutOfScope,
}

/// The keys that have a state.
#[derive(Default)]
pub(super) struct Keys {
    known: HashMap<String, KeyState>,
    rejects_unknown: bool,
}

impl Keys {
    pub(super) fn set(&mut self, key: ApiKey, state: KeyState) {
        self.known.insert(key.expose().to_owned(), state);
    }

    /// Rejects every other key, except that of the sandbox's own client.
    pub(super) fn reject_unknown(&mut self) {
        self.set(CLIENT_KEY.into(), KeyState::Active);
        self.rejects_unknown = true;
    }

    /// The platform's checks of a key that come before the rate limit, in the platform's order. A key whose state was set
    /// may have any format.
    pub(super) fn check(&self, key: &str) -> Result<(), PlatformErrorCode> {
        match self.known.get(key) {
            Some(KeyState::Active | KeyState::OutOfScope) => Ok(()),
            Some(KeyState::Deleted) => Err(PlatformErrorCode::ApiKeyHasBeenDeleted),
            Some(KeyState::Inactive) => Err(PlatformErrorCode::ApiKeyIsNotActive),
            Some(KeyState::Expired) => Err(PlatformErrorCode::ApiKeyHasBeenExpired),
            None if key.is_empty() => Err(PlatformErrorCode::ApiKeyIsEmpty),
            // This check precedes that of the format, which the reference page's placeholder does not have.
            None if SAMPLES.contains(&key) => Err(PlatformErrorCode::ApiKeySampleValue),
            None if ApiKey::from(key).kind() == ApiKeyKind::Unknown => {
                Err(PlatformErrorCode::ApiKeyIsNotInValidFormat)
            }
            None if self.rejects_unknown => Err(PlatformErrorCode::ApiKeyDoesNotExist),
            None => Ok(()),
        }
    }

    /// The platform's check of a key that comes after the rate limit.
    pub(super) fn check_permission(&self, key: &str) -> Result<(), PlatformErrorCode> {
        match self.known.get(key) {
            Some(KeyState::OutOfScope) => Err(PlatformErrorCode::ApiKeyScopeNotAllowed),
            _ => Ok(()),
        }
    }
}
