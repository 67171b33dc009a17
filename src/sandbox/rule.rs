//! Runs the rules of an endpoint: a request in the description's type goes in, an answer comes out.

use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fault::{Demand, Fault};
use super::reply::Reply;
use super::request::invalid;
use crate::EndpointError;

/// A request that is valid by the description.
pub(super) struct Call {
    pub(super) request: Value,
    pub(super) demand: Option<Demand>,
    pub(super) refusal_status: StatusCode,
}

impl Call {
    pub(super) fn by<Request, Success, Refusal>(
        self,
        rule: impl FnOnce(Request) -> Result<Success, Refusal>,
    ) -> Reply
    where
        Request: DeserializeOwned,
        Success: Serialize,
        Refusal: EndpointError,
    {
        if let Some(Demand { fault: Fault::Refusal(code), only_if_documented }) = self.demand {
            let refusal = Refusal::from_code(&code);
            if refusal.is_documented() || !only_if_documented {
                return Reply::refused(&refusal, self.refusal_status);
            }
        }
        let Ok(request) = serde_json::from_value(self.request) else {
            return invalid("it does not fit the description");
        };
        match rule(request) {
            Ok(success) => Reply::success(&success),
            Err(refusal) => Reply::refused(&refusal, self.refusal_status),
        }
    }
}
