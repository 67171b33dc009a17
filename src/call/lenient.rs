//! Deserializes JSON without the values that do not fit.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// The number of values that are removed one by one. Without this limit, 20,000 bad items took 95 s.
const REMOVALS: usize = 32;

/// Deserializes the values that fit. An optional field with a value of another type becomes `None`, a bad item of a list is
/// dropped, and if a field occurs twice, the last one counts.
pub(super) fn from_str<T: DeserializeOwned>(json: &str) -> Option<T> {
    let mut value: Value = serde_json::from_str(json).ok()?;
    for removal in 0.. {
        match serde_path_to_error::deserialize(&value) {
            Ok(fitting) => return Some(fitting),
            // Past the limit, the whole field is removed.
            Err(error) => {
                let depth = if removal < REMOVALS { usize::MAX } else { 1 };
                remove(&mut value, error.path(), depth)?;
            }
        }
    }
    None
}

/// Removes the member or item that a path ends at, or at most `depth` steps into it.
fn remove(value: &mut Value, path: &Path, depth: usize) -> Option<()> {
    let mut parent = value;
    let mut segments = path.iter().take(depth).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match (segment, parent) {
            (Segment::Map { key }, Value::Object(object)) if is_last => {
                return object.remove(key).map(drop);
            }
            (Segment::Seq { index }, Value::Array(items)) if is_last && *index < items.len() => {
                items.remove(*index);
                return Some(());
            }
            (Segment::Map { key }, Value::Object(object)) => parent = object.get_mut(key)?,
            (Segment::Seq { index }, Value::Array(items)) => parent = items.get_mut(*index)?,
            _ => return None,
        }
    }
    None
}
