//! The attempts of one call, up to its deadline.

use std::pin::pin;
use std::time::Duration;

use http::StatusCode;
use progenitor_client::Error as Failure;
use tokio::time::{Instant, sleep, timeout_at};
use tower::retry::budget::Budget;

use super::answer::{Answer, Success};
use super::{Endpoint, Sent, body};
use crate::{Answered, Client, EndpointError, Error, Outcome, TransportError, generated};

/// How far a call has come: what is told of it once it is over.
#[derive(Default)]
pub(super) struct Progress {
    /// The status of the last answer whose head arrived.
    pub(super) status: Option<StatusCode>,
    pub(super) repeats: u32,
}

impl Client {
    pub(super) async fn attempts<'a, T, E, Sending>(
        &'a self,
        endpoint: &'static Endpoint,
        send: impl Fn(&'a generated::Client) -> Sending,
        progress: &mut Progress,
    ) -> Result<Answered<T>, Error<E>>
    where
        T: Success,
        E: EndpointError,
        Sending: Future<Output = Sent>,
    {
        let deadline = deadline(self.timeout);
        self.shared.budget.deposit();
        // What an earlier attempt came to, once BizKitHub has seen the request.
        let mut seen = None;
        loop {
            progress.status = None;
            // Kept where it is: it is large, and would be moved with every future around it.
            let sending = pin!(send(&self.shared.generated));
            let attempt = self.attempt(endpoint, sending, progress);
            let error = match timeout_at(deadline, attempt).await {
                Ok(Ok(answered)) => return Ok(answered),
                Ok(Err(error)) => error,
                Err(_) => {
                    let error = TransportError::deadline(endpoint, self.timeout, progress.status);
                    return Err(Error::Transport(error));
                }
            };
            let pause = self.pause(&error, progress.repeats, deadline);
            // "Never sent" is said of the whole call.
            let error = match (error.outcome(), seen.take()) {
                (Outcome::NotSent, Some(seen)) => seen,
                _ => error,
            };
            let Some(pause) = pause else {
                return Err(error);
            };
            progress.repeats += 1;
            tracing::warn!(
                reason = error.error_type(),
                error_code = error.known_code(),
                pause_ms = pause.as_millis(),
                http.request.resend_count = progress.repeats,
                "repeating a call"
            );
            sleep(pause).await;
            // A busy machine may wake late. What is sure is not given up for an attempt that cannot end.
            if !self.has_time_for_an_attempt(deadline) {
                return Err(error);
            }
            seen = (error.outcome() != Outcome::NotSent).then_some(error);
        }
    }

    async fn attempt<T: Success, E: EndpointError>(
        &self,
        endpoint: &'static Endpoint,
        sending: impl Future<Output = Sent>,
        progress: &mut Progress,
    ) -> Result<Answered<T>, Error<E>> {
        let mut response = match sending.await {
            Err(Failure::UnexpectedResponse(response)) => response,
            // A 204: it has no body by definition.
            Ok(empty) | Err(Failure::ErrorResponse(empty)) => {
                progress.status = Some(empty.status());
                let answer = Answer::new(endpoint, empty.status(), empty.headers().clone());
                return answer.read(Default::default(), self.shared.answer_limit);
            }
            Err(
                Failure::CommunicationError(error)
                | Failure::InvalidUpgrade(error)
                | Failure::ResponseBodyError(error),
            ) => return Err(Error::Transport(TransportError::http(endpoint, error, None))),
            Err(Failure::InvalidRequest(_) | Failure::Custom(_)) => {
                return Err(Error::Transport(TransportError::not_built(endpoint)));
            }
            Err(Failure::InvalidResponsePayload(..)) => {
                return Err(Error::Transport(TransportError::not_read(endpoint)));
            }
        };
        progress.status = Some(response.status());
        let limit = self.shared.answer_limit;
        let body = body::read(&mut response, limit).await.map_err(|error| {
            let status = Some(response.status());
            Error::Transport(TransportError::http(endpoint, error, status))
        })?;
        let headers = std::mem::take(response.headers_mut());
        Answer::new(endpoint, response.status(), headers).read(body, limit)
    }
}

/// A timeout beyond what the clock can count is none.
fn deadline(timeout: Duration) -> Instant {
    /// Some thirty years.
    const FAR: Duration = Duration::from_secs(1_000_000_000);
    Instant::now() + timeout.min(FAR)
}
