//! A caller of a client whose spec has the changes in `tests/spec/copies/usable.rs`.

// Each use of a deprecated field or operation must cause a warning, and nothing else may.
#![deny(deprecated, unfulfilled_lint_expectations)]

mod server;

use std::collections::HashMap;

use bizkithub::sandbox::Sandbox;
use bizkithub::{
    AccountInfo, Address, Client, GetAccountInfoRequest, GetAccountInfoRequestOrder, GetAccountInfoRequestSortItem, LoginRequest,
    LoginRequestColor, LoginRequestHome, LoginRequestPartOfPoint, LoginRequestPathItem, LoginRequestPlace, Person,
    LoginRequestPlacePoint, LoginRequestSizesItem, LogoutRequest, LogoutRequestMood, RegisterAccountRequest,
    RegisterAccountVerifyRequest, ResetPasswordRequest, SetNewPasswordRequest,
    SetNewPasswordRequestMoods,
    SetNewPasswordRequestThing, Origin, Shop, Size,
};
use serde_json::{Value, json};
use server::client;

fn login() -> LoginRequest {
    LoginRequest::builder().email("a@b.cz").password("secret").build()
}

#[tokio::test]
async fn new_fields_of_each_response_are_read() {
    let (client, _) = client(json!({ "success": true, "identityId": "id", "attempts": 2 })).await;
    assert_eq!(client.login(&login()).await.unwrap().attempts, Some(2));

    let (client, _) = server::client(json!({ "success": true, "email": "a@b.cz", "locale": "cs" })).await;
    let request = RegisterAccountVerifyRequest::builder().token("token").build();
    let verified = client.register_account_verify(&request).await.unwrap();
    assert_eq!((&*verified.email, &*verified.locale), ("a@b.cz", "cs"));

    let (client, _) = server::client(json!({ "success": true, "data": { "position": 1.5 } })).await;
    let request = RegisterAccountRequest::builder()
        .email("a@b.cz")
        .password("secret")
        .groups(vec![])
        .referral_id(7)
        .build();
    let registered = client.register_account(&request).await.unwrap();
    assert_eq!(registered.data.as_ref().unwrap().position, Some(1.5));
}

async fn info(response: Value) -> AccountInfo {
    let (client, _) = client(response).await;
    let request = GetAccountInfoRequest::builder().identity_id("id").build();
    client.get_account_info(&request).await.unwrap().into_inner()
}

#[tokio::test]
async fn new_fields_of_account_and_records_are_read() {
    let info = info(json!({
        "loggedIn": true,
        "address": { "street": "One" }, "addresses": [{ "street": "Two" }, 3, {}],
        "labels": { "a": "b" }, "labelsByName": { "a": "b" }, "anythingByName": [1], "born": "2000-01-01", "level": "gold",
        "message": "m", "cuRefNo": 3, "mobile": "+420", "type": "t", "self": "s", "parent": { "loggedIn": false, "email": "a@b.cz" }, "build": "b", "last": { "street": "Three" },
        "origin": { "shop": null, "ip": "1.2.3.4" },
        "groups": [{ "discount": 0.25 }], "group": { "slug": "g" }, "referral": { "shop": { "url": "u", "open": true } },
        "runningSubscriptionList": [{ "items": ["i"], "orderNumber": 7, "productKey": "k" }],
    }))
    .await;
    assert!(info.logged_in && info.is_logged_in());
    assert_eq!(info.address.unwrap().street.as_deref(), Some("One"));
    assert_eq!(info.addresses.len(), 2);
    assert_eq!(info.addresses[0].street.as_deref(), Some("Two"));
    assert_eq!(info.labels.unwrap()["a"], "b");
    assert_eq!(info.labels_by_name.unwrap()["a"], "b");
    assert_eq!(info.anything_by_name.unwrap()[0], 1);
    assert_eq!(info.born.as_deref(), Some("2000-01-01"));
    assert_eq!(info.level.as_ref().unwrap().to_string(), "gold");
    assert_eq!(info.build.as_deref(), Some("b"));
    assert_eq!(info.last.as_ref().unwrap().street.as_deref(), Some("Three"));
    assert_eq!(info.message.as_deref(), Some("m"));
    assert_eq!((info.cu_ref_no, info.mobile.as_deref()), (Some(3), Some("+420")));
    assert_eq!(info.type_.as_deref(), Some("t"));
    assert_eq!(info.self_.as_deref(), Some("s"));
    assert_eq!(info.parent.unwrap().email.as_deref(), Some("a@b.cz"));
    let origin = info.origin.unwrap();
    assert_eq!((origin.shop.as_deref(), origin.ip.as_deref()), (None, Some("1.2.3.4")));
    assert!(!format!("{origin:?}").contains("1.2"));
    assert_eq!(info.groups[0].discount, Some(0.25));
    assert_eq!(info.group.unwrap().slug.as_deref(), Some("g"));
    let shop = info.referral.unwrap().shop.unwrap();
    assert_eq!((shop.url.as_deref(), shop.open), (Some("u"), Some(true)));
    let subscription = &info.running_subscription_list[0];
    assert_eq!(&*subscription.items[0], "i");
    assert_eq!(subscription.order_number, Some(7));
    assert_eq!(subscription.product_key.as_deref(), Some("k"));
}

#[tokio::test]
async fn a_value_of_a_wrong_type_costs_only_itself() {
    let info = info(json!({
        "loggedIn": true, "level": "platinum", "address": 3, "type": [],
        "groups": [{ "discount": "x", "slug": "s" }],
    }))
    .await;
    assert!(info.level.is_none() && info.address.is_none() && info.type_.is_none());
    assert!(info.groups[0].discount.is_none());
    assert_eq!(info.groups[0].slug.as_deref(), Some("s"));
    let shop: Shop = serde_json::from_value(json!({ "url": "secret text" })).unwrap();
    assert!(!format!("{shop:?}").contains("secret"));
}

#[tokio::test]
async fn debug_of_a_response_hides_json_of_any_form() {
    let json = json!({ "secret": "secret" });
    let info = info(json!({
        "loggedIn": true, "labels": json, "labelsByName": json, "anythingByName": json, "list": [json],
        "empty": json, "either": json, "address4": "192.0.2.1",
    }))
    .await;
    let json = [info.labels, info.labels_by_name, info.anything_by_name, info.empty, info.either];
    assert!(json.iter().all(|json| json.as_ref().unwrap()["secret"] == "secret"));
    assert_eq!(info.list[0]["secret"], "secret");
    assert_eq!(info.address4.as_deref(), Some("192.0.2.1"));
    let shown = format!("{json:?} {:?} {:?}", info.list, info.address4);
    assert!(!shown.contains("secret") && !shown.contains("192"), "{shown}");
}

#[tokio::test]
async fn message_of_an_error_survives_a_success_with_one() {
    let (client, _) = client(json!({ "success": false, "message": "Words." })).await;
    let request = GetAccountInfoRequest::builder().identity_id("id").build();
    let error = client.get_account_info(&request).await.unwrap_err();
    let bizkithub::Error::Endpoint(error) = error else { panic!("{error:?}") };
    assert_eq!(error.message(), "Words.");
}

#[tokio::test]
async fn fields_named_like_the_envelope_in_rust_hide_nothing_of_it() {
    let sign_in = async |response: Value| {
        let (client, _) = client(response).await;
        client.login(&login()).await
    };
    let success = json!({ "success": true, "identityId": "id", "error_code": "e", "Success": false });
    let response = sign_in(success).await.unwrap();
    assert_eq!((response.error_code.as_deref(), response.success), (Some("e"), Some(false)));
    let error = sign_in(json!({ "success": false, "errorCode": "E004" })).await.unwrap_err();
    assert_eq!(error.code(), Some("E004"));
    let both = json!({ "success": true, "identityId": "id", "errorCode": "E004" });
    assert_eq!(sign_in(both).await.unwrap_err().outcome(), bizkithub::Outcome::Unknown);
}

#[test]
fn unset_fields_are_not_sent() {
    let json = serde_json::to_value(login()).unwrap();
    assert_eq!(json, json!({ "email": "a@b.cz", "password": "secret" }));
}

#[test]
#[expect(deprecated)]
fn builder_sets_every_kind_of_field() {
    let point = LoginRequestPlacePoint::builder().x(1.0).label("l").build();
    let item = LoginRequestPathItem::builder().x(2.0).maybe_label(None).build();
    let request = LoginRequest::builder()
        .email("a@b.cz")
        .password("secret")
        .text("a")
        .age(3)
        .height(1.5)
        .adult(false)
        .born("2000-01-01")
        .seen("2000-01-01T00:00:00Z")
        .cart("0a0b0c0d-0000-4000-8000-000000000000")
        .color(LoginRequestColor::DarkRed)
        .size(Size::S)
        .maybe_shoe_size(Some(Size::M))
        .inline_tags(vec![])
        .named_tags(vec!["a".to_owned()])
        .counts(HashMap::from([("a".to_owned(), 1)]))
        .home(LoginRequestHome::builder().street("s").zip("1").build())
        .place(LoginRequestPlace::builder().point(point).build())
        .path(vec![item])
        .sizes(vec![LoginRequestSizesItem::M])
        .note("n")
        .short_note("n")
        .alias_of_size(Size::M)
        .part_of_point(LoginRequestPartOfPoint::builder().x(3.0).build())
        .person(
            Person::builder()
                .children(vec![Person::builder().name("n").build()])
                .parent(Person::builder().name("p").build())
                .build(),
        )
        .described_tags(vec!["a".to_owned()])
        .extra(json!({ "a": 1 }).as_object().unwrap().clone())
        .anything(json!([1]))
        .type_("t")
        .new("n")
        .url("u")
        .query("q")
        .client("c")
        .request("r")
        .body("b")
        .self_("s")
        .response("r")
        .result("r")
        .value("v")
        .maybe_friend("f")
        .old("o")
        .old_size(Size::S)
        .build();
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        json!({
            "email": "a@b.cz", "password": "secret", "text": "a", "age": 3, "height": 1.5,
            "adult": false, "born": "2000-01-01", "seen": "2000-01-01T00:00:00Z",
            "cart": "0a0b0c0d-0000-4000-8000-000000000000", "color": "dark-red", "size": "s",
            "shoeSize": "m", "inlineTags": [], "namedTags": ["a"], "counts": { "a": 1 },
            "home": { "street": "s", "zip": "1" },
            "place": { "point": { "x": 1.0, "label": "l" } },
            "path": [{ "x": 2.0 }], "sizes": ["m"], "note": "n", "shortNote": "n", "aliasOfSize": "m",
            "partOfPoint": { "x": 3.0 }, "person": { "children": [{ "name": "n" }], "parent": { "name": "p" } }, "describedTags": ["a"], "extra": { "a": 1 },
            "anything": [1], "type": "t", "new": "n", "url": "u", "query": "q", "client": "c",
            "request": "r", "body": "b", "self": "s", "response": "r", "result": "r",
            "value": "v", "maybe_friend": "f", "old": "o", "oldSize": "s",
        })
    );
}

#[test]
fn builder_sets_fields_with_odd_names_and_types() {
    let request = SetNewPasswordRequest::builder()
        .token("t")
        .password("p")
        .id("i")
        .x2fa("f")
        .příjmení("p")
        .crate_("c")
        .level(2)
        .short(3)
        .moods(SetNewPasswordRequestMoods::X2h)
        .shop(Shop::builder().url("u").build())
        .origin(Origin::builder().shop("s").ip("::1").build())
        .thing(SetNewPasswordRequestThing::builder().a("a").build())
        .has_password(true)
        .password_changed_at("2000-01-01T00:00:00Z")
        .either(json!("a"))
        .grid(vec![vec!["g".to_owned()]])
        .build();
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        json!({
            "token": "t", "password": "p",
            "$id": "i", "2fa": "f", "příjmení": "p", "crate": "c", "level": 2, "short": 3,
            "moods": "2h", "shop": { "url": "u" }, "either": "a",
            "origin": { "shop": "s", "ip": "::1" }, "thing": { "a": "a" }, "hasPassword": true,
            "passwordChangedAt": "2000-01-01T00:00:00Z",
            "grid": [["g"]],
        })
    );
}

#[test]
fn required_optional_and_nullable_fields_follow() {
    let request = LogoutRequest::builder().identity_id("id").everywhere(true).build();
    assert_eq!(
        serde_json::to_value(request).unwrap(),
        json!({ "identityId": "id", "everywhere": true, "reason": null, "mood": null, "size": null, "address": null })
    );
    let request = LogoutRequest::builder()
        .identity_id("id")
        .everywhere(true)
        .reason("r")
        .mood(LogoutRequestMood::Good)
        .size(Size::S)
        .address(Address::builder().zip("1").build())
        .build();
    let json = json!({
        "everywhere": true, "reason": "r", "identityId": "id", "mood": "good", "size": "s",
        "address": { "zip": "1" },
    });
    assert_eq!(serde_json::to_value(request).unwrap(), json);
}

#[tokio::test]
#[expect(deprecated)]
async fn builder_sets_parameters() {
    let (client, request) = client(json!({ "loggedIn": true })).await;
    let parameters = GetAccountInfoRequest::builder()
        .identity_id("id")
        .page(2)
        .order(GetAccountInfoRequestOrder::Up)
        .from("2000-01-01")
        .type_("t")
        .fields(vec!["a".to_owned(), "b".to_owned()])
        .full(true)
        .cart_id("c")
        .locale("cs")
        .tenant("x")
        .old("o")
        .sort(vec![GetAccountInfoRequestSortItem::Age])
        .client("c")
        .request("r")
        .result("r")
        .url("u")
        .response("r")
        .query("q")
        .new("n")
        .body("b")
        .self_("s")
        .code(7)
        .shop_number(9)
        .build();
    client.get_account_info(&parameters).await.unwrap();
    let request = request.await.unwrap();
    let mut query: Vec<_> = request.split(['?', ' ']).nth(2).unwrap().split('&').collect();
    query.sort();
    let expected = [
        "body=b",
        "cart-id=c",
        "client=c",
        "code=7",
        "fields=a",
        "fields=b",
        "from=2000-01-01",
        "full=true",
        "identityId=id",
        "key=KEY",
        "locale=cs",
        "new=n",
        "old=o",
        "order=up",
        "page=2",
        "query=q",
        "request=r",
        "response=r",
        "result=r",
        "self=s",
        "shopNumber=9",
        "sort=age",
        "tenant=x",
        "type=t",
        "url=u",
    ];
    assert_eq!(query, expected);
}

#[tokio::test]
async fn unset_parameters_are_not_sent() {
    let (client, request) = client(json!({ "loggedIn": true })).await;
    let parameters = GetAccountInfoRequest::builder().identity_id("id").build();
    client.get_account_info(&parameters).await.unwrap();
    let request = request.await.unwrap();
    assert!(
        request.starts_with("GET /api/v1/customer/get-account-info?identityId=id&key=KEY HTTP"),
        "{request}"
    );
}

#[tokio::test]
async fn a_body_by_reference_with_a_charset_is_sent() {
    let (client, request) = client(json!({ "success": true })).await;
    client.reset_password(&ResetPasswordRequest::builder().email("a@b.cz").build()).await.unwrap();
    assert!(request.await.unwrap().ends_with("\r\n\r\n{\"email\":\"a@b.cz\"}"));
}

#[tokio::test]
#[expect(deprecated)]
async fn a_deprecated_operation_is_a_deprecated_method() {
    let (client, _) = client(json!({ "success": true })).await;
    client
        .logout(&LogoutRequest::builder().identity_id("id").everywhere(true).build())
        .await
        .unwrap();
}

#[tokio::test]
async fn server_and_message_follow() {
    assert!(format!("{:?}", Client::new("KEY").unwrap()).contains("https://example.com"));
    assert_eq!(bizkithub::LoginError::LoginFailed.to_string(), "The sign-in failed.");
}

#[tokio::test]
async fn the_sandbox_checks_constraints() {
    let sandbox = Sandbox::start().await.unwrap();
    let code = |request: LoginRequest| {
        let client = sandbox.client();
        async move { client.login(&request).await.unwrap_err().code().unwrap().to_owned() }
    };
    let login = || LoginRequest::builder().email("a@b.cz").password("secret");
    assert_eq!(code(login().text("a").age(18).inline_tags(vec![]).build()).await, "E002");
    for request in [
        login().text("a much longer text").build(),
        login().text("").build(),
        login().text("b").build(),
        login().age(-1).build(),
        login().age(151).build(),
        login().born("no date").build(),
        login().inline_tags(vec!["a".to_owned(); 4]).build(),
    ] {
        assert_eq!(code(request).await, "INTERNAL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn the_sandbox_takes_required_fields_of_a_success_from_the_example() {
    let sandbox = Sandbox::start().await.unwrap();
    let request =
        RegisterAccountRequest::builder().email("a@b.cz").password("p").groups(vec![]).build();
    sandbox.client().register_account(&request).await.unwrap();
    let token = sandbox.emails().remove(0).token;
    let request = RegisterAccountVerifyRequest::builder().token(token).build();
    let verified = sandbox.client().register_account_verify(&request).await.unwrap();
    assert_eq!((&*verified.email, &*verified.locale), ("a@b.cz", "cs"));
}

#[tokio::test]
#[expect(deprecated)]
async fn the_sandbox_takes_null_where_it_is_allowed() {
    let sandbox = Sandbox::start().await.unwrap();
    let logout = || LogoutRequest::builder().identity_id("id").everywhere(true);
    sandbox.client().logout(&logout().build()).await.unwrap();
    let request = logout().mood(LogoutRequestMood::Bad).size(Size::M).build();
    sandbox.client().logout(&request).await.unwrap();
}

#[tokio::test]
async fn the_sandbox_takes_the_new_parameters() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = GetAccountInfoRequest::builder()
        .identity_id("id")
        .page(2)
        .full(true)
        .order(GetAccountInfoRequestOrder::Up)
        .fields(vec!["a".to_owned(), "b".to_owned()])
        .build();
    assert!(!sandbox.client().get_account_info(&request).await.unwrap().is_logged_in());
    let request = GetAccountInfoRequest::builder().identity_id("id").page(0).build();
    let error = sandbox.client().get_account_info(&request).await.unwrap_err();
    assert_eq!(error.code(), Some("INTERNAL_VALIDATION_FAILED"));
}
