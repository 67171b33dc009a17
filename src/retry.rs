//! [`RetryPolicy`]: what is repeated, how often, and after what pause.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// When a failed attempt is repeated within one call.
///
/// Registering is not idempotent: a repeat of something that BizKitHub did receive could send the shopper a second
/// e-mail. So only two things are ever repeated, whatever the policy: a request that was provably never sent, and
/// one that a 429 turned away. The policy says how often and after what pause.
///
/// By default there are at most two repeats. The pause before each is random between nothing and 200 ms, then 400 ms,
/// and so on up to 2 s (exponential backoff with full jitter); a `Retry-After` is waited for instead. A pause that
/// does not fit into what is left of the call's timeout is not begun: the error comes back at once, with
/// [`retry_after`](crate::Error::retry_after) set.
///
#[doc = include_str!("outcomes.md")]
///
/// ```
/// use bizkithub::RetryPolicy;
/// use std::time::Duration;
///
/// let patient = RetryPolicy::default().max_repeats(5).max_delay(Duration::from_secs(10));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_repeats: u32,
    min_delay: Duration,
    max_delay: Duration,
}

/// What a failed attempt allows, as far as repeating goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeatable {
    /// No byte of the request can have reached BizKitHub.
    NeverSent,
    /// A 429 turned the request away, with this `Retry-After`.
    TurnedAway { retry_after: Option<Duration> },
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_repeats: 2,
            min_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(2),
        }
    }
}

impl RetryPolicy {
    /// Never repeat: every failure comes back at once.
    ///
    /// ```
    /// # use bizkithub::RetryPolicy;
    /// assert_eq!(RetryPolicy::none(), RetryPolicy::default().max_repeats(0));
    /// ```
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_repeats(0)
    }

    /// How often a call is repeated at most, after its first attempt.
    ///
    /// ```
    /// # use bizkithub::RetryPolicy;
    /// let once = RetryPolicy::default().max_repeats(1);
    /// ```
    #[must_use]
    pub fn max_repeats(mut self, max_repeats: u32) -> Self {
        self.max_repeats = max_repeats;
        self
    }

    /// The longest pause before the first repeat; it doubles with each further one.
    ///
    /// ```
    /// # use bizkithub::RetryPolicy;
    /// let calm = RetryPolicy::default().min_delay(std::time::Duration::from_secs(1));
    /// ```
    #[must_use]
    pub fn min_delay(mut self, min_delay: Duration) -> Self {
        self.min_delay = min_delay;
        self
    }

    /// The bound that the doubling pauses never pass. `Retry-After` is not bound by it.
    ///
    /// ```
    /// # use bizkithub::RetryPolicy;
    /// let brisk = RetryPolicy::default().max_delay(std::time::Duration::from_millis(500));
    /// ```
    #[must_use]
    pub fn max_delay(mut self, max_delay: Duration) -> Self {
        self.max_delay = max_delay;
        self
    }

    /// The bounds of the pauses, one for each repeat that the policy allows.
    pub(crate) fn backoff(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(self.min_delay.min(self.max_delay))
            .with_max_delay(self.max_delay)
            .with_max_times(self.max_repeats as usize)
            .build()
    }
}

/// The retry decision: the pause before the next attempt, or `None` for no further one.
///
/// `bound` is the longest pause that the backoff allows, `None` once its repeats are used up; `jitter` is the part
/// of it to take, from 0 to 1; `left` is what is left of the call's timeout.
pub(crate) fn pause(
    failure: Repeatable,
    bound: Option<Duration>,
    jitter: f64,
    left: Duration,
) -> Option<Duration> {
    let bound = bound?;
    let pause = match failure {
        Repeatable::TurnedAway { retry_after: Some(retry_after) } => retry_after,
        Repeatable::TurnedAway { retry_after: None } | Repeatable::NeverSent => {
            let seconds = bound.as_secs_f64() * jitter.clamp(0.0, 1.0);
            Duration::try_from_secs_f64(seconds).unwrap_or(bound)
        }
    };
    (pause < left).then_some(pause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    #[test]
    fn the_decision_table_holds() {
        use Repeatable::{NeverSent, TurnedAway};
        let after = |ms| TurnedAway { retry_after: Some(MS(ms)) };
        let rows = [
            ("never sent: full bound", NeverSent, Some(MS(200)), 1.0, MS(5000), Some(MS(200))),
            ("never sent: jitter", NeverSent, Some(MS(200)), 0.25, MS(5000), Some(MS(50))),
            ("never sent: no pause at all", NeverSent, Some(MS(200)), 0.0, MS(5000), Some(MS(0))),
            ("repeats used up", NeverSent, None, 1.0, MS(5000), None),
            ("the pause would outlast the call", NeverSent, Some(MS(200)), 1.0, MS(200), None),
            ("no time is left", NeverSent, Some(MS(200)), 0.0, MS(0), None),
            (
                "429 without a time",
                TurnedAway { retry_after: None },
                Some(MS(400)),
                0.5,
                MS(5000),
                Some(MS(200)),
            ),
            (
                "429 with a time that fits",
                after(1000),
                Some(MS(200)),
                0.5,
                MS(5000),
                Some(MS(1000)),
            ),
            ("429 with a time that does not fit", after(5000), Some(MS(200)), 0.5, MS(5000), None),
            ("429 with no wait", after(0), Some(MS(200)), 0.5, MS(5000), Some(MS(0))),
            ("429, repeats used up", after(0), None, 0.5, MS(5000), None),
        ];
        for (name, failure, bound, jitter, left, expected) in rows {
            assert_eq!(pause(failure, bound, jitter, left), expected, "{name}");
        }
    }

    #[test]
    fn the_bounds_double_up_to_the_longest_and_end_with_the_repeats() {
        let bounds = RetryPolicy::default().max_repeats(6).backoff();
        // In milliseconds: backon multiplies with 32 bits of precision.
        let bounds: Vec<_> = bounds.map(|bound| bound.as_millis()).collect();
        assert_eq!(bounds, [200, 400, 800, 1600, 2000, 2000]);
        assert_eq!(RetryPolicy::default().backoff().count(), 2);
        assert_eq!(RetryPolicy::none().backoff().count(), 0);
    }

    #[test]
    fn extreme_delays_are_bounds_and_not_panics() {
        let policy =
            RetryPolicy::default().max_repeats(3).min_delay(Duration::MAX).max_delay(Duration::MAX);
        for bound in policy.backoff() {
            assert_eq!(pause(Repeatable::NeverSent, Some(bound), 1.0, MS(1)), None);
        }
    }
}
