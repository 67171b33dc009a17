//! The sandbox's own requests, for programs in other languages.

use bizkithub::sandbox::Sandbox;
use http::Method;
use serde_json::json;

use crate::shop::{EMAIL, Reply, Shop, post, request, send};

async fn own(sandbox: &Sandbox, method: Method, path: &str) -> Reply {
    let url = format!("{}/sandbox/{path}", sandbox.url());
    send(reqwest::Client::new().request(method, url)).await
}

#[tokio::test]
async fn emails_are_listed_by_address() {
    let shop = Shop::new().await;
    for email in [EMAIL, "eva+shop@example.com"] {
        shop.register(email).await.unwrap();
    }
    let list =
        async |query: &str| own(&shop.sandbox, Method::GET, &format!("emails{query}")).await.body;
    assert_eq!(list("").await.as_array().unwrap().len(), 2);
    let token = shop.sandbox.emails()[0].token.expose().to_owned();
    let expected = json!([{ "to": EMAIL, "kind": "verify-account", "token": token }]);
    assert_eq!(list("?to=jan%40barasek.com").await, expected);
    for to in ["eva+shop@example.com", "Eva%2Bshop%40example.com"] {
        let emails = list(&format!("?to={to}")).await;
        assert_eq!(emails.as_array().unwrap().len(), 1);
        assert_eq!(emails[0]["to"], "eva+shop@example.com");
    }
}

#[tokio::test]
async fn the_clock_moves_over_http() {
    let shop = Shop::new().await;
    let body = json!({ "email": EMAIL, "password": "x" });
    let register = async || post(&shop.sandbox, "register-account", &body).await.body;
    assert_eq!(register().await["success"], true);
    assert_eq!(register().await["errorCode"], "E004");
    let reply = own(&shop.sandbox, Method::POST, "advance?seconds=600").await;
    assert_eq!(reply.status, 200);
    assert_eq!(register().await["success"], true);
}

#[tokio::test]
async fn faults_are_injected_over_http() {
    let shop = Shop::new().await;
    let fault = "faults?endpoint=logout&fault=public-api-key-has-been-expired";
    assert_eq!(own(&shop.sandbox, Method::POST, fault).await.status, 200);
    let reply = post(&shop.sandbox, "logout", &json!({ "identityId": "x" })).await;
    assert_eq!((reply.status, reply.code()), (404, "PUBLIC_API_KEY_HAS_BEEN_EXPIRED"));
    for wrong in ["faults", "faults?fault=nonsense", "faults?fault=slow&endpoint=logon", "advance"]
    {
        let reply = own(&shop.sandbox, Method::POST, wrong).await;
        assert_eq!((reply.status, reply.code()), (400, "SANDBOX_BAD_REQUEST"), "{wrong}");
    }
}

const OWN: [(Method, &str); 3] = [
    (Method::GET, "emails"),
    (Method::POST, "advance?seconds=1"),
    (Method::POST, "faults?fault=slow&endpoint=login"),
];

async fn with_host(sandbox: &Sandbox, host: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    for (method, path) in OWN {
        let url = format!("{}/sandbox/{path}", sandbox.url());
        let request = reqwest::Client::new().request(method, url).header("host", host);
        statuses.push(send(request).await.status);
    }
    statuses
}

#[tokio::test]
async fn own_requests_reject_the_host_of_a_website() {
    let sandbox = Sandbox::start().await.unwrap();
    for host in [
        "example.com",
        "attacker.example:8787",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "notlocalhost",
        "192.0.2.1",
        "[2001:db8::1]",
        "",
        "a b",
    ] {
        assert_eq!(with_host(&sandbox, host).await, [403; 3], "{host}");
    }
    for host in
        ["localhost", "LOCALHOST:1", "shop.localhost", "127.0.0.1", "127.1.2.3:80", "[::1]:1"]
    {
        assert_eq!(with_host(&sandbox, host).await, [200; 3], "{host}");
    }
}

#[tokio::test]
async fn listening_on_all_addresses_accepts_any_ip_host() {
    let sandbox = Sandbox::builder().listen(([0, 0, 0, 0], 0)).start().await.unwrap();
    assert_eq!(with_host(&sandbox, "192.0.2.1:8787").await, [200; 3]);
    assert_eq!(with_host(&sandbox, "example.com").await, [403; 3]);
}

#[tokio::test]
async fn the_api_itself_accepts_any_host() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = request(&sandbox, Method::POST, "reset-password");
    let request = request.header("host", "bizkithub.com").json(&json!({ "email": EMAIL }));
    assert_eq!(send(request).await.status, 200);
}
