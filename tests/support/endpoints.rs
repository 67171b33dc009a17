//! The table of endpoints: what each is called, sends, gets and may do. Tests of behaviour run over it.

use std::fmt::Debug;
use std::pin::Pin;

use bizkithub::{
    Answered, Client, EndpointError, Error, GetAccountInfoRequest, LoginRequest, LogoutRequest,
    RegisterAccountRequest, RegisterAccountVerifyRequest, ResetPasswordRequest,
    SetNewPasswordRequest,
};

use super::KEY;
use super::told::{Told, printed};

/// What no log may show of a shop and a shopper.
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
    /// Those of one shopper among many, so that each call is told from the others.
    pub fn of_shopper(number: usize) -> Self {
        Self {
            token: format!("token{number:027}"),
            identity: format!("identity{number:024}"),
            email: format!("shopper{number}@example.com"),
            ..Self::default()
        }
    }
}

/// Everything that a program could print of a success.
pub type Printed = String;

/// A failed call: the error in the form that takes any endpoint's, and what was told of it before it became that.
#[derive(Debug)]
pub struct Failure {
    pub error: Error,
    pub told: Told,
    /// Everything that a program could print of it, in either form.
    pub printed: Printed,
}

type Calling<'a> = Pin<Box<dyn Future<Output = Result<Printed, Box<Failure>>> + Send + 'a>>;

pub struct Endpoint {
    /// The path's last segment.
    pub name: &'static str,
    pub method: &'static str,
    pub operation_id: &'static str,
    /// A documented success.
    pub success: &'static str,
    /// The documented codes, each with its documented words.
    pub codes: &'static [(&'static str, &'static str)],
    /// Whether it is repeated when its answer is lost, since it changes nothing.
    pub repeats_lost_answers: bool,
    /// What of a shopper goes out. The first tells one shopper's call from another's.
    sends: fn(&Secrets) -> Vec<&str>,
    call: for<'a> fn(&'a Client, &'a Secrets) -> Calling<'a>,
}

impl Endpoint {
    pub fn path(&self) -> String {
        format!("/api/v1/customer/{}", self.name)
    }

    pub async fn call(&self, client: &Client, secrets: &Secrets) -> Result<Printed, Error> {
        self.try_call(client, secrets).await.map_err(|failure| failure.error)
    }

    pub async fn try_call(
        &self,
        client: &Client,
        secrets: &Secrets,
    ) -> Result<Printed, Box<Failure>> {
        (self.call)(client, secrets).await
    }

    /// The secrets that go out with a call, but for the key, which goes out with each.
    pub fn sends<'a>(&self, secrets: &'a Secrets) -> Vec<&'a str> {
        (self.sends)(secrets)
    }

    /// A shopper's call, as [`Recorded::call`](super::Recorded::call) has it.
    pub fn call_of(&self, secrets: &Secrets) -> String {
        format!("{} {}", self.name, self.sends(secrets)[0])
    }

    pub fn is_get(&self) -> bool {
        self.method == "GET"
    }
}

const SUCCESS: &str = r#"{"success":true}"#;

pub static ENDPOINTS: [Endpoint; 7] = [
    Endpoint {
        name: "register-account",
        method: "POST",
        operation_id: "postApiV1CustomerRegister-account",
        success: r#"{"success":true,"data":{"message":"Example response"}}"#,
        codes: &[
            ("E001", "Customer register failed."),
            ("E002", "Customer has been registered."),
            ("E003", "Customer account has been banned."),
            ("E004", "Too many registration attempts."),
        ],
        repeats_lost_answers: false,
        sends: |secrets| vec![&secrets.email, &secrets.password, &secrets.phone, &secrets.name],
        call: |client, secrets| {
            Box::pin(async move {
                let request = RegisterAccountRequest::builder()
                    .email(&secrets.email)
                    .password(&*secrets.password)
                    .phone(&secrets.phone)
                    .name(&secrets.name)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                told(client.register_account(&request).await)
            })
        },
    },
    Endpoint {
        name: "register-account-verify",
        method: "POST",
        operation_id: "postApiV1CustomerRegister-account-verify",
        success: r#"{"success":true,"email":"jan@barasek.com","returnUrl":"example_returnUrl"}"#,
        codes: &[],
        repeats_lost_answers: false,
        sends: |secrets| vec![&secrets.token],
        call: |client, secrets| {
            Box::pin(async move {
                let request =
                    RegisterAccountVerifyRequest::builder().token(&*secrets.token).build();
                told(client.register_account_verify(&request).await)
            })
        },
    },
    Endpoint {
        name: "login",
        method: "POST",
        operation_id: "postApiV1CustomerLogin",
        success: r#"{"success":true,"identityId":"b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA"}"#,
        codes: &[
            ("E001", "Customer login failed."),
            ("E002", "Customer e-mail does not exist."),
            ("E003", "Customer have not a registered account."),
            ("E004", "Wrong e-mail or password."),
            ("E005", "Customer account has been banned."),
            ("E006", "Too many login attempts."),
            ("E007", "Customer mail has not been authorized."),
        ],
        repeats_lost_answers: false,
        sends: |secrets| vec![&secrets.email, &secrets.password],
        call: |client, secrets| {
            Box::pin(async move {
                let request = LoginRequest::builder()
                    .email(&secrets.email)
                    .password(&*secrets.password)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                told(client.login(&request).await)
            })
        },
    },
    Endpoint {
        name: "logout",
        method: "POST",
        operation_id: "postApiV1CustomerLogout",
        success: SUCCESS,
        codes: &[],
        repeats_lost_answers: false,
        sends: |secrets| vec![&secrets.identity],
        call: |client, secrets| {
            Box::pin(async move {
                let request = LogoutRequest::builder()
                    .identity_id(&*secrets.identity)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                told(client.logout(&request).await)
            })
        },
    },
    Endpoint {
        name: "reset-password",
        method: "POST",
        operation_id: "postApiV1CustomerReset-password",
        success: SUCCESS,
        codes: &[],
        repeats_lost_answers: false,
        sends: |secrets| vec![&secrets.email],
        call: |client, secrets| {
            Box::pin(async move {
                let request = ResetPasswordRequest::builder()
                    .email(&secrets.email)
                    .expiration_time("3h 20m")
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                told(client.reset_password(&request).await)
            })
        },
    },
    Endpoint {
        name: "set-new-password",
        method: "POST",
        operation_id: "postApiV1CustomerSet-new-password",
        success: SUCCESS,
        codes: &[
            ("E001", "Change password failed."),
            (
                "E002",
                "You have entered a previously used password. For security reasons, please enter a new and unique \
                 password.",
            ),
            ("E003", "Reset password request does not exist."),
            ("E004", "Reset password request has been expired."),
        ],
        repeats_lost_answers: false,
        sends: |secrets| vec![&secrets.token, &secrets.password],
        call: |client, secrets| {
            Box::pin(async move {
                let request = SetNewPasswordRequest::builder()
                    .token(&*secrets.token)
                    .password(&*secrets.password)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                told(client.set_new_password(&request).await)
            })
        },
    },
    Endpoint {
        name: "get-account-info",
        method: "GET",
        operation_id: "getApiV1CustomerGet-account-info",
        success: include_str!("../data/account-info.json"),
        codes: &[],
        repeats_lost_answers: true,
        sends: |secrets| vec![&secrets.identity],
        call: |client, secrets| {
            Box::pin(async move {
                let request = GetAccountInfoRequest::builder()
                    .identity_id(&*secrets.identity)
                    .customer_real_ip([1, 1, 1, 1])
                    .build();
                told(client.get_account_info(&request).await)
            })
        },
    },
];

pub fn endpoint(name: &str) -> &'static Endpoint {
    ENDPOINTS.iter().find(|endpoint| endpoint.name == name).unwrap()
}

/// What every function that calls several endpoints does by `?`, with what was told before.
fn told<T: Debug, E: EndpointError>(
    result: Result<Answered<T>, Error<E>>,
) -> Result<Printed, Box<Failure>> {
    match result {
        Ok(answered) => Ok(format!("{answered:?} {answered:#?}")),
        Err(error) => {
            let (told, mut everything) = (Told::of(&error), printed(&error));
            let error = Error::from(error);
            everything += &printed(&error);
            Err(Box::new(Failure { error, told, printed: everything }))
        }
    }
}
