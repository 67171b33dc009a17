//! [`SpecError`]: an error in the spec, as one line that cargo prints.

use std::fmt::Display;

pub const FILE: &str = "openapi/bizkithub.yaml";

pub struct SpecError(pub String);

impl SpecError {
    /// An error of the whole file.
    pub fn new(reason: impl Display) -> Self {
        Self::with_place("", reason)
    }

    /// An error at a line, in the form that editors and terminals link.
    pub fn at_line(line: usize, column: usize, reason: impl Display) -> Self {
        Self::with_place(&format!(":{line}:{column}"), reason)
    }

    /// An error at a JSON pointer.
    pub fn at(pointer: &str, reason: impl Display) -> Self {
        Self::with_place(&format!(", #{pointer}"), reason)
    }

    fn with_place(place: &str, reason: impl Display) -> Self {
        // Cargo reads only the first line, and a key may contain a line break. Some of the generator's reasons contain a
        // whole syntax tree.
        let place = place.escape_debug();
        let line = reason.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let reason: String = line.chars().take(300).collect();
        let more = if reason.len() < line.len() { "…" } else { "" };
        Self(format!("{FILE}{place}: {reason}{more}"))
    }
}
