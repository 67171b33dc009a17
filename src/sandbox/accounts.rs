use std::collections::HashMap;
use std::time::Duration;

use crate::types::RegisterAccountErrorCode as Code;

/// The provider's later documentation: a fresh attempt for an address that was never confirmed is accepted once every
/// ten minutes.
const BETWEEN_ATTEMPTS: Duration = Duration::from_secs(10 * 60);

/// The accounts that the sandbox keeps, by normalised address.
#[derive(Default)]
pub(super) struct Accounts(HashMap<String, Account>);

#[derive(Default)]
struct Account {
    banned: bool,
    registration: Registration,
}

#[derive(Default)]
enum Registration {
    #[default]
    None,
    Pending {
        since: Duration,
    },
    Confirmed,
}

impl Accounts {
    /// The endpoint's own rules. `now` is the sandbox's time.
    pub(super) fn register(&mut self, email: &str, now: Duration) -> Result<(), Code> {
        let account = self.0.entry(normalised(email)).or_default();
        match account.registration {
            _ if account.banned => Err(Code::E003),
            Registration::Confirmed => Err(Code::E002),
            Registration::Pending { since } if now.saturating_sub(since) < BETWEEN_ATTEMPTS => {
                Err(Code::E004)
            }
            Registration::Pending { .. } | Registration::None => {
                account.registration = Registration::Pending { since: now };
                Ok(())
            }
        }
    }

    /// Confirms a pending account; tells whether there was one.
    pub(super) fn confirm(&mut self, email: &str) -> bool {
        let Some(account) = self.0.get_mut(&normalised(email)) else { return false };
        let pending = matches!(account.registration, Registration::Pending { .. });
        if pending {
            account.registration = Registration::Confirmed;
        }
        pending
    }

    pub(super) fn set_banned(&mut self, email: &str, banned: bool) {
        self.0.entry(normalised(email)).or_default().banned = banned;
    }
}

/// The real platform's rules are not documented beyond "normalised and canonicalised"; this much is safe to assume.
fn normalised(email: &str) -> String {
    email.trim().to_lowercase()
}
