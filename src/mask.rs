//! Masks secrets in text that a server sent, in whatever encoding the server echoes them.

const MASK: &str = "[masked]";

/// What no quoted text may show: the key, and what the request carries.
pub(crate) struct Secrets<'a> {
    pub(crate) api_key: &'a str,
    pub(crate) of_request: &'a [&'a str],
}

impl Secrets<'_> {
    fn iter(&self) -> impl Iterator<Item = &str> {
        [self.api_key].into_iter().chain(self.of_request.iter().copied())
    }
}

/// How much of a text is looked at. An excerpt is far shorter; the rest is room for masks that shrink the text.
const WINDOW: usize = 4096;

/// A secret that is cut off by the end of the text is masked from this many characters on.
const CUT_OFF: usize = 4;

/// A character of the text after decoding, and the bytes of the text that it came from.
#[derive(Clone, Copy)]
struct Unit {
    character: char,
    start: usize,
    end: usize,
}

/// Decodes what stands at the start of the units: the text it means, and how many units it took.
type Decode = fn(&[Unit]) -> Option<(String, usize)>;

const LAYERS: [Decode; 4] = [percent, form, json, html];

/// The text, at most `limit` bytes of it, with every occurrence of a secret replaced: as it is, percent-encoded,
/// JSON-escaped, as HTML entities, and in any two of these on top of each other.
pub(crate) fn masked(text: &str, secrets: &Secrets<'_>, limit: usize) -> Box<str> {
    let text = cut(text, WINDOW);
    let plain: Vec<Unit> = text
        .char_indices()
        .map(|(start, character)| Unit { character, start, end: start + character.len_utf8() })
        .collect();

    let mut found = occurrences(&plain, secrets);
    for outer in LAYERS {
        let once = decoded(&plain, outer);
        found.extend(occurrences(&once, secrets));
        for inner in LAYERS {
            found.extend(occurrences(&decoded(&once, inner), secrets));
        }
    }
    found.sort_unstable();

    let mut masked = String::new();
    let mut position = 0;
    for (start, end) in found {
        if start >= position {
            masked.push_str(text.get(position..start).unwrap_or_default());
            masked.push_str(MASK);
        }
        position = position.max(end);
    }
    masked.push_str(text.get(position..).unwrap_or_default());
    cut(&masked, limit).into()
}

fn cut(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

fn occurrences(units: &[Unit], secrets: &Secrets<'_>) -> Vec<(usize, usize)> {
    secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .flat_map(|secret| {
            (0..units.len()).filter_map(|first| {
                let rest = units.get(first..)?;
                let mut matched = rest
                    .iter()
                    .zip(secret.chars())
                    .take_while(|(unit, character)| unit.character == *character)
                    .map(|(unit, _)| (unit.start, unit.end));
                let (start, mut end) = matched.next()?;
                let mut count = 1;
                for (_, unit_end) in matched {
                    (count, end) = (count + 1, unit_end);
                }
                let whole = secret.chars().nth(count).is_none();
                let cut_off = count == rest.len() && count >= CUT_OFF;
                (whole || cut_off).then_some((start, end))
            })
        })
        .collect()
}

fn decoded(units: &[Unit], decode: Decode) -> Vec<Unit> {
    let mut decoded = Vec::with_capacity(units.len());
    let mut rest = units;
    while let Some((first, after_first)) = rest.split_first() {
        let (text, after) = match decode(rest) {
            Some((text, taken)) if taken > 0 => (Some(text), rest.get(taken..).unwrap_or_default()),
            _ => (None, after_first),
        };
        let Some(text) = text else {
            decoded.push(*first);
            rest = after;
            continue;
        };
        let end = rest.len().checked_sub(after.len() + 1).and_then(|last| rest.get(last));
        let end = end.map_or(first.end, |last| last.end);
        decoded.extend(text.chars().map(|character| Unit { character, start: first.start, end }));
        rest = after;
    }
    decoded
}

fn characters(units: &[Unit], count: usize) -> String {
    units.iter().take(count).map(|unit| unit.character).collect()
}

/// `%C3%A9`: as many escapes as make one character.
fn percent(units: &[Unit]) -> Option<(String, usize)> {
    if units.first()?.character != '%' {
        return None;
    }
    (1..=char::MAX.len_utf8()).map(|escapes| escapes * "%XX".len()).find_map(|taken| {
        let text = characters(units, taken);
        let bytes: Vec<u8> = percent_encoding::percent_decode_str(&text).collect();
        let complete = text.chars().count() == taken && bytes.len() * "%XX".len() == taken;
        let character = complete.then(|| String::from_utf8(bytes).ok()).flatten()?;
        Some((character, taken))
    })
}

/// As `percent`, with `+` for a space, as form encoding has it.
fn form(units: &[Unit]) -> Option<(String, usize)> {
    match units.first()?.character {
        '+' => Some((" ".to_owned(), 1)),
        _ => percent(units),
    }
}

/// `\"` or `\u00e9`, the latter in pairs for characters outside the basic plane.
fn json(units: &[Unit]) -> Option<(String, usize)> {
    if units.first()?.character != '\\' {
        return None;
    }
    ["\\n".len(), "\\u0000".len(), "\\u0000\\u0000".len()].into_iter().find_map(|taken| {
        let text = characters(units, taken);
        let text: String = serde_json::from_str(&format!("\"{text}\"")).ok()?;
        (text.chars().count() == 1).then_some((text, taken))
    })
}

/// `&amp;`, `&#38;` or `&#x26;`.
fn html(units: &[Unit]) -> Option<(String, usize)> {
    /// The longest entity that HTML names, `&CounterClockwiseContourIntegral;`.
    const LONGEST: usize = 33;
    if units.first()?.character != '&' {
        return None;
    }
    let taken = units.iter().take(LONGEST).position(|unit| unit.character == ';')? + 1;
    let entity = characters(units, taken);
    let text = html_escape::decode_html_entities(&entity);
    (text != entity.as_str()).then(|| (text.into_owned(), taken))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str, secrets: &[&str], limit: usize) -> Box<str> {
        super::masked(text, &Secrets { api_key: "", of_request: secrets }, limit)
    }

    #[test]
    fn a_secret_is_masked_in_every_encoding_that_a_server_may_echo_it_in() {
        let secret = "p\u{e9}\"w&d <\u{1F600}+1";
        let echoes = [
            secret.to_owned(),
            "p%C3%A9%22w%26d%20%3C%F0%9F%98%80%2B1".to_owned(),
            "p%c3%a9%22w%26d+%3c%f0%9f%98%80%2b1".to_owned(),
            "%70%C3%A9%22%77%26%64%20%3C%F0%9F%98%80%2B%31".to_owned(),
            serde_json::to_string(secret).unwrap(),
            r#"p\u00e9\"w\u0026d \u003c\ud83d\ude00+1"#.to_owned(),
            r#"p\u00E9\u0022w&d <\uD83D\uDE00+1"#.to_owned(),
            "p&eacute;&quot;w&amp;d &lt;\u{1F600}+1".to_owned(),
            "p&#233;&#34;w&#38;d &#60;&#128512;&#43;1".to_owned(),
            "p&#xE9;&#x22;w&#x26;d&#x20;&#x3c;&#x1F600;&plus;1".to_owned(),
            "p%25C3%25A9%2522w%2526d%2520%253C%25F0%259F%2598%2580%252B1".to_owned(),
            r#"p%C3%A9%22w\u002526d%20%3C%F0%9F%98%80%2B1"#.to_owned(),
            r#"p\u00e9&quot;w&amp;d &lt;\ud83d\ude00+1"#.to_owned(),
        ];
        for echo in echoes {
            let text = format!("<p>before {echo} after");
            let masked = masked(&text, &[secret], 512);
            assert!(masked.contains("before ") && masked.contains(" after"), "{masked}");
            assert!(!masked.contains(&echo), "{echo} in {masked}");
            assert!(masked.contains(MASK), "{echo} in {masked}");
        }
    }

    #[test]
    fn text_without_a_secret_stays_as_it_is() {
        let text = r#"100% of "&amp;" \ + %zz \u12 &nosuch; %C3"#;
        assert_eq!(&*masked(text, &["secret", ""], 512), text);
    }

    #[test]
    fn a_secret_cut_off_by_the_end_of_the_text_is_masked_too() {
        assert_eq!(&*masked("key=PROD0123", &["PROD0123456789"], 512), "key=[masked]");
        assert_eq!(
            &*masked("key=PROD0123 and more", &["PROD0123456789"], 512),
            "key=PROD0123 and more"
        );
    }

    #[test]
    fn overlapping_secrets_are_masked_as_one() {
        assert_eq!(&*masked("xabcdefx", &["abcd", "cdef"], 512), "x[masked]x");
    }

    #[test]
    fn the_limit_is_in_bytes_and_never_splits_a_character() {
        assert_eq!(&*masked("ééé", &[], 3), "é");
        assert_eq!(masked(&"é".repeat(10_000), &[], 511).len(), 510);
    }
}
