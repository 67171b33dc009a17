use bizkithub::sandbox::{Fault, Sandbox};
use bizkithub::{
    Client, GetAccountInfoError, GetAccountInfoRequest, LoginError, LoginRequest, LogoutError,
    LogoutRequest, RegisterAccountError, RegisterAccountRequest, RegisterAccountVerifyError,
    RegisterAccountVerifyRequest, ResetPasswordError, ResetPasswordRequest, RetryPolicy,
    SetNewPasswordError, SetNewPasswordRequest,
};

use super::*;

const ENDPOINTS: [(Endpoint, &str); 7] = [
    (RegisterAccount, "register_account"),
    (RegisterAccountVerify, "register_account_verify"),
    (Login, "login"),
    (GetAccountInfo, "get_account_info"),
    (Logout, "logout"),
    (ResetPassword, "reset_password"),
    (SetNewPassword, "set_new_password"),
];

/// The codes of an endpoint that the crate knows.
fn documented_codes(endpoint: Endpoint) -> Vec<String> {
    let name = |code: &str| match endpoint {
        RegisterAccount => format!("{:?}", RegisterAccountError::from(code)),
        RegisterAccountVerify => format!("{:?}", RegisterAccountVerifyError::from(code)),
        Login => format!("{:?}", LoginError::from(code)),
        GetAccountInfo => format!("{:?}", GetAccountInfoError::from(code)),
        Logout => format!("{:?}", LogoutError::from(code)),
        ResetPassword => format!("{:?}", ResetPasswordError::from(code)),
        SetNewPassword => format!("{:?}", SetNewPasswordError::from(code)),
    };
    let codes = (0..1000).map(|number| format!("E{number:03}"));
    codes.filter(|code| !name(code).starts_with("Unknown(")).collect()
}

/// The codes of an endpoint that have a message.
fn codes(endpoint: Endpoint) -> Vec<&'static str> {
    let rows = TABLE.iter().filter(|row| row.endpoint == endpoint);
    let mut codes: Vec<_> = rows
        .flat_map(|row| row.results)
        .filter_map(|result| if let Code(code) = result { Some(*code) } else { None })
        .collect();
    codes.sort();
    codes
}

const OTHER_RESULTS: [CallResult; 7] =
    [Success, OtherCode, NotFound, Validation, OtherPlatformError, NotDone, Unknown];

fn rows(endpoint: Endpoint, result: CallResult) -> usize {
    TABLE.iter().filter(|row| row.endpoint == endpoint && row.results.contains(&result)).count()
}

/// The title and the text, as one string.
fn whole(message: &Message) -> String {
    let Message { title, text, .. } = message;
    let end = if title.ends_with('!') { "" } else { "." };
    format!("{title}{end} {text}").trim_end().to_owned()
}

#[test]
fn every_result_has_exactly_one_message() {
    for (endpoint, name) in ENDPOINTS {
        assert_eq!(codes(endpoint), documented_codes(endpoint), "{name}");
        for result in OTHER_RESULTS {
            // After these, the customer sees the account.
            let is_page = result == Success && matches!(endpoint, Login | GetAccountInfo);
            assert_eq!(rows(endpoint, result), usize::from(!is_page), "{endpoint:?} {result:?}");
        }
        let has_fields =
            matches!(endpoint, RegisterAccount | Login | ResetPassword | SetNewPassword);
        assert_eq!(rows(endpoint, Incomplete), usize::from(has_fields), "{endpoint:?}");
    }
}

#[test]
fn messages_are_those_of_the_documentation() {
    let page = include_str!("../../../../docs/customer-messages.md");
    let (_, table) = page.split_once("| operation | result | message |").unwrap();
    let mut operation = "";
    let mut compared = 0;
    for line in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [name, results, documented] = cells[..] else { panic!("{line}") };
        if !name.is_empty() {
            operation = name.trim_matches('`');
        }
        let (endpoint, _) = *ENDPOINTS.iter().find(|(_, name)| *name == operation).unwrap();
        let codes = codes(endpoint).into_iter().filter(|code| results.contains(code));
        let mut named: Vec<_> = codes.map(Code).collect();
        let others: [(&str, &[CallResult]); 4] = [
            ("success", if endpoint == GetAccountInfo { &[NotFound] } else { &[Success] }),
            ("any other code", &[OtherCode, NotFound]),
            ("outcome `Unknown`", &[Unknown]),
            ("any result", &OTHER_RESULTS),
        ];
        named.extend(
            others
                .iter()
                .filter(|(part, _)| results.contains(part))
                .flat_map(|(_, results)| *results),
        );
        assert!(!named.is_empty(), "{line}");
        for result in named {
            let shown = &of(endpoint, result).message;
            // The shop shows one message for all of these: see `login_and_reset_do_not_reveal_an_account`.
            if endpoint == Login && shown.title == "We could not sign you in" && result != Unknown {
                continue;
            }
            // A remark for developers follows the message.
            let documented = documented.split(" (").next().unwrap();
            assert_eq!(whole(shown), documented, "{operation} {result:?}");
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared} messages");
    for message in [CHECK_ENTRIES, DID_NOT_WORK] {
        assert!(page.contains(&format!("| {}", whole(&message))), "{}", message.title);
    }
}

#[test]
fn login_and_reset_do_not_reveal_an_account() {
    let all_same = |endpoint, results: &[CallResult]| {
        let first = of(endpoint, results[0]);
        for result in results {
            assert!(std::ptr::eq(of(endpoint, *result), first), "{endpoint:?} {result:?}");
        }
    };
    let codes = ["E002", "E003", "E004", "E005", "E006", "E007"].map(Code);
    all_same(Login, &codes);
    all_same(Login, &[codes[0], OtherCode, NotFound, Validation, OtherPlatformError]);
    all_same(ResetPassword, &[Success, OtherCode, NotFound, Validation, OtherPlatformError]);
}

#[test]
fn a_reload_never_makes_an_uncertain_call_again() {
    for row in TABLE {
        let done = row.results.contains(&Success) || row.results.contains(&Unknown);
        let harmless = matches!(row.endpoint, Login | GetAccountInfo);
        assert!(!done || harmless || matches!(row.placement, OwnPage(_)), "{}", row.message.title);
    }
}

#[test]
fn messages_contain_no_technical_terms() {
    let others = [&NO_COOKIES, &NO_LINK, &OTHER_SITE, &PAGE_NOT_FOUND];
    for message in TABLE.iter().map(|row| &row.message).chain(others) {
        let message = whole(message);
        for term in ["BizKitHub", "E0", "HTTP", "API", "token", "identity", "server", "  "] {
            assert!(!message.contains(term), "{term}: {message}");
        }
    }
}

async fn call(client: &Client, endpoint: Endpoint) -> CallResult {
    let (email, password, token, identity_id) = ("eva@example.com", "secret", "token", "identity");
    match endpoint {
        RegisterAccount => {
            let request = RegisterAccountRequest::builder().email(email).password(password).build();
            CallResult::of(endpoint, &client.register_account(&request).await)
        }
        RegisterAccountVerify => {
            let request = RegisterAccountVerifyRequest::builder().token(token).build();
            CallResult::of(endpoint, &client.register_account_verify(&request).await)
        }
        Login => {
            let request = LoginRequest::builder().email(email).password(password).build();
            CallResult::of(endpoint, &client.login(&request).await)
        }
        GetAccountInfo => {
            let request = GetAccountInfoRequest::builder().identity_id(identity_id).build();
            CallResult::of(endpoint, &client.get_account_info(&request).await)
        }
        Logout => {
            let request = LogoutRequest::builder().identity_id(identity_id).build();
            CallResult::of(endpoint, &client.logout(&request).await)
        }
        ResetPassword => {
            let request = ResetPasswordRequest::builder().email(email).build();
            CallResult::of(endpoint, &client.reset_password(&request).await)
        }
        SetNewPassword => {
            let request = SetNewPasswordRequest::builder().token(token).password(password).build();
            CallResult::of(endpoint, &client.set_new_password(&request).await)
        }
    }
}

#[tokio::test]
async fn every_failure_has_the_right_result() {
    let sandbox = Sandbox::start().await.unwrap();
    // A retry would no longer meet the fault.
    let client = sandbox.client().with_retry(RetryPolicy::none());
    let platform = PlatformErrorCode::ALL.iter().map(|code| {
        let result = match code {
            PlatformErrorCode::ValidationFailed => Validation,
            PlatformErrorCode::ResourceNotFound => NotFound,
            PlatformErrorCode::CanNotDeterminateUserIp => OtherPlatformError,
            _ => NotDone,
        };
        (Fault::Platform(code.clone()), result)
    });
    let unclear = [
        Fault::Dropped,
        Fault::Truncated,
        Fault::Html(StatusCode::BAD_GATEWAY),
        Fault::Html(StatusCode::OK),
    ];
    let mut faults: Vec<_> = platform.chain(unclear.map(|fault| (fault, Unknown))).collect();
    faults.push((Fault::Html(StatusCode::TOO_MANY_REQUESTS), NotDone));
    faults.push((Fault::EndpointError("E999".to_owned()), OtherCode));
    faults.push((Fault::EndpointError(String::new()), OtherCode));
    for (endpoint, _) in ENDPOINTS {
        for (fault, expected) in &faults {
            sandbox.inject(fault.clone());
            assert_eq!(call(&client, endpoint).await, *expected, "{endpoint:?} {fault:?}");
        }
        for code in codes(endpoint) {
            sandbox.inject(Fault::EndpointError(code.to_owned()));
            assert_eq!(call(&client, endpoint).await, Code(code), "{endpoint:?}");
        }
    }
    let url = sandbox.url();
    drop(sandbox);
    let stopped =
        Client::builder("DEV_0123456789abcdefghijABCDEFGH").base_url(url).build().unwrap();
    for (endpoint, _) in ENDPOINTS {
        assert_eq!(call(&stopped, endpoint).await, NotDone, "{endpoint:?}");
    }
}
