//! The endpoints' own rules.

use std::collections::HashSet;
use std::time::Duration;

use bizkithub::sandbox::{MailKind, Sandbox};
use bizkithub::{GetAccountInfoRequest, RegisterAccountRequest};

use crate::shop::{EMAIL, PASSWORD, Shop, refused};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn an_address_that_was_never_confirmed_is_e004_for_ten_minutes_then_registered_and_mailed_anew()
 {
    let shop = Shop::new().await;
    shop.register(EMAIL).await.unwrap();
    let first = shop.token(MailKind::VerifyAccount);
    shop.sandbox.advance(10 * MINUTE - Duration::from_secs(5));
    assert_eq!(shop.register(EMAIL).await, refused("E004"));
    shop.sandbox.advance(Duration::from_secs(5));
    shop.register(EMAIL).await.unwrap();
    assert_eq!(shop.sandbox.mails().len(), 2);
    assert_eq!(shop.verify(first).await, refused("?"), "the first token is replaced");
    shop.verify(shop.token(MailKind::VerifyAccount)).await.unwrap();
}

#[tokio::test]
async fn a_confirmed_address_is_e002_and_a_banned_one_e003_however_it_is_written() {
    let shop = Shop::with_account().await;
    for email in [EMAIL, "JAN@Barasek.com"] {
        assert_eq!(shop.register(email).await, refused("E002"), "{email}");
    }
    shop.sandbox.ban(EMAIL);
    assert_eq!(shop.register(EMAIL).await, refused("E003"));
    shop.sandbox.unban(EMAIL);
    assert_eq!(shop.register(EMAIL).await, refused("E002"));
}

#[tokio::test]
async fn a_verification_token_works_once() {
    let shop = Shop::new().await;
    shop.register(EMAIL).await.unwrap();
    let token = shop.token(MailKind::VerifyAccount);
    shop.verify(token.clone()).await.unwrap();
    assert_eq!(shop.verify(token).await, refused("?"));
    assert_eq!(shop.verify("unknown".into()).await, refused("?"));
}

#[tokio::test]
async fn a_sign_in_is_refused_with_the_documented_code_of_each_reason() {
    let shop = Shop::new().await;
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E002");
    shop.sandbox.contact(EMAIL);
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E003");
    shop.register(EMAIL).await.unwrap();
    assert_eq!(shop.sign_in(EMAIL, "wrong").await.unwrap_err(), "E004");
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E007");
    shop.sandbox.confirm_email(EMAIL);
    shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.sandbox.ban(EMAIL);
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E005");
}

#[tokio::test]
async fn a_ban_that_is_taken_back_makes_no_address_known() {
    let shop = Shop::new().await;
    shop.sandbox.unban(EMAIL);
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E002");
}

#[tokio::test]
async fn too_many_wrong_passwords_are_e006_until_their_time_has_passed() {
    let sandbox = Sandbox::builder().login_attempts(3, 10 * MINUTE).start().await.unwrap();
    let shop = Shop::with(sandbox);
    shop.open(EMAIL).await;
    for _ in 0..3 {
        assert_eq!(shop.sign_in(EMAIL, "wrong").await.unwrap_err(), "E004");
    }
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E006");
    shop.sandbox.advance(10 * MINUTE);
    shop.sign_in(EMAIL, PASSWORD).await.unwrap();
}

#[tokio::test]
async fn an_identity_ends_by_logout_by_idling_by_a_new_password_and_by_a_ban() {
    let sandbox = Sandbox::builder().idle_time(10 * MINUTE).start().await.unwrap();
    let shop = Shop::with(sandbox);
    shop.open(EMAIL).await;
    let sign_in = async || shop.sign_in(EMAIL, PASSWORD).await.unwrap();

    let (one, other) = (sign_in().await, sign_in().await);
    shop.sign_out(&one).await;
    assert!(!shop.is_signed_in(&one).await && shop.is_signed_in(&other).await);

    shop.sandbox.advance(6 * MINUTE);
    assert!(shop.is_signed_in(&other).await, "asking keeps it");
    shop.sandbox.advance(6 * MINUTE);
    assert!(shop.is_signed_in(&other).await);
    shop.sandbox.advance(10 * MINUTE);
    assert!(!shop.is_signed_in(&other).await);

    let (one, other) = (sign_in().await, sign_in().await);
    shop.forget(EMAIL, None).await.unwrap();
    shop.set(shop.token(MailKind::ResetPassword), "another").await.unwrap();
    assert!(!shop.is_signed_in(&one).await && !shop.is_signed_in(&other).await);

    let identity = shop.sign_in(EMAIL, "another").await.unwrap();
    shop.sandbox.ban(EMAIL);
    assert!(!shop.is_signed_in(&identity).await);
    assert!(!shop.is_signed_in(&"unknown".into()).await);
}

#[tokio::test]
async fn a_reset_for_an_unknown_address_succeeds_and_mails_nothing() {
    let shop = Shop::new().await;
    shop.forget("nobody@example.com", None).await.unwrap();
    assert!(shop.sandbox.mails().is_empty());
}

#[tokio::test]
async fn a_reset_token_works_once_within_its_time_and_until_a_newer_one() {
    let shop = Shop::with_account().await;
    shop.forget(EMAIL, Some("3h 20m")).await.unwrap();
    let replaced = shop.token(MailKind::ResetPassword);
    shop.forget(EMAIL, Some("3h 20m")).await.unwrap();
    let token = shop.token(MailKind::ResetPassword);
    assert_eq!(shop.set(replaced, "another").await, refused("E003"));
    assert_eq!(shop.set("unknown".into(), "another").await, refused("E003"));

    shop.sandbox.advance(199 * MINUTE);
    assert_eq!(shop.set(token.clone(), PASSWORD).await, refused("E002"), "the password it has");
    shop.set(token.clone(), "another").await.unwrap();
    assert_eq!(shop.set(token, "third").await, refused("E003"), "it is used");

    shop.forget(EMAIL, Some("3h 20m")).await.unwrap();
    let token = shop.token(MailKind::ResetPassword);
    assert_eq!(shop.set(token.clone(), PASSWORD).await, refused("E002"), "a password it had");
    shop.sandbox.advance(200 * MINUTE);
    assert_eq!(shop.set(token, "third").await, refused("E004"));
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E004");
    shop.sign_in(EMAIL, "another").await.unwrap();
}

#[tokio::test]
async fn a_reset_token_whose_request_names_no_time_works_for_an_hour() {
    let shop = Shop::with_account().await;
    shop.forget(EMAIL, None).await.unwrap();
    let token = shop.token(MailKind::ResetPassword);
    shop.sandbox.advance(59 * MINUTE);
    shop.set(token, "another").await.unwrap();
    shop.forget(EMAIL, None).await.unwrap();
    shop.sandbox.advance(60 * MINUTE);
    assert_eq!(shop.set(shop.token(MailKind::ResetPassword), "third").await, refused("E004"));
}

#[tokio::test]
async fn a_shopper_who_was_referred_by_a_reference_number_has_its_owner_for_a_referral() {
    let shop = Shop::new().await;
    let info = async |email: &str, referral_id: Option<String>| {
        let register = RegisterAccountRequest::builder().email(email).password(PASSWORD);
        let register = register.first_name("Petr").maybe_referral_id(referral_id).build();
        shop.client.register_account(&register).await.unwrap();
        shop.sandbox.confirm_email(email);
        let identity = shop.sign_in(email, PASSWORD).await.unwrap();
        let request = GetAccountInfoRequest::builder().identity_id(identity).build();
        shop.client.get_account_info(&request).await.unwrap()
    };
    info("somebody@example.com", None).await;
    let referrer = info("petr@example.com", Some("nobody's number".to_owned())).await;
    assert!(referrer.referral().is_none());
    let referred = info(EMAIL, referrer.cu_ref_no().map(str::to_owned)).await;
    let referral = referred.referral().unwrap();
    assert_eq!(referral.code.as_deref(), referrer.cu_ref_no());
    assert_eq!(referral.email.as_deref(), Some("petr@example.com"));
    assert_eq!(referral.first_name.as_deref(), Some("Petr"));
}

#[tokio::test]
async fn a_time_that_is_none_is_a_value_that_cannot_be_taken() {
    let shop = Shop::with_account().await;
    for time in ["soon", "", "3", "-1h"] {
        let refusal = shop.forget(EMAIL, Some(time)).await;
        assert_eq!(refusal, refused("INTERNAL_VALIDATION_FAILED"), "{time:?}");
    }
    for time in ["3h 20m", "45m", "1day", "90s"] {
        shop.forget(EMAIL, Some(time)).await.unwrap();
    }
}

#[tokio::test]
async fn tokens_and_identities_are_32_letters_and_digits_and_never_twice_the_same() {
    let shop = Shop::with_account().await;
    let mut seen = HashSet::new();
    for _ in 0..20 {
        shop.forget(EMAIL, None).await.unwrap();
        let identity = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
        for secret in [shop.token(MailKind::ResetPassword).expose(), identity.expose()] {
            assert_eq!(secret.len(), 32);
            assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{secret}");
            assert!(seen.insert(secret.to_owned()));
        }
    }
}
