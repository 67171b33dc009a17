//! The way in for `fuzz/`: reading an answer, without a socket.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::call::Endpoint;
use crate::call::answer::{Answer, Success};
use crate::generated::operations;
use crate::{
    AccountInfo, EndpointError, Error, Login, LoginError, RegisterAccountError, RegisteredAccount,
    SetNewPasswordError, UndocumentedRefusal, VerifiedAccount,
};

static CHANGES_SOMETHING: Endpoint =
    Endpoint { operation: operations::LOGIN, in_doubt: "It may have been done" };
static CHANGES_NOTHING: Endpoint =
    Endpoint { operation: operations::GET_ACCOUNT_INFO, in_doubt: "Nothing was changed" };

/// What each form of success and of refusal makes of an answer: a success in its `Debug` form, or an error.
pub fn read_answer(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> [Result<String, Error>; 5] {
    let answer = (status, headers, body);
    [
        read::<RegisteredAccount, RegisterAccountError>(&CHANGES_SOMETHING, answer),
        read::<VerifiedAccount, UndocumentedRefusal>(&CHANGES_SOMETHING, answer),
        read::<Login, LoginError>(&CHANGES_SOMETHING, answer),
        read::<(), SetNewPasswordError>(&CHANGES_SOMETHING, answer),
        read::<AccountInfo, UndocumentedRefusal>(&CHANGES_NOTHING, answer),
    ]
}

fn read<T: Success + std::fmt::Debug, E: EndpointError>(
    endpoint: &'static Endpoint,
    (status, headers, body): (StatusCode, &HeaderMap, &[u8]),
) -> Result<String, Error> {
    let answer = Answer::new(endpoint, status, headers.clone());
    let answered = answer.read::<T, E>(Bytes::copy_from_slice(body), 1 << 20)?;
    Ok(format!("{answered:?}"))
}
