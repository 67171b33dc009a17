//! Any status, headers and body: a value or an error, never a panic; no excerpt past its bound; no secret shown.
//!
//! The input is a status, headers line by line, an empty line, and the body.

#![no_main]

use bizkithub::fuzzing::read_answer;
use bizkithub::{Error, Outcome};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::StatusCode;
use libfuzzer_sys::fuzz_target;

const KEY: &str = "PROD-k&y+/=secret";
const PASSWORD: &str = "päss \"word\" <1>";

fn parse(input: &[u8]) -> Option<(StatusCode, HeaderMap, &[u8])> {
    let split = input.windows(2).position(|two| two == b"\n\n")?;
    let mut lines = input[..split].split(|byte| *byte == b'\n');
    let status = std::str::from_utf8(lines.next()?).ok()?.parse::<u16>().ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        headers.append(name, HeaderValue::from_bytes(&line[colon + 1..]).ok()?);
    }
    Some((StatusCode::from_u16(status).ok()?, headers, &input[split + 2..]))
}

fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}");
    match error {
        Error::Refused(refused) => text += refused.message(),
        Error::Platform(platform) => text += platform.message(),
        Error::Unexpected(response) => {
            assert!(response.excerpt().len() <= 512);
            text += response.excerpt();
        }
        _ => {}
    }
    text
}

fuzz_target!(|input: &[u8]| {
    let Some((status, headers, body)) = parse(input) else { return };
    match read_answer(status, &headers, body, KEY, PASSWORD) {
        Ok(account) => assert!(status.is_success(), "{account:?}"),
        Err(error) => {
            let text = printed(&error);
            for secret in [KEY, PASSWORD, "PROD-k%26y%2B%2F%3Dsecret", "PROD-k&amp;y+/=secret"] {
                assert!(!text.contains(secret), "{text}");
            }
            assert!(!error.is_retryable() || error.outcome() != Outcome::Unknown);
            assert_eq!(error.status(), Some(status));
        }
    }
});
