use std::collections::HashMap;
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const SECOND: Duration = Duration::from_secs(1);

/// How many requests a key may send.
///
/// The platform documents "sliding window with burst": 1,000 an hour with a burst of 50 for its free tier. What its
/// burst means is not documented; here it is the most that may come within one second.
///
/// ```
/// use bizkithub::sandbox::Quota;
///
/// let free = Quota { per_hour: 1_000, burst: 50 };
/// assert!(free.per_hour < Quota::default().per_hour);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The most requests within an hour.
    pub per_hour: u64,
    /// The most requests within a second.
    pub burst: u64,
}

impl Default for Quota {
    /// More than any test sends.
    fn default() -> Self {
        Self { per_hour: 10_000_000, burst: 1_000_000 }
    }
}

/// What is left of a key's quota.
#[derive(Clone, Copy)]
pub(super) struct Allowance {
    pub(super) limit: u64,
    pub(super) remaining: u64,
    /// When the window ends, in the sandbox's time.
    pub(super) reset: Duration,
    /// How long to wait, if this request is one too many.
    pub(super) wait: Option<Duration>,
}

/// The windows of all keys.
pub(super) struct Quotas {
    quota: Quota,
    keys: HashMap<String, [Window; 2]>,
}

impl Quotas {
    pub(super) fn new(quota: Quota) -> Self {
        Self { quota, keys: HashMap::new() }
    }

    /// Counts a request of a key, unless it is one too many.
    pub(super) fn take(&mut self, key: &str, now: Duration) -> Allowance {
        let limits = [(HOUR, self.quota.per_hour), (SECOND, self.quota.burst)];
        let windows = self.keys.entry(key.to_owned()).or_default();
        let pairs = || limits.into_iter().zip(windows.iter());
        let wait = pairs()
            .filter(|((period, limit), window)| window.count(*period, now) >= *limit)
            .map(|((period, _), _)| end_of_window(period, now).saturating_sub(now))
            .max();
        if wait.is_none() {
            for ((period, _), window) in limits.into_iter().zip(windows.iter_mut()) {
                window.add(period, now);
            }
        }
        let [hour, _] = windows;
        Allowance {
            limit: self.quota.per_hour,
            remaining: self.quota.per_hour.saturating_sub(hour.count(HOUR, now)),
            reset: end_of_window(HOUR, now),
            wait,
        }
    }

    /// For an answer to a request that has no key to count for.
    pub(super) fn untouched(&self, now: Duration) -> Allowance {
        let limit = self.quota.per_hour;
        Allowance { limit, remaining: limit, reset: end_of_window(HOUR, now), wait: None }
    }
}

/// A sliding window as two fixed ones: what the last one holds counts for the part of it that is still in view. That
/// takes no memory for each request.
#[derive(Clone, Copy, Default)]
struct Window {
    index: u64,
    current: u64,
    last: u64,
}

impl Window {
    fn count(&self, period: Duration, now: Duration) -> u64 {
        let (current, last) = match index(period, now).saturating_sub(self.index) {
            0 => (self.current, self.last),
            1 => (0, self.current),
            _ => (0, 0),
        };
        let in_view = end_of_window(period, now).saturating_sub(now);
        let last = u128::from(last) * in_view.as_nanos() / period.as_nanos();
        current.saturating_add(u64::try_from(last).unwrap_or(u64::MAX))
    }

    fn add(&mut self, period: Duration, now: Duration) {
        let index = index(period, now);
        match index.saturating_sub(self.index) {
            0 => {}
            1 => (self.last, self.current) = (self.current, 0),
            _ => (self.last, self.current) = (0, 0),
        }
        self.index = index;
        self.current = self.current.saturating_add(1);
    }
}

fn index(period: Duration, now: Duration) -> u64 {
    now.as_secs() / period.as_secs()
}

fn end_of_window(period: Duration, now: Duration) -> Duration {
    Duration::from_secs(index(period, now).saturating_add(1).saturating_mul(period.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_key_gets_its_quota_and_no_more_and_gets_it_back_as_the_window_slides() {
        let mut quotas = Quotas::new(Quota { per_hour: 10, burst: 10 });
        for remaining in (0..10).rev() {
            let allowance = quotas.take("key", at(0));
            assert_eq!((allowance.remaining, allowance.wait), (remaining, None));
        }
        assert_eq!(quotas.take("key", at(1800)).wait, Some(at(1800)));
        assert_eq!(quotas.take("another", at(1800)).wait, None);
        // Half of the last hour is still in view: five of its ten count.
        let half = quotas.take("key", at(5400));
        assert_eq!((half.remaining, half.wait), (4, None));
        assert_eq!(quotas.take("key", at(3 * 3600)).remaining, 9);
    }

    #[test]
    fn a_burst_is_bound_within_a_second() {
        let mut quotas = Quotas::new(Quota { per_hour: 1000, burst: 2 });
        assert!(quotas.take("key", at(10)).wait.is_none());
        assert!(quotas.take("key", at(10)).wait.is_none());
        assert_eq!(quotas.take("key", at(10)).wait, Some(at(1)));
        assert!(quotas.take("key", at(12)).wait.is_none());
    }
}
