use std::fmt;

use super::refusals::{private, unknown_code_advice, unknown_code_words};
use super::{CODE_LIMIT, EndpointError, Refusal, ServerText};

/// A refusal of an endpoint that documents no error codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndocumentedRefusal {
    code: ServerText,
}

impl UndocumentedRefusal {
    /// The code as it came; empty if there was none.
    pub fn code(&self) -> &str {
        self.code.as_str()
    }
}

impl private::Sealed for UndocumentedRefusal {}

impl Refusal for UndocumentedRefusal {
    fn code(&self) -> &str {
        self.code()
    }

    fn is_documented(&self) -> bool {
        false
    }

    fn words(&self) -> &'static str {
        unknown_code_words(self.code())
    }

    fn advice(&self) -> &'static str {
        unknown_code_advice(self.code())
    }
}

impl EndpointError for UndocumentedRefusal {
    fn from_code(code: &str) -> Self {
        Self { code: ServerText::new(code.as_bytes(), CODE_LIMIT) }
    }
}

impl fmt::Display for UndocumentedRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.words())
    }
}

impl std::error::Error for UndocumentedRefusal {}
