use std::fmt;

use serde::{Serialize, Serializer};

use crate::Token;

/// An email that BizKitHub would have sent. Its `Debug` form shows neither the address nor the token.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Email {
    /// The normalized address.
    pub to: String,
    /// The purpose of the email.
    pub kind: EmailKind,
    /// The token in it.
    pub token: Token,
}

impl fmt::Debug for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Email").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The purpose of an [`Email`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EmailKind {
    /// The token is for [`register_account_verify`](crate::Client::register_account_verify).
    VerifyAccount,
    /// The token is for [`set_new_password`](crate::Client::set_new_password).
    ResetPassword,
}

impl EmailKind {
    /// The name over HTTP: `verify-account` or `reset-password`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifyAccount => "verify-account",
            Self::ResetPassword => "reset-password",
        }
    }
}

impl Serialize for EmailKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
