//! What is wrong with the description, as cargo prints it: where, and why.

use std::fmt::Display;

pub const FILE: &str = "openapi/bizkithub.yaml";

pub struct Problem(pub String);

impl Problem {
    /// With the file as a whole.
    pub fn new(reason: impl Display) -> Self {
        Self::after_the_file("", reason)
    }

    /// At a line, in the form that editors and terminals link.
    pub fn at_line(line: usize, column: usize, reason: impl Display) -> Self {
        Self::after_the_file(&format!(":{line}:{column}"), reason)
    }

    /// At a JSON pointer.
    pub fn at(pointer: &str, reason: impl Display) -> Self {
        Self::after_the_file(&format!(", #{pointer}"), reason)
    }

    fn after_the_file(place: &str, reason: impl Display) -> Self {
        // One line, since cargo takes the next one for something else: a key may have a line break in it. And not the
        // whole of a syntax tree that the generator prints with some of its reasons.
        let place = place.escape_debug();
        let line = reason.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let reason: String = line.chars().take(200).collect();
        let more = if reason.len() < line.len() { "…" } else { "" };
        Self(format!("{FILE}{place}: {reason}{more}"))
    }
}
