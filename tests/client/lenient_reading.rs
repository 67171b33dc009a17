//! Values of a success that do not fit cost only themselves.

use std::time::{Duration, Instant};

use bizkithub::{
    AccountInfo, Error, GetAccountInfoRequest, Outcome, RegisterAccountRequest,
    RegisterAccountResponse, Response,
};
use serde_json::{Value, json};

use crate::support::{ENDPOINTS, Secrets, Server, endpoint};

async fn call(body: impl Into<Vec<u8>>) -> Result<Response<AccountInfo>, Error> {
    let server = Server::replying(crate::support::json(200, body)).await;
    let request = GetAccountInfoRequest::builder().identity_id("identity").build();
    Ok(server.client().get_account_info(&request).await?)
}

async fn info(body: impl Into<Vec<u8>>) -> AccountInfo {
    call(body).await.unwrap().into_inner()
}

async fn registered(body: impl Into<Vec<u8>>) -> RegisterAccountResponse {
    let server = Server::replying(crate::support::json(200, body)).await;
    let request = RegisterAccountRequest::builder().email("a@b.cz").password("p").build();
    server.client().register_account(&request).await.unwrap().into_inner()
}

fn documented() -> Value {
    serde_json::from_str(endpoint("get-account-info").success).unwrap()
}

/// All fields that have a value.
fn fields(info: &AccountInfo) -> Value {
    serde_json::to_value(info).unwrap()
}

/// The documented response without its undocumented field.
fn documented_fields() -> Value {
    let mut fields = documented();
    fields["creditBalance"] = json!(123.0);
    fields["runningSubscriptionList"][0].as_object_mut().unwrap().remove("note");
    fields
}

fn without(mut fields: Value, name: &str) -> Value {
    fields.as_object_mut().unwrap().remove(name);
    fields
}

#[tokio::test]
async fn every_documented_field_is_read() {
    let response = call(endpoint("get-account-info").success).await.unwrap();
    assert_eq!(fields(&response), documented_fields());
    assert_eq!(response.json::<Value>().unwrap(), documented());
    assert!(response.is_logged_in());
    assert_eq!(response.email.as_deref(), Some("jan@barasek.com"));
    assert_eq!(response.credit_balance, Some(123.0));
    assert_eq!(response.groups[0].slug.as_deref(), Some("trainer"));
    assert_eq!(response.referral.as_ref().unwrap().first_name.as_deref(), Some("Petr"));
    assert_eq!(response.meta.as_ref().unwrap()["shoeSize"], 43);
}

#[tokio::test]
async fn wrong_type_costs_only_its_own_field() {
    let other_types = [json!(null), json!("text"), json!(7), json!(true), json!([]), json!({})];
    for (name, right) in documented().as_object().unwrap() {
        let rest = without(documented_fields(), name);
        for other in &other_types {
            // `meta` may be anything, and an empty list or object has no value that does not fit.
            let is_same_type = std::mem::discriminant(right) == std::mem::discriminant(other);
            if name == "meta" || is_same_type {
                continue;
            }
            let mut body = documented();
            body[name] = other.clone();
            let info = info(body.to_string()).await;
            assert_eq!(fields(&info), rest, "{name} as {other}");
            assert_eq!(info.is_logged_in(), name != "loggedIn");
        }
        let info = info(without(documented(), name).to_string()).await;
        assert_eq!(fields(&info), rest, "without {name}");
    }
}

#[tokio::test]
async fn several_wrong_types_cost_only_their_fields() {
    let info = info(
        r#"{"loggedIn":true,"email":7,"phone":[],"firstName":{},"creditBalance":"1",
            "meta":null,"groups":"none","referral":true,"lastName":"Novák"}"#,
    )
    .await;
    assert_eq!(fields(&info), json!({"loggedIn": true, "lastName": "Novák"}));
}

#[tokio::test]
async fn wrong_type_in_a_record_costs_only_its_field() {
    let info = info(
        r#"{
            "groups": [{"slug":7,"name":"Vip"}, {"slug":"trainer","name":null}],
            "runningSubscriptionList": [{"orderHash":{},"orderNumber":"1"}],
            "referral": {"code":[],"email":"petr@example.com","firstName":null}
        }"#,
    )
    .await;
    let expected = json!({
        "groups": [{"name": "Vip"}, {"slug": "trainer"}],
        "runningSubscriptionList": [{"orderNumber": "1"}],
        "referral": {"email": "petr@example.com"},
    });
    assert_eq!(fields(&info), expected);
    let data = registered(r#"{"success":true,"data":{"message":7,"id":1}}"#).await.data.unwrap();
    assert_eq!(data.message, None);
}

/// `tests/arbitrary-precision` has the same numbers with that feature of serde_json.
#[tokio::test]
async fn numbers_are_read_in_any_notation() {
    let numbers = [
        ("123", 123.0),
        ("123.0", 123.0),
        ("-12.5e1", -125.0),
        ("0", 0.0),
        ("123456789012345678901234567890", 123456789012345678901234567890.0),
    ];
    for (text, number) in numbers {
        // Read strictly, and with a value that needs the fallback.
        for other in ["", r#""email":7,"#] {
            let body = format!(r#"{{"loggedIn":true,{other}"creditBalance":{text},"phone":"1"}}"#);
            let info = info(&*body).await;
            assert_eq!(info.credit_balance, Some(number), "{body}");
            assert!(info.is_logged_in() && info.phone.as_deref() == Some("1"), "{body}");
        }
    }
}

#[tokio::test]
async fn items_that_are_not_objects_are_dropped() {
    let info = info(
        r#"{"groups": ["text", {"slug":"trainer"}, null, 7, [], true, {"slug":"vip"}],
            "runningSubscriptionList": [[], {"orderNumber":"1"}, "2"]}"#,
    )
    .await;
    let slugs: Vec<_> = info.groups.iter().map(|group| group.slug.as_deref().unwrap()).collect();
    assert_eq!(slugs, ["trainer", "vip"]);
    assert_eq!(info.running_subscription_list.len(), 1);
    assert_eq!(info.running_subscription_list[0].order_number.as_deref(), Some("1"));
}

#[tokio::test]
async fn null_is_none_or_an_empty_list() {
    let names = documented().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let body: Value = names.iter().map(|name| (name.clone(), Value::Null)).collect();
    let info = info(body.to_string()).await;
    assert_eq!(fields(&info), json!({}));
    assert!(info.groups.is_empty() && !info.is_logged_in());
}

#[tokio::test]
async fn duplicate_field_costs_at_most_itself() {
    let info = info(
        r#"{"loggedIn":true,"email":"old@example.com","email":"new@example.com","phone":"1",
            "creditBalance":7,"creditBalance":"x","groups":[{"slug":"a","slug":"b","name":"A"}],
            "unknown":1,"unknown":2}"#,
    )
    .await;
    let expected = json!({
        "loggedIn": true, "email": "new@example.com", "phone": "1", "groups": [{"slug": "b", "name": "A"}],
    });
    assert_eq!(fields(&info), expected);
}

#[tokio::test]
async fn other_items_survive_32_bad_items() {
    let (good, bad) = (r#"{"slug":"trainer"}"#, "7,".repeat(32));
    let info =
        info(format!(r#"{{"loggedIn":true,"groups":[{bad}{good}],"email":"a@b.cz"}}"#)).await;
    let expected = json!({"loggedIn": true, "groups": [{"slug": "trainer"}], "email": "a@b.cz"});
    assert_eq!(fields(&info), expected);
}

#[tokio::test]
async fn many_bad_items_cost_their_list_in_bounded_time() {
    let lists = [
        "7,".repeat(120_000) + "7",
        r#"{"slug":7},"#.repeat(20_000) + r#"{"slug":"trainer"}"#,
        r#"{"slug":"trainer"},"#.repeat(10_000) + &"null,".repeat(100) + "7",
    ];
    for list in lists {
        let body = format!(
            r#"{{"loggedIn":true,"groups":[{list}],"email":"a@b.cz","phone":7,
                "runningSubscriptionList":[{{"orderNumber":"1"}}]}}"#
        );
        let started = Instant::now();
        let info = info(body).await;
        // Without a limit, 20,000 bad items took 95 s.
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        let expected = json!({
            "loggedIn": true, "email": "a@b.cz", "runningSubscriptionList": [{"orderNumber": "1"}],
        });
        assert_eq!(fields(&info), expected);
    }
}

#[tokio::test]
async fn many_bad_lists_cost_themselves() {
    let bad = "7,".repeat(100) + "7";
    let info = info(format!(
        r#"{{"groups":[{bad}],"runningSubscriptionList":[{bad}],"referral":{{"code":7}},"email":7,"phone":"1"}}"#
    ))
    .await;
    assert_eq!(info.phone.as_deref(), Some("1"));
    assert!(info.groups.is_empty() && info.running_subscription_list.is_empty());
    assert_eq!(info.email, None);
}

#[tokio::test]
async fn invalid_utf8_is_replaced() {
    let info =
        info(b"{\"loggedIn\":true,\"email\":\"jan@barasek.com\",\"phone\":\"+\xff1\"}").await;
    assert_eq!(info.phone.as_deref(), Some("+\u{fffd}1"));
    assert_eq!(info.email.as_deref(), Some("jan@barasek.com"));
    for endpoint in &ENDPOINTS {
        let start = endpoint.success.trim_end().strip_suffix('}').unwrap();
        let body = [start.as_bytes(), b",\"unknown\":\"\xff\xfe\"}"].concat();
        let server = Server::replying(crate::support::json(200, body)).await;
        endpoint.call(&server.client(), &Secrets::default()).await.unwrap();
    }
}

#[tokio::test]
async fn unknown_fields_may_hold_anything() {
    let deep = "[".repeat(50_000) + &"]".repeat(50_000);
    let deep_object = r#"{"a":"#.repeat(30_000) + "1" + &"}".repeat(30_000);
    let long = "9".repeat(50_000);
    for endpoint in &ENDPOINTS {
        let start = endpoint.success.trim_end().strip_suffix('}').unwrap();
        for value in [&deep, &deep_object, &long, "1e999", r#""\ud800""#, r#"{"a":1,"a":2}"#] {
            let body = format!("{start},\"unknown\":{value}}}");
            let server = Server::replying(crate::support::json(200, body)).await;
            let result = endpoint.call(&server.client(), &Secrets::default()).await;
            let shown = &value[..value.len().min(30)];
            assert!(result.is_ok(), "{} {shown}: {result:?}", endpoint.name());
        }
    }
}

/// Values in a documented field that serde_json cannot read at all.
fn unreadable() -> [String; 3] {
    ["[".repeat(50_000) + &"]".repeat(50_000), r#""\ud800""#.to_owned(), "1e999".to_owned()]
}

#[tokio::test]
async fn unreadable_value_leaves_a_success_without_fields() {
    for value in unreadable() {
        let body = format!(r#"{{"success":true,"data":{{"message":{value}}}}}"#);
        assert!(registered(body).await.data.is_none());
    }
}

#[tokio::test]
async fn unreadable_account_info_or_identity_is_unexpected() {
    for value in unreadable() {
        let shown = value[..value.len().min(20)].to_owned();
        let error =
            call(format!(r#"{{"loggedIn":true,"creditBalance":{value}}}"#)).await.unwrap_err();
        assert!(matches!(error, Error::UnexpectedResponse(_)), "{shown}: {error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, true), "{shown}");

        let body = format!(r#"{{"success":true,"identityId":{value}}}"#);
        let server = Server::replying(crate::support::json(200, body)).await;
        let login = endpoint("login").call(&server.client(), &Secrets::default()).await;
        assert!(matches!(login, Err(Error::UnexpectedResponse(_))), "{shown}: {login:?}");
    }
}

#[tokio::test]
async fn unreadable_message_leaves_the_code() {
    for value in unreadable() {
        let body = format!(r#"{{"success":false,"errorCode":"E004","message":{value}}}"#);
        let server = Server::replying(crate::support::json(200, body)).await;
        let error =
            endpoint("login").call(&server.client(), &Secrets::default()).await.unwrap_err();
        assert_eq!((error.code(), error.outcome()), (Some("E004"), Outcome::Unchanged));
    }
}

#[tokio::test]
async fn only_logged_in_true_is_logged_in() {
    let bodies = [
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
    for body in bodies {
        let info = info(body).await;
        assert!(!info.is_logged_in(), "{body}");
        assert_eq!((info.email, info.identity_id.is_some()), (None, false), "{body}");
    }
    for body in [r#"{"loggedIn":true}"#, r#"{"success":true,"loggedIn": true ,"error":null}"#] {
        assert!(info(body).await.is_logged_in(), "{body}");
    }
}

#[tokio::test]
async fn empty_identity_is_none() {
    let info = info(r#"{"loggedIn":true,"identityId":"","email":"a@b.cz"}"#).await;
    assert_eq!(fields(&info), json!({"loggedIn": true, "email": "a@b.cz"}));
}

#[tokio::test]
async fn escapes_are_decoded() {
    let info = info(
        r#"{"lastName":"Bar\u00e1\u0161ek","identityId":"a\/b","groups":[{"name":"\"Vip\""}],
            "\u0070hone":"1"}"#,
    )
    .await;
    assert_eq!(info.last_name.as_deref(), Some("Barášek"));
    assert_eq!(info.phone.as_deref(), Some("1"));
    assert_eq!(info.identity_id.as_ref().map(|identity| identity.expose()), Some("a/b"));
    assert_eq!(info.groups[0].name.as_deref(), Some("\"Vip\""));
}

#[tokio::test]
async fn body_that_is_not_an_object_is_unexpected() {
    for body in
        ["", "[]", "[true]", "null", "true", "7", "\"text\"", "<html>", r#"{"loggedIn":true"#]
    {
        let error = call(body).await.unwrap_err();
        assert!(matches!(error, Error::UnexpectedResponse(_)), "{body}: {error:?}");
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, true), "{body}");
    }
}
