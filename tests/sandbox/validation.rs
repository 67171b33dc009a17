//! Requests that the spec does and does not allow.

use bizkithub::sandbox::Sandbox;
use http::Method;
use serde_json::{Value, json};

use crate::shop::{Reply, post, request, send};

async fn register(sandbox: &Sandbox, email: &str, field: &str, value: Value) -> Reply {
    let mut body = json!({ "email": email, "password": "secret" });
    body[field] = value;
    post(sandbox, "register-account", &body).await
}

fn assert_rejected(reply: &Reply, part: &str) {
    assert_eq!((reply.status, reply.code()), (400, "INTERNAL_VALIDATION_FAILED"), "{}", reply.body);
    let description = reply.body["error"]["description"].as_str().unwrap();
    assert!(description.contains(part) && !description.contains("secret"), "{description}");
}

#[tokio::test]
async fn an_invalid_field_is_named_without_its_value() {
    let sandbox = Sandbox::start().await.unwrap();
    for (field, value) in [
        ("password", json!("")),
        ("email", json!("secret")),
        ("newsletter", json!("secret")),
        ("groups", json!("secret")),
        ("customerRealIp", json!("secret")),
        ("referralId", json!("secret")),
        ("phone", json!("secret")),
    ] {
        let reply = register(&sandbox, "jan@barasek.com", field, value).await;
        assert_rejected(&reply, &format!("/{field}"));
    }
    let reply = post(&sandbox, "register-account", &json!({ "email": "jan@barasek.com" })).await;
    assert_rejected(&reply, "password");
    let reply = post(&sandbox, "login", &json!(["email", "password"])).await;
    assert_rejected(&reply, "object");
    let body = json!({ "email": "jan@barasek.com", "expirationTime": "secret" });
    assert_rejected(&post(&sandbox, "reset-password", &body).await, "/expirationTime");
}

#[tokio::test]
async fn a_required_query_parameter_must_be_there() {
    let sandbox = Sandbox::start().await.unwrap();
    let get = || request(&sandbox, Method::GET, "get-account-info");
    assert_rejected(&send(get()).await, "identityId");
    let invalid = get().query(&[("identityId", "x"), ("customerRealIp", "1.1.1")]);
    assert_rejected(&send(invalid).await, "/customerRealIp");
    let valid = get().query(&[("identityId", "x"), ("customerRealIp", "localhost")]);
    assert_eq!(send(valid).await.body, json!({ "loggedIn": false }));
}

#[tokio::test]
async fn malformed_json_is_reported_with_its_place() {
    let sandbox = Sandbox::start().await.unwrap();
    let request =
        request(&sandbox, Method::POST, "login").header("content-type", "application/json");
    assert_rejected(&send(request.body("{\"email\":")).await, "not valid JSON (line 1, column 9)");
}

#[tokio::test]
async fn the_usual_forms_of_phone_numbers_are_accepted() {
    let sandbox = Sandbox::start().await.unwrap();
    for (index, phone) in [
        "+420 777123456",
        "+420777123456",
        "00420 777 123 456",
        "777 123 456",
        "777-123-456",
        "+1 (555) 123-4567",
        "01/23456789",
    ]
    .into_iter()
    .enumerate()
    {
        let email = format!("customer{index}@example.com");
        assert_eq!(register(&sandbox, &email, "phone", json!(phone)).await.status, 200, "{phone}");
    }
    for phone in ["call me", "", "+", "12345", "+420 777123456 (office)", "1234567890123456"] {
        let reply = register(&sandbox, "jan@barasek.com", "phone", json!(phone)).await;
        assert_rejected(&reply, "/phone");
    }
}

#[tokio::test]
async fn a_referral_number_has_16_characters() {
    let sandbox = Sandbox::start().await.unwrap();
    for number in ["short", "", "12345678901234567"] {
        let reply = register(&sandbox, "jan@barasek.com", "referralId", json!(number)).await;
        assert_rejected(&reply, "/referralId");
    }
    let reply =
        register(&sandbox, "jan@barasek.com", "referralId", json!("1234567890123456")).await;
    assert_eq!(reply.body["success"], true, "an unknown number is accepted");
}

#[tokio::test]
async fn addresses_with_blanks_or_other_scripts_are_rejected() {
    let sandbox = Sandbox::start().await.unwrap();
    for email in [
        "\"jan barasek\"@example.com",
        "jan barasek@example.com",
        " jan@example.com",
        "jan@example.com\t",
        "jan@bar\u{e1}\u{161}ek.cz",
        "j\u{e1}n@example.com",
        "jan",
        "",
    ] {
        let body = json!({ "email": email, "password": "secret" });
        for endpoint in ["register-account", "login"] {
            assert_rejected(&post(&sandbox, endpoint, &body).await, "/email");
        }
    }
    assert!(sandbox.emails().is_empty());
    let quoted = json!({ "email": "\"jan..barasek\"@example.com", "password": "secret" });
    assert_eq!(post(&sandbox, "register-account", &quoted).await.status, 200);
}

#[tokio::test]
async fn names_of_this_machine_are_accepted_as_ip_addresses() {
    let sandbox = Sandbox::start().await.unwrap();
    let accepted = ["::1", "0.0.0.0", "localhost", "", "2001:db8::1", "1.1.1.1", "::ffff:1.2.3.4"];
    for (index, address) in accepted.into_iter().enumerate() {
        let email = format!("customer{index}@example.com");
        let reply = register(&sandbox, &email, "customerRealIp", json!(address)).await;
        assert_eq!(reply.status, 200, "{address}: {}", reply.body);
    }
    for address in ["1.1.1", "256.1.1.1", "example.com", "2001:db8::1::2", " 1.1.1.1"] {
        let reply = register(&sandbox, "jan@barasek.com", "customerRealIp", json!(address)).await;
        assert_rejected(&reply, "/customerRealIp");
    }
}

#[tokio::test]
async fn only_times_with_units_are_accepted_as_lifetimes() {
    let sandbox = Sandbox::start().await.unwrap();
    let reset = async |time: &str| {
        let body = json!({ "email": "jan@barasek.com", "expirationTime": time });
        post(&sandbox, "reset-password", &body).await
    };
    for time in ["soon", "", "3", "-1h", "3 h20m", "1 month"] {
        assert_rejected(&reset(time).await, "/expirationTime");
    }
    for time in ["3h 20m", "45m", "1day", "90s", "2 weeks 1 d"] {
        assert_eq!(reset(time).await.status, 200, "{time}");
    }
}
