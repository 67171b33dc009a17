//! Any status, headers and body: a success or an error, never a panic. What a server wrote is kept within its bounds, and
//! nothing that is printed depends on it.
//!
//! The input is a status, headers line by line, an empty line, and the body. A `#` in the body stands for a secret.

#![no_main]

use bizkithub::fuzzing::read_answer;
use bizkithub::{Error, Outcome};
use http::header::{HeaderMap, HeaderName, HeaderValue};
use http::StatusCode;
use libfuzzer_sys::fuzz_target;

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

/// The body with a secret of a shopper's own in it.
fn with(secret: &[u8], body: &[u8]) -> Vec<u8> {
    body.iter().flat_map(|byte| if *byte == b'#' { secret.to_vec() } else { vec![*byte] }).collect()
}

fn printed(result: &Result<String, Error>) -> String {
    match result {
        Ok(printed) => printed.clone(),
        // A date is told as the time until then, which is another for each of the two.
        Err(error) => format!("{error}\n{error:?}\n{error:#?}")
            .replace(&format!("{:?}", error.retry_after().unwrap_or_default()), "TIME"),
    }
}

fn check(error: &Error, status: StatusCode, changes_nothing: bool) {
    assert_eq!(error.status(), Some(status));
    assert!(!error.is_retryable() || error.outcome() != Outcome::Unknown || changes_nothing);
    assert!(error.code().is_none_or(|code| code.len() <= 256));
    match error {
        Error::Refused(refused) => assert!(refused.message().len() <= 1024),
        Error::Platform(platform) => assert!(platform.message().len() <= 1024),
        Error::Unexpected(response) => assert!(response.excerpt().len() <= 512),
        _ => {}
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((status, headers, body)) = parse(input) else { return };
    // Alike for JSON, and nothing like each other.
    let [one, other] = [b"SECRETxy", b"GEHEIMzq"].map(|secret| {
        read_answer(status, &headers, &with(secret, body))
    });
    for (number, (one, other)) in one.iter().zip(&other).enumerate() {
        assert_eq!(printed(one), printed(other));
        if let Err(error) = one {
            check(error, status, number == 4);
        }
    }
});
