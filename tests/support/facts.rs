//! What is known of each endpoint, written down by hand a second time: the description is checked, not trusted.
//!
//! The first endpoint is from the reference page, the others are from
//! [BizKitHub's later pages](https://docs.bizkithub.com).

use bizkithub::{
    EndpointError, LoginError, RegisterAccountError, SetNewPasswordError, UndocumentedRefusal,
};

/// Fields are in TypeScript's notation: one without a question mark is required.
pub struct Endpoint {
    pub operation: &'static str,
    pub request: &'static [&'static str],
    /// What the endpoint itself answers. Whatever says `success` may have an error code too.
    pub answer: &'static [&'static str],
    /// The error codes, each with its documented words.
    pub codes: &'static [(&'static str, &'static str)],
    /// What a client may do when no answer came.
    pub repeat: &'static str,
    /// What the crate says of a code, if it takes it for a documented one.
    pub meaning: fn(&str) -> Option<String>,
}

impl Endpoint {
    /// `register-account`
    pub fn name(&self) -> &'static str {
        self.operation.rsplit('/').next().unwrap()
    }

    /// By the provider's rule: method, path and name run together.
    pub fn operation_id(&self) -> String {
        let method = self.operation.split(' ').next().unwrap().to_lowercase();
        let (first, rest) = self.name().split_at(1);
        format!("{method}ApiV1Customer{}{rest}", first.to_uppercase())
    }
}

fn meaning<E: EndpointError>(code: &str) -> Option<String> {
    let refusal = E::from_code(code);
    assert_eq!(refusal.code(), code);
    refusal.is_documented().then(|| refusal.to_string())
}

pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        operation: "POST /api/v1/customer/register-account",
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
        answer: &["success: boolean", "data?: { message?: string }"],
        codes: &[
            ("E001", "Customer register failed."),
            ("E002", "Customer has been registered."),
            ("E003", "Customer account has been banned."),
            ("E004", "Too many registration attempts."),
        ],
        repeat: "never",
        meaning: meaning::<RegisterAccountError>,
    },
    Endpoint {
        operation: "POST /api/v1/customer/register-account-verify",
        request: &["token: Token"],
        answer: &["success: boolean", "email?: string", "returnUrl?: string"],
        codes: &[],
        repeat: "never",
        meaning: meaning::<UndocumentedRefusal>,
    },
    Endpoint {
        operation: "POST /api/v1/customer/login",
        request: &["email: string", "password: Password", "customerRealIp?: string"],
        answer: &["success: boolean", "identityId?: IdentityId"],
        codes: &[
            ("E001", "Customer login failed."),
            ("E002", "Customer e-mail does not exist."),
            ("E003", "Customer have not a registered account."),
            ("E004", "Wrong e-mail or password."),
            ("E005", "Customer account has been banned."),
            ("E006", "Too many login attempts."),
            ("E007", "Customer mail has not been authorized."),
        ],
        repeat: "never",
        meaning: meaning::<LoginError>,
    },
    Endpoint {
        operation: "POST /api/v1/customer/logout",
        request: &["identityId: IdentityId", "customerRealIp?: string"],
        answer: &["success: boolean"],
        codes: &[],
        repeat: "never",
        meaning: meaning::<UndocumentedRefusal>,
    },
    Endpoint {
        operation: "GET /api/v1/customer/get-account-info",
        request: &["identityId: IdentityId", "customerRealIp?: string"],
        answer: &[
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
        repeat: "lost-answer",
        meaning: meaning::<UndocumentedRefusal>,
    },
    Endpoint {
        operation: "POST /api/v1/customer/reset-password",
        request: &["email: string", "expirationTime?: string", "customerRealIp?: string"],
        answer: &["success: boolean"],
        codes: &[],
        repeat: "never",
        meaning: meaning::<UndocumentedRefusal>,
    },
    Endpoint {
        operation: "POST /api/v1/customer/set-new-password",
        request: &["token: Token", "password: Password", "customerRealIp?: string"],
        answer: &["success: boolean"],
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
        repeat: "never",
        meaning: meaning::<SetNewPasswordError>,
    },
];
