//! The entry point of `fuzz/`: decodes a response without a socket.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::call::Success;
use crate::call::response::Head;
use crate::error::EndpointCode;
use crate::generated::operations::{
    get_api_v1_customer_get_account_info as get_account_info, post_api_v1_customer_login as login,
    post_api_v1_customer_register_account as register_account,
    post_api_v1_customer_register_account_verify as register_account_verify,
    post_api_v1_customer_set_new_password as set_new_password,
};
use crate::operation::Operation;
use crate::{
    Error, GetAccountInfoError, LoginError, RegisterAccountError, RegisterAccountVerifyError,
    SetNewPasswordError,
};

static CHANGING: Operation =
    Operation { facts: login::FACTS, unknown_outcome_advice: "It may have been done" };
static IDEMPOTENT: Operation =
    Operation { facts: get_account_info::FACTS, unknown_outcome_advice: "Nothing was changed" };

/// Decodes a response as each kind of success and error: a success in its `Debug` form, or an error.
pub fn decode_response(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> [Result<String, Error>; 5] {
    let response = (status, headers, body);
    [
        decode::<register_account::Success, RegisterAccountError>(&CHANGING, response),
        decode::<register_account_verify::Success, RegisterAccountVerifyError>(&CHANGING, response),
        decode::<login::Success, LoginError>(&CHANGING, response),
        decode::<set_new_password::Success, SetNewPasswordError>(&CHANGING, response),
        decode::<get_account_info::Success, GetAccountInfoError>(&IDEMPOTENT, response),
    ]
}

fn decode<T: Success + std::fmt::Debug, E: EndpointCode>(
    operation: &'static Operation,
    (status, headers, body): (StatusCode, &HeaderMap, &[u8]),
) -> Result<String, Error> {
    let head = Head { operation, status, headers: headers.clone() };
    let response = head.decode::<T, E>(Bytes::copy_from_slice(body), 1 << 20)?;
    Ok(format!("{response:?}"))
}
