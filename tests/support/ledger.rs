use std::collections::HashMap;
use std::sync::Mutex;

/// The number of times that a call was received, and that it took effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub received: usize,
    pub done: usize,
}

/// Counts what a server received and did, by call.
#[derive(Default)]
pub struct Ledger(Mutex<HashMap<String, Entry>>);

impl Ledger {
    /// Enters a request. `decide` gets the number of times its call was received before, and returns `true` with its decision
    /// if the request takes effect.
    pub fn enter<T>(&self, call: &str, decide: impl FnOnce(usize) -> (bool, T)) -> T {
        let mut entries = self.0.lock().unwrap();
        let entry = entries.entry(call.to_owned()).or_default();
        let (has_effect, decision) = decide(entry.received);
        entry.received += 1;
        entry.done += usize::from(has_effect);
        decision
    }

    pub fn entry(&self, call: &str) -> Entry {
        self.0.lock().unwrap().get(call).copied().unwrap_or_default()
    }
}
