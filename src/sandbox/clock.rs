use std::time::{Duration, Instant, SystemTime};

/// About 1,000 years. The clock moves no further at once, so that adding to its time does not overflow.
const LONGEST_ADVANCE: Duration = Duration::from_secs(1_000 * 365 * 24 * 60 * 60);

/// A clock that a test can move forward.
pub(super) struct Clock {
    started: Instant,
    started_at: SystemTime,
    advanced: Duration,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self { started: Instant::now(), started_at: SystemTime::now(), advanced: Duration::ZERO }
    }

    pub(super) fn advance(&mut self, duration: Duration) {
        self.advanced = self.advanced.saturating_add(duration.min(LONGEST_ADVANCE));
    }

    /// The time since the sandbox started, including the time that it was advanced by.
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed().saturating_add(self.advanced)
    }

    /// A moment of this clock in Unix seconds.
    pub(super) fn unix_seconds(&self, moment: Duration) -> u64 {
        let since_epoch =
            self.started_at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        whole_seconds(since_epoch.saturating_add(moment))
    }
}

/// Rounds up, so that a client that waits this long has waited long enough.
pub(super) fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_second_is_rounded_up() {
        let nanosecond = Duration::from_nanos(1);
        let second = Duration::from_secs(1);
        assert_eq!(whole_seconds(second), 1);
        assert_eq!(whole_seconds(second + nanosecond), 2);
        assert_eq!(whole_seconds(Duration::MAX), u64::MAX);
    }
}
