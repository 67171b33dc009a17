//! What a server received and registered, by address.

use std::collections::HashMap;
use std::sync::Mutex;

/// How often an address was received, and how often it was registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub received: usize,
    pub registered: usize,
}

#[derive(Default)]
pub struct Ledger(Mutex<HashMap<String, Entry>>);

impl Ledger {
    /// Enters a request. `decide` gets how often its address was received before, and tells whether it is registered.
    pub fn enter<T>(&self, email: &str, decide: impl FnOnce(usize) -> (bool, T)) -> T {
        let mut entries = self.0.lock().unwrap();
        let entry = entries.entry(email.to_owned()).or_default();
        let (registers, decision) = decide(entry.received);
        entry.received += 1;
        entry.registered += usize::from(registers);
        decision
    }

    pub fn entry(&self, email: &str) -> Entry {
        self.0.lock().unwrap().get(email).copied().unwrap_or_default()
    }
}
