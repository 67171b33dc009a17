//! A caller of the operations in `tests/spec/copies/new_endpoints.rs`.

mod server;

use bizkithub::sandbox::Sandbox;
use bizkithub::{
    AddressBody, AddressError, AddressRequest, CancelError, CancelRequest, DeleteAddressRequest,
    GetLogoutRequest, LinesRequest, Order, PutLoginRequest,
};
use serde_json::json;
use server::client;

#[tokio::test]
async fn each_operation_sends_its_request_and_reads_its_response() {
    macro_rules! check {
        ($method:ident, $request:expr, $sent:literal, $body:literal) => {
            let (client, request) = client(json!({ "success": true, "number": 7 })).await;
            assert_eq!(client.$method(&$request).await.unwrap().number, Some(7));
            let request = request.await.unwrap();
            assert!(request.starts_with(concat!($sent, "?apiKey=KEY HTTP/1.1\r\n")), "{request}");
            assert!(request.ends_with(concat!("\r\n\r\n", $body)), "{request}");
        };
    }
    check!(
        order,
        Order::builder().item("i").build(),
        "POST /api/v1/customer/order",
        r#"{"item":"i"}"#
    );
    check!(
        put_login,
        PutLoginRequest::builder().note("n").build(),
        "PUT /api/v1/customer/login",
        r#"{"note":"n"}"#
    );
    let body = AddressBody::builder().note("n").build();
    let request = AddressRequest::builder().address_id("a/b").body(body).build();
    check!(address, request, "PATCH /api/v1/customer/address/a%2Fb", r#"{"note":"n"}"#);
    check!(
        delete_address,
        DeleteAddressRequest::builder().address_id("a").build(),
        "DELETE /api/v1/customer/address/a",
        ""
    );
    check!(
        lines,
        LinesRequest::builder().address_id("a").build(),
        "GET /api/v1/customer/address/a/lines",
        ""
    );
    check!(get_logout, GetLogoutRequest::builder().build(), "GET /v2/logout", "");
    check!(cancel, CancelRequest::builder().build(), "POST /api/v1/shop-cart/cancel", "{}");
}

#[tokio::test]
async fn each_operation_has_codes_of_its_own() {
    let (client, _) = client(json!({ "success": false, "errorCode": "E001" })).await;
    let error = client.cancel(&CancelRequest::builder().build()).await.unwrap_err();
    assert_eq!(error.reason(), Some(&CancelError::Failed));
    assert_eq!(AddressError::Failed.to_string(), "It failed.");
}

#[tokio::test]
async fn the_sandbox_has_each_operation() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client();
    client.order(&Order::builder().item("i").build()).await.unwrap();
    client.put_login(&PutLoginRequest::builder().build()).await.unwrap();
    let body = AddressBody::builder().build();
    let request = AddressRequest::builder().address_id("a/b").body(body).build();
    client.address(&request).await.unwrap();
    let request = DeleteAddressRequest::builder().address_id("a").build();
    client.delete_address(&request).await.unwrap();
    client.lines(&LinesRequest::builder().address_id("a").build()).await.unwrap();
    client.get_logout(&GetLogoutRequest::builder().build()).await.unwrap();
    client.cancel(&CancelRequest::builder().build()).await.unwrap();
}
