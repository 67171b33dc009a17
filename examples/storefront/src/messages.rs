//! The messages for customers: one [`TABLE`] for every result of every endpoint, and a few others below it. A request that
//! no form of this shop sends (a field given twice, a form of a megabyte) gets axum's own message.
//!
//! No message shows a code or quotes BizKitHub. Sign-in and password reset show one message for every result that may depend
//! on whether an address has an account. Registration reveals that, because BizKitHub does.

use axum::http::StatusCode;
use bizkithub::{Error, ErrorCode, Outcome, PlatformErrorCode, PlatformErrorKind};
use serde::Serialize;

use self::CallResult::{
    Code, Incomplete, NotDone, NotFound, OtherCode, OtherPlatformError, Success, Unknown,
    Validation,
};
use self::Endpoint::{
    GetAccountInfo, Login, Logout, RegisterAccount, RegisterAccountVerify, ResetPassword,
    SetNewPassword,
};
use self::Placement::{AboveForm, OwnPage, WithoutForm};
use self::Tone::{Bad, Good, Neutral};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    RegisterAccount,
    RegisterAccountVerify,
    Login,
    GetAccountInfo,
    Logout,
    ResetPassword,
    SetNewPassword,
}

/// The result of a call, as far as it matters to a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallResult {
    Success,
    /// The endpoint returned this documented code.
    Code(&'static str),
    /// The endpoint returned an undocumented code, or none.
    OtherCode,
    /// The token, identity or record does not exist.
    NotFound,
    /// The platform rejected a value that the customer entered.
    Validation,
    /// The platform rejected the request for another reason, which may depend on what was sent.
    OtherPlatformError,
    /// Nothing was changed, for a reason on the shop's or the platform's side.
    NotDone,
    /// The call may have taken effect.
    Unknown,
    /// A required field was empty, so no call was made.
    Incomplete,
}

impl CallResult {
    pub fn of<T, E: ErrorCode>(endpoint: Endpoint, result: &Result<T, Error<E>>) -> Self {
        let Err(error) = result else { return Success };
        if error.outcome() == Outcome::Unknown {
            return Unknown;
        }
        match error {
            Error::Endpoint(error) => {
                documented(endpoint, error.reason().code()).unwrap_or(OtherCode)
            }
            Error::Platform(error) => match (error.reason(), error.kind()) {
                (PlatformErrorCode::ResourceNotFound, _) => NotFound,
                (_, PlatformErrorKind::Validation) => Validation,
                (_, PlatformErrorKind::Other) => OtherPlatformError,
                _ => NotDone,
            },
            _ => NotDone,
        }
    }
}

fn documented(endpoint: Endpoint, code: &str) -> Option<CallResult> {
    let rows = TABLE.iter().filter(|row| row.endpoint == endpoint);
    let mut results = rows.flat_map(|row| row.results).copied();
    results.find(|result| matches!(result, Code(known) if *known == code))
}

/// The place of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// On a page of its own, after a redirect: reloading it does not make the call again.
    OwnPage(&'static str),
    /// Above the form, which can be sent again.
    AboveForm(StatusCode),
    /// Instead of the form.
    WithoutForm(StatusCode),
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    Good,
    Neutral,
    Bad,
}

#[derive(Debug, Serialize)]
pub struct Message {
    pub tone: Tone,
    pub title: &'static str,
    /// It may be empty.
    pub text: &'static str,
    /// The next steps: paths in this shop, and their names.
    pub links: &'static [(&'static str, &'static str)],
}

pub struct Row {
    endpoint: Endpoint,
    results: &'static [CallResult],
    pub placement: Placement,
    pub message: Message,
}

/// The row of a result.
pub fn of(endpoint: Endpoint, result: CallResult) -> &'static Row {
    TABLE
        .iter()
        .find(|row| row.endpoint == endpoint && row.results.contains(&result))
        .unwrap_or(&MISSING)
}

/// The rows that have a page of their own.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static Message)> {
    TABLE.iter().filter_map(|row| match row.placement {
        OwnPage(path) => Some((path, &row.message)),
        _ => None,
    })
}

/// The status for failures of the platform. Many proxies replace the page of a 502 or 504 with their own.
const FAILED: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

const SIGN_IN: (&str, &str) = ("/sign-in", "Sign in");
const REGISTER: (&str, &str) = ("/register", "Open an account");
const NEW_LINK: (&str, &str) = ("/forgot-password", "Request a new link");

const fn row(
    endpoint: Endpoint,
    results: &'static [CallResult],
    placement: Placement,
    message: Message,
) -> Row {
    Row { endpoint, results, placement, message }
}

const fn message(
    tone: Tone,
    title: &'static str,
    text: &'static str,
    links: &'static [(&'static str, &'static str)],
) -> Message {
    Message { tone, title, text, links }
}

const fn try_later(title: &'static str) -> Message {
    message(Bad, title, "Please try again later.", &[])
}

const DID_NOT_WORK: Message = try_later("That did not work");
const WENT_WRONG: Message = try_later("Something went wrong");
const CHECK_ENTRIES: Message = message(Bad, "Please check your entries", "", &[]);

const fn incomplete(text: &'static str) -> Message {
    message(Bad, "Something is missing", text, &[])
}

static MISSING: Row = row(GetAccountInfo, &[], WithoutForm(FAILED), DID_NOT_WORK);

#[rustfmt::skip]
static TABLE: &[Row] = &[
    // ---- POST register-account
    row(RegisterAccount, &[Success], OwnPage("/register/done"), message(
        Good, "Welcome!", "Please open the link in our email.", &[],
    )),
    row(RegisterAccount, &[Code("E001")], AboveForm(FAILED), WENT_WRONG),
    row(RegisterAccount, &[Code("E002")], AboveForm(StatusCode::CONFLICT), message(
        Bad, "You already have an account", "Please sign in, or reset your password.",
        &[SIGN_IN, ("/forgot-password", "Reset your password")],
    )),
    row(RegisterAccount, &[Code("E003")], AboveForm(StatusCode::FORBIDDEN), message(
        Bad, "We cannot open an account for you", "Please contact us.", &[],
    )),
    row(RegisterAccount, &[Code("E004")], AboveForm(StatusCode::TOO_MANY_REQUESTS), message(
        Neutral, "Please look for our email, or try again in ten minutes", "", &[],
    )),
    row(RegisterAccount, &[Validation], AboveForm(WRONG), CHECK_ENTRIES),
    row(RegisterAccount, &[Incomplete], AboveForm(WRONG), incomplete(
        "Please enter your email address and choose a password.",
    )),
    row(RegisterAccount, &[OtherCode, NotFound, OtherPlatformError, NotDone], AboveForm(FAILED), DID_NOT_WORK),
    row(RegisterAccount, &[Unknown], OwnPage("/register/unknown"), message(
        Neutral, "We could not confirm your registration", "Please check your inbox before you try again.", &[REGISTER],
    )),

    // ---- POST register-account-verify
    row(RegisterAccountVerify, &[Success], OwnPage("/verify/done"), message(
        Good, "Your email address is confirmed", "You can sign in now.", &[SIGN_IN],
    )),
    // Not documented: the error for a used or unknown token. Every rejection shows one message.
    row(RegisterAccountVerify, &[OtherCode, NotFound, Validation], WithoutForm(StatusCode::GONE), message(
        Bad, "This link has expired or was already used", "Please try to sign in, or register again.",
        &[SIGN_IN, REGISTER],
    )),
    row(RegisterAccountVerify, &[OtherPlatformError, NotDone], AboveForm(FAILED), DID_NOT_WORK),
    row(RegisterAccountVerify, &[Unknown], OwnPage("/verify/unknown"), message(
        Neutral, "We could not confirm your email address", "Please try to sign in.",
        &[SIGN_IN, ("/verify", "Confirm again")],
    )),

    // ---- POST login
    // One message for every result that may depend on whether the address has an account: E002 unknown address, E003 no
    // account, E004 wrong password, E005 banned, E006 too many attempts, E007 email not verified.
    row(
        Login,
        &[
            Code("E002"), Code("E003"), Code("E004"), Code("E005"), Code("E006"), Code("E007"),
            OtherCode, NotFound, Validation, OtherPlatformError,
        ],
        AboveForm(WRONG),
        message(
            Bad,
            "We could not sign you in",
            "Please check your email address and your password. If your account is new, open the link in our email \
             first. After several attempts, wait a while. If nothing helps, contact us.",
            &[],
        ),
    ),
    row(Login, &[Incomplete], AboveForm(WRONG), incomplete("Please enter your email address and your password.")),
    row(Login, &[Code("E001")], AboveForm(FAILED), WENT_WRONG),
    row(Login, &[NotDone], AboveForm(FAILED), DID_NOT_WORK),
    row(Login, &[Unknown], AboveForm(FAILED), message(
        Neutral, "We could not sign you in", "Please try again.", &[],
    )),

    // ---- GET get-account-info
    // A customer who is not logged in counts as `NotFound`.
    row(GetAccountInfo, &[OtherCode, NotFound, Validation], OwnPage("/session-ended"), message(
        Neutral, "Please sign in", "", &[SIGN_IN],
    )),
    row(GetAccountInfo, &[OtherPlatformError, NotDone], WithoutForm(FAILED), DID_NOT_WORK),
    row(GetAccountInfo, &[Unknown], WithoutForm(FAILED), message(
        Neutral, "Something went wrong", "Please reload the page.", &[("/account", "Reload")],
    )),

    // ---- POST logout
    row(
        Logout,
        &[Success, OtherCode, NotFound, Validation, OtherPlatformError, NotDone, Unknown],
        OwnPage("/sign-out/done"),
        message(Good, "You are signed out", "", &[]),
    ),

    // ---- POST reset-password
    // One message for every result that may depend on whether the address has an account.
    row(
        ResetPassword,
        &[Success, OtherCode, NotFound, Validation, OtherPlatformError],
        OwnPage("/forgot-password/done"),
        message(Neutral, "If this address has an account, we have sent an email to it", "", &[NEW_LINK]),
    ),
    row(ResetPassword, &[Incomplete], AboveForm(WRONG), incomplete("Please enter your email address.")),
    row(ResetPassword, &[NotDone], AboveForm(FAILED), DID_NOT_WORK),
    row(ResetPassword, &[Unknown], OwnPage("/forgot-password/unknown"), message(
        Neutral, "We could not confirm your request", "Please check your inbox before you try again.", &[NEW_LINK],
    )),

    // ---- POST set-new-password
    row(SetNewPassword, &[Success], OwnPage("/new-password/done"), message(
        Good, "Your new password is set", "You can sign in now.", &[SIGN_IN],
    )),
    row(SetNewPassword, &[Code("E001")], AboveForm(FAILED), WENT_WRONG),
    row(SetNewPassword, &[Code("E002")], AboveForm(WRONG), message(
        Bad, "You have used this password before", "Please choose another one.", &[],
    )),
    row(SetNewPassword, &[Code("E003"), Code("E004"), OtherCode, NotFound], WithoutForm(StatusCode::GONE), message(
        Bad, "This link has expired or was already used", "Please request a new one.", &[NEW_LINK],
    )),
    row(SetNewPassword, &[Validation], AboveForm(WRONG), CHECK_ENTRIES),
    row(SetNewPassword, &[Incomplete], AboveForm(WRONG), incomplete("Please choose a new password.")),
    row(SetNewPassword, &[OtherPlatformError, NotDone], AboveForm(FAILED), DID_NOT_WORK),
    row(SetNewPassword, &[Unknown], OwnPage("/new-password/unknown"), message(
        Neutral, "We could not confirm the change", "Please try to sign in with the new password.",
        &[SIGN_IN, ("/new-password", "Set it again")],
    )),
];

pub static NO_COOKIES: Message = message(
    Bad,
    "Your browser keeps no cookies",
    "We need one to keep you signed in. Please allow cookies for this shop, then sign in again.",
    &[SIGN_IN],
);

pub static NO_LINK: Message = message(
    Bad,
    "This page needs the link from our email",
    "Please open that link. If you already did, half an hour has passed, or your browser keeps no cookies: allow \
     cookies for this shop, and open the link again.",
    &[],
);

pub static OTHER_SITE: Message = message(
    Bad,
    "We could not accept that form",
    "It seems to come from another website. Please start from our own page.",
    &[("/", "To the shop")],
);

pub static PAGE_NOT_FOUND: Message = message(
    Bad,
    "This page does not exist",
    "Please start from our front page.",
    &[("/", "To the shop")],
);

#[cfg(test)]
mod tests;
