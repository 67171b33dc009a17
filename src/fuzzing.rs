//! The way in for `fuzz/`: decoding an answer, without a socket.

use http::{HeaderMap, StatusCode};

use crate::account::Success;
use crate::answer::Answer;
use crate::mask::Secrets;
use crate::{Error, RegisterAccountError, RegisteredAccount};

/// What the client makes of an answer to a registration with this key and password.
///
/// # Errors
///
/// As [`Client::register_account`](crate::Client::register_account), but for [`Error::Transport`].
pub fn read_answer(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    api_key: &str,
    password: &str,
) -> Result<RegisteredAccount, Error> {
    let secrets = Secrets { api_key, of_request: &[password] };
    let answer = Answer { status, headers, body };
    answer.read::<Success, RegisterAccountError>(&secrets).map(RegisteredAccount::from)
}
