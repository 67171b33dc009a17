use bizkithub::sandbox::{EmailKind, Sandbox};
use bizkithub::*;
use serde::Serialize;
use serde_json::Value;

#[tokio::test]
async fn a_customer_registers_signs_in_and_changes_the_password() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client();
    let (email, password) = ("jan@barasek.com", "example_password");
    let register = RegisterAccountRequest::builder()
        .email(email)
        .password(password)
        .first_name("Jan")
        .groups(vec!["trainer".to_owned()])
        .customer_real_ip([1, 1, 1, 1])
        .return_url("example_returnUrl")
        .build();
    client.register_account(&register).await.unwrap();

    let login = LoginRequest::builder().email(email).password(password).build();
    let error = client.login(&login).await.unwrap_err();
    assert_eq!(error.reason(), Some(&LoginError::EmailNotVerified));

    let sent = sandbox.emails().pop().unwrap();
    assert_eq!((sent.to.as_str(), sent.kind), (email, EmailKind::VerifyAccount));
    assert_eq!(format!("{sent:?}"), "Email { kind: VerifyAccount, .. }");
    let verify = RegisterAccountVerifyRequest::builder().token(sent.token).build();
    let verified = client.register_account_verify(&verify).await.unwrap();
    assert_eq!(verified.email.as_deref(), Some(email));
    assert_eq!(verified.return_url.as_deref(), Some("example_returnUrl"));

    let identity = client.login(&login).await.unwrap().identity_id.clone();
    let request = GetAccountInfoRequest::builder().identity_id(identity.clone()).build();
    let info = client.get_account_info(&request).await.unwrap();
    assert!(info.is_logged_in());
    assert_eq!(info.first_name.as_deref(), Some("Jan"));
    assert_eq!(info.groups[0].slug.as_deref(), Some("trainer"));
    client.logout(&LogoutRequest::builder().identity_id(identity).build()).await.unwrap();
    assert!(!client.get_account_info(&request).await.unwrap().is_logged_in());

    let reset = ResetPasswordRequest::builder().email(email).expiration_time("3h 20m").build();
    client.reset_password(&reset).await.unwrap();
    let sent = sandbox.emails().pop().unwrap();
    assert_eq!(sent.kind, EmailKind::ResetPassword);
    let new = SetNewPasswordRequest::builder().token(sent.token).password("new").build();
    client.set_new_password(&new).await.unwrap();
    let error = client.set_new_password(&new).await.unwrap_err();
    assert_eq!(error.reason(), Some(&SetNewPasswordError::NoSuchRequest));
    let login = LoginRequest::builder().email(email).password("new").build();
    client.login(&login).await.unwrap();
}

/// A field that the spec renamed would reach the client under its old name only.
#[tokio::test]
async fn the_sandbox_returns_only_fields_that_the_client_reads() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client();
    let mut referrer = None;
    for email in ["petr@example.com", "jan@barasek.com"] {
        let register = RegisterAccountRequest::builder()
            .email(email)
            .password("example_password")
            .first_name("Jan")
            .last_name("Barášek")
            .phone("+420 777123456")
            .company_name("BRJ")
            .groups(vec!["trainer".to_owned()])
            .return_url("example_returnUrl")
            .maybe_referral_id(referrer)
            .build();
        assert_read(&client.register_account(&register).await.unwrap());
        let token = sandbox.emails().pop().unwrap().token;
        let verify = RegisterAccountVerifyRequest::builder().token(token).build();
        assert_read(&client.register_account_verify(&verify).await.unwrap());
        let login = LoginRequest::builder().email(email).password("example_password").build();
        let login = client.login(&login).await.unwrap();
        assert_read(&login);
        let request = GetAccountInfoRequest::builder().identity_id(login.identity_id.clone());
        let info = client.get_account_info(&request.build()).await.unwrap();
        assert_read(&info);
        assert_eq!(info.referral.is_some(), email == "jan@barasek.com");
        referrer = info.cu_ref_no.as_deref().map(str::to_owned);
    }
}

fn assert_read<T: Serialize>(response: &Response<T>) {
    let mut sent = response.json::<Value>().unwrap();
    sent.as_object_mut().unwrap().remove("success");
    let mut read = serde_json::to_value(&**response).unwrap();
    read.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    assert_eq!(sent, read);
}
