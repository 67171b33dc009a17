use std::fmt;

/// The most that is kept of a code, in bytes.
pub(crate) const CODE_LIMIT: usize = 256;

/// Text that a server wrote, kept within a bound for whoever asks for it by name. Its `Debug` form is its length: it may
/// quote the API key, a password or a shopper's name, in any encoding.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ServerText(Box<str>);

impl ServerText {
    /// Keeps at most `limit` bytes. Bytes that are not UTF-8 are replaced.
    pub(crate) fn new(text: &[u8], limit: usize) -> Self {
        let text = String::from_utf8_lossy(text.get(..limit).unwrap_or(text));
        // Replacement characters are longer than what they stand for.
        let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        Self(text.get(..end.unwrap_or_default()).unwrap_or_default().into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{} bytes]", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_its_limit_between_characters_and_its_debug_form_is_its_length() {
        assert_eq!(ServerText::new("naïve".as_bytes(), 3).as_str().len(), 2);
        assert_eq!(ServerText::new(&[0xff; 9], 9).as_str(), "\u{fffd}\u{fffd}\u{fffd}");
        assert_eq!(format!("{:?}", ServerText::new(b"secret", 9)), "[6 bytes]");
    }
}
