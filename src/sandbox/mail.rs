use serde::{Serialize, Serializer};

use crate::Token;

/// A mail that BizKitHub would have sent. Its `Debug` form does not show the token.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Mail {
    /// The normalised address.
    pub to: String,
    /// What it is for.
    pub kind: MailKind,
    /// The token in it.
    pub token: Token,
}

/// What a [`Mail`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MailKind {
    /// Its token is for [`register_account_verify`](crate::Client::register_account_verify).
    VerifyAccount,
    /// Its token is for [`set_new_password`](crate::Client::set_new_password).
    ResetPassword,
}

impl MailKind {
    /// Its name over HTTP: `verify-account` or `reset-password`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerifyAccount => "verify-account",
            Self::ResetPassword => "reset-password",
        }
    }
}

impl Serialize for MailKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
