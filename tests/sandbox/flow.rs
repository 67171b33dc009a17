use bizkithub::sandbox::{EmailKind, Sandbox};
use bizkithub::*;

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
