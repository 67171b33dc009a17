//! Runs the shop as a program and calls it over HTTP. `browser/story.mjs` tests it in a browser.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bizkithub::sandbox::{Fault, Sandbox};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use support::{Shop, program, sandbox_and_shop};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const EMAIL: &str = "jan@barasek.com";
const PASSWORD: &str = "example_password <&>";

/// A browser without a window: it keeps cookies, and sends forms as from the shop's own pages.
struct Visitor {
    http: Client,
    url: String,
}

impl Visitor {
    fn of(shop: &Shop) -> Self {
        let http = Client::builder().cookie_store(true).redirect(Policy::none()).no_proxy();
        Self { http: http.build().unwrap(), url: shop.url.clone() }
    }

    async fn get(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let request = self.http.post(format!("{}{path}", self.url)).form(form);
        request.header("sec-fetch-site", "same-origin").send().await.unwrap()
    }

    async fn register(&self, email: &str) -> Response {
        self.post("/register", &[("email", email), ("password", PASSWORD)]).await
    }

    async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.post("/sign-in", &[("email", email), ("password", password)]).await
    }
}

fn location(response: &Response) -> &str {
    response.headers()["location"].to_str().unwrap()
}

/// Opens the link of the newest email and sends the form behind it.
async fn open_email(
    visitor: &Visitor,
    sandbox: &Sandbox,
    page: &str,
    form: &[(&str, &str)],
) -> Response {
    let token = sandbox.emails().pop().unwrap().token;
    let link = visitor.get(&format!("{page}?token={}", token.expose())).await;
    assert_eq!((link.status(), location(&link)), (StatusCode::SEE_OTHER, page));
    visitor.post(page, form).await
}

#[tokio::test]
async fn customers_can_register_sign_in_and_reset_their_password() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    assert_eq!(location(&visitor.register(EMAIL).await), "/register/done");
    let early = visitor.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(early.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(location(&open_email(&visitor, &sandbox, "/verify", &[]).await), "/verify/done");

    assert_eq!(location(&visitor.sign_in(EMAIL, PASSWORD).await), "/signed-in");
    assert_eq!(location(&visitor.get("/signed-in").await), "/account");
    assert!(visitor.get("/account").await.text().await.unwrap().contains(EMAIL));
    visitor.post("/sign-out", &[]).await;
    assert_eq!(location(&visitor.get("/account").await), "/sign-in");

    visitor.post("/forgot-password", &[("email", EMAIL)]).await;
    let form = [("password", "another_password")];
    let set = open_email(&visitor, &sandbox, "/new-password", &form).await;
    assert_eq!(set.status(), StatusCode::SEE_OTHER);
    assert_eq!(visitor.sign_in(EMAIL, PASSWORD).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(location(&visitor.sign_in(EMAIL, "another_password").await), "/signed-in");
}

#[tokio::test]
async fn pages_do_not_reveal_whether_an_address_has_an_account() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    registered(&visitor, &sandbox).await;
    let mut pages = Vec::new();
    for email in [EMAIL, "unknown@example.com"] {
        let mut attempts = Vec::new();
        // More often than BizKitHub accepts for an account.
        for _ in 0..12 {
            let signing_in = visitor.sign_in(email, "wrong").await;
            let status = signing_in.status();
            let page = signing_in.text().await.unwrap().replace(email, "ADDRESS");
            attempts.push((status, page));
        }
        let reset = visitor.post("/forgot-password", &[("email", email)]).await;
        pages.push((attempts, reset.status(), location(&reset).to_owned()));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn the_session_survives_failures_until_it_expires() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    registered(&visitor, &sandbox).await;
    let signed_in = visitor.sign_in(EMAIL, PASSWORD).await;
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

    for _ in 0..3 {
        sandbox.inject(Fault::Html(StatusCode::BAD_GATEWAY));
    }
    let failed = visitor.get("/account").await;
    assert!(failed.status().is_server_error() && !failed.headers().contains_key("set-cookie"));
    assert!(visitor.get("/account").await.text().await.unwrap().contains(EMAIL));

    sandbox.advance(Duration::from_secs(200 * 24 * 3600));
    let ended = visitor.get("/account").await;
    assert!(ended.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn forms_of_other_sites_are_rejected() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        for path in
            ["/register", "/sign-in", "/sign-out", "/verify", "/forgot-password", "/new-password"]
        {
            let request = visitor.http.post(format!("{}{path}", shop.url)).header(name, value);
            let form = [("email", EMAIL), ("password", PASSWORD)];
            let response = request.form(&form).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::FORBIDDEN, "{path} with {name}: {value}");
        }
    }
    assert!(sandbox.requests().is_empty());
}

#[tokio::test]
async fn pages_have_security_headers_and_no_secrets() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    visitor.register(EMAIL).await;
    let token = sandbox.emails().pop().unwrap().token;
    open_email(&visitor, &sandbox, "/verify", &[]).await;
    visitor.sign_in(EMAIL, PASSWORD).await;
    let too_large = "x".repeat(20_000);
    let mut responses = vec![
        visitor.register(EMAIL).await,
        visitor.sign_in(EMAIL, "wrong").await,
        visitor.post("/register", &[("email", &too_large)]).await,
        visitor.post("/nowhere", &[]).await,
    ];
    for path in [
        "/",
        "/register",
        "/register/done",
        "/verify",
        "/sign-in",
        "/account",
        "/forgot-password",
        "/new-password",
        "/mailbox",
        "/nowhere",
        "/style.css",
        "/%00",
        "/verify?token=unknown",
    ] {
        responses.push(visitor.get(path).await);
    }
    for response in responses {
        let headers = response.headers().clone();
        let url = response.url().clone();
        let header = |name: &str| headers.get(name).unwrap_or_else(|| panic!("{name}: {url}"));
        assert!(header("content-security-policy").to_str().unwrap().contains("default-src 'none'"));
        assert_eq!(header("referrer-policy"), "strict-origin", "{url}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{url}");
        let cached = header("cache-control") != "no-store";
        assert_eq!(cached, url.path() == "/style.css", "{url}");
        let page = response.text().await.unwrap();
        assert!(!page.contains(PASSWORD) && !page.contains("example_password"), "{url}");
        assert!(!page.contains(token.expose()), "{url}");
    }
    let log = shop.running.printed();
    for secret in ["example_password", token.expose(), EMAIL] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[tokio::test]
async fn return_paths_never_lead_to_another_host() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    registered(&visitor, &sandbox).await;
    for evil in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/%2F/evil\r\nset-cookie: a=b",
        "@evil.example",
    ] {
        let form = [("email", EMAIL), ("password", PASSWORD), ("return", evil)];
        let signed_in = visitor.post("/sign-in", &form).await;
        let next = visitor.get(location(&signed_in)).await;
        let base = reqwest::Url::parse(&shop.url).unwrap();
        let target = base.join(location(&next)).unwrap();
        assert_eq!(target.origin(), base.origin(), "{evil:?} led to {target}");
    }
    let form = [("email", EMAIL), ("password", PASSWORD), ("return", "/register?x=1")];
    let next = visitor.get(location(&visitor.post("/sign-in", &form).await)).await;
    assert_eq!(location(&next), "/register?x=1");
}

#[tokio::test]
async fn only_this_machine_can_open_the_mailbox() {
    let (_sandbox, live) = sandbox_and_shop().await;
    assert_eq!(Visitor::of(&live).get("/mailbox").await.status(), StatusCode::NOT_FOUND);
    let demo = Shop::with_mailbox();
    let visitor = Visitor::of(&demo);
    assert_eq!(visitor.get("/mailbox").await.status(), StatusCode::OK);
    let rebound = visitor.http.get(format!("{}/mailbox", demo.url)).header("host", "evil.example");
    assert_eq!(rebound.send().await.unwrap().status(), StatusCode::NOT_FOUND);

    let open = program().args(["--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!open.status.success(), "any machine could read the emails");
}

async fn registered(visitor: &Visitor, sandbox: &Sandbox) {
    visitor.register(EMAIL).await;
    open_email(visitor, sandbox, "/verify", &[]).await;
}

#[tokio::test]
async fn missing_values_get_a_message_without_a_call() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    for form in
        [&[("email", EMAIL), ("password", "")][..], &[("email", ""), ("password", "x")], &[]]
    {
        for path in ["/register", "/sign-in"] {
            let response = visitor.post(path, form).await;
            assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path} {form:?}");
            let page = response.text().await.unwrap();
            assert!(page.contains("Something is missing"), "{path} {form:?}: {page}");
        }
    }
    for path in ["/verify?token=", "/new-password?token=", "/new-password"] {
        let page = visitor.get(path).await.text().await.unwrap();
        assert!(page.contains("This page needs the link from our email"), "{path}: {page}");
    }
    assert!(sandbox.requests().is_empty());
}

fn calls(sandbox: &Sandbox, endpoint: &str) -> usize {
    let requests = sandbox.requests();
    requests.iter().filter(|request| request.path().ends_with(endpoint)).count()
}

/// Waits until BizKitHub has ended that many sessions.
async fn sessions_end(sandbox: &Sandbox, count: usize) {
    let all_ended = async {
        while calls(sandbox, "/logout") < count {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all_ended).await.expect("sessions that end");
}

#[tokio::test]
async fn sign_out_deletes_the_cookie_without_waiting_for_bizkithub() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    registered(&visitor, &sandbox).await;
    visitor.sign_in(EMAIL, PASSWORD).await;
    // It would end with the call's timeout, and an error.
    sandbox.inject_for("logout", Fault::Slow(Duration::from_secs(3600)));
    let signed_out = visitor.post("/sign-out", &[]).await;
    assert_eq!(location(&signed_out), "/sign-out/done");
    assert!(signed_out.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    assert!(!shop.running.printed().contains("/logout"), "{}", shop.running.printed());
    sessions_end(&sandbox, 1).await;
}

#[tokio::test]
async fn signing_in_again_ends_the_previous_session() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    registered(&visitor, &sandbox).await;
    let first = visitor.sign_in(EMAIL, PASSWORD).await;
    let first = first.cookies().next().unwrap().value().to_owned();
    assert_eq!(calls(&sandbox, "/logout"), 0);
    // A failed attempt does not sign anyone out.
    visitor.sign_in(EMAIL, "wrong").await;
    assert!(visitor.get("/account").await.text().await.unwrap().contains(EMAIL));
    visitor.sign_in(EMAIL, PASSWORD).await;
    sessions_end(&sandbox, 1).await;
    assert_eq!(calls(&sandbox, "/logout"), 1);
    assert!(visitor.get("/account").await.text().await.unwrap().contains(EMAIL));

    let request = bizkithub::GetAccountInfoRequest::builder().identity_id(first).build();
    assert!(!sandbox.client().get_account_info(&request).await.unwrap().is_logged_in());
}

#[tokio::test]
async fn the_reset_link_still_works_after_an_unknown_outcome() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    registered(&visitor, &sandbox).await;
    visitor.post("/forgot-password", &[("email", EMAIL)]).await;
    let form = [("password", "another_password")];
    sandbox.inject_for("set-new-password", Fault::Html(StatusCode::BAD_GATEWAY));
    let unknown = open_email(&visitor, &sandbox, "/new-password", &form).await;
    assert_eq!(location(&unknown), "/new-password/unknown");
    assert_eq!(location(&visitor.post("/new-password", &form).await), "/new-password/done");
    // Now it is used up.
    assert_eq!(visitor.post("/new-password", &form).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(location(&visitor.sign_in(EMAIL, "another_password").await), "/signed-in");
}

#[tokio::test]
async fn a_slow_request_head_ends_the_connection() {
    let (_sandbox, shop) = sandbox_and_shop().await;
    let address = shop.url.strip_prefix("http://").unwrap();
    let (mut reader, mut writer) = TcpStream::connect(address).await.unwrap().into_split();
    writer.write_all(b"GET / HTTP/1.1\r\nhost: shop\r\nx: ").await.unwrap();
    let trickle = tokio::spawn(async move {
        // Ends with an error once the shop has closed the connection.
        while writer.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    // Without a limit, this would take a day.
    let mut received = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(120), reader.read_to_end(&mut received));
    assert!(end.await.is_ok(), "the connection is still open");
    trickle.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_visitors_stay_within_the_call_limit() {
    const REJECTED: &str = "RegisterAccount was not called: 64 calls are in progress";
    let hanging = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let shop = Shop::live(&format!("http://{}", hanging.local_addr().unwrap()), &[]);
    let accepted = Arc::new(AtomicUsize::new(0));
    let counter = accepted.clone();
    let accepting = tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            open.push(hanging.accept().await.unwrap());
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    let visitors: Vec<_> = (0..500)
        .map(|number| {
            let visitor = Visitor::of(&shop);
            tokio::spawn(async move {
                visitor.register(&format!("customer{number}@example.com")).await.status()
            })
        })
        .collect();
    let visitor = Visitor::of(&shop);
    for path in ["/", "/style.css", "/register", "/sign-in"] {
        assert_eq!(visitor.get(path).await.status(), StatusCode::OK, "{path}");
    }
    let (mut unknown, mut rejected) = (0, 0);
    for visitor in visitors {
        match visitor.await.unwrap() {
            StatusCode::SEE_OTHER => unknown += 1,
            StatusCode::SERVICE_UNAVAILABLE => rejected += 1,
            status => panic!("{status}"),
        }
    }
    // Each call is one connection, which hangs until the call's timeout; no other page makes a call.
    assert_eq!(unknown, accepted.load(Ordering::SeqCst));
    assert_eq!(rejected, shop.running.printed().matches(REJECTED).count());
    // `calls_beyond_the_limit_fail_without_waiting` in `src/shop.rs` proves the limit without a clock.
    assert!(unknown >= 64, "{unknown} calls");
    accepting.abort();
}
