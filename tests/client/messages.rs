//! Errors as somebody on call reads them: each with its causes, as `anyhow` prints it.

use bizkithub::{Client, Error, RetryPolicy};

use crate::support::names::refusing;
use crate::support::{Answer, ENDPOINTS, KEY, Script, Secrets, Server, Step, endpoint, json};

/// What the error says with its causes.
pub fn message(error: Error) -> String {
    format!("{:#}", anyhow::Error::new(error))
}

#[tokio::test]
async fn an_error_says_what_happened_what_became_of_the_call_and_what_to_do() {
    let cases = [
        (
            "register-account",
            json(200, r#"{"success":false,"errorCode":"E004","message":"No."}"#).into(),
        ),
        ("login", json(422, r#"{"success":false,"errorCode":"E002"}"#).into()),
        ("login", json(500, r#"{"success":false,"errorCode":"E999"}"#).into()),
        ("logout", json(200, r#"{"success":false,"errorCode":"E999"}"#).into()),
        ("register-account-verify", json(200, r#"{"success":false}"#).into()),
        ("login", json(200, r#"{"success":false,"message":"No."}"#).into()),
        (
            "get-account-info",
            json(404, r#"{"error":{"code":"INTERNAL_RESOURCE_NOT_FOUND","message":"x"}}"#).into(),
        ),
        (
            "logout",
            json(404, r#"{"error":{"code":"PUBLIC_API_KEY_HAS_BEEN_EXPIRED","message":"x"}}"#)
                .into(),
        ),
        ("reset-password", json(503, r#"{"error":{"code":"SOMETHING_NEW","message":"x"}}"#).into()),
        ("reset-password", json(404, r#"{"error":{"code":"SOMETHING_NEW","message":"x"}}"#).into()),
        ("reset-password", json(429, r#"{"error":{"code":"SOMETHING_NEW","message":"x"}}"#).into()),
        ("set-new-password", Answer::html(502).into()),
        ("register-account-verify", Answer::new(301, "").into()),
        ("get-account-info", Answer::html(429).into()),
        ("login", json(401, "").into()),
        ("login", json(200, "[1, 2]").into()),
        ("get-account-info", Script::from(Step::Close)),
        ("register-account", Script::from("garbage\r\n\r\n").then(Step::Close)),
    ];
    let mut messages = Vec::new();
    for (name, script) in cases {
        let server = Server::answering(script).await;
        let error = endpoint(name).call(&server.client(), &Secrets::default()).await.unwrap_err();
        messages.push(message(error));
    }
    let (_socket, url) = refusing();
    let client = Client::builder(KEY).base_url(url).retry(RetryPolicy::none()).build().unwrap();
    let error = endpoint("login").call(&client, &Secrets::default()).await.unwrap_err();
    messages.push(message(error));
    insta::assert_snapshot!(messages.join("\n\n"));
}

#[tokio::test]
async fn the_debug_form_of_an_error_has_its_facts_and_no_text_of_a_server() {
    let steps: [Step; 4] = [
        json(200, r#"{"success":false,"errorCode":"E004","message":"No."}"#).into(),
        json(404, r#"{"error":{"code":"PUBLIC_API_KEY_HAS_BEEN_EXPIRED","message":"x"}}"#).into(),
        Answer::html(502).header("retry-after", 30).into(),
        Step::Close,
    ];
    let mut forms = Vec::new();
    for step in steps {
        let server = Server::answering(step).await;
        let login = endpoint("login");
        let error = login.call(&server.client(), &Secrets::default()).await.unwrap_err();
        forms.push(format!("{error:#?}"));
    }
    insta::assert_snapshot!(forms.join("\n\n"));
}

#[tokio::test]
async fn the_debug_form_of_a_success_has_no_text_of_a_server() {
    let mut forms = Vec::new();
    for endpoint in &ENDPOINTS {
        let server = Server::answering(json(200, endpoint.success)).await;
        let printed = endpoint.call(&server.client(), &Secrets::default()).await.unwrap();
        forms.push(printed);
    }
    insta::assert_snapshot!(forms.join("\n\n"));
}
