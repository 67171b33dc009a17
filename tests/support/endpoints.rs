//! The table of endpoints: how each is called, and what it sends and gets. Tests of behaviour run over it.

use std::fmt::Debug;
use std::pin::Pin;

use bizkithub::{
    Answered, Client, EndpointError, Error, GetAccountInfoRequest, LoginRequest, LogoutRequest,
    RegisterAccountRequest, RegisterAccountVerifyRequest, ResetPasswordRequest,
    SetNewPasswordRequest,
};

use super::told::{Told, printed};
use super::{KEY, facts};

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
    /// A documented success.
    pub success: &'static str,
    /// What of a shopper goes out. The first tells one shopper's call from another's.
    sends: fn(&Secrets) -> Vec<&str>,
    call: for<'a> fn(&'a Client, &'a Secrets) -> Calling<'a>,
}

impl Endpoint {
    pub fn facts(&self) -> &'static facts::Endpoint {
        facts::ENDPOINTS.iter().find(|endpoint| endpoint.name() == self.name).unwrap()
    }

    pub fn path(&self) -> String {
        format!("/api/v1/customer/{}", self.name)
    }

    /// The documented codes, each with its documented words.
    pub fn codes(&self) -> &'static [(&'static str, &'static str)] {
        self.facts().codes
    }

    /// Whether it is repeated when its answer is lost, since it changes nothing.
    pub fn repeats_lost_answers(&self) -> bool {
        self.facts().repeat == "lost-answer"
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
        self.facts().operation.starts_with("GET ")
    }
}

const SUCCESS: &str = r#"{"success":true}"#;

pub static ENDPOINTS: [Endpoint; 7] = [
    Endpoint {
        name: "register-account",
        success: r#"{"success":true,"data":{"message":"Example response"}}"#,
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
        success: r#"{"success":true,"email":"jan@barasek.com","returnUrl":"example_returnUrl"}"#,
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
        success: r#"{"success":true,"identityId":"b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA"}"#,
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
        success: SUCCESS,
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
        success: SUCCESS,
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
        success: SUCCESS,
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
        success: include_str!("../data/account-info.json"),
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
