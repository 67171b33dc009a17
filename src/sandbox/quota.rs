use std::collections::HashMap;
use std::time::Duration;

use super::clock::whole_seconds;

/// A window begins with a key's first request; when it ends, the whole quota is there again.
const WINDOW: Duration = Duration::from_secs(3600);

/// What is left of a key's quota.
#[derive(Clone, Copy)]
pub(super) struct Allowance {
    pub(super) limit: u64,
    pub(super) remaining: u64,
    /// When the window ends, in the sandbox's time.
    pub(super) reset: Duration,
    /// How many seconds to wait, if this request is one too many.
    pub(super) wait: Option<u64>,
}

/// The windows of all keys.
pub(super) struct Quotas {
    per_hour: u64,
    windows: HashMap<String, Window>,
}

struct Window {
    end: Duration,
    used: u64,
}

impl Quotas {
    pub(super) fn new(per_hour: u64) -> Self {
        Self { per_hour, windows: HashMap::new() }
    }

    /// Counts a request of a key, unless it is one too many.
    pub(super) fn take(&mut self, key: &str, now: Duration) -> Allowance {
        let fresh = || Window { end: now.saturating_add(WINDOW), used: 0 };
        let window = self.windows.entry(key.to_owned()).or_insert_with(fresh);
        if now >= window.end {
            *window = fresh();
        }
        let is_one_too_many = window.used >= self.per_hour;
        window.used += u64::from(!is_one_too_many);
        Allowance {
            limit: self.per_hour,
            remaining: self.per_hour.saturating_sub(window.used),
            reset: window.end,
            wait: is_one_too_many.then(|| whole_seconds(window.end.saturating_sub(now))),
        }
    }

    /// For an answer to a request that has no key to count for.
    pub(super) fn untouched(&self, now: Duration) -> Allowance {
        let reset = now.saturating_add(WINDOW);
        Allowance { limit: self.per_hour, remaining: self.per_hour, reset, wait: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_to_the_end_of_the_window_and_then_the_whole_quota_is_there() {
        let mut quotas = Quotas::new(2);
        let first = Duration::from_millis(1_234_567);
        assert_eq!(quotas.take("key", first).remaining, 1);
        assert_eq!(quotas.take("key", first).remaining, 0);
        let later = first + Duration::from_millis(500);
        let refused = quotas.take("key", later);
        assert_eq!((refused.remaining, refused.reset), (0, first + WINDOW));
        assert_eq!(refused.wait, Some(3600), "rounded up");
        assert_eq!(quotas.take("another", later).wait, None);
        let again = quotas.take("key", later + Duration::from_secs(3600));
        assert_eq!((again.remaining, again.wait), (1, None));
    }
}
