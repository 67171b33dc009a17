//! What the endpoint of `register-account-verify.patch` can do, over a real socket.

#[allow(dead_code)]
mod support;

use bizkithub::types::RegisterAccountVerifyRequest;
use bizkithub::{EndpointError, Error, Outcome, RegisterAccountVerifyError};
use support::{KEY, Server, json};

fn request() -> RegisterAccountVerifyRequest {
    RegisterAccountVerifyRequest::builder().token("example_token").build()
}

#[tokio::test]
async fn a_confirmation_goes_out_and_its_answer_comes_back_typed() {
    let body = r#"{"success":true,"email":"jan@barasek.com","returnUrl":"example_returnUrl"}"#;
    let server = Server::answering(json(200, body)).await;
    let confirmed = server.client().register_account_verify(&request()).await.unwrap();
    assert_eq!(confirmed.email, "jan@barasek.com");
    assert_eq!(confirmed.return_url.as_deref(), Some("example_returnUrl"));
    let [sent] = &server.requests()[..] else { panic!("not one request") };
    let line = format!("POST /api/v1/customer/register-account-verify?apiKey={KEY} HTTP/1.1");
    assert!(sent.starts_with(&line), "{sent}");
    assert!(sent.ends_with(r#"{"token":"example_token"}"#), "{sent}");
}

#[tokio::test]
async fn a_refusal_has_this_endpoints_meaning_and_shows_no_token() {
    let body = r#"{"success":false,"errorCode":"E001","message":"example_token is not valid"}"#;
    let server = Server::answering(json(200, body)).await;
    let error = server.client().register_account_verify(&request()).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&RegisterAccountVerifyError::InvalidToken));
    assert_eq!(error.outcome(), Outcome::Refused);
    let Error::Refused(refused) = &error else { panic!("{error:?}") };
    assert_eq!((refused.error().code(), refused.message()), ("E001", "[masked] is not valid"));
}
