//! The state that all connections of a sandbox share.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::accounts::Accounts;
use super::clock::Clock;
use super::fault::{Fault, PlannedFault};
use super::quota::Quotas;
use super::recorded::RecordedRequest;
use super::settings::Settings;
use crate::operation::Facts;

/// The number of requests to keep for `requests()`. Older ones are deleted, so that a load test does not exhaust the memory.
const RECORDED: usize = 10_000;

pub(super) struct Shared {
    pub(super) settings: Settings,
    state: Mutex<State>,
}

pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) accounts: Accounts,
    pub(super) quotas: Quotas,
    /// Each fault is for the next request to its endpoint, or to any endpoint.
    pub(super) faults: VecDeque<(Option<&'static Facts>, Fault)>,
    pub(super) recorded: VecDeque<RecordedRequest>,
}

impl Shared {
    pub(super) fn new(settings: Settings) -> Self {
        let state = State {
            clock: Clock::new(),
            accounts: Accounts::default(),
            quotas: Quotas::new(settings.requests_per_hour),
            faults: VecDeque::new(),
            recorded: VecDeque::new(),
        };
        Self { settings, state: Mutex::new(state) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn record(&self, request: RecordedRequest) {
        let recorded = &mut self.state().recorded;
        if recorded.len() == RECORDED {
            recorded.pop_front();
        }
        recorded.push_back(request);
    }
}

impl State {
    /// Takes the first fault that was injected for an endpoint.
    pub(super) fn take_fault(&mut self, endpoint: &Facts) -> Option<PlannedFault> {
        let is_for = |target: &Option<&Facts>| target.is_none_or(|target| target.id == endpoint.id);
        let position = self.faults.iter().position(|(target, _)| is_for(target))?;
        let (_, fault) = self.faults.remove(position)?;
        Some(PlannedFault { fault, only_if_documented: false })
    }
}
