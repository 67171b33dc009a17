//! Properties of any request and any response. Not covered: truncated responses, which `faults.rs` has byte by byte.

use std::sync::LazyLock;

use bizkithub::{Error, LoginRequest, Outcome, RegisterAccountRequest};
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::support::{Reply, Script, Secrets, Server, Step, endpoint, json};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

fn check(error: &Error) -> Result<(), TestCaseError> {
    prop_assert!(!error.is_retryable() || error.outcome() != Outcome::Unknown, "{error:?}");
    prop_assert!(!error.to_string().is_empty());
    Ok(())
}

fn sign_in(script: impl Into<Script>, password: &str) -> Result<String, Error> {
    RUNTIME.block_on(async {
        let server = Server::replying(script).await;
        let secrets = Secrets { password: password.to_owned(), ..Secrets::default() };
        endpoint("login").call(&server.client(), &secrets).await
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_value_or_an_error(bytes in any::<Vec<u8>>()) {
        let script = Script::from(Step::Write(bytes)).then(Step::Close);
        if let Err(error) = sign_in(script, "x") {
            check(&error)?;
        }
    }

    #[test]
    fn any_response_is_a_value_or_error_with_status(
        status in 200..600_u16,
        headers in proptest::collection::vec(
            ("x-ratelimit-(limit|remaining|reset)|retry-after|content-type", "[ -~]{0,40}|[0-9]{1,25}"), 0..6),
        body in prop_oneof![
            any::<Vec<u8>>(),
            "\\{\"success\":(true|false|1|null),\"(errorCode|message|identityId)\":(\"E00[0-9]\"|null|\\{\\}|7|1e999)\\}"
                .prop_map(String::into_bytes),
            "\\{\"error\":\\{\"code\":(\"[A-Z_]{0,20}\"|7),\"message\":\"\\PC*\",\"retry_after\":-?[0-9]{1,30}\\}\\}"
                .prop_map(String::into_bytes),
        ],
    ) {
        let reply = headers.iter().fold(Reply::new(status, body), |reply, (name, value)| reply.header(name, value));
        if let Err(error) = sign_in(reply, "x") {
            check(&error)?;
            if status != 204 {
                prop_assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
            }
        }
    }

    #[test]
    fn password_never_changes_the_error(
        password in prop_oneof!["\\PC{1,4}", "E[0-9]{3}", "[A-Z_]{1,30}"],
        reply in prop_oneof![
            Just(json(200, r#"{"success":false,"errorCode":"E004"}"#)),
            Just(json(404, r#"{"error":{"code":"PUBLIC_API_KEY_IS_EMPTY","message":"x"}}"#)),
            Just(json(200, r#"{"success":true,"identityId":"abc"}"#)),
        ],
    ) {
        let result = |password: &str| sign_in(reply.clone(), password).map_err(|error| format!("{error:?}"));
        prop_assert_eq!(result(&password), result("correct horse"));
    }

    #[test]
    fn any_request_survives_the_round_trip(
        texts in proptest::collection::vec(any::<String>(), 6),
        groups in proptest::option::of(proptest::collection::vec(any::<String>(), 0..3)),
        newsletter in any::<Option<bool>>(),
        address in any::<Option<std::net::IpAddr>>(),
    ) {
        let request = RegisterAccountRequest::builder()
            .email(&*texts[0]).password(&*texts[1]).name(&*texts[2]).street_address(&*texts[3])
            .return_url(&*texts[4]).phone(&*texts[5])
            .maybe_groups(groups).maybe_newsletter(newsletter).maybe_customer_real_ip(address)
            .build();
        let expected = serde_json::to_value(&request).unwrap();
        let received = RUNTIME.block_on(async {
            let server = Server::replying(json(200, r#"{"success":true}"#)).await;
            server.client().register_account(&request).await.unwrap();
            server.request().json()
        });
        prop_assert_eq!(&received, &expected);
        let read: RegisterAccountRequest = serde_json::from_value(received).unwrap();
        prop_assert_eq!(serde_json::to_value(read).unwrap(), expected);
    }

    #[test]
    fn debug_of_a_request_hides_the_password(password in "[!-~]{8,20}") {
        let request = LoginRequest::builder().email("a@b.cz").password(&*password).build();
        let shown = format!("{request:?}{request:#?}");
        prop_assert!(!shown.contains(&password));
    }
}
