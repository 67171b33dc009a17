//! Reading an answer of get-account-info, which is lenient: what is missing or of another type is that field's absence.

use bizkithub::{AccountInfo, Answered, Error, GetAccountInfoRequest, Outcome};
use serde_json::{Value, json};

use crate::support::{Server, endpoint};

async fn call(body: impl Into<Vec<u8>>) -> Result<Answered<AccountInfo>, Error> {
    let server = Server::answering(crate::support::json(200, body)).await;
    let request = GetAccountInfoRequest::builder().identity_id("identity").build();
    Ok(server.client().get_account_info(&request).await?)
}

async fn info(body: impl Into<Vec<u8>>) -> AccountInfo {
    call(body).await.unwrap().into_inner()
}

fn documented() -> Value {
    serde_json::from_str(endpoint("get-account-info").success).unwrap()
}

/// Every field as an accessor gives it.
fn fields(info: &AccountInfo) -> Value {
    json!({
        "loggedIn": info.is_logged_in(),
        "identityId": info.identity_id().map(|identity| identity.expose()),
        "cuRefNo": info.cu_ref_no(),
        "creditBalance": info.credit_balance(),
        "email": info.email(),
        "phone": info.phone(),
        "firstName": info.first_name(),
        "lastName": info.last_name(),
        "companyName": info.company_name(),
        "ban": info.ban(),
        "premium": info.premium(),
        "groups": info.groups().iter().map(|group| json!({"name": group.name, "slug": group.slug}))
            .collect::<Vec<_>>(),
        "meta": info.meta::<Value>().unwrap_or_else(|error| json!(error.to_string())),
        "referral": info.referral().map(|referral| json!({
            "code": referral.code,
            "email": referral.email,
            "firstName": referral.first_name,
            "lastName": referral.last_name,
        })),
        "runningSubscriptionList": info.running_subscription_list().iter().map(|subscription| json!({
            "externalId": subscription.external_id,
            "productSlug": subscription.product_slug,
            "productCode": subscription.product_code,
            "orderNumber": subscription.order_number,
            "orderHash": subscription.order_hash,
        })).collect::<Vec<_>>(),
    })
}

#[tokio::test]
async fn every_documented_field_is_given() {
    let info = info(endpoint("get-account-info").success).await;
    let mut expected = documented();
    expected["creditBalance"] = json!(123.0);
    // What nobody documents is for `read`.
    expected["runningSubscriptionList"][0].as_object_mut().unwrap().remove("note");
    assert_eq!(fields(&info), expected);
    assert_eq!(info.read::<Value>().unwrap(), documented());
}

/// What an answer without a field gives for it.
fn absent(field: &str) -> Value {
    match field {
        "loggedIn" => json!(false),
        "groups" | "runningSubscriptionList" => json!([]),
        _ => Value::Null,
    }
}

#[tokio::test]
async fn a_field_that_is_missing_null_or_of_another_type_is_absent_and_takes_no_other_with_it() {
    let whole = fields(&info(documented().to_string()).await);
    let names: Vec<_> = documented().as_object().unwrap().keys().cloned().collect();
    let other_types = [json!(null), json!("text"), json!(7), json!(true), json!([]), json!({})];
    for name in &names {
        let right = &documented()[name];
        for other in &other_types {
            // `meta` is whatever it is; a text is a text, a list of nothing is a list.
            let same_type = std::mem::discriminant(right) == std::mem::discriminant(other);
            if name == "meta" || same_type {
                continue;
            }
            let mut answer = documented();
            answer[name] = other.clone();
            let mut expected = whole.clone();
            expected[name] = absent(name);
            assert_eq!(fields(&info(answer.to_string()).await), expected, "{name} as {other}");
        }
        let mut answer = documented();
        answer.as_object_mut().unwrap().remove(name);
        let mut expected = whole.clone();
        expected[name] = absent(name);
        assert_eq!(fields(&info(answer.to_string()).await), expected, "without {name}");
    }
}

#[tokio::test]
async fn what_does_not_say_logged_in_true_is_not_logged_in_and_no_failure() {
    let answers = [
        "{}",
        r#"{"loggedIn":false}"#,
        r#"{"loggedIn":null}"#,
        r#"{"loggedIn":"true"}"#,
        r#"{"loggedIn":1}"#,
        r#"{"LoggedIn":true}"#,
        r#"{"data":{"loggedIn":true}}"#,
        r#"{"success":true}"#,
        r#"{"success":null,"error":null,"errorCode":null}"#,
        r#"{"loggedIn":true,"loggedIn":false}"#,
    ];
    for answer in answers {
        let info = info(answer).await;
        assert!(!info.is_logged_in(), "{answer}");
        assert_eq!((info.email(), info.identity_id().is_some()), (None, false), "{answer}");
    }
    for answer in [r#"{"loggedIn":true}"#, r#"{"success":true,"loggedIn": true ,"error":null}"#] {
        assert!(info(answer).await.is_logged_in(), "{answer}");
    }
}

#[tokio::test]
async fn a_list_gives_the_items_that_can_be_read() {
    let info = info(
        r#"{
            "groups": [{"slug":"trainer"}, {"slug":7,"name":"Vip"}, "text", null, {}, {"other":1}],
            "runningSubscriptionList": [[], {"orderNumber":"1"}],
            "referral": {"email":"petr@example.com","code":null}
        }"#,
    )
    .await;
    let groups = info.groups();
    let groups = groups
        .iter()
        .map(|group| (group.slug.as_deref(), group.name.as_deref()))
        .collect::<Vec<_>>();
    assert_eq!(groups, [(Some("trainer"), None), (None, Some("Vip"))]);
    let subscriptions = info.running_subscription_list();
    assert_eq!(subscriptions.len(), 1);
    assert_eq!(subscriptions[0].order_number.as_deref(), Some("1"));
    assert_eq!(info.referral().unwrap().email.as_deref(), Some("petr@example.com"));
    assert_eq!(info.referral().unwrap().code, None);
}

#[tokio::test]
async fn numbers_and_texts_that_no_type_holds_take_nothing_else_with_them() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let answers: [&[u8]; 7] = [
        br#"{"loggedIn":true,"email":"jan@barasek.com","creditBalance":1e999}"#,
        br#"{"loggedIn":true,"email":"jan@barasek.com","meta":{"n":-1e999}}"#,
        b"{\"loggedIn\":true,\"email\":\"jan@barasek.com\",\"phone\":\"\\ud800\"}",
        b"{\"loggedIn\":true,\"email\":\"jan@barasek.com\",\"meta\":\"\xff\"}",
        br#"{"loggedIn":true,"email":"jan@barasek.com","creditBalance":7,"creditBalance":1e999}"#,
        &format!(r#"{{"loggedIn":true,"email":"jan@barasek.com","meta":{deep}}}"#).into_bytes(),
        &format!(r#"{{"loggedIn":true,"email":"jan@barasek.com","phone":{deep}}}"#).into_bytes(),
    ];
    for answer in answers {
        let info = info(answer).await;
        assert!(info.is_logged_in());
        assert_eq!((info.email(), info.phone()), (Some("jan@barasek.com"), None));
        assert_eq!(info.credit_balance(), None);
    }
}

#[tokio::test]
async fn what_no_type_holds_inside_an_object_or_a_list_takes_nothing_else_with_it() {
    let info = info(
        r#"{
            "groups": [{"slug":1e999,"name":"Vip"}, {"slug":"trainer","\ud800":1}, 1e999],
            "runningSubscriptionList": [{"orderHash":"\ud800","orderNumber":"1"}],
            "referral": {"\ud800":1,"code":"\udc00","email":"petr@example.com","lastName":[[[1e999]]]}
        }"#,
    )
    .await;
    let groups = info.groups();
    assert_eq!((groups[0].slug.as_deref(), groups[0].name.as_deref()), (None, Some("Vip")));
    assert_eq!((groups[1].slug.as_deref(), groups.len()), (Some("trainer"), 2));
    assert_eq!(info.running_subscription_list()[0].order_number.as_deref(), Some("1"));
    assert_eq!(info.referral().unwrap().email.as_deref(), Some("petr@example.com"));
}

#[tokio::test]
async fn a_text_that_is_written_with_escapes_is_given_without_them() {
    let info = info(
        r#"{"lastName":"Bar\u00e1\u0161ek","identityId":"a\/b","groups":[{"name":"\"Vip\""}],
            "\u0065mail":"jan@barasek.com","creditBalance":1e999}"#,
    )
    .await;
    assert_eq!((info.last_name(), info.email()), (Some("Barášek"), Some("jan@barasek.com")));
    assert_eq!(info.identity_id().map(|identity| identity.expose()), Some("a/b"));
    assert_eq!(info.groups()[0].name.as_deref(), Some("\"Vip\""));
}

#[tokio::test]
async fn meta_and_the_whole_answer_that_cannot_be_read_say_so_and_quote_nothing() {
    let info = info(r#"{"loggedIn":true,"meta":{"secret":"secret"}}"#).await;
    let errors = [info.meta::<u8>().unwrap_err(), info.read::<Vec<u8>>().unwrap_err()];
    for error in errors {
        assert!(!format!("{error}{error:?}").contains("secret"), "{error:?}");
    }
    assert_eq!(info.meta::<Value>().unwrap(), json!({"secret": "secret"}));
}

#[tokio::test]
async fn an_answer_that_is_no_object_is_unexpected() {
    for answer in ["", "[]", "null", "true", "7", "\"text\"", "<html>", r#"{"loggedIn":true"#] {
        let error = call(answer).await.unwrap_err();
        assert!(matches!(error, Error::Unexpected(_)), "{answer}: {error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, true), "{answer}");
    }
}
