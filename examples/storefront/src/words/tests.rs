use bizkithub::sandbox::{Fault, PlatformFault, Sandbox};
use bizkithub::{
    Client, GetAccountInfoRequest, LoginError, LoginRequest, LogoutRequest, RegisterAccountError,
    RegisterAccountRequest, RegisterAccountVerifyRequest, ResetPasswordRequest,
    SetNewPasswordError, SetNewPasswordRequest, UndocumentedRefusal,
};

use super::*;

const ENDPOINTS: [Endpoint; 7] = [
    RegisterAccount,
    RegisterAccountVerify,
    Login,
    GetAccountInfo,
    Logout,
    ResetPassword,
    SetNewPassword,
];

/// The codes that the crate knows of an endpoint, newer ones than today's included.
fn documented_codes(endpoint: Endpoint) -> Vec<String> {
    fn is_documented<E: EndpointError>(code: &str) -> bool {
        E::from_code(code).is_documented()
    }
    let is_documented = match endpoint {
        RegisterAccount => is_documented::<RegisterAccountError>,
        Login => is_documented::<LoginError>,
        SetNewPassword => is_documented::<SetNewPasswordError>,
        RegisterAccountVerify | GetAccountInfo | Logout | ResetPassword => {
            is_documented::<UndocumentedRefusal>
        }
    };
    (0..1000).map(|number| format!("E{number:03}")).filter(|code| is_documented(code)).collect()
}

fn rows(endpoint: Endpoint, came: Came) -> usize {
    TABLE.iter().filter(|row| row.endpoint == endpoint && row.cases.contains(&came)).count()
}

#[test]
fn every_documented_code_and_nothing_else_has_its_words() {
    for endpoint in ENDPOINTS {
        let cases = TABLE.iter().filter(|row| row.endpoint == endpoint).flat_map(|row| row.cases);
        let mut codes: Vec<_> = cases
            .filter_map(|case| if let Refused(code) = case { Some(code.to_string()) } else { None })
            .collect();
        codes.sort();
        assert_eq!(codes, documented_codes(endpoint), "{endpoint:?}");
    }
}

#[test]
fn every_endpoint_has_words_for_whatever_else_may_come_of_a_call() {
    for endpoint in ENDPOINTS {
        for came in [Done, RefusedOtherwise, NoSuchRecord, Validation, TurnedAway, NotDone, InDoubt]
        {
            // Whoever has signed in, and whoever is signed in, sees the account.
            let is_page = came == Done && matches!(endpoint, Login | GetAccountInfo);
            assert_eq!(rows(endpoint, came), usize::from(!is_page), "{endpoint:?} {came:?}");
        }
        let has_fields =
            matches!(endpoint, RegisterAccount | Login | ResetPassword | SetNewPassword);
        assert_eq!(rows(endpoint, Incomplete), usize::from(has_fields), "{endpoint:?}");
    }
}

#[test]
fn what_may_depend_on_whether_an_address_is_known_is_told_in_one_sentence() {
    let one = |endpoint, cases: &[Came]| {
        let first = of(endpoint, cases[0]);
        assert!(cases.iter().all(|came| std::ptr::eq(of(endpoint, *came), first)), "{endpoint:?}");
    };
    let known_or_not = ["E002", "E003", "E004", "E005", "E006", "E007"].map(Refused);
    one(Login, &known_or_not);
    one(Login, &[known_or_not[0], RefusedOtherwise, NoSuchRecord, Validation, TurnedAway]);
    one(ResetPassword, &[Done, RefusedOtherwise, NoSuchRecord, Validation, TurnedAway, InDoubt]);
}

#[test]
fn what_may_have_been_done_is_told_after_a_redirect_unless_doing_it_again_is_harmless() {
    for row in TABLE {
        let done = row.cases.contains(&Done) || row.cases.contains(&InDoubt);
        let harmless = matches!(row.endpoint, Login | GetAccountInfo);
        assert!(!done || harmless || matches!(row.shown, At(_)), "{}", row.words.title);
    }
}

#[test]
fn the_words_are_a_shoppers() {
    let others = [&NO_COOKIES, &NO_LINK, &FROM_ELSEWHERE, &NOT_FOUND];
    for words in TABLE.iter().map(|row| &row.words).chain(others) {
        let all = format!("{} {}", words.title, words.text);
        for word in ["BizKitHub", "E0", "HTTP", "API", "token", "identity", "server", "  "] {
            assert!(!all.contains(word), "{word}: {all}");
        }
    }
}

/// What comes of a call to each endpoint, or nothing if it succeeds.
async fn call(client: &Client, endpoint: Endpoint) -> Option<Came> {
    fn came<T, E: EndpointError>(endpoint: Endpoint, result: Result<T, Error<E>>) -> Option<Came> {
        Some(Came::of(endpoint, &result.err()?))
    }
    let (email, password, token, identity_id) = ("eva@example.com", "secret", "token", "identity");
    match endpoint {
        RegisterAccount => {
            let request = RegisterAccountRequest::builder().email(email).password(password).build();
            came(endpoint, client.register_account(&request).await)
        }
        RegisterAccountVerify => {
            let request = RegisterAccountVerifyRequest::builder().token(token).build();
            came(endpoint, client.register_account_verify(&request).await)
        }
        Login => {
            let request = LoginRequest::builder().email(email).password(password).build();
            came(endpoint, client.login(&request).await)
        }
        GetAccountInfo => {
            let request = GetAccountInfoRequest::builder().identity_id(identity_id).build();
            came(endpoint, client.get_account_info(&request).await)
        }
        Logout => {
            let request = LogoutRequest::builder().identity_id(identity_id).build();
            came(endpoint, client.logout(&request).await)
        }
        ResetPassword => {
            let request = ResetPasswordRequest::builder().email(email).build();
            came(endpoint, client.reset_password(&request).await)
        }
        SetNewPassword => {
            let request = SetNewPasswordRequest::builder().token(token).password(password).build();
            came(endpoint, client.set_new_password(&request).await)
        }
    }
}

#[tokio::test]
async fn every_way_to_fail_is_told_as_what_it_is() {
    let sandbox = Sandbox::start().await.unwrap();
    // A repeat would find the fault gone.
    let client = sandbox.client().with_retry(bizkithub::RetryPolicy::none());
    let platform = PlatformFault::ALL.iter().map(|&fault| {
        let came = match fault {
            PlatformFault::ValidationFailed => Validation,
            PlatformFault::ResourceNotFound => NoSuchRecord,
            PlatformFault::CanNotDeterminateUserIp => TurnedAway,
            _ => NotDone,
        };
        (Fault::Platform(fault), came)
    });
    let unclear = [
        Fault::Dropped,
        Fault::Truncated,
        Fault::Html(StatusCode::BAD_GATEWAY),
        Fault::Html(StatusCode::OK),
    ];
    let mut faults: Vec<_> = platform.chain(unclear.map(|fault| (fault, InDoubt))).collect();
    faults.push((Fault::Html(StatusCode::TOO_MANY_REQUESTS), NotDone));
    faults.push((Fault::Refusal("E999".to_owned()), RefusedOtherwise));
    faults.push((Fault::Refusal(String::new()), RefusedOtherwise));
    for endpoint in ENDPOINTS {
        for (fault, expected) in &faults {
            sandbox.inject(fault.clone());
            assert_eq!(call(&client, endpoint).await, Some(*expected), "{endpoint:?} {fault:?}");
        }
        for code in documented_codes(endpoint) {
            sandbox.inject(Fault::Refusal(code.clone()));
            let Some(Refused(refused)) = call(&client, endpoint).await else {
                panic!("{endpoint:?} {code}");
            };
            assert_eq!(refused, code);
        }
    }
    let url = sandbox.url();
    drop(sandbox);
    let nobody = Client::builder("DEV_0123456789abcdefghijABCDEFGH").base_url(url).build().unwrap();
    for endpoint in ENDPOINTS {
        assert_eq!(call(&nobody, endpoint).await, Some(NotDone), "{endpoint:?}");
    }
}
