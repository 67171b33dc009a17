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

/// A field of a request, as a generated method takes it. The method's signature selects the form.
pub(crate) trait Argument<T> {
    fn argument(self) -> T;
}

impl<'a> Argument<&'a str> for &'a String {
    fn argument(self) -> &'a str {
        self
    }
}

impl<'a> Argument<Option<&'a str>> for &'a Option<String> {
    fn argument(self) -> Option<&'a str> {
        self.as_deref()
    }
}

impl<'a, T> Argument<&'a T> for &'a T {
    fn argument(self) -> &'a T {
        self
    }
}

impl<'a, T> Argument<Option<&'a T>> for &'a Option<T> {
    fn argument(self) -> Option<&'a T> {
        self.as_ref()
    }
}

impl<T: Copy> Argument<T> for &T {
    fn argument(self) -> T {
        *self
    }
}
