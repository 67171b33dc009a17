//! What is wrong with the description: where, and why.

use std::fmt;

pub const FILE: &str = "openapi/bizkithub.yaml";

pub struct Problem {
    place: String,
    reason: String,
}

impl Problem {
    /// With the file as a whole.
    pub fn new(reason: impl fmt::Display) -> Self {
        // One line, since cargo takes the next one for something else, and not the whole of a syntax tree that the
        // generator prints with some of its reasons.
        let reason = reason.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        let reason = match reason.char_indices().nth(200) {
            Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or_default()),
            None => reason,
        };
        Self { place: FILE.to_owned(), reason }
    }

    /// At a line, in the form that editors and terminals link.
    pub fn at_line(line: usize, column: usize, reason: impl fmt::Display) -> Self {
        Self { place: format!("{FILE}:{line}:{column}"), ..Self::new(reason) }
    }

    /// At a JSON pointer, `#/paths/…`.
    pub fn at(pointer: impl fmt::Display, reason: impl fmt::Display) -> Self {
        Self { place: format!("{FILE}, {pointer}"), ..Self::new(reason) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.reason)
    }
}
