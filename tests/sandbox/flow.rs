use bizkithub::sandbox::{MailKind, Sandbox};
use bizkithub::*;

#[tokio::test]
async fn a_shopper_walks_the_whole_flow() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client();
    let (email, password) = ("jan@barasek.com", "example_password");
    let register = RegisterAccountRequest::builder()
        .email(email)
        .password(password)
        .first_name("Jan")
        .groups(vec!["trainer".to_owned()])
        .build();
    client.register_account(&register).await.unwrap();
    let login = LoginRequest::builder().email(email).password(password).build();
    assert_eq!(
        client.login(&login).await.unwrap_err().refusal(),
        Some(&LoginError::EmailNotVerified)
    );
    let mail = sandbox.mails().pop().unwrap();
    assert_eq!(mail.kind, MailKind::VerifyAccount);
    let verify = RegisterAccountVerifyRequest::builder().token(mail.token).build();
    assert_eq!(client.register_account_verify(&verify).await.unwrap().email(), email);
    let identity = client.login(&login).await.unwrap().identity_id().clone();
    let info = GetAccountInfoRequest::builder().identity_id(identity.clone()).build();
    let account = client.get_account_info(&info).await.unwrap();
    assert!(account.is_logged_in());
    assert_eq!(account.first_name(), Some("Jan"));
    assert_eq!(account.groups()[0].slug.as_deref(), Some("trainer"));
    client.logout(&LogoutRequest::builder().identity_id(identity).build()).await.unwrap();
    assert!(!client.get_account_info(&info).await.unwrap().is_logged_in());
    client
        .reset_password(
            &ResetPasswordRequest::builder().email(email).expiration_time("3h 20m").build(),
        )
        .await
        .unwrap();
    let mail = sandbox.mails().pop().unwrap();
    assert_eq!(mail.kind, MailKind::ResetPassword);
    let new = SetNewPasswordRequest::builder().token(mail.token).password("new").build();
    client.set_new_password(&new).await.unwrap();
    assert_eq!(
        client.set_new_password(&new).await.unwrap_err().refusal(),
        Some(&SetNewPasswordError::NoSuchRequest)
    );
    let login = LoginRequest::builder().email(email).password("new").build();
    client.login(&login).await.unwrap();
}
