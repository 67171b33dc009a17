//! The rules of the endpoints.

use std::collections::HashSet;
use std::time::Duration;

use bizkithub::RegisterAccountRequest;
use bizkithub::sandbox::{EmailKind, Sandbox};
use serde_json::{Value, json};

use crate::shop::{EMAIL, PASSWORD, Shop, error};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn a_pending_address_can_be_registered_again_after_ten_minutes() {
    let shop = Shop::new().await;
    shop.register(EMAIL).await.unwrap();
    let first = shop.token(EmailKind::VerifyAccount);
    shop.sandbox.advance(9 * MINUTE);
    assert_eq!(shop.register(EMAIL).await, error("E004"));
    shop.sandbox.advance(MINUTE);
    shop.register(EMAIL).await.unwrap();
    assert_eq!(shop.sandbox.emails().len(), 2);
    assert_eq!(shop.verify(first).await, error("?"), "the first token is replaced");
    shop.verify(shop.token(EmailKind::VerifyAccount)).await.unwrap();
}

#[tokio::test]
async fn confirmed_and_banned_addresses_cannot_be_registered() {
    let shop = Shop::with_account().await;
    for email in [EMAIL, "JAN@Barasek.com"] {
        assert_eq!(shop.register(email).await, error("E002"), "{email}");
    }
    shop.sandbox.ban(EMAIL);
    assert_eq!(shop.register(EMAIL).await, error("E003"));
    shop.sandbox.unban(EMAIL);
    assert_eq!(shop.register(EMAIL).await, error("E002"));
}

#[tokio::test]
async fn a_verification_token_works_once() {
    let shop = Shop::new().await;
    shop.register(EMAIL).await.unwrap();
    let token = shop.token(EmailKind::VerifyAccount);
    shop.verify(token.clone()).await.unwrap();
    assert_eq!(shop.verify(token).await, error("?"));
    assert_eq!(shop.verify("unknown".into()).await, error("?"));
}

#[tokio::test]
async fn each_failed_sign_in_has_its_documented_code() {
    let shop = Shop::new().await;
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E002");
    shop.sandbox.add_contact(EMAIL);
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
async fn lifting_a_ban_does_not_add_a_contact() {
    let shop = Shop::new().await;
    shop.sandbox.unban(EMAIL);
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E002");
}

#[tokio::test]
async fn too_many_wrong_passwords_block_sign_in_for_a_while() {
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
async fn a_session_lives_three_months_from_sign_in_by_default() {
    let shop = Shop::with_account().await;
    let identity = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.sandbox.advance(89 * DAY);
    assert!(shop.is_signed_in(&identity).await);
    shop.sandbox.advance(DAY);
    assert!(!shop.is_signed_in(&identity).await, "a call does not extend it");
}

#[tokio::test]
async fn the_session_lifetime_can_be_set() {
    let sandbox = Sandbox::builder().session_lifetime(10 * MINUTE).start().await.unwrap();
    let shop = Shop::with(sandbox);
    shop.open(EMAIL).await;
    let identity = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.sandbox.advance(9 * MINUTE);
    assert!(shop.is_signed_in(&identity).await);
    shop.sandbox.advance(MINUTE);
    assert!(!shop.is_signed_in(&identity).await);
}

#[tokio::test]
async fn sign_out_ends_one_session() {
    let shop = Shop::with_account().await;
    let one = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    let other = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.sign_out(&one).await;
    assert!(!shop.is_signed_in(&one).await && shop.is_signed_in(&other).await);
}

#[tokio::test]
async fn a_new_password_and_a_ban_end_all_sessions() {
    let shop = Shop::with_account().await;
    let one = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    let other = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.reset_password(EMAIL, None).await.unwrap();
    shop.set_password(shop.token(EmailKind::ResetPassword), "another").await.unwrap();
    assert!(!shop.is_signed_in(&one).await && !shop.is_signed_in(&other).await);

    let identity = shop.sign_in(EMAIL, "another").await.unwrap();
    shop.sandbox.ban(EMAIL);
    shop.sandbox.unban(EMAIL);
    assert!(!shop.is_signed_in(&identity).await);
}

#[tokio::test]
async fn an_unknown_identity_gets_logged_in_false_and_nothing_else() {
    let sandbox = Sandbox::builder().session_lifetime(MINUTE).start().await.unwrap();
    let shop = Shop::with(sandbox);
    shop.open(EMAIL).await;
    let expired = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    shop.sandbox.advance(MINUTE);
    for identity in [expired, "unknown".into()] {
        let info = shop.account_info(&identity).await;
        assert_eq!(info.json::<Value>().unwrap(), json!({ "loggedIn": false }));
    }
}

#[tokio::test]
async fn a_signed_in_response_has_the_guaranteed_fields() {
    let shop = Shop::with_account().await;
    let identity = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
    let info = shop.account_info(&identity).await;
    let body = info.json::<Value>().unwrap();
    assert_eq!(body["loggedIn"], true);
    assert_eq!(body["identityId"], identity.expose());
    assert_eq!(body["cuRefNo"].as_str().unwrap().len(), 16);
    assert_eq!(body["creditBalance"], 0.0);
    assert_eq!(body["email"], EMAIL);
    for field in ["phone", "firstName", "lastName", "companyName"] {
        assert_eq!(body.get(field), None, "{field} was not registered");
    }
}

#[tokio::test]
async fn an_unknown_address_gets_no_reset_email() {
    let shop = Shop::new().await;
    shop.reset_password("unknown@example.com", None).await.unwrap();
    assert!(shop.sandbox.emails().is_empty());
}

#[tokio::test]
async fn a_reset_token_works_once_until_it_is_replaced() {
    let shop = Shop::with_account().await;
    shop.reset_password(EMAIL, None).await.unwrap();
    let replaced = shop.token(EmailKind::ResetPassword);
    shop.reset_password(EMAIL, None).await.unwrap();
    let token = shop.token(EmailKind::ResetPassword);
    for wrong in [replaced, "unknown".into()] {
        assert_eq!(shop.set_password(wrong, "another").await, error("E003"));
    }
    assert_eq!(shop.set_password(token.clone(), PASSWORD).await, error("E002"), "the current one");
    shop.set_password(token.clone(), "another").await.unwrap();
    assert_eq!(shop.set_password(token, "third").await, error("E003"), "it is used");

    shop.reset_password(EMAIL, None).await.unwrap();
    let token = shop.token(EmailKind::ResetPassword);
    assert_eq!(shop.set_password(token, PASSWORD).await, error("E002"), "a former one");
    assert_eq!(shop.sign_in(EMAIL, PASSWORD).await.unwrap_err(), "E004");
    shop.sign_in(EMAIL, "another").await.unwrap();
}

#[tokio::test]
async fn a_reset_token_expires_after_its_lifetime() {
    let shop = Shop::with_account().await;
    let rows = [
        (None, 60),
        (Some("3h 20m"), 200),
        (Some("45 minutes"), 45),
        (Some("1day 2 hrs"), 26 * 60),
        (Some("2w"), 2 * 7 * 24 * 60),
    ];
    for (index, (lifetime, minutes)) in rows.into_iter().enumerate() {
        shop.reset_password(EMAIL, lifetime).await.unwrap();
        let token = shop.token(EmailKind::ResetPassword);
        shop.sandbox.advance((minutes - 1) * MINUTE);
        shop.set_password(token, &format!("password{index}")).await.unwrap();

        shop.reset_password(EMAIL, lifetime).await.unwrap();
        let token = shop.token(EmailKind::ResetPassword);
        shop.sandbox.advance(minutes * MINUTE);
        assert_eq!(shop.set_password(token, "late").await, error("E004"), "{lifetime:?}");
    }
}

#[tokio::test]
async fn a_token_is_valid_after_the_longest_advance() {
    let shop = Shop::with_account().await;
    for round in 0..3 {
        shop.reset_password(EMAIL, None).await.unwrap();
        let old = shop.token(EmailKind::ResetPassword);
        shop.sandbox.advance(Duration::MAX);
        assert_eq!(shop.set_password(old, "late").await, error("E004"), "round {round}");
        shop.reset_password(EMAIL, None).await.unwrap();
        let new = shop.token(EmailKind::ResetPassword);
        shop.set_password(new, &format!("password{round}")).await.unwrap();
    }
}

#[tokio::test]
async fn a_referred_customer_has_the_referring_one_as_referral() {
    let shop = Shop::new().await;
    let info = async |email: &str, referral_id: Option<String>| {
        let register = RegisterAccountRequest::builder().email(email).password(PASSWORD);
        let register = register.first_name("Petr").maybe_referral_id(referral_id).build();
        shop.client.register_account(&register).await.unwrap();
        shop.sandbox.confirm_email(email);
        let identity = shop.sign_in(email, PASSWORD).await.unwrap();
        shop.account_info(&identity).await
    };
    info("other@example.com", None).await;
    let referrer = info("petr@example.com", Some("unknownunknown16".to_owned())).await;
    assert!(referrer.referral.is_none());
    let number = referrer.cu_ref_no.as_deref();
    let referred = info(EMAIL, number.map(str::to_owned)).await;
    let referral = referred.referral.as_ref().unwrap();
    assert_eq!(referral.code.as_deref(), number);
    assert_eq!(referral.email.as_deref(), Some("petr@example.com"));
    assert_eq!(referral.first_name.as_deref(), Some("Petr"));
}

#[tokio::test]
async fn tokens_and_identities_are_32_unique_letters_and_digits() {
    let shop = Shop::with_account().await;
    let mut seen = HashSet::new();
    for _ in 0..20 {
        shop.reset_password(EMAIL, None).await.unwrap();
        let identity = shop.sign_in(EMAIL, PASSWORD).await.unwrap();
        for secret in [shop.token(EmailKind::ResetPassword).expose(), identity.expose()] {
            assert_eq!(secret.len(), 32);
            assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{secret}");
            assert!(seen.insert(secret.to_owned()));
        }
    }
}
