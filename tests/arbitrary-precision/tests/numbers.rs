use std::time::Duration;

use arbitrary_precision::replying;
use bizkithub::{
    AccountInfo, Client, Error, GetAccountInfoRequest, LoginRequest, Response, RetryPolicy,
};

async fn call(status: u16, body: &str) -> Result<Response<AccountInfo>, Error> {
    let client = Client::builder("YOUR_API_KEY")
        .base_url(replying(status, body))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let request = GetAccountInfoRequest::builder().identity_id("identity").build();
    Ok(client.get_account_info(&request).await?)
}

#[test]
fn feature_is_on() {
    let number = "123456789012345678901234567890.5";
    let value: serde_json::Value = serde_json::from_str(number).unwrap();
    assert_eq!(value.to_string(), number);
}

/// The same numbers as in `tests/client/lenient_reading.rs`.
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
            let info = call(200, &body).await.unwrap();
            assert_eq!(info.credit_balance, Some(number), "{body}");
            assert!(info.is_logged_in() && info.phone.as_deref() == Some("1"), "{body}");
        }
    }
}

#[tokio::test]
async fn wrong_types_cost_only_themselves() {
    let body = r#"{"loggedIn":true,"creditBalance":"1","email":12.5,"ban":1,"groups":[1.5,{"slug":"vip","name":2}],
        "meta":{"n":123456789012345678901234567890}}"#;
    let info = call(200, body).await.unwrap();
    assert_eq!((info.credit_balance, info.email.as_deref(), info.ban), (None, None, None));
    assert_eq!(info.groups.len(), 1);
    assert_eq!(info.groups[0].slug.as_deref(), Some("vip"));
    let number = info.meta.as_ref().unwrap()["n"].to_string();
    assert_eq!(number, "123456789012345678901234567890");
}

#[tokio::test]
async fn retry_after_is_read_in_any_notation() {
    for text in ["3600", "3600.0", "3.6e3"] {
        for message in [r#""x""#, "7"] {
            let body = format!(
                r#"{{"error":{{"code":"RATE_LIMIT_EXCEEDED","message":{message},"retry_after":{text}}}}}"#
            );
            let error = call(429, &body).await.unwrap_err();
            assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)), "{body}");
        }
    }
}

#[test]
fn password_as_a_number_is_not_quoted() {
    for number in ["12345", "123.45", "123456789012345678901234567890"] {
        let json = format!(r#"{{"email":"a@b.cz","password":{number}}}"#);
        let error = serde_json::from_str::<LoginRequest>(&json).unwrap_err().to_string();
        assert!(!error.contains("123"), "{error}");
    }
}
