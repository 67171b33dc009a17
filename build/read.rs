//! Reads the description's text. What is no YAML is told with line and column.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::problem::{FILE, Problem};

pub fn document(project: &Path) -> Result<Value, Problem> {
    let text = fs::read_to_string(project.join(FILE))
        .map_err(|error| Problem::new(format!("cannot be read: {error}")))?;
    // Not into JSON's `Value` at once, which keeps the last of two equal keys and says nothing.
    let document: yaml_serde::Value = yaml_serde::from_str(&text).map_err(in_the_text)?;
    serde_json::to_value(document).map_err(Problem::new)
}

/// The place comes first, and not a second time at the message's end.
fn in_the_text(error: yaml_serde::Error) -> Problem {
    let Some(location) = error.location() else { return Problem::new(error) };
    let (line, column) = (location.line(), location.column());
    let reason = error.to_string().replace(&format!(" at line {line} column {column}"), "");
    Problem::at_line(line, column, reason)
}
