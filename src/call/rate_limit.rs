//! [`RateLimit`] and the other facts that BizKitHub puts into an answer's headers.

use std::time::{Duration, SystemTime};

use http::header::{HeaderMap, HeaderName, RETRY_AFTER};

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

/// What is left of the API key's quota, from the headers `X-RateLimit-Limit`, `-Remaining` and `-Reset`.
///
/// BizKitHub's pages describe the limit in three ways that do not agree: by the hour with a burst, by the minute and the kind
/// of key, in blocks of ten minutes. So rely on no number of theirs, but on the status 429 and on
/// [`retry_after`](crate::Error::retry_after).
///
/// ```
/// # use bizkithub::RateLimit;
/// fn nearly_used_up(rate_limit: &RateLimit) -> bool {
///     rate_limit.remaining * 10 < rate_limit.limit
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests the key may send in the window.
    pub limit: u64,
    /// How many requests are left in the window.
    pub remaining: u64,
    /// When the window ends. On the wire, Unix seconds.
    pub reset: SystemTime,
}

impl RateLimit {
    /// All three headers, or nothing: a limit without its end is no help.
    pub(crate) fn from_headers(headers: &HeaderMap) -> Option<Self> {
        Some(Self {
            limit: number(headers, &LIMIT)?,
            remaining: number(headers, &REMAINING)?,
            reset: SystemTime::UNIX_EPOCH
                .checked_add(Duration::from_secs(number(headers, &RESET)?))?,
        })
    }
}

/// `Retry-After` in either of its forms: seconds, or an HTTP date (one in the past is no wait).
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(now).unwrap_or_default())
        }
    }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
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
    fn retry_after_is_read_as_seconds_and_as_an_http_date_and_garbage_is_no_wait() {
        assert_eq!(retry_after_of("3600"), Some(Duration::from_secs(3600)));
        assert_eq!(retry_after_of(" 0 "), Some(Duration::ZERO));
        assert_eq!(retry_after_of("Sun, 06 Nov 1994 08:50:07 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(retry_after_of("Sun, 06 Nov 1994 08:49:07 GMT"), Some(Duration::ZERO));
        assert_eq!(
            retry_after_of("18446744073709551615"),
            Some(Duration::MAX.saturating_sub(Duration::from_nanos(999_999_999)))
        );
        for garbage in ["", "-1", "soon", "1.5", "99999999999999999999999"] {
            assert_eq!(retry_after_of(garbage), None, "{garbage:?}");
        }
    }

    #[test]
    fn a_rate_limit_needs_all_three_headers_and_survives_any_number() {
        let headers = |reset: &'static str| {
            HeaderMap::from_iter([
                (LIMIT, http::HeaderValue::from_static("1000")),
                (REMAINING, http::HeaderValue::from_static("999")),
                (RESET, http::HeaderValue::from_static(reset)),
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
