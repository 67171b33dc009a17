//! [`RetryPolicy`], and the rule for what is retried.

use std::time::Duration;

use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};

use crate::{Client, Error, ErrorCode, Outcome};

/// The time that must remain for a response. A retry with less is not started.
const MIN_RESPONSE_TIME: Duration = Duration::from_millis(500);

/// The number of retries of a call, and the delay before each.
///
/// Most of BizKitHub's operations send an email, count an attempt or use up a token, so a retry of a request that BizKitHub
/// may have received could do that twice. Under every policy, only these are retried:
///
/// - a request that was certainly never sent;
/// - a request that the rate limit rejected;
/// - for [`get_account_info`](Client::get_account_info) alone, which changes nothing: a request whose connection was lost, or
///   that returned a 502, 503 or 504.
///
/// By default, there are at most two retries. The delay before the first is random, between zero and 200 ms. This upper bound
/// doubles for each further retry, up to 2 s (exponential backoff with full jitter). A `Retry-After` replaces the delay.
///
/// Two limits apply to every policy:
///
/// - **Time.** A retry starts only if its delay and the time for an attempt fit into the rest of the call's timeout. An
///   attempt takes the [connect timeout](crate::ClientBuilder::connect_timeout), plus half a second for a response, or a tenth
///   of the call's timeout if that is less. After an attempt that reached BizKitHub, connecting counts for at most a third of
///   the call's timeout. If a retry does not fit, the error is returned at once; [`retry_after`](Error::retry_after) is the
///   time to wait, if it is known.
/// - **Budget.** All calls of a client and its clones share one: one retry for every five calls in the last ten seconds, plus
///   ten. It limits the load of retries during an outage. A retry counts from the start of its delay.
///
/// ```
/// use bizkithub::RetryPolicy;
/// use std::time::Duration;
///
/// let patient = RetryPolicy::default().max_retries(5).max_backoff(Duration::from_secs(10));
/// assert_ne!(patient, RetryPolicy::none());
/// ```
///
#[doc = include_str!("../outcomes.md")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_retries: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            initial_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(2),
        }
    }
}

impl RetryPolicy {
    /// A policy that never retries: every error is returned at once.
    #[must_use]
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// The largest number of retries of a call, after its first attempt; two by default.
    #[must_use]
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// The longest delay before the first retry; 200 ms by default. It doubles with each further retry.
    #[must_use]
    pub fn initial_backoff(mut self, initial_backoff: Duration) -> Self {
        self.initial_backoff = initial_backoff;
        self
    }

    /// The limit of the doubling delays; two seconds by default. It does not apply to `Retry-After`.
    #[must_use]
    pub fn max_backoff(mut self, max_backoff: Duration) -> Self {
        self.max_backoff = max_backoff;
        self
    }

    /// The longest delay before the next retry.
    fn longest_delay(&self, retries: u32) -> Duration {
        self.initial_backoff.saturating_mul(2_u32.saturating_pow(retries)).min(self.max_backoff)
    }
}

/// One retry for every five calls in the last ten seconds, plus ten for a client that makes few calls.
pub(crate) fn budget() -> TpsBudget {
    TpsBudget::new(Duration::from_secs(10), 1, 0.2)
}

/// Returns `true` if the call may be made again at once. This is the whole rule.
fn should_retry<E: ErrorCode>(error: &Error<E>) -> bool {
    match error.outcome() {
        Outcome::NotSent => !error.is_permanent(),
        Outcome::Unchanged => error.is_rate_limited(),
        Outcome::Unknown if error.is_idempotent() => match error {
            Error::Transport(_) => true,
            _ => error.status().is_some_and(|status| matches!(status.as_u16(), 502..=504)),
        },
        Outcome::Unknown => false,
    }
}

impl Client {
    /// The delay before the next attempt; `None` if the call is not retried.
    pub(super) fn retry_delay<E: ErrorCode>(
        &self,
        error: &Error<E>,
        retries: u32,
        deadline: Instant,
    ) -> Option<Duration> {
        if !should_retry(error) || retries >= self.retry.max_retries {
            return None;
        }
        let delay = error
            .retry_after()
            .unwrap_or_else(|| self.retry.longest_delay(retries).mul_f64(fastrand::f64()));
        let attempt = self.longest_connect(error).saturating_add(self.shortest_response());
        (delay.saturating_add(attempt) <= remaining(deadline) && self.shared.budget.withdraw())
            .then_some(delay)
    }

    /// The time that an attempt may need to connect.
    ///
    /// If the last attempt could not connect, the next one may take the whole connect timeout. That must fit in, since a call
    /// that times out while connecting has an unknown outcome. If the last attempt reached BizKitHub, a connection is probably
    /// still open, and at most a third of the timeout counts. Without that cap, a client from
    /// [`with_timeout`](Self::with_timeout), which keeps the connect timeout of the original, never retried within a timeout
    /// of three seconds.
    pub(super) fn longest_connect<E: ErrorCode>(&self, error: &Error<E>) -> Duration {
        match error.outcome() {
            Outcome::NotSent => self.shared.connect_timeout,
            _ => self.shared.connect_timeout.min(self.timeout / 3),
        }
    }

    /// The time that must remain for a response.
    fn shortest_response(&self) -> Duration {
        MIN_RESPONSE_TIME.min(self.timeout / 10)
    }
}

pub(super) fn remaining(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_limit() {
        let policy = RetryPolicy::default();
        let delays: Vec<_> = (0..6).map(|retries| policy.longest_delay(retries)).collect();
        assert_eq!(delays, [200, 400, 800, 1600, 2000, 2000].map(Duration::from_millis));
    }

    #[test]
    fn extreme_delays_do_not_overflow() {
        let policy =
            RetryPolicy::default().initial_backoff(Duration::MAX).max_backoff(Duration::MAX);
        assert_eq!(policy.longest_delay(u32::MAX), Duration::MAX);
        assert_eq!(policy.longest_delay(0).mul_f64(0.0), Duration::ZERO);
    }
}
