use std::fmt;

use super::code::{EndpointCode, ErrorCode, debug_unknown, sealed};

/// The error code of any endpoint, in an [`Error`](crate::Error) without a parameter.
///
/// A code has a meaning only together with its operation.
///
/// ```
/// # use bizkithub::Error;
/// fn is_wrong_password(error: &Error) -> bool {
///     error.reason().is_some_and(|reason| {
///         (reason.operation_id(), reason.code()) == ("postApiV1CustomerLogin", "E004")
///     })
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct AnyErrorCode {
    operation_id: &'static str,
    code: Box<str>,
    is_documented: bool,
    message: &'static str,
    advice: &'static str,
}

impl AnyErrorCode {
    pub(super) fn new<E: EndpointCode>(operation_id: &'static str, code: &E) -> Self {
        Self {
            operation_id,
            code: code.code().into(),
            is_documented: code.is_documented(),
            message: code.message(),
            advice: code.advice(),
        }
    }

    /// The `operationId` of the endpoint in the spec, like `postApiV1CustomerLogin`.
    pub fn operation_id(&self) -> &'static str {
        self.operation_id
    }

    /// The code as it was sent; empty if the endpoint returned an error without one.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl sealed::Details for AnyErrorCode {
    fn is_documented(&self) -> bool {
        self.is_documented
    }

    fn message(&self) -> &'static str {
        self.message
    }

    fn advice(&self) -> &'static str {
        self.advice
    }
}

impl ErrorCode for AnyErrorCode {
    fn code(&self) -> &str {
        self.code()
    }
}

impl fmt::Debug for AnyErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ", self.operation_id)?;
        match self.is_documented {
            true => formatter.write_str(&self.code),
            false => debug_unknown(&self.code, formatter),
        }
    }
}

impl fmt::Display for AnyErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.message)
    }
}

impl std::error::Error for AnyErrorCode {}
