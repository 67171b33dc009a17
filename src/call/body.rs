//! Reading an answer's body, no further than its limit.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

/// The most that is set aside for an answer before it comes.
const RESERVED: usize = 1024 * 1024;

/// The body. One that is longer than `limit` breaks off after the first chunk that goes past it.
pub(super) async fn read(response: &mut Response, limit: usize) -> reqwest::Result<Bytes> {
    let Some(first) = response.chunk().await? else {
        return Ok(Bytes::new());
    };
    // Most answers are one chunk, which needs no copy.
    if first.len() > limit || response.content_length() == Some(0) {
        return Ok(first);
    }
    let Some(second) = response.chunk().await? else {
        return Ok(first);
    };
    let mut body = BytesMut::from(first);
    // At once, since growing by doubling was seen to take three times the answer. Not all that may be announced: memory that
    // is not to be had was seen to end the process.
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    body.reserve(announced.unwrap_or_default().min(limit).min(RESERVED));
    body.extend_from_slice(&second);
    while body.len() <= limit {
        let Some(chunk) = response.chunk().await? else {
            break;
        };
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
