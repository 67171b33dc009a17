use std::collections::HashMap;
use std::sync::Mutex;

/// How often a call was received, and how often it had its effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub received: usize,
    pub done: usize,
}

/// What a server received and did, by call.
#[derive(Default)]
pub struct Ledger(Mutex<HashMap<String, Entry>>);

impl Ledger {
    /// Enters a request. `decide` gets how often its call was received before, and tells whether it has its effect.
    pub fn enter<T>(&self, call: &str, decide: impl FnOnce(usize) -> (bool, T)) -> T {
        let mut entries = self.0.lock().unwrap();
        let entry = entries.entry(call.to_owned()).or_default();
        let (acts, decision) = decide(entry.received);
        entry.received += 1;
        entry.done += usize::from(acts);
        decision
    }

    pub fn entry(&self, call: &str) -> Entry {
        self.0.lock().unwrap().get(call).copied().unwrap_or_default()
    }
}
