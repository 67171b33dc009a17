//! Whole requests as they went over the socket, key and secrets masked. Each secret is seen to have been sent first.

use bizkithub::{Client, RegisterAccountRequest};

use crate::support::{ENDPOINTS, KEY, Secrets, Server, endpoint};

const EXAMPLE: &str = include_str!("../../examples/register-account.json");

/// What went out, readable: without the port and the version, which come and go.
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
    let server = Server::answering(crate::support::json(200, r#"{"success":true}"#)).await;
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
        let server = Server::answering(crate::support::json(200, endpoint.success)).await;
        endpoint.call(&server.client(), &secrets).await.unwrap();
        let of_this = [&secrets.password, &secrets.token, &secrets.identity];
        let sent = endpoint.sends(&secrets);
        let mut masked = vec![KEY];
        masked
            .extend(of_this.iter().map(|secret| &***secret).filter(|secret| sent.contains(secret)));
        insta::assert_snapshot!(endpoint.name, shape(&server, &masked));
    }
}

#[tokio::test]
async fn the_reference_pages_example_goes_out_field_for_field() {
    let request = serde_json::from_str(EXAMPLE).unwrap();
    let server = register(&request).await;
    let example: serde_json::Value = serde_json::from_str(EXAMPLE).unwrap();
    assert_eq!(server.request().json(), example);
    insta::assert_snapshot!(shape(&server, &[KEY, "example_password"]));
}

#[tokio::test]
async fn what_is_left_out_stays_out_and_what_is_empty_or_false_goes_out() {
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
async fn text_outside_ascii_and_what_json_escapes_arrives_unchanged() {
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
async fn what_means_something_in_a_url_is_encoded_in_key_and_identity() {
    let strange = "a&b=c?d#e/f+g%20é~_-.*";
    let info = endpoint("get-account-info");
    let server = Server::answering(crate::support::json(200, info.success)).await;
    let client = server.builder(strange).build().unwrap();
    let secrets = Secrets { identity: strange.to_owned(), ..Secrets::default() };
    info.call(&client, &secrets).await.unwrap();
    let request = server.request();
    assert_eq!(request.parameter("apiKey").as_deref(), Some(strange));
    assert_eq!(request.parameter("identityId").as_deref(), Some(strange));
    insta::assert_snapshot!(request.target());
}

/// The target of a registration with this base URL behind the server's own.
async fn target(path: &str) -> String {
    let server = Server::answering(crate::support::json(200, r#"{"success":true}"#)).await;
    let base_url = format!("{}{path}", server.url());
    let client: Client = server.client_with(|builder| builder.base_url(base_url));
    client.register_account(&minimal()).await.unwrap();
    server.request().target().to_owned()
}

#[tokio::test]
async fn a_base_url_keeps_its_stem_and_needs_no_slash_and_no_version() {
    let plain = target("").await;
    assert_eq!(plain, format!("/api/v1/customer/register-account?apiKey={KEY}"));
    for path in ["/", "/api/v1", "/api/v1/"] {
        assert_eq!(target(path).await, plain, "{path}");
    }
    for path in ["/gateway", "/gateway/", "/gateway/api/v1"] {
        assert_eq!(target(path).await, format!("/gateway{plain}"), "{path}");
    }
}
