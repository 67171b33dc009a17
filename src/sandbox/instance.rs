use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::oneshot;

use super::accounts::{Accounts, normalized};
use super::email::Email;
use super::endpoint;
use super::fault::Fault;
use super::keys::CLIENT_KEY;
use super::recorded::RecordedRequest;
use super::state::Shared;
use crate::Client;

/// A running sandbox. It stops and frees its port when it is dropped.
///
/// It runs in a thread of its own, so a test that blocks its runtime does not stop it.
///
/// After the drop, a new client's call fails with [`Outcome::NotSent`](crate::Outcome::NotSent). A client that has called the
/// sandbox may hold an open connection to it, so its next call can fail with
/// [`Outcome::Unknown`](crate::Outcome::Unknown) instead.
pub struct Sandbox {
    pub(super) shared: Arc<Shared>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// The base URL, such as `http://127.0.0.1:41234`. A sandbox that listens on all addresses returns a loopback address.
    pub fn url(&self) -> String {
        let mut address = self.shared.settings.listen;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// A client for the sandbox, with default settings.
    ///
    /// # Panics
    ///
    /// If the sandbox does not listen on a loopback address, since a client accepts plain HTTP only there, or if the HTTP
    /// client cannot be set up.
    #[expect(
        clippy::expect_used,
        reason = "the settings are constants that a test builds a client from"
    )]
    pub fn client(&self) -> Client {
        Client::builder(CLIENT_KEY)
            .base_url(self.url())
            .build()
            .expect("a client can be built with a constant key for a sandbox on loopback")
    }

    /// The emails that BizKitHub would have sent, oldest first: the last 10,000 of them.
    pub fn emails(&self) -> Vec<Email> {
        self.shared.state().accounts.emails().cloned().collect()
    }

    /// The requests to the API's own paths, oldest first: the last 10,000 of them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().recorded.iter().cloned().collect()
    }

    /// Confirms the email address of a pending account, as its token would. Returns `false` if it does not exist.
    pub fn confirm_email(&self, email: &str) -> bool {
        let state = &mut *self.shared.state();
        let account = state.accounts.account(&normalized(email));
        account.is_some_and(|account| account.verification.take().is_some())
    }

    /// Adds a contact without an account, such as a newsletter subscriber.
    pub fn add_contact(&self, email: &str) {
        self.shared.state().accounts.contact(&normalized(email));
    }

    /// Forbids any interaction with an address, and ends its identities. An unknown address becomes a
    /// [contact](Self::add_contact).
    pub fn ban(&self, email: &str) {
        let email = normalized(email);
        let state = &mut *self.shared.state();
        state.accounts.contact(&email).banned = true;
        state.accounts.end_identities_of(&email);
    }

    /// Lifts a [`ban`](Self::ban). The account is as it was before, but its identities have ended.
    pub fn unban(&self, email: &str) {
        if let Some(contact) = self.shared.state().accounts.known_contact(&normalized(email)) {
            contact.banned = false;
        }
    }

    /// Deletes all accounts, emails, recorded requests and faults. Keys, quotas and the clock stay.
    pub fn reset(&self) {
        let mut state = self.shared.state();
        state.accounts = Accounts::default();
        state.recorded.clear();
        state.faults.clear();
    }

    /// Moves the sandbox's clock forward: past the ten minutes of a pending account, the lifetime of a token or an identity,
    /// or the window of a quota. One call moves it by at most 1,000 years.
    pub fn advance(&self, duration: Duration) {
        self.shared.state().clock.advance(duration);
    }

    /// Injects a fault for the next valid request with a valid key. Several faults are played in order, one per request.
    pub fn inject(&self, fault: Fault) {
        self.shared.state().faults.push_back((None, fault));
    }

    /// Injects a fault for the next request to one endpoint, given as the last segment of its path or its `operationId`.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use bizkithub::sandbox::{Fault, Sandbox};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.inject_for("login", Fault::EndpointError("E006".to_owned()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If the spec has no such endpoint, or several. Otherwise, the fault would wait forever, and the test would prove nothing.
    #[expect(clippy::panic, reason = "a misspelled name in a test")]
    pub fn inject_for(&self, endpoint: &str, fault: Fault) {
        match endpoint::named(endpoint) {
            Ok(endpoint) => self.shared.state().faults.push_back((Some(endpoint), fault)),
            Err(error) => panic!("{error}"),
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The port is free once the thread has ended. An observer runs in that thread, so it cannot wait for it.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sandbox").field("url", &self.url()).finish_non_exhaustive()
    }
}
