//! The settings of a sandbox, which stay the same while it runs.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use http::StatusCode;

use super::keys::Keys;
use super::recorded::RecordedRequest;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) type Observer = Box<dyn Fn(&RecordedRequest) + Send + Sync>;

pub(super) struct Settings {
    pub(super) listen: SocketAddr,
    pub(super) keys: Keys,
    pub(super) requests_per_hour: u64,
    pub(super) error_status: StatusCode,
    pub(super) session_lifetime: Duration,
    /// The number of wrong passwords that leads to `E006`, and the period in which they count.
    pub(super) login_attempts: (usize, Duration),
    pub(super) observer: Option<Observer>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            keys: Keys::default(),
            // More than any test sends.
            requests_per_hour: 10_000_000,
            error_status: StatusCode::OK,
            session_lifetime: 90 * DAY,
            login_attempts: (10, 10 * MINUTE),
            observer: None,
        }
    }
}
