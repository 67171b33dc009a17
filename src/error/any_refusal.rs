use std::fmt;

use super::{CODE_LIMIT, EndpointError, Refusal, ServerText, private};

/// A refusal of any endpoint, as an [`Error`](crate::Error) without a parameter carries it.
///
/// A code means something only together with its operation.
///
/// ```
/// # use bizkithub::Error;
/// fn wrong_password(error: &Error) -> bool {
///     error.refusal().is_some_and(|refusal| {
///         (refusal.operation(), refusal.code()) == ("postApiV1CustomerLogin", "E004")
///     })
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnyRefusal {
    operation: &'static str,
    code: ServerText,
    is_documented: bool,
    words: &'static str,
    advice: &'static str,
}

impl AnyRefusal {
    pub(super) fn new<E: EndpointError>(operation: &'static str, error: &E) -> Self {
        Self {
            operation,
            code: ServerText::new(error.code().as_bytes(), CODE_LIMIT),
            is_documented: error.is_documented(),
            words: error.words(),
            advice: error.advice(),
        }
    }

    /// The endpoint's `operationId` in the description, like `postApiV1CustomerLogin`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The code as it stands on the wire; empty if the endpoint refused without one.
    pub fn code(&self) -> &str {
        self.code.as_str()
    }

    /// The code in the documented words; this crate's own for a code that is not documented.
    pub fn words(&self) -> &'static str {
        self.words
    }
}

impl private::Sealed for AnyRefusal {}

impl Refusal for AnyRefusal {
    fn code(&self) -> &str {
        self.code()
    }

    fn is_documented(&self) -> bool {
        self.is_documented
    }

    fn words(&self) -> &'static str {
        self.words
    }

    fn advice(&self) -> &'static str {
        self.advice
    }
}

impl fmt::Display for AnyRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words)
    }
}

impl std::error::Error for AnyRefusal {}
