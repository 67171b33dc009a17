//! Every request as it went over a socket, key and password masked. Not covered: HTTP/2, whose frames are not text.

#[allow(dead_code)]
mod support;

use bizkithub::{Client, RegisterAccountRequest};
use support::{KEY, Server, json};

const EXAMPLE: &str = include_str!("data/register-account.json");

/// Sends the request and shows it as it came: key masked, the port and the version of the day left out.
async fn sent(request: RegisterAccountRequest) -> String {
    sent_by(&request, KEY, "").await
}

async fn sent_by(request: &RegisterAccountRequest, key: &str, path: &str) -> String {
    let server = Server::answering(json(200, r#"{"success":true}"#)).await;
    let client = Client::builder(key).base_url(format!("{}{path}", server.url)).build().unwrap();
    client.register_account(request).await.unwrap();
    let [request] = &server.requests()[..] else { panic!("not one request") };
    assert_eq!(request.matches(KEY).count(), usize::from(key == KEY), "the key went out once");
    let address = server.url.trim_start_matches("http://");
    request
        .replace(KEY, "[key]")
        .replace(address, "[address]")
        .replace(env!("CARGO_PKG_VERSION"), "[version]")
        .replace("\r\n", "\n")
}

/// Shows the request without its password, once that was seen in it.
fn without_password(sent: &str) -> String {
    let password = &body_of(sent)["password"];
    let masked = sent.replacen(&format!("\"password\":{password}"), "\"password\":[password]", 1);
    assert_ne!(masked, sent, "the password went out");
    masked
}

fn body_of(sent: &str) -> serde_json::Value {
    let (_, body) = sent.split_once("\n\n").unwrap();
    serde_json::from_str(body).unwrap()
}

fn minimal() -> RegisterAccountRequest {
    RegisterAccountRequest::builder().email("jan@barasek.com").password("example_password").build()
}

#[tokio::test]
async fn a_minimal_request_holds_its_two_fields_and_nothing_else() {
    insta::assert_snapshot!(without_password(&sent(minimal()).await));
}

#[tokio::test]
async fn the_reference_pages_example_goes_out_field_for_field() {
    let request = RegisterAccountRequest::builder()
        .email("jan@barasek.com")
        .name("Jan Barášek")
        .first_name("Jan")
        .last_name("Barášek")
        .phone("+420 777123456")
        .company_name("BRJ")
        .company_registration_number("05103118")
        .tax_identification_number("CZ9609040727")
        .street_address("R. Novotného 1505")
        .city("Kladno")
        .city_part("Kročehlavy")
        .state_region("Středočeský kraj")
        .postal_code("272 01")
        .country("CZ")
        .newsletter(false)
        .primary_locale("cs")
        .groups(vec![])
        .customer_real_ip([1, 1, 1, 1])
        .referral_id("1cGIHvFoQDGLAbcA")
        .password("example_password")
        .return_url("example_returnUrl")
        .build();
    let sent = sent(request).await;

    assert_eq!(body_of(&sent), serde_json::from_str::<serde_json::Value>(EXAMPLE).unwrap());
    insta::assert_snapshot!(without_password(&sent));
}

#[tokio::test]
async fn the_reference_pages_example_read_from_its_json_goes_out_the_same() {
    let request: RegisterAccountRequest = serde_json::from_str(EXAMPLE).unwrap();
    let body = body_of(&sent(request).await);
    assert_eq!(body, serde_json::from_str::<serde_json::Value>(EXAMPLE).unwrap());
}

#[tokio::test]
async fn an_explicit_empty_groups_goes_out_as_an_empty_array() {
    let request = RegisterAccountRequest::builder()
        .email("jan@barasek.com")
        .password("example_password")
        .groups(vec![])
        .build();
    insta::assert_snapshot!(without_password(&sent(request).await));
}

#[tokio::test]
async fn groups_go_out_in_their_order() {
    let request = RegisterAccountRequest::builder()
        .email("jan@barasek.com")
        .password("example_password")
        .groups(vec!["vip".to_owned(), "newsletter".to_owned()])
        .build();
    insta::assert_snapshot!(without_password(&sent(request).await));
}

#[tokio::test]
async fn newsletter_true_goes_out_as_true() {
    let request = RegisterAccountRequest::builder()
        .email("jan@barasek.com")
        .password("example_password")
        .newsletter(true)
        .build();
    insta::assert_snapshot!(without_password(&sent(request).await));
}

#[tokio::test]
async fn newsletter_false_goes_out_as_false() {
    let request = RegisterAccountRequest::builder()
        .email("jan@barasek.com")
        .password("example_password")
        .newsletter(false)
        .build();
    insta::assert_snapshot!(without_password(&sent(request).await));
}

#[tokio::test]
async fn newsletter_left_out_stays_out() {
    assert!(!sent(minimal()).await.contains("newsletter"));
}

#[tokio::test]
async fn text_outside_ascii_goes_out_unchanged_in_every_field() {
    let request = RegisterAccountRequest::builder()
        .email("žluťoučký@kůň.example")
        .name("李小龍")
        .first_name("Ольга")
        .last_name("O’Brien-Łukasz")
        .phone("+٤٢٠ ٧٧٧١٢٣٤٥٦")
        .company_name("Müller & Søn \"GmbH\"")
        .company_registration_number("№ 5103118")
        .tax_identification_number("ЄДРПОУ")
        .street_address("Straße des 17. Juni 135\n2. Stock")
        .city("日本橋")
        .city_part("Kročehlavy")
        .state_region("Île-de-France")
        .postal_code("〒103-0027")
        .country("Česko")
        .primary_locale("עברית")
        .groups(vec!["věrní 💛".to_owned()])
        .referral_id("реф\u{0}")
        .password("пароль\\\"🔑\"\t")
        .return_url("/díky?jméno=Jan&x=%20#ano")
        .build();
    let sent = sent(request).await;
    assert_eq!(body_of(&sent)["password"], "пароль\\\"🔑\"\t");
    insta::assert_snapshot!(without_password(&sent));
}

#[tokio::test]
async fn an_ipv6_address_goes_out_in_its_short_form() {
    let request = RegisterAccountRequest::builder()
        .email("jan@barasek.com")
        .password("example_password")
        .customer_real_ip(std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))
        .build();
    insta::assert_snapshot!(without_password(&sent(request).await));
}

#[tokio::test]
async fn a_key_with_characters_that_mean_something_in_a_url_is_percent_encoded() {
    insta::assert_snapshot!(without_password(
        &sent_by(&minimal(), "a&b=c?d#e/f+g%20é~_-.", "").await
    ));
}

#[tokio::test]
async fn a_base_url_with_a_stem_keeps_it() {
    insta::assert_snapshot!(without_password(
        &sent_by(&minimal(), KEY, "/gateway/bizkithub").await
    ));
}

#[tokio::test]
async fn a_slash_at_the_end_of_the_base_url_changes_nothing() {
    let without = sent_by(&minimal(), KEY, "").await;
    assert_eq!(sent_by(&minimal(), KEY, "/").await, without);
    let stem = sent_by(&minimal(), KEY, "/gateway").await;
    assert_eq!(sent_by(&minimal(), KEY, "/gateway/").await, stem);
}

#[tokio::test]
async fn the_path_that_the_providers_guides_put_into_the_base_url_is_not_doubled() {
    let without = sent_by(&minimal(), KEY, "").await;
    assert_eq!(sent_by(&minimal(), KEY, "/api/v1").await, without);
    assert_eq!(sent_by(&minimal(), KEY, "/api/v1/").await, without);
}
