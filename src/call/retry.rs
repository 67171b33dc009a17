//! [`RetryPolicy`]: what is repeated, how often, and after what pause.

use std::time::Duration;

use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};

use crate::{Client, EndpointError, Error};

/// The least time in which an answer may come. A repeat that has less of it left is not begun.
const TIME_FOR_AN_ANSWER: Duration = Duration::from_millis(500);

/// When a failed attempt is repeated within one call.
///
/// Most of BizKitHub's operations mail something, count an attempt or use up a token, so a repeat of what BizKitHub may
/// have received could do it twice. Whatever the policy, only this is repeated:
///
/// - a request that was provably never sent;
/// - a request that a 429 turned away;
/// - for [`get_account_info`](Client::get_account_info) alone, which changes nothing: a request whose connection broke,
///   or that got a 502, 503 or 504.
///
/// The policy says how often and after what pause. By default there are at most two repeats. The pause before each is
/// random between nothing and 200 ms, then 400 ms, and so on up to 2 s (exponential backoff with full jitter). A
/// `Retry-After` is waited for instead.
///
/// Two bounds hold for every policy:
///
/// - **Time.** A repeat begins only if the pause, the [connect timeout](crate::ClientBuilder::connect_timeout) and half a
///   second for an answer fit into what is left of the call's timeout. Otherwise the error comes back at once, with
///   [`retry_after`](Error::retry_after) set if a time is known.
/// - **Budget.** All calls of a client and its clones share one: a repeat for every five calls of the last ten seconds,
///   and ten more. So an outage is not multiplied.
///
#[doc = include_str!("../outcomes.md")]
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
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_repeats(0)
    }

    /// How often a call is repeated at most, after its first attempt.
    #[must_use]
    pub fn max_repeats(mut self, max_repeats: u32) -> Self {
        self.max_repeats = max_repeats;
        self
    }

    /// The longest pause before the first repeat; it doubles with each further one.
    #[must_use]
    pub fn min_delay(mut self, min_delay: Duration) -> Self {
        self.min_delay = min_delay;
        self
    }

    /// The bound that the doubling pauses never pass. `Retry-After` is not bound by it.
    #[must_use]
    pub fn max_delay(mut self, max_delay: Duration) -> Self {
        self.max_delay = max_delay;
        self
    }

    /// The longest pause before the next repeat, after as many as there were.
    fn longest_pause(&self, repeats: u32) -> Duration {
        self.min_delay.saturating_mul(2_u32.saturating_pow(repeats)).min(self.max_delay)
    }
}

/// A repeat for every five calls of the last ten seconds, and ten for a client that makes few calls.
pub(crate) fn budget() -> TpsBudget {
    TpsBudget::new(Duration::from_secs(10), 1, 0.2)
}

impl Client {
    /// The pause before the next attempt, if there is to be one.
    pub(super) fn pause<E: EndpointError>(
        &self,
        error: &Error<E>,
        repeats: u32,
        deadline: Instant,
    ) -> Option<Duration> {
        if !error.may_be_repeated_at_once() || repeats >= self.retry.max_repeats {
            return None;
        }
        let pause = error
            .retry_after()
            .unwrap_or_else(|| self.retry.longest_pause(repeats).mul_f64(fastrand::f64()));
        let attempt = self.shared.connect_timeout.saturating_add(TIME_FOR_AN_ANSWER);
        (pause.saturating_add(attempt) <= left(deadline) && self.shared.budget.withdraw())
            .then_some(pause)
    }

    pub(super) fn has_time_for_an_attempt(&self, deadline: Instant) -> bool {
        self.shared.connect_timeout < left(deadline)
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pauses_double_up_to_the_bound() {
        let policy = RetryPolicy::default();
        let pauses: Vec<_> = (0..6).map(|repeats| policy.longest_pause(repeats)).collect();
        assert_eq!(pauses, [200, 400, 800, 1600, 2000, 2000].map(Duration::from_millis));
    }

    #[test]
    fn extreme_delays_and_numbers_of_repeats_are_bounds_and_not_panics() {
        let policy = RetryPolicy::default().min_delay(Duration::MAX).max_delay(Duration::MAX);
        assert_eq!(policy.longest_pause(u32::MAX), Duration::MAX);
        assert_eq!(policy.longest_pause(0).mul_f64(0.0), Duration::ZERO);
    }
}
