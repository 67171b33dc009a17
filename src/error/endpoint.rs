use std::time::Duration;

/// The refusals of one endpoint: what its error codes mean.
///
/// Codes are per endpoint (`E002` means something else at the login endpoint), so each endpoint has a type of its
/// own that implements this.
///
/// ```
/// use bizkithub::{EndpointError, RegisterAccountError};
///
/// assert_eq!(RegisterAccountError::from_code("E002"), RegisterAccountError::AlreadyRegistered);
/// ```
pub trait EndpointError: std::error::Error + Clone + PartialEq + Send + Sync + 'static {
    /// The meaning of a code; one that is newer than this crate is kept as it is.
    ///
    /// ```
    /// # use bizkithub::{EndpointError, RegisterAccountError};
    /// assert_eq!(RegisterAccountError::from_code("E009").code(), "E009");
    /// ```
    fn from_code(code: &str) -> Self;

    /// The code as it stands on the wire; empty if the endpoint refused without one.
    ///
    /// ```
    /// # use bizkithub::{EndpointError, RegisterAccountError};
    /// assert_eq!(EndpointError::code(&RegisterAccountError::AccountBanned), "E003");
    /// ```
    fn code(&self) -> &str;

    /// What the caller should do next, a sentence for developers.
    ///
    /// ```
    /// # use bizkithub::{EndpointError, RegisterAccountError};
    /// assert!(RegisterAccountError::AlreadyRegistered.advice().contains("sign in"));
    /// ```
    fn advice(&self) -> &'static str;

    /// How long until the same call may be accepted, for a refusal that passes with time.
    ///
    /// ```
    /// # use bizkithub::{EndpointError, RegisterAccountError};
    /// # use std::time::Duration;
    /// assert_eq!(RegisterAccountError::TooManyAttempts.passes_after(), Some(Duration::from_secs(600)));
    /// assert_eq!(RegisterAccountError::AccountBanned.passes_after(), None);
    /// ```
    fn passes_after(&self) -> Option<Duration> {
        None
    }
}
