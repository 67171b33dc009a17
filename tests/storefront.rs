//! The storefront as a shopper meets it: in headless Chromium, by keyboard, without JavaScript of its own. Skipped, with
//! the reason printed, where Chromium or its driver is missing. Not covered: other browsers, screen readers.
//!
//! The example is the one that `cargo test` builds; `cargo test --test storefront` alone takes it as it was built last.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

/// A program that ends with the test, and the first of its lines that holds a text.
struct Running {
    child: Child,
    line: String,
}

impl Running {
    fn start(command: &mut Command, awaited: &str) -> Option<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut lines = BufReader::new(child.stdout.take()?).lines().map_while(Result::ok);
        let line = lines.find(|line| line.contains(awaited));
        // Somebody has to read on, or the program waits for it.
        std::thread::spawn(move || lines.for_each(drop));
        let mut running = Self { child, line: String::new() };
        running.line = line?;
        Some(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn storefront() -> (Running, String) {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().unwrap().parent().unwrap().join("examples/storefront");
    let shop = Running::start(&mut Command::new(program), "The shop is open at").unwrap();
    let url = shop.line.split_once(" at ").unwrap().1.to_owned();
    (shop, url)
}

/// A browser with scripts switched off, its window as wide as a phone.
async fn browser() -> Option<(Running, Client)> {
    let Some(driver) = Running::start(
        Command::new("chromedriver").arg("--port=0"),
        "started successfully on port",
    ) else {
        println!("skipped: there is no chromedriver");
        return None;
    };
    let port = driver.line.rsplit(' ').next().unwrap().trim_end_matches('.').to_owned();
    let options = json!({
        "goog:chromeOptions": {
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--window-size=375,800"
            ],
            "mobileEmulation": { "deviceMetrics": { "width": 375, "height": 800, "pixelRatio": 1 } },
            "prefs": { "profile.managed_default_content_settings.javascript": 2 }
        }
    });
    let serde_json::Value::Object(options) = options else { unreachable!() };
    let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
    match builder.capabilities(options).connect(&format!("http://127.0.0.1:{port}")).await {
        Ok(client) => Some((driver, client)),
        Err(error) => {
            println!("skipped: Chromium does not start: {error}");
            None
        }
    }
}

/// Fills the form in by keyboard alone, from the top of the page, and sends it with Enter.
async fn sign_up(browser: &Client, url: &str, email: &str) {
    browser.goto(url).await.unwrap();
    let fields = [email, "s3cret <password>", "Eva & <b>Co</b>", "+420 777123456"];
    let tab = char::from(Key::Tab);
    let body = browser.find(Locator::Css("body")).await.unwrap();
    body.send_keys(&tab.to_string()).await.unwrap();
    for text in fields {
        let field = browser.active_element().await.unwrap();
        field.send_keys(text).await.unwrap();
        if text == fields[3] {
            field.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
        } else {
            field.send_keys(&tab.to_string()).await.unwrap();
        }
    }
    browser
        .wait()
        .at_most(Duration::from_secs(30))
        .for_element(Locator::Id("notice"))
        .await
        .unwrap();
}

async fn text(browser: &Client, id: &str) -> String {
    browser.find(Locator::Id(id)).await.unwrap().text().await.unwrap()
}

async fn value(browser: &Client, id: &str) -> String {
    let field = browser.find(Locator::Id(id)).await.unwrap();
    field.prop("value").await.unwrap().unwrap_or_default()
}

#[tokio::test]
async fn a_shopper_signs_up_by_keyboard_and_is_told_in_plain_words_what_came_of_it() {
    let Some((_driver, browser)) = browser().await else { return };
    let (_shop, url) = storefront();
    let rows = [
        ("eva@example.com", "Welcome!", false, false),
        ("e001@sandbox.test", "try again in a few minutes", true, false),
        ("e002@sandbox.test", "You have an account already", true, true),
        ("e003@sandbox.test", "cannot open an account", true, false),
        ("e004@sandbox.test", "try again in ten minutes", true, false),
        ("public-api-key-has-been-expired@sandbox.test", "try again in a few minutes", true, false),
        ("internal-validation-failed@sandbox.test", "Please check what you typed", true, false),
        ("rate-limited@sandbox.test", "try again in a few minutes", true, false),
        ("bad-gateway@sandbox.test", "We are not sure that it worked", false, false),
        ("dropped@sandbox.test", "We are not sure that it worked", false, false),
        ("truncated@sandbox.test", "We are not sure that it worked", false, false),
    ];
    for (email, words, form, sign_in) in rows {
        sign_up(&browser, &url, email).await;
        let notice = text(&browser, "notice").await;
        assert!(notice.contains(words), "{email}: {notice}");
        let page = browser.source().await.unwrap();
        for private in ["E00", "PUBLIC_API", "INTERNAL", "HTTP", "BizKitHub", "s3cret", "DEV_"] {
            assert!(!page.contains(private), "{email}: {private} in {page}");
        }
        assert!(!page.contains("<b>Co"), "what was typed is escaped: {page}");
        assert_eq!(browser.find(Locator::Id("sign-in")).await.is_ok(), sign_in, "{email}");
        assert_eq!(browser.find(Locator::Css("form")).await.is_ok(), form, "{email}");
        if form {
            assert_eq!(value(&browser, "email").await, email);
            assert_eq!(value(&browser, "name").await, "Eva & <b>Co</b>");
            assert_eq!(value(&browser, "phone").await, "+420 777123456");
            assert_eq!(value(&browser, "password").await, "", "the password is not kept");
        }
    }
    browser.close().await.unwrap();
}

#[tokio::test]
async fn the_page_is_labelled_and_fits_a_phone() {
    let Some((_driver, browser)) = browser().await else { return };
    let (_shop, url) = storefront();
    browser.goto(&url).await.unwrap();
    let fields = browser.find_all(Locator::Css("input")).await.unwrap();
    assert_eq!(fields.len(), 4);
    for field in fields {
        let id = field.attr("id").await.unwrap().unwrap();
        let label = browser.find(Locator::Css(&format!("label[for={id}]"))).await.unwrap();
        assert!(!label.text().await.unwrap().is_empty(), "{id}");
        let (left, _, width, height) = field.rectangle().await.unwrap();
        assert!(left >= 0.0 && left + width <= 375.0, "{id} is within the screen");
        assert!(height >= 44.0, "{id} is large enough for a finger");
    }
    assert_eq!(
        browser.find(Locator::Css("html")).await.unwrap().attr("lang").await.unwrap().as_deref(),
        Some("en")
    );
    if let Ok(file) = std::env::var("BIZKITHUB_SCREENSHOT") {
        sign_up(&browser, &url, "e002@sandbox.test").await;
        std::fs::write(file, browser.screenshot().await.unwrap()).unwrap();
    }
    browser.close().await.unwrap();
}

#[tokio::test]
async fn the_page_is_served_safely_and_takes_no_endless_body() {
    let (_shop, url) = storefront();
    let client = reqwest::Client::new();
    let page = client.get(&url).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script"), "{policy}");
    assert_eq!(page.headers()["cache-control"], "no-store");

    let post = |body: String| {
        let request = client.post(&url).header("content-type", "application/x-www-form-urlencoded");
        request.body(body).send()
    };
    let long =
        post(format!("email=eva@example.com&password={}", "x".repeat(20_000))).await.unwrap();
    assert_eq!(long.status(), 413);
    for incomplete in ["email=&password=", "email=eva@example.com", ""] {
        let answer = post(incomplete.to_owned()).await.unwrap();
        assert_eq!(answer.status(), 422, "{incomplete}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("Something is missing"), "{incomplete}: {page}");
    }
    let quoted = post("email=%22%3E%3Cscript%3E&password=&name=%22%3E%3Cscript%3E".to_owned())
        .await
        .unwrap();
    let page = quoted.text().await.unwrap();
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"), "{page}");
}
