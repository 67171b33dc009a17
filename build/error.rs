//! [`SpecError`]: an error in the spec, as one line that cargo prints.

use std::fmt::Display;

pub const FILE: &str = "openapi/bizkithub.yaml";

pub struct SpecError(pub String);

impl SpecError {
    /// An error at a place, in the form in which it follows the file's name. Without a place, it is one of the whole file.
    pub fn new(place: &str, reason: impl Display) -> Self {
        // Cargo reads only the first line. A key may contain a line break, and the generator's reason a whole syntax tree.
        let line = reason.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let reason: String = line.chars().take(300).collect();
        Self(format!("{FILE}{}: {reason}", place.escape_debug()))
    }

    /// An error at a JSON pointer.
    pub fn at(pointer: &str, reason: impl Display) -> Self {
        Self::new(&format!(", #{pointer}"), reason)
    }
}

/// Returns an error at a JSON pointer unless the condition is met.
pub fn ensure(condition: bool, pointer: &str, reason: impl Display) -> Result<(), SpecError> {
    if condition { Ok(()) } else { Err(SpecError::at(pointer, reason)) }
}
