//! The documented facts of each endpoint, written down a second time (the spec is checked, not trusted), and how a test
//! calls it.
//!
//! The first endpoint is from the reference page, the others are from
//! [BizKitHub's later pages](https://docs.bizkithub.com).

// Each test binary uses a part of it.
#![allow(dead_code, unused_imports)]

#[path = "error_view.rs"]
mod error_view;

use std::fmt::Debug;
use std::pin::Pin;

use bizkithub::{
    Client, Error, ErrorCode, GetAccountInfoError, GetAccountInfoRequest, LoginError, LoginRequest,
    LogoutError, LogoutRequest, RegisterAccountError, RegisterAccountRequest,
    RegisterAccountVerifyError, RegisterAccountVerifyRequest, ResetPasswordError,
    ResetPasswordRequest, Response, SetNewPasswordError, SetNewPasswordRequest,
};
pub use error_view::{ErrorView, debug_output};

/// A row of the table.
pub struct Endpoint {
    pub operation_id: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    /// In TypeScript's notation: a field without a question mark is required.
    pub request: &'static [&'static str],
    /// The fields of a success, in the same notation.
    pub response: &'static [&'static str],
    pub codes: &'static [DocumentedCode],
    /// `true` if a call may be made again after a lost response.
    pub is_idempotent: bool,
    /// The body of a documented success.
    pub success: &'static str,
    /// The crate's error for a code: its variant, as `Debug` shows it, and its message.
    pub error_of_code: fn(&str) -> (String, String),
    /// The customer's values that are sent. The first distinguishes one customer's call from another's.
    sent: fn(&Secrets) -> Vec<&str>,
    call: for<'a> fn(&'a Client, &'a Secrets) -> CallFuture<'a>,
}

/// A documented error code, the crate's name for it, and its documented message.
pub struct DocumentedCode {
    pub code: &'static str,
    pub variant: &'static str,
    pub message: &'static str,
}

const fn code(code: &'static str, variant: &'static str, message: &'static str) -> DocumentedCode {
    DocumentedCode { code, variant, message }
}

/// Everything that a program could print of a success.
pub type DebugOutput = String;

/// A failed call.
#[derive(Debug)]
pub struct Failure {
    /// The error as one type for every endpoint.
    pub error: Error,
    /// The endpoint's own error, before it became that.
    pub view: ErrorView,
    /// Everything that a program could print of either.
    pub output: DebugOutput,
}

pub type CallFuture<'a> =
    Pin<Box<dyn Future<Output = Result<DebugOutput, Box<Failure>>> + Send + 'a>>;

impl Endpoint {
    /// The path's last segment, like `register-account`.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('/').next().unwrap()
    }

    /// Method and path.
    pub fn operation(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub fn is_get(&self) -> bool {
        self.method == "GET"
    }

    pub async fn call(&self, client: &Client, secrets: &Secrets) -> Result<DebugOutput, Error> {
        self.try_call(client, secrets).await.map_err(|failure| failure.error)
    }

    pub async fn try_call(
        &self,
        client: &Client,
        secrets: &Secrets,
    ) -> Result<DebugOutput, Box<Failure>> {
        (self.call)(client, secrets).await
    }

    /// The customer's values that are sent with a call. The key is sent with every call.
    pub fn sent<'a>(&self, secrets: &'a Secrets) -> Vec<&'a str> {
        (self.sent)(secrets)
    }

    /// A customer's call, in the form of `Recorded::call`.
    pub fn call_of(&self, secrets: &Secrets) -> String {
        format!("{} {}", self.name(), self.sent(secrets)[0])
    }
}

pub fn endpoint(name: &str) -> &'static Endpoint {
    ENDPOINTS.iter().find(|endpoint| endpoint.name() == name).unwrap()
}

const SUCCESS: &str = r#"{"success":true}"#;

pub static ENDPOINTS: [Endpoint; 7] = [
    Endpoint {
        operation_id: "postApiV1CustomerRegister-account",
        method: "POST",
        path: "/api/v1/customer/register-account",
        request: &[
            "email: string",
            "name?: string",
            "firstName?: string",
            "lastName?: string",
            "phone?: string",
            "companyName?: string",
            "companyRegistrationNumber?: string",
            "taxIdentificationNumber?: string",
            "streetAddress?: string",
            "city?: string",
            "cityPart?: string",
            "stateRegion?: string",
            "postalCode?: string",
            "country?: string",
            "newsletter?: boolean",
            "primaryLocale?: string",
            "groups?: string[]",
            "customerRealIp?: string",
            "referralId?: string",
            "password: Password",
            "returnUrl?: string",
        ],
        response: &["success: boolean", "data?: { message?: string }"],
        codes: &[
            code("E001", "RegisterFailed", "Customer register failed."),
            code("E002", "AlreadyRegistered", "Customer has been registered."),
            code("E003", "AccountBanned", "Customer account has been banned."),
            code("E004", "TooManyAttempts", "Too many registration attempts."),
        ],
        is_idempotent: false,
        success: r#"{"success":true,"data":{"message":"Example response"}}"#,
        error_of_code: error_of_code::<RegisterAccountError>,
        sent: |secrets| vec![&secrets.email, &secrets.password, &secrets.phone, &secrets.name],
        call: |client, secrets| {
            Box::pin(async move {
                let request = RegisterAccountRequest::builder()
                    .email(&secrets.email)
                    .password(&*secrets.password)
                    .phone(&secrets.phone)
                    .name(&secrets.name)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                output(client.register_account(&request).await)
            })
        },
    },
    Endpoint {
        operation_id: "postApiV1CustomerRegister-account-verify",
        method: "POST",
        path: "/api/v1/customer/register-account-verify",
        request: &["token: Token"],
        response: &["success: boolean", "email?: string", "returnUrl?: string"],
        codes: &[],
        is_idempotent: false,
        success: r#"{"success":true,"email":"jan@barasek.com","returnUrl":"example_returnUrl"}"#,
        error_of_code: error_of_code::<RegisterAccountVerifyError>,
        sent: |secrets| vec![&secrets.token],
        call: |client, secrets| {
            Box::pin(async move {
                let request =
                    RegisterAccountVerifyRequest::builder().token(&*secrets.token).build();
                output(client.register_account_verify(&request).await)
            })
        },
    },
    Endpoint {
        operation_id: "postApiV1CustomerLogin",
        method: "POST",
        path: "/api/v1/customer/login",
        request: &["email: string", "password: Password", "customerRealIp?: string"],
        response: &["success: boolean", "identityId?: IdentityId"],
        codes: &[
            code("E001", "LoginFailed", "Customer login failed."),
            code("E002", "UnknownEmail", "Customer e-mail does not exist."),
            code("E003", "NoAccount", "Customer have not a registered account."),
            code("E004", "WrongPassword", "Wrong e-mail or password."),
            code("E005", "AccountBanned", "Customer account has been banned."),
            code("E006", "TooManyAttempts", "Too many login attempts."),
            code("E007", "EmailNotVerified", "Customer mail has not been authorized."),
        ],
        is_idempotent: false,
        success: r#"{"success":true,"identityId":"b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA"}"#,
        error_of_code: error_of_code::<LoginError>,
        sent: |secrets| vec![&secrets.email, &secrets.password],
        call: |client, secrets| {
            Box::pin(async move {
                let request = LoginRequest::builder()
                    .email(&secrets.email)
                    .password(&*secrets.password)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                output(client.login(&request).await)
            })
        },
    },
    Endpoint {
        operation_id: "postApiV1CustomerLogout",
        method: "POST",
        path: "/api/v1/customer/logout",
        request: &["identityId: IdentityId", "customerRealIp?: string"],
        response: &["success: boolean"],
        codes: &[],
        is_idempotent: false,
        success: SUCCESS,
        error_of_code: error_of_code::<LogoutError>,
        sent: |secrets| vec![&secrets.identity],
        call: |client, secrets| {
            Box::pin(async move {
                let request = LogoutRequest::builder()
                    .identity_id(&*secrets.identity)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                output(client.logout(&request).await)
            })
        },
    },
    Endpoint {
        operation_id: "getApiV1CustomerGet-account-info",
        method: "GET",
        path: "/api/v1/customer/get-account-info",
        request: &["identityId: IdentityId", "customerRealIp?: string"],
        response: &[
            "loggedIn?: boolean",
            "identityId?: IdentityId",
            "cuRefNo?: string",
            "creditBalance?: number",
            "email?: string",
            "phone?: string",
            "firstName?: string",
            "lastName?: string",
            "companyName?: string",
            "ban?: boolean",
            "premium?: boolean",
            "groups?: { name?: string, slug?: string }[]",
            "meta?: object",
            "referral?: { code?: string, email?: string, firstName?: string, lastName?: string }",
            "runningSubscriptionList?: { externalId?: string, orderHash?: string, orderNumber?: string, \
             productCode?: string, productSlug?: string }[]",
        ],
        codes: &[],
        is_idempotent: true,
        success: include_str!("../data/account-info.json"),
        error_of_code: error_of_code::<GetAccountInfoError>,
        sent: |secrets| vec![&secrets.identity],
        call: |client, secrets| {
            Box::pin(async move {
                let request = GetAccountInfoRequest::builder()
                    .identity_id(&*secrets.identity)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                output(client.get_account_info(&request).await)
            })
        },
    },
    Endpoint {
        operation_id: "postApiV1CustomerReset-password",
        method: "POST",
        path: "/api/v1/customer/reset-password",
        request: &["email: string", "expirationTime?: string", "customerRealIp?: string"],
        response: &["success: boolean"],
        codes: &[],
        is_idempotent: false,
        success: SUCCESS,
        error_of_code: error_of_code::<ResetPasswordError>,
        sent: |secrets| vec![&secrets.email],
        call: |client, secrets| {
            Box::pin(async move {
                let request = ResetPasswordRequest::builder()
                    .email(&secrets.email)
                    .expiration_time("3h 20m")
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                output(client.reset_password(&request).await)
            })
        },
    },
    Endpoint {
        operation_id: "postApiV1CustomerSet-new-password",
        method: "POST",
        path: "/api/v1/customer/set-new-password",
        request: &["token: Token", "password: Password", "customerRealIp?: string"],
        response: &["success: boolean"],
        codes: &[
            code("E001", "ChangeFailed", "Change password failed."),
            code(
                "E002",
                "PasswordUsedBefore",
                "You have entered a previously used password. For security reasons, please enter a new and unique \
                 password.",
            ),
            code("E003", "NoSuchRequest", "Reset password request does not exist."),
            code("E004", "RequestExpired", "Reset password request has been expired."),
        ],
        is_idempotent: false,
        success: SUCCESS,
        error_of_code: error_of_code::<SetNewPasswordError>,
        sent: |secrets| vec![&secrets.token, &secrets.password],
        call: |client, secrets| {
            Box::pin(async move {
                let request = SetNewPasswordRequest::builder()
                    .token(&*secrets.token)
                    .password(&*secrets.password)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                output(client.set_new_password(&request).await)
            })
        },
    },
];

fn error_of_code<E: ErrorCode + for<'a> From<&'a str>>(code: &str) -> (String, String) {
    let error = E::from(code);
    assert_eq!(error.code(), code);
    (format!("{error:?}"), error.to_string())
}

/// Looks at an endpoint's own error, then turns it into the one type for every endpoint, as `?` does.
fn output<T: Debug, E: ErrorCode>(
    result: Result<Response<T>, Error<E>>,
) -> Result<DebugOutput, Box<Failure>>
where
    Error: From<Error<E>>,
{
    match result {
        Ok(response) => Ok(format!("{response:?} {response:#?}")),
        Err(error) => {
            let (view, mut output) = (ErrorView::of(&error), debug_output(&error));
            let error = Error::from(error);
            output += &debug_output(&error);
            Err(Box::new(Failure { error, view, output }))
        }
    }
}

/// The values of a shop and a customer that no log may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    pub key: String,
    pub password: String,
    pub token: String,
    pub identity: String,
    pub email: String,
    pub phone: String,
    pub name: String,
}

/// An API key in the documented format, so that nothing about it is special.
pub const KEY: &str = "DEV_0123456789abcdefghijABCDEFGH";

impl Default for Secrets {
    fn default() -> Self {
        Self {
            key: KEY.to_owned(),
            password: "correct horse \"battery\" & <staple> é".to_owned(),
            token: "Xk4Qz9Lw2Vb7Nc5Mj8Hg3Fd6Sa1Tr0Ye".to_owned(),
            identity: "b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA".to_owned(),
            email: "jan@barasek.com".to_owned(),
            phone: "+420 777123456".to_owned(),
            name: "Jan Barášek".to_owned(),
        }
    }
}

impl Secrets {
    /// The secrets of one customer among many, so that the calls can be distinguished.
    pub fn of_customer(number: usize) -> Self {
        Self {
            token: format!("token{number:027}"),
            identity: format!("identity{number:024}"),
            email: format!("customer{number}@example.com"),
            ..Self::default()
        }
    }
}
