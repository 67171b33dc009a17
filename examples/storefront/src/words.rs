//! What a shopper is told: every outcome of every endpoint in one [`TABLE`], and what has no endpoint below it. A request that
//! no form of this shop sends (a field twice, a form of a megabyte) gets axum's own words.
//!
//! No word here is BizKitHub's, and no code is shown. Nothing tells a stranger whether an address is known: signing in and
//! the reset have one sentence each for every answer that could depend on it. Registering does tell, by the platform's own
//! rule.

use axum::http::StatusCode;
use bizkithub::{EndpointError, Error, Outcome, PlatformErrorKind};
use serde::Serialize;

use self::Came::{
    Done, InDoubt, Incomplete, NoSuchRecord, NotDone, Refused, RefusedOtherwise, TurnedAway,
    Validation,
};
use self::Endpoint::{
    GetAccountInfo, Login, Logout, RegisterAccount, RegisterAccountVerify, ResetPassword,
    SetNewPassword,
};
use self::Shown::{Alone, At, WithForm};
use self::Tone::{Bad, Calm, Good};

/// The endpoints, by the last segment of their paths.
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

/// What came of a call, as far as it matters to a shopper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    Done,
    /// The endpoint said no, with this documented code.
    Refused(&'static str),
    /// The endpoint said no, with a code that nobody documents, or with none.
    RefusedOtherwise,
    /// The platform knows no such token, identity or record.
    NoSuchRecord,
    /// The platform does not take a value that was typed.
    Validation,
    /// The platform turned the call away for a reason that may lie in what was sent.
    TurnedAway,
    /// Nothing was done, and the reason is this shop's or the platform's own.
    NotDone,
    /// It may have been done, or not.
    InDoubt,
    /// A field that is needed was left empty, so there was no call.
    Incomplete,
}

impl Came {
    pub fn of<E: EndpointError>(endpoint: Endpoint, error: &Error<E>) -> Self {
        if error.outcome() == Outcome::Unknown {
            return InDoubt;
        }
        match error {
            Error::Refused(_) => documented(endpoint, error.code()).unwrap_or(RefusedOtherwise),
            Error::Platform(platform) if platform.code() == "INTERNAL_RESOURCE_NOT_FOUND" => {
                NoSuchRecord
            }
            Error::Platform(platform) => match platform.kind() {
                PlatformErrorKind::Validation => Validation,
                PlatformErrorKind::Other => TurnedAway,
                _ => NotDone,
            },
            _ => NotDone,
        }
    }
}

fn documented(endpoint: Endpoint, code: Option<&str>) -> Option<Came> {
    let rows = TABLE.iter().filter(|row| row.endpoint == endpoint);
    let mut cases = rows.flat_map(|row| row.cases).copied();
    cases.find(|case| matches!(case, Refused(known) if Some(*known) == code))
}

/// Where the words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// On a page of its own, after a redirect: whatever was done, a reload does not do it again.
    At(&'static str),
    /// Above the form, which may be sent again.
    WithForm(StatusCode),
    /// Without the form.
    Alone(StatusCode),
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    Good,
    Calm,
    Bad,
}

#[derive(Debug, Serialize)]
pub struct Words {
    pub tone: Tone,
    pub title: &'static str,
    pub text: &'static str,
    /// Where to go next: addresses in this shop, and their names.
    pub links: &'static [(&'static str, &'static str)],
}

pub struct Row {
    endpoint: Endpoint,
    cases: &'static [Came],
    pub shown: Shown,
    pub words: Words,
}

/// What to tell when `endpoint` ended like this.
pub fn of(endpoint: Endpoint, came: Came) -> &'static Row {
    TABLE
        .iter()
        .find(|row| row.endpoint == endpoint && row.cases.contains(&came))
        .unwrap_or(&NO_WORDS)
}

/// Every row that has a page of its own.
pub fn pages() -> impl Iterator<Item = (&'static str, &'static Words)> {
    TABLE.iter().filter_map(|row| match row.shown {
        At(path) => Some((path, &row.words)),
        _ => None,
    })
}

/// Failures of the platform are told with 503: many a proxy replaces the page of a 502 or 504 by its own.
const FAILED: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

const SIGN_IN: (&str, &str) = ("/sign-in", "Sign in");
const REGISTER: (&str, &str) = ("/register", "Open an account");
const NEW_LINK: (&str, &str) = ("/forgot-password", "Ask for a new link");

const fn row(endpoint: Endpoint, cases: &'static [Came], shown: Shown, words: Words) -> Row {
    Row { endpoint, cases, shown, words }
}

const fn words(
    tone: Tone,
    title: &'static str,
    text: &'static str,
    links: &'static [(&'static str, &'static str)],
) -> Words {
    Words { tone, title, text, links }
}

const fn our_fault() -> Words {
    let text = "The fault is ours, not yours. Please try again in a few minutes.";
    words(Bad, "That did not work", text, &[])
}

const fn not_sure(text: &'static str, links: &'static [(&'static str, &'static str)]) -> Words {
    words(Calm, "We are not sure that it worked", text, links)
}

static NO_WORDS: Row = row(GetAccountInfo, &[], Alone(FAILED), our_fault());

#[rustfmt::skip]
static TABLE: &[Row] = &[
    // ---- POST register-account
    row(RegisterAccount, &[Done], At("/register/done"), words(
        Good,
        "Please check your inbox",
        "We have sent you an e-mail. Open the link in it, then you can sign in.",
        &[],
    )),
    row(RegisterAccount, &[Refused("E002")], WithForm(StatusCode::CONFLICT), words(
        Bad,
        "You have an account already",
        "Sign in, or ask for a new password if you have forgotten yours.",
        &[SIGN_IN, ("/forgot-password", "Ask for a new password")],
    )),
    row(RegisterAccount, &[Refused("E003")], WithForm(StatusCode::FORBIDDEN), words(
        Bad,
        "We cannot open an account for you",
        "Please write to us if you think that this is a mistake.",
        &[],
    )),
    row(RegisterAccount, &[Refused("E004")], WithForm(StatusCode::TOO_MANY_REQUESTS), words(
        Calm,
        "Please check your inbox",
        "We have sent you an e-mail with a link already. If it does not come, try again in ten minutes.",
        &[],
    )),
    row(RegisterAccount, &[Validation], WithForm(WRONG), words(
        Bad,
        "Please check what you typed",
        "Is the e-mail address right? A phone number starts with a plus sign and the country code.",
        &[],
    )),
    row(RegisterAccount, &[Incomplete], WithForm(WRONG), words(
        Bad,
        "Something is missing",
        "Please give your e-mail address and choose a password.",
        &[],
    )),
    row(RegisterAccount, &[Refused("E001"), RefusedOtherwise, NoSuchRecord, TurnedAway, NotDone], WithForm(FAILED),
        our_fault()),
    row(RegisterAccount, &[InDoubt], At("/register/in-doubt"), not_sure(
        "Please check your inbox in a few minutes. If there is no e-mail from us, open the account once more.",
        &[REGISTER],
    )),

    // ---- POST register-account-verify
    row(RegisterAccountVerify, &[Done], At("/verify/done"), words(
        Good,
        "Your e-mail address is confirmed",
        "You can sign in now.",
        &[SIGN_IN],
    )),
    // What a used or an unknown token gets is not documented: every way to say no is told as one thing.
    row(RegisterAccountVerify, &[RefusedOtherwise, NoSuchRecord, Validation], Alone(StatusCode::GONE), words(
        Bad,
        "This link is used up or too old",
        "Try to sign in: your address may be confirmed already. If it is not, open the account once more, and we send \
         you a new link.",
        &[SIGN_IN, REGISTER],
    )),
    row(RegisterAccountVerify, &[TurnedAway, NotDone], WithForm(FAILED), our_fault()),
    row(RegisterAccountVerify, &[InDoubt], At("/verify/in-doubt"), not_sure(
        "Try to sign in. If that does not work, open the link in our e-mail once more.",
        &[SIGN_IN],
    )),

    // ---- POST login
    // One sentence for all that may depend on whether the address is known: E002 no such address, E003 no account,
    // E004 wrong password, E005 banned, E006 too many attempts, E007 link in the e-mail not opened.
    row(
        Login,
        &[
            Refused("E002"), Refused("E003"), Refused("E004"), Refused("E005"), Refused("E006"), Refused("E007"),
            RefusedOtherwise, NoSuchRecord, Validation, TurnedAway,
        ],
        WithForm(WRONG),
        words(
            Bad,
            "We could not sign you in",
            "Please check your e-mail address and your password. Is the account new? Then open the link in our e-mail \
             first. If you have tried many times, wait a while. If you cannot get in at all, write to us.",
            &[],
        ),
    ),
    row(Login, &[Incomplete], WithForm(WRONG), words(
        Bad,
        "Something is missing",
        "Please give your e-mail address and your password.",
        &[],
    )),
    row(Login, &[Refused("E001"), NotDone], WithForm(FAILED), our_fault()),
    row(Login, &[InDoubt], WithForm(FAILED), not_sure("Please sign in once more.", &[])),

    // ---- GET get-account-info
    // An answer that is not signed in counts as `NoSuchRecord`.
    row(GetAccountInfo, &[RefusedOtherwise, NoSuchRecord], At("/session-ended"), words(
        Calm,
        "Please sign in again",
        "You have been signed out, because you were away for some time or have set a new password.",
        &[SIGN_IN],
    )),
    row(GetAccountInfo, &[Validation, TurnedAway, NotDone, InDoubt], Alone(FAILED), words(
        Calm,
        "We cannot show your account right now",
        "You are still signed in. Please try again in a few minutes.",
        &[("/account", "Try again")],
    )),

    // ---- POST logout
    row(Logout, &[Done, RefusedOtherwise, NoSuchRecord], At("/sign-out/done"), words(
        Good,
        "You are signed out",
        "See you soon!",
        &[],
    )),
    row(Logout, &[Validation, TurnedAway, NotDone, InDoubt], At("/sign-out/in-doubt"), words(
        Calm,
        "You are signed out in this browser",
        "Our systems did not confirm it, but nobody can go on with your account here. There is nothing left to do.",
        &[],
    )),

    // ---- POST reset-password
    // One sentence for all that may depend on whether the address is known.
    row(
        ResetPassword,
        &[Done, RefusedOtherwise, NoSuchRecord, Validation, TurnedAway, InDoubt],
        At("/forgot-password/done"),
        words(
            Calm,
            "Please check your inbox",
            "If the address has an account here, we have sent it an e-mail with a link. If nothing comes in a few \
             minutes, check the address for typing errors and ask once more.",
            &[NEW_LINK],
        ),
    ),
    row(ResetPassword, &[Incomplete], WithForm(WRONG), words(
        Bad,
        "Something is missing",
        "Please give your e-mail address.",
        &[],
    )),
    row(ResetPassword, &[NotDone], WithForm(FAILED), our_fault()),

    // ---- POST set-new-password
    row(SetNewPassword, &[Done], At("/new-password/done"), words(
        Good,
        "Your new password is set",
        "You can sign in with it now.",
        &[SIGN_IN],
    )),
    row(SetNewPassword, &[Refused("E002")], WithForm(WRONG), words(
        Bad,
        "You had this password before",
        "Please choose another one.",
        &[],
    )),
    row(SetNewPassword, &[Refused("E003"), Refused("E004"), NoSuchRecord], Alone(StatusCode::GONE), words(
        Bad,
        "This link is used up or too old",
        "Please ask for a new one.",
        &[NEW_LINK],
    )),
    row(SetNewPassword, &[Validation, RefusedOtherwise], WithForm(WRONG), words(
        Bad,
        "That did not work",
        "Please choose another password. If that does not help, ask for a new link.",
        &[NEW_LINK],
    )),
    row(SetNewPassword, &[Incomplete], WithForm(WRONG), words(
        Bad,
        "Something is missing",
        "Please choose a new password.",
        &[],
    )),
    row(SetNewPassword, &[Refused("E001"), TurnedAway, NotDone], WithForm(FAILED), our_fault()),
    row(SetNewPassword, &[InDoubt], At("/new-password/in-doubt"), not_sure(
        "Try to sign in with the new password. If that does not work, ask for a new link.",
        &[SIGN_IN, NEW_LINK],
    )),
];

pub static NO_COOKIES: Words = words(
    Bad,
    "Your browser keeps no cookies",
    "We need one to know that it is you. Please allow cookies for this shop, then sign in once more.",
    &[SIGN_IN],
);

pub static NO_LINK: Words = words(
    Bad,
    "This page needs the link from our e-mail",
    "Please open that link. If you did, your browser keeps no cookies, or half an hour has passed: allow cookies for \
     this shop, and open the link once more.",
    &[],
);

pub static FROM_ELSEWHERE: Words = words(
    Bad,
    "We did not take that form",
    "It seems to come from another website. Please start from our own page.",
    &[("/", "To the shop")],
);

pub static NOT_FOUND: Words =
    words(Bad, "There is no such page", "Please start from our own page.", &[("/", "To the shop")]);

#[cfg(test)]
mod tests;
