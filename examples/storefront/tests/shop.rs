//! The shop over HTTP, run as the program that it is. Not covered: what a browser makes of it, which `browser/story.mjs` has.

mod support;

use std::time::Duration;

use bizkithub::sandbox::{Fault, Sandbox};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use support::{Shop, program, sandbox_and_shop};
use tokio::net::TcpListener;

const EMAIL: &str = "jan@barasek.com";
const PASSWORD: &str = "example_password <&>";

/// A browser without a window: it keeps cookies, and its forms come from the shop's own pages.
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

/// Opens the link of the newest mail and sends what is behind it.
async fn open_mail(
    visitor: &Visitor,
    sandbox: &Sandbox,
    page: &str,
    form: &[(&str, &str)],
) -> Response {
    let token = sandbox.mails().pop().unwrap().token;
    let link = visitor.get(&format!("{page}?token={}", token.expose())).await;
    assert_eq!((link.status(), location(&link)), (StatusCode::SEE_OTHER, page));
    visitor.post(page, form).await
}

#[tokio::test]
async fn the_whole_story_goes_from_registering_to_a_new_password() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    assert_eq!(location(&visitor.register(EMAIL).await), "/register/done");
    let early = visitor.sign_in(EMAIL, PASSWORD).await;
    assert_eq!(early.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(location(&open_mail(&visitor, &sandbox, "/verify", &[]).await), "/verify/done");

    assert_eq!(location(&visitor.sign_in(EMAIL, PASSWORD).await), "/signed-in");
    assert_eq!(location(&visitor.get("/signed-in").await), "/account");
    assert!(visitor.get("/account").await.text().await.unwrap().contains(EMAIL));
    visitor.post("/sign-out", &[]).await;
    assert_eq!(location(&visitor.get("/account").await), "/sign-in");

    visitor.post("/forgot-password", &[("email", EMAIL)]).await;
    let form = [("password", "another_password")];
    let set = open_mail(&visitor, &sandbox, "/new-password", &form).await;
    assert_eq!(set.status(), StatusCode::SEE_OTHER);
    assert_eq!(visitor.sign_in(EMAIL, PASSWORD).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(location(&visitor.sign_in(EMAIL, "another_password").await), "/signed-in");
}

#[tokio::test]
async fn nothing_tells_a_stranger_whether_an_address_is_known() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    visitor.register(EMAIL).await;
    open_mail(&visitor, &sandbox, "/verify", &[]).await;
    let mut pages = Vec::new();
    for email in [EMAIL, "nobody@example.com"] {
        let mut answers = Vec::new();
        // More often than BizKitHub takes it for an account.
        for _ in 0..12 {
            let signing_in = visitor.sign_in(email, "wrong").await;
            let status = signing_in.status();
            let page = signing_in.text().await.unwrap().replace(email, "ADDRESS");
            answers.push((status, page));
        }
        let reset = visitor.post("/forgot-password", &[("email", email)]).await;
        pages.push((answers, reset.status(), location(&reset).to_owned()));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn an_identity_is_kept_while_bizkithub_fails_and_forgotten_when_it_has_ended() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    visitor.register(EMAIL).await;
    open_mail(&visitor, &sandbox, "/verify", &[]).await;
    let signed_in = visitor.sign_in(EMAIL, PASSWORD).await;
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

    for _ in 0..3 {
        sandbox.inject(Fault::Html(StatusCode::BAD_GATEWAY));
    }
    let failed = visitor.get("/account").await;
    assert!(failed.status().is_server_error() && !failed.headers().contains_key("set-cookie"));
    assert!(visitor.get("/account").await.text().await.unwrap().contains(EMAIL));

    sandbox.advance(Duration::from_secs(24 * 3600));
    let ended = visitor.get("/account").await;
    assert!(ended.headers()["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_and_does_nothing() {
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
async fn every_page_has_the_security_headers_and_no_secret() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    visitor.register(EMAIL).await;
    let token = sandbox.mails().pop().unwrap().token;
    open_mail(&visitor, &sandbox, "/verify", &[]).await;
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
async fn a_return_address_never_leads_to_another_host() {
    let (sandbox, shop) = sandbox_and_shop().await;
    let visitor = Visitor::of(&shop);
    visitor.register(EMAIL).await;
    open_mail(&visitor, &sandbox, "/verify", &[]).await;
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
async fn the_mailbox_is_there_with_the_sandbox_alone_and_for_this_machine_alone() {
    let (_sandbox, live) = sandbox_and_shop().await;
    assert_eq!(Visitor::of(&live).get("/mailbox").await.status(), StatusCode::NOT_FOUND);
    let demonstration = Shop::with_mailbox();
    let visitor = Visitor::of(&demonstration);
    assert_eq!(visitor.get("/mailbox").await.status(), StatusCode::OK);
    let rebound =
        visitor.http.get(format!("{}/mailbox", demonstration.url)).header("host", "evil.example");
    assert_eq!(rebound.send().await.unwrap().status(), StatusCode::NOT_FOUND);

    let open = program().args(["--listen", "0.0.0.0:0"]).output().unwrap();
    assert!(!open.status.success(), "everybody's mails would be there for everybody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_every_call_hangs_five_hundred_visitors_wait_for_no_page_that_makes_none() {
    let hanging = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let shop = Shop::live(&format!("http://{}", hanging.local_addr().unwrap()), &[]);
    let accepting = tokio::spawn(async move {
        let mut open = Vec::new();
        loop {
            open.push(hanging.accept().await.unwrap());
        }
    });
    let visitors: Vec<_> = (0..500)
        .map(|number| {
            let visitor = Visitor::of(&shop);
            tokio::spawn(async move {
                visitor.register(&format!("shopper{number}@example.com")).await.status()
            })
        })
        .collect();
    // None of the pages below would come if they waited for the calls, which take ten seconds.
    let visitor = Visitor::of(&shop);
    for _ in 0..20 {
        for path in ["/", "/style.css", "/register", "/sign-in"] {
            let page = tokio::time::timeout(Duration::from_secs(8), visitor.get(path)).await;
            assert_eq!(page.unwrap().status(), StatusCode::OK, "{path}");
        }
    }
    let mut told_at_once = 0;
    for visitor in visitors {
        let status = visitor.await.unwrap();
        told_at_once += usize::from(status == StatusCode::SERVICE_UNAVAILABLE);
        assert!(
            status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::SEE_OTHER,
            "{status}"
        );
    }
    assert!(told_at_once >= 400, "{told_at_once} were told at once");
    accepting.abort();
}
