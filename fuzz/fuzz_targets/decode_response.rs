//! Checks that any status, headers and body give a success or an error, never a panic; that the text that is kept of a
//! response stays within its limits; and that nothing printed depends on the text that a server wrote.
//!
//! The input is a status, headers line by line, an empty line, and the body. A `#` in the body stands for a secret.

#![no_main]

use bizkithub::fuzzing::decode_response;
use bizkithub::{Error, Outcome};
use http::StatusCode;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;

/// The position of get-account-info, which is idempotent, among the results of `decode_response`.
const GET_ACCOUNT_INFO: usize = 4;

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

/// The body with a customer's secret in it.
fn insert(secret: &[u8], body: &[u8]) -> Vec<u8> {
    body.iter().flat_map(|byte| if *byte == b'#' { secret.to_vec() } else { vec![*byte] }).collect()
}

fn printed(result: &Result<String, Error>) -> String {
    match result {
        Ok(printed) => printed.clone(),
        // A `Retry-After` with a date gives the time until then, which differs between the two.
        Err(error) => format!("{error}\n{error:?}\n{error:#?}")
            .replace(&format!("{:?}", error.retry_after().unwrap_or_default()), "TIME"),
    }
}

fn check(error: &Error, status: StatusCode, is_idempotent: bool) {
    assert_eq!(error.status(), Some(status));
    assert!(!error.is_retryable() || error.outcome() != Outcome::Unknown || is_idempotent);
    assert!(error.code().is_none_or(|code| code.len() <= 256));
    match error {
        Error::Endpoint(error) => assert!(error.message().len() <= 1024),
        Error::Platform(error) => assert!(error.message().len() <= 1024),
        Error::UnexpectedResponse(error) => assert!(error.excerpt().len() <= 512),
        _ => {}
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((status, headers, body)) = parse(input) else { return };
    // Both have the same meaning in JSON and the same length, and share no text.
    let [one, other] = [b"SECRETxy", b"HIDDENzq"]
        .map(|secret| decode_response(status, &headers, &insert(secret, body)));
    for (position, (one, other)) in one.iter().zip(&other).enumerate() {
        assert_eq!(printed(one), printed(other));
        if let Err(error) = one {
            check(error, status, position == GET_ACCOUNT_INFO);
        }
    }
});
