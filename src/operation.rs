//! The facts of an operation that the generated code, the calls and the errors share.

/// The facts that the spec states about an operation. `build.rs` generates them.
#[derive(Debug)]
pub(crate) struct Facts {
    /// The `operationId`.
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Method and path: OpenTelemetry's name for the span of an HTTP client call.
    pub(crate) name: &'static str,
    /// The call may be made again after a lost response: the spec's `x-idempotent`.
    pub(crate) is_idempotent: bool,
    /// A success contains `success: true`.
    pub(crate) has_success_flag: bool,
    /// The schema of the request, with which the sandbox validates it.
    #[cfg_attr(not(feature = "sandbox"), expect(dead_code))]
    pub(crate) request_schema: &'static str,
}

/// An operation, with the part that the spec cannot express.
pub(crate) struct Operation {
    pub(crate) facts: Facts,
    /// The possible effect of a call without a conclusive response, and the next step. The error's message ends with it.
    pub(crate) unknown_outcome_advice: &'static str,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.facts.name)
    }
}

/// Marks an operation whose file under `src/` is part of the crate: its table of error codes implements this.
#[diagnostic::on_unimplemented(
    message = "the file of this operation is not part of the crate: declare it with `mod`"
)]
pub(crate) trait Implemented {}

/// The result of a generated method. The generator decodes no response but a 204, which has no body.
pub(crate) type SendResult =
    Result<progenitor_client::ResponseValue<()>, progenitor_client::Error<()>>;
