use std::collections::HashMap;
use std::time::Duration;

use super::clock::whole_seconds;

/// A window begins with a key's first request. When it ends, the whole quota is available again.
const WINDOW: Duration = Duration::from_secs(3600);

/// The rest of a key's quota.
#[derive(Clone, Copy)]
pub(super) struct Allowance {
    pub(super) limit: u64,
    pub(super) remaining: u64,
    /// The end of the window, in the sandbox's time.
    pub(super) reset: Duration,
    /// The number of seconds to wait, if the request exceeds the quota.
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

    /// Counts a request of a key, unless it exceeds the quota.
    pub(super) fn take(&mut self, key: &str, now: Duration) -> Allowance {
        let fresh = || Window { end: now.saturating_add(WINDOW), used: 0 };
        let window = self.windows.entry(key.to_owned()).or_insert_with(fresh);
        if now >= window.end {
            *window = fresh();
        }
        let exceeds_quota = window.used >= self.per_hour;
        window.used += u64::from(!exceeds_quota);
        Allowance {
            limit: self.per_hour,
            remaining: self.per_hour.saturating_sub(window.used),
            reset: window.end,
            wait: exceeds_quota.then(|| whole_seconds(window.end.saturating_sub(now))),
        }
    }

    /// The quota of a request without a valid key, which is not counted.
    pub(super) fn untouched(&self, now: Duration) -> Allowance {
        let reset = now.saturating_add(WINDOW);
        Allowance { limit: self.per_hour, remaining: self.per_hour, reset, wait: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_quota_returns_when_its_window_ends() {
        let mut quotas = Quotas::new(2);
        let first = Duration::from_millis(1_234_567);
        assert_eq!(quotas.take("key", first).remaining, 1);
        assert_eq!(quotas.take("key", first).remaining, 0);
        let later = first + Duration::from_millis(500);
        let rejected = quotas.take("key", later);
        assert_eq!((rejected.remaining, rejected.reset), (0, first + WINDOW));
        assert_eq!(rejected.wait, Some(3600), "rounded up");
        assert_eq!(quotas.take("another", later).wait, None);
        let again = quotas.take("key", later + Duration::from_secs(3600));
        assert_eq!((again.remaining, again.wait), (1, None));
    }
}
