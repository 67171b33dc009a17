//! Masks secrets in text that a server sent, in whatever encoding the server echoes them.

use std::collections::HashSet;

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

/// How much of a text is looked at. An excerpt is shorter; the rest is room for masks that shrink the text.
const WINDOW: usize = 2048;

/// A secret that is cut off by the end of the text is masked from this many characters on.
const CUT_OFF: usize = 4;

/// How far an escape within an escape can reach: `&#37;` six times is one character of four bytes.
const LONGEST_ESCAPE: usize = 160;

/// The characters that escapes start with.
const INTRODUCERS: [char; 4] = ['%', '+', '\\', '&'];

/// A character, and where the characters of the text that it stands for end.
#[derive(Clone, Copy)]
struct Unit {
    character: char,
    end: usize,
}

/// Decodes what stands at the start of the units: the text it means, and how many units it took.
type Decode = fn(&[Unit]) -> Option<(String, usize)>;

const LAYERS: [Decode; 4] = [percent, form, json, html];

/// The text, at most `limit` bytes of it, with every occurrence of a secret replaced: as it is, percent-encoded,
/// JSON-escaped, as HTML entities, and in any two of these on top of each other.
pub(crate) fn masked(text: &str, secrets: &Secrets<'_>, limit: usize) -> Box<str> {
    let text = Text::new(cut(text, WINDOW));
    let secrets: Vec<Vec<char>> = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .map(|secret| secret.chars().collect())
        .collect();

    let mut masked = String::new();
    let mut position = 0;
    while let Some(unit) = text.units.get(position) {
        let mut end = text.longest_occurrence(&secrets, position);
        if end > position {
            // Secrets that overlap are one mask.
            while position < end {
                end = end.max(text.longest_occurrence(&secrets, position));
                position += 1;
            }
            masked.push_str(MASK);
        } else {
            masked.push(unit.character);
            position += 1;
        }
    }
    cut(&masked, limit).into()
}

fn cut(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or_default()).unwrap_or_default()
}

/// A text, and what each of its places may mean.
struct Text {
    units: Vec<Unit>,
    /// For each place, the escapes that may start there: what each means, and where it ends. That an escape before
    /// may reach over the place does not count: a stray `%` in front of a secret would otherwise hide its start.
    escapes: Vec<Vec<(String, usize)>>,
}

impl Text {
    fn new(text: &str) -> Self {
        let units: Vec<Unit> = text
            .chars()
            .enumerate()
            .map(|(index, character)| Unit { character, end: index + 1 })
            .collect();
        let escapes = (0..units.len()).map(|start| escapes(units.get(start..).unwrap_or_default()));
        Self { escapes: escapes.collect(), units }
    }

    /// Where the longest occurrence of any of the secrets that starts here ends; here, if there is none.
    fn longest_occurrence(&self, secrets: &[Vec<char>], start: usize) -> usize {
        secrets.iter().filter_map(|secret| self.occurrence(secret, start)).fold(start, usize::max)
    }

    /// Where an occurrence of the secret that starts here ends.
    fn occurrence(&self, secret: &[char], start: usize) -> Option<usize> {
        let mut ways = vec![(start, 0)];
        let mut seen = HashSet::new();
        let (mut whole, mut cut_off) = (None, None);
        while let Some((position, matched)) = ways.pop() {
            if !seen.insert((position, matched)) {
                continue;
            }
            if matched == secret.len() {
                whole = whole.max(Some(position));
                continue;
            }
            if matched >= CUT_OFF && self.is_cut_off(position) {
                cut_off = Some(self.units.len());
            }
            let rest = secret.get(matched..).unwrap_or_default();
            ways.extend(self.ways(position, rest).map(|(end, count)| (end, matched + count)));
        }
        whole.or(cut_off)
    }

    /// The places that can be reached from here by what the rest of the secret starts with, and how much of it that is.
    fn ways<'a>(
        &'a self,
        position: usize,
        rest: &'a [char],
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let itself = self.units.get(position).filter(|unit| rest.first() == Some(&unit.character));
        let escapes =
            self.escapes.get(position).into_iter().flatten().filter_map(move |(text, end)| {
                let count = text.chars().count().min(rest.len());
                text.chars()
                    .zip(rest)
                    .all(|(character, expected)| character == *expected)
                    .then_some((*end, count))
            });
        itself.map(|unit| (unit.end, 1)).into_iter().chain(escapes)
    }

    /// Whether nothing follows, or an escape that the end of the text may have cut off.
    fn is_cut_off(&self, position: usize) -> bool {
        let rest = self.units.get(position..).unwrap_or_default();
        match rest.first() {
            None => true,
            Some(unit) => {
                rest.len() < "\\u0000\\u0000".len() && INTRODUCERS.contains(&unit.character)
            }
        }
    }
}

/// What an escape at the start of the units may mean, and where it ends: in each layer, and in each layer within each.
fn escapes(units: &[Unit]) -> Vec<(String, usize)> {
    if !units.first().is_some_and(|unit| INTRODUCERS.contains(&unit.character)) {
        return Vec::new();
    }
    let near = units.get(..LONGEST_ESCAPE).unwrap_or(units);
    let ends = |units: &[Unit], taken: usize| units.get(taken.checked_sub(1)?).map(|unit| unit.end);
    let mut escapes = Vec::new();
    for outer in LAYERS {
        escapes.extend(outer(near).and_then(|(text, taken)| Some((text, ends(near, taken)?))));
        let decoded = decoded(near, outer);
        for inner in LAYERS {
            escapes.extend(
                inner(&decoded).and_then(|(text, taken)| Some((text, ends(&decoded, taken)?))),
            );
        }
    }
    escapes
}

fn decoded(units: &[Unit], decode: Decode) -> Vec<Unit> {
    let mut decoded = Vec::with_capacity(units.len());
    let mut rest = units;
    while let Some((first, after_first)) = rest.split_first() {
        let escape = decode(rest).and_then(|(text, taken)| {
            let end = rest.get(taken.checked_sub(1)?)?.end;
            Some((text, end, rest.get(taken..)?))
        });
        match escape {
            Some((text, end, after)) => {
                decoded.extend(text.chars().map(|character| Unit { character, end }));
                rest = after;
            }
            None => {
                decoded.push(*first);
                rest = after_first;
            }
        }
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
    fn what_stands_before_a_secret_does_not_hide_its_start() {
        for before in ["%", "%0", "\\\\", "\\\\u00", "&", "&#x", "&am"] {
            let text = format!("{before}000%21Aa%210");
            assert_eq!(&*masked(&text, &["000!Aa!0"], 512), format!("{before}[masked]"));
        }
    }

    /// The secret in one of the encodings that a server may echo it in.
    fn echoed(secret: &str, encoding: u8) -> String {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
        match encoding {
            0 => secret.to_owned(),
            1 => utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            2 => url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
            3 => {
                let quoted = serde_json::to_string(secret).unwrap();
                quoted.strip_prefix('"').unwrap().strip_suffix('"').unwrap().to_owned()
            }
            4 => secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect(),
            5 => html_escape::encode_safe(secret).into_owned(),
            6 => secret.chars().map(|character| format!("&#{};", u32::from(character))).collect(),
            _ => {
                secret.chars().map(|character| format!("&#x{:X};", u32::from(character))).collect()
            }
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig {
            cases: 1000,
            failure_persistence: None,
            ..Default::default()
        })]

        #[test]
        fn any_secret_is_masked_in_any_two_encodings_whatever_stands_around_it(
            secret in "[!-~]{1,3}\\PC{1,12}",
            inner in 0..8_u8,
            outer in 0..8_u8,
            before in "[%&#u0-9A-Fa-fx;+\\\\]{0,12}",
            after in "[%&#u0-9A-Fa-fx;+\\\\]{0,12}",
        ) {
            let echo = echoed(&echoed(&secret, inner), outer);
            let masked = masked(&format!("{before}{echo}{after}"), &[&secret], 2000);
            let message = format!("{secret:?} as {echo} in {masked}");
            proptest::prop_assert!(masked.contains(MASK), "{message}");
            // What stands around it may hold a short secret's characters by itself.
            let around = before.contains(&echo) || after.contains(&echo);
            proptest::prop_assert!(around || !masked.contains(&echo), "{message}");
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
        assert_eq!(&*masked("key=PROD0123%2", &["PROD0123&456789"], 512), "key=[masked]");
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
