//! The attempts of one call, up to its deadline.

use std::pin::pin;
use std::time::Duration;

use http::StatusCode;
use progenitor_client::Error as SendError;
use tokio::time::{Instant, sleep, timeout_at};
use tower::retry::budget::Budget;

use super::response::{Head, Success, read_body};
use super::retry::remaining;
use crate::error::EndpointCode;
use crate::operation::{Operation, SendResult};
use crate::{Client, Error, Outcome, Response, TransportError, generated};

/// The progress of a call, which its span records at the end.
#[derive(Default)]
pub(super) struct CallState {
    /// The status of the last response whose head arrived.
    pub(super) status: Option<StatusCode>,
    pub(super) retries: u32,
}

impl Client {
    pub(super) async fn attempts<'a, T, E, Sending>(
        &'a self,
        operation: &'static Operation,
        send: impl Fn(&'a generated::Client) -> Sending,
        state: &mut CallState,
    ) -> Result<Response<T>, Error<E>>
    where
        T: Success,
        E: EndpointCode,
        Sending: Future<Output = SendResult>,
    {
        let deadline = deadline(self.timeout);
        if deadline <= Instant::now() {
            return Err(Error::Transport(TransportError::no_time(operation, self.timeout)));
        }
        self.shared.budget.deposit();
        // The error of an earlier attempt that reached BizKitHub.
        let mut last_response_error = None;
        loop {
            state.status = None;
            // Pinned in place: the future is large, and would be moved with every future around it.
            let sending = pin!(send(&self.shared.generated));
            let attempt = self.attempt(operation, sending, state);
            let error = match timeout_at(deadline, attempt).await {
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(error)) => error,
                Err(_) => {
                    let error = TransportError::timeout(operation, self.timeout, state.status);
                    return Err(Error::Transport(error));
                }
            };
            let delay = self.retry_delay(&error, state.retries, deadline);
            let longest_connect = self.longest_connect(&error);
            // The outcome is that of the whole call, so it is not `NotSent` if an earlier attempt was sent.
            let error = match (error.outcome(), last_response_error.take()) {
                (Outcome::NotSent, Some(earlier)) => earlier,
                _ => error,
            };
            let Some(delay) = delay else {
                return Err(error);
            };
            tracing::warn!(
                reason = error.error_type(),
                error_code = error.printable_code(),
                delay_ms = delay.as_millis(),
                http.request.resend_count = state.retries + 1,
                "retrying a call"
            );
            sleep(delay).await;
            // On a busy machine, the delay may end late. Do not give up a certain outcome for an attempt that cannot finish.
            if remaining(deadline) <= longest_connect {
                return Err(error);
            }
            state.retries += 1;
            last_response_error = (error.outcome() != Outcome::NotSent).then_some(error);
        }
    }

    async fn attempt<T: Success, E: EndpointCode>(
        &self,
        operation: &'static Operation,
        sending: impl Future<Output = SendResult>,
        state: &mut CallState,
    ) -> Result<Response<T>, Error<E>> {
        let limit = self.shared.max_response_size;
        let mut response = match sending.await {
            Err(SendError::UnexpectedResponse(response)) => response,
            // This is a 204, which has no body by definition.
            Ok(empty) | Err(SendError::ErrorResponse(empty)) => {
                state.status = Some(empty.status());
                let head =
                    Head { operation, status: empty.status(), headers: empty.headers().clone() };
                return head.decode(Default::default(), limit);
            }
            Err(
                SendError::CommunicationError(error)
                | SendError::InvalidUpgrade(error)
                | SendError::ResponseBodyError(error),
            ) => return Err(Error::Transport(TransportError::http(operation, error, None))),
            Err(SendError::InvalidRequest(_) | SendError::Custom(_)) => {
                return Err(Error::Transport(TransportError::request_build(operation)));
            }
            Err(SendError::InvalidResponsePayload(..)) => {
                return Err(Error::Transport(TransportError::response_read(operation)));
            }
        };
        state.status = Some(response.status());
        let body = read_body(&mut response, limit).await.map_err(|error| {
            let status = Some(response.status());
            Error::Transport(TransportError::http(operation, error, status))
        })?;
        let headers = std::mem::take(response.headers_mut());
        Head { operation, status: response.status(), headers }.decode(body, limit)
    }
}

/// Caps the timeout at about 30 years, so that adding it to the current time cannot overflow.
fn deadline(timeout: Duration) -> Instant {
    const MAX: Duration = Duration::from_secs(1_000_000_000);
    Instant::now() + timeout.min(MAX)
}
