//! The headers of a response that this crate reads: [`RateLimit`] and `Retry-After`.

use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, RETRY_AFTER};

const LIMIT: &str = "x-ratelimit-limit";
const REMAINING: &str = "x-ratelimit-remaining";
const RESET: &str = "x-ratelimit-reset";

/// The rate limit of the API key, from the headers `X-RateLimit-Limit`, `-Remaining` and `-Reset`.
///
/// BizKitHub's pages describe the limit in three ways that disagree: per hour with a burst, per minute by kind of key, and in
/// blocks of ten minutes. Rely on the status 429 and on [`retry_after`](crate::Error::retry_after), not on any documented
/// number.
///
/// ```
/// # use bizkithub::RateLimit;
/// fn is_nearly_exhausted(rate_limit: &RateLimit) -> bool {
///     rate_limit.remaining < rate_limit.limit / 10
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests that the key may send in the window.
    pub limit: u64,
    /// The number of requests left in the window.
    pub remaining: u64,
    /// The end of the window.
    pub reset: SystemTime,
}

impl RateLimit {
    /// Returns `None` unless all three headers are present: a limit without its end does not help.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let (mut limit, mut remaining, mut reset) = (None, None, None);
        // Three lookups would hash three names on every call.
        for (name, value) in headers {
            let field = match name.as_str() {
                LIMIT => &mut limit,
                REMAINING => &mut remaining,
                RESET => &mut reset,
                _ => continue,
            };
            *field = field.or_else(|| digits(value.to_str().ok()?));
        }
        let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(reset?))?;
        Some(Self { limit: limit?, remaining: remaining?, reset })
    }
}

/// Reads `Retry-After` in either of its forms: seconds, or an HTTP date, which may be in the past.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match digits(value) {
        Some(seconds) => Some(Duration::from_secs(seconds)),
        None => {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        }
    }
}

/// Parses a number that consists of digits. `parse` alone would also accept a plus sign.
fn digits(text: &str) -> Option<u64> {
    text.parse().ok().filter(|_| text.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn retry_after_of(value: &'static str) -> Option<Duration> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, http::HeaderValue::from_static(value))]);
        // 784,111,777 is Sun, 06 Nov 1994 08:49:37 GMT, the example date of RFC 9110.
        retry_after(&headers, at(784_111_777))
    }

    #[test]
    fn retry_after_is_seconds_or_an_http_date() {
        assert_eq!(retry_after_of("3600"), Some(Duration::from_secs(3600)));
        assert_eq!(retry_after_of(" 0 "), Some(Duration::ZERO));
        assert_eq!(retry_after_of("Sun, 06 Nov 1994 08:50:07 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(retry_after_of("Sun, 06 Nov 1994 08:49:07 GMT"), Some(Duration::ZERO));
        assert_eq!(
            retry_after_of("18446744073709551615"),
            Some(Duration::MAX.saturating_sub(Duration::from_nanos(999_999_999)))
        );
        for garbage in ["", "-1", "+5", "soon", "1.5", "99999999999999999999999"] {
            assert_eq!(retry_after_of(garbage), None, "{garbage:?}");
        }
    }

    #[test]
    fn rate_limit_needs_all_three_headers() {
        let headers = |reset: &'static str| {
            HeaderMap::from_iter([
                (http::HeaderName::from_static(LIMIT), http::HeaderValue::from_static("1000")),
                (http::HeaderName::from_static(REMAINING), http::HeaderValue::from_static("999")),
                (http::HeaderName::from_static(RESET), http::HeaderValue::from_static(reset)),
            ])
        };
        assert_eq!(
            RateLimit::from_headers(&headers("60")),
            Some(RateLimit { limit: 1000, remaining: 999, reset: at(60) })
        );
        assert_eq!(RateLimit::from_headers(&headers("18446744073709551615")), None);
        assert_eq!(RateLimit::from_headers(&HeaderMap::new()), None);
    }
}
