//! Whole requests as sent over a socket, with key and secrets masked. Each test first checks that the secrets were sent.

use bizkithub::{Client, RegisterAccountRequest};

use crate::support::{ENDPOINTS, KEY, Secrets, Server, endpoint};

const EXAMPLE: &str = include_str!("../../examples/register-account.json");

/// The request without what changes: secrets, port and version.
fn shape(server: &Server, secrets: &[&str]) -> String {
    let mut text = server.request().text.replace("\r\n", "\n");
    text = text.replace(&format!("127.0.0.1:{}", server.port), "127.0.0.1:PORT");
    text = text.replace(concat!("bizkithub/", env!("CARGO_PKG_VERSION")), "bizkithub/VERSION");
    for secret in secrets {
        assert!(text.contains(secret), "{secret} was sent: {text}");
        text = text.replace(secret, "[secret]");
    }
    text
}

async fn register(request: &RegisterAccountRequest) -> Server {
    let server = Server::replying(crate::support::json(200, r#"{"success":true}"#)).await;
    server.client().register_account(request).await.unwrap();
    server
}

fn minimal() -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email("jan@barasek.com").password("example_password").build()
}

#[tokio::test]
async fn every_endpoint_sends_the_documented_request() {
    let secrets = Secrets { password: "example_password".to_owned(), ..Secrets::default() };
    for endpoint in &ENDPOINTS {
        let server = Server::replying(crate::support::json(200, endpoint.success)).await;
        endpoint.call(&server.client(), &secrets).await.unwrap();
        let of_this = [&secrets.password, &secrets.token, &secrets.identity];
        let sent = endpoint.sent(&secrets);
        let mut masked = vec![KEY];
        masked
            .extend(of_this.iter().map(|secret| &***secret).filter(|secret| sent.contains(secret)));
        insta::assert_snapshot!(endpoint.name(), shape(&server, &masked));
    }
}

#[tokio::test]
async fn reference_page_example_is_sent_unchanged() {
    let request = serde_json::from_str(EXAMPLE).unwrap();
    let server = register(&request).await;
    let example: serde_json::Value = serde_json::from_str(EXAMPLE).unwrap();
    assert_eq!(server.request().json(), example);
    insta::assert_snapshot!(shape(&server, &[KEY, "example_password"]));
}

#[tokio::test]
async fn unset_fields_are_not_sent_but_empty_ones_are() {
    let start =
        || RegisterAccountRequest::builder().email("jan@barasek.com").password("example_password");
    let requests = [
        start().build(),
        start().groups(vec![]).build(),
        start().newsletter(false).build(),
        start().name("").build(),
        start().groups(vec!["vip".to_owned(), "trainer".to_owned()]).newsletter(true).build(),
    ];
    let mut bodies = Vec::new();
    for request in &requests {
        bodies.push(register(request).await.request().body().to_owned());
    }
    insta::assert_snapshot!(bodies.join("\n"));
}

#[tokio::test]
async fn unusual_text_arrives_unchanged() {
    let strange = "žluťoučký 李小龍 עברית 💛 \"\\/\n\t\u{0}\u{7f}";
    let request = RegisterAccountRequest::builder()
        .email(strange)
        .password(strange)
        .street_address(strange)
        .customer_real_ip(std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))
        .build();
    let json = register(&request).await.request().json();
    for field in ["email", "password", "streetAddress"] {
        assert_eq!(json[field], strange, "{field}");
    }
    assert_eq!(json["customerRealIp"], "2001:db8::1");
}

#[tokio::test]
async fn key_and_identity_are_url_encoded() {
    let strange = "a&b=c?d#e/f+g%20é~_-.*";
    let info = endpoint("get-account-info");
    let server = Server::replying(crate::support::json(200, info.success)).await;
    let client = server.builder(strange).build().unwrap();
    let secrets = Secrets { identity: strange.to_owned(), ..Secrets::default() };
    info.call(&client, &secrets).await.unwrap();
    let request = server.request();
    assert_eq!(request.parameter("apiKey").as_deref(), Some(strange));
    assert_eq!(request.parameter("identityId").as_deref(), Some(strange));
    insta::assert_snapshot!(request.target());
}

/// The target of a registration, with this path in the base URL.
async fn target(path: &str) -> String {
    let server = Server::replying(crate::support::json(200, r#"{"success":true}"#)).await;
    let base_url = format!("{}{path}", server.url());
    let client: Client = server.client_with(|builder| builder.base_url(base_url));
    client.register_account(&minimal()).await.unwrap();
    server.request().target().to_owned()
}

#[tokio::test]
async fn base_url_keeps_its_path_but_not_the_version() {
    let plain = target("").await;
    assert_eq!(plain, format!("/api/v1/customer/register-account?apiKey={KEY}"));
    for path in ["/", "/api/v1", "/api/v1/"] {
        assert_eq!(target(path).await, plain, "{path}");
    }
    for path in ["/gateway", "/gateway/", "/gateway/api/v1"] {
        assert_eq!(target(path).await, format!("/gateway{plain}"), "{path}");
    }
}
