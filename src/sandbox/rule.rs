//! Runs the rule of an endpoint: a valid request goes in, and a response comes out.

use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};

use super::endpoint::Endpoint;
use super::fault::{Fault, PlannedFault};
use super::reply::Reply;
use crate::error::EndpointCode;

/// A request that is valid according to the spec.
pub(super) struct Call {
    pub(super) endpoint: &'static Endpoint,
    pub(super) request: Value,
    pub(super) fault: Option<PlannedFault>,
    pub(super) error_status: StatusCode,
}

impl Call {
    /// The response of an endpoint with a rule.
    pub(super) fn by<Success, Code>(
        mut self,
        rule: impl FnOnce(Value) -> Result<Success, Code>,
    ) -> Reply
    where
        Success: Serialize,
        Code: EndpointCode,
    {
        let status = self.error_status;
        let error = |code: &Code| {
            let message = code.is_documented().then(|| code.message());
            Reply::endpoint_error(status, code.code(), message)
        };
        if let Some(code) = self.endpoint_error() {
            return error(&Code::from(code));
        }
        match rule(self.request.take()) {
            Ok(success) => Reply::success(&self.complete(&success)),
            Err(code) => error(&code),
        }
    }

    /// The response of an endpoint without a rule.
    pub(super) fn by_example(self) -> Reply {
        match self.endpoint_error() {
            Some(code) => Reply::endpoint_error(self.error_status, code, None),
            None => Reply::example(self.endpoint.success_example()),
        }
    }

    /// The error code that a fault asks for.
    fn endpoint_error(&self) -> Option<&str> {
        let PlannedFault { fault: Fault::EndpointError(code), only_if_documented } =
            self.fault.as_ref()?
        else {
            return None;
        };
        let is_played = !only_if_documented || self.endpoint.documents(code);
        is_played.then_some(code)
    }

    /// The fields of a success, with `success: true` where the spec has it. Required fields that the rule does not know come from
    /// the spec's example.
    fn complete(&self, success: &impl Serialize) -> Value {
        let mut body = serde_json::to_value(success).unwrap_or_default();
        if body.is_null() {
            body = json!({});
        }
        remove_nulls(&mut body);
        let Some(fields) = body.as_object_mut() else { return body };
        if self.endpoint.facts.has_success_flag {
            fields.insert("success".to_owned(), true.into());
        }
        for field in self.endpoint.required_on_success() {
            if !fields.contains_key(field) {
                let (_, example) = self.endpoint.success_example();
                fields.extend(example.get(field).map(|value| (field.to_owned(), value.clone())));
            }
        }
        body
    }
}

/// Removes the fields without a value.
fn remove_nulls(value: &mut Value) {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
        fields.values_mut().for_each(remove_nulls);
    }
}
