//! The number and the time of retries. Not covered: the arithmetic of the delays, which `src/call/retry.rs` tests, and the
//! responses that are retried, which `responses.rs` has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use bizkithub::{Client, ClientBuilder, Outcome, RetryPolicy};

use crate::support::names::{CLOSED, FullBacklog, Names, SERVER};
use crate::support::{
    ENDPOINTS, Endpoint, KEY, Reply, Script, Secrets, Server, Step, Wire, endpoint, json,
};

const LIMITED: &str = r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Later."}}"#;

const SECOND: Duration = Duration::from_secs(1);

fn limited() -> Reply {
    json(429, LIMITED)
}

/// Retries without a delay.
fn without_delay() -> RetryPolicy {
    RetryPolicy::default().max_backoff(Duration::ZERO)
}

fn settings(builder: ClientBuilder) -> ClientBuilder {
    builder
        .retry(without_delay())
        .timeout(Duration::from_secs(60))
        .connect_timeout(Duration::from_secs(5))
}

/// A server that rejects the first requests of each call with `reply`, then accepts the call.
async fn limiting(endpoint: &'static Endpoint, times: usize, reply: Reply) -> Server {
    Server::over(Wire::Http1)
        .serving(move |_, before| match before < times {
            true => Script::without_effect(reply.clone()),
            false => Script::with_effect(json(200, endpoint.success)),
        })
        .await
}

#[tokio::test]
async fn a_429_is_retried_twice_for_every_endpoint() {
    let secrets = Secrets::default();
    for endpoint in &ENDPOINTS {
        for (times, received) in [(2, 3), (3, 3)] {
            let server = limiting(endpoint, times, limited()).await;
            let result = endpoint.call(&server.client_with(settings), &secrets).await;
            assert_eq!(server.entry(endpoint, &secrets).received, received, "{}", endpoint.name());
            match result {
                Ok(_) => assert_eq!(times, 2),
                Err(error) => {
                    assert_eq!(error.code(), Some("RATE_LIMIT_EXCEEDED"));
                    assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unchanged, true));
                }
            }
        }
    }
}

#[tokio::test]
async fn late_wakeup_returns_the_certain_error() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = limiting(login, usize::MAX, limited().header("retry-after", 1)).await;
    let client = server.client_with(|builder| {
        builder.retry(without_delay()).timeout(Duration::from_secs(4)).connect_timeout(SECOND)
    });
    // Less than the connect timeout is left of the call's four seconds.
    let busy_machine = tokio::spawn(async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        std::thread::sleep(Duration::from_millis(3_300));
    });
    let error = login.call(&client, &secrets).await.unwrap_err();
    busy_machine.await.unwrap();
    assert_eq!((error.code(), error.retry_after()), (Some("RATE_LIMIT_EXCEEDED"), Some(SECOND)));
    assert_eq!(server.entry(login, &secrets).received, 1);
}

#[tokio::test]
async fn policy_limits_the_number_of_retries() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    for (retries, received) in [(0, 1), (1, 2), (7, 8)] {
        let server = limiting(login, usize::MAX, limited()).await;
        let retry = without_delay().max_retries(retries);
        let client = server.client_with(settings).with_retry(retry);
        login.call(&client, &secrets).await.unwrap_err();
        assert_eq!(server.entry(login, &secrets).received, received);
    }
    let server = limiting(login, usize::MAX, limited()).await;
    let client = server.client_with(settings).with_retry(RetryPolicy::none());
    login.call(&client, &secrets).await.unwrap_err();
    assert_eq!(server.entry(login, &secrets).received, 1);
}

#[tokio::test]
async fn lost_response_is_retried_only_if_idempotent() {
    let secrets = Secrets::default();
    let losses: [Script; 7] = [
        Script::with_effect(Step::Close),
        Script::with_effect(Step::Reset),
        Script::with_effect(Step::Truncate(json(200, r#"{"success":true}"#), 5)),
        Script::with_effect("garbage\r\n\r\n").then(Step::Close),
        Script::with_effect(Reply::html(502)),
        Script::with_effect(json(503, "")),
        Script::with_effect(Reply::html(504).header("retry-after", 0)),
    ];
    for endpoint in &ENDPOINTS {
        for loss in &losses {
            let first = loss.clone();
            let server = Server::over(Wire::Http1)
                .serving(move |_, before| match before {
                    0 => first.clone(),
                    _ => Script::with_effect(json(200, endpoint.success)),
                })
                .await;
            let result = endpoint.call(&server.client_with(settings), &secrets).await;
            let entry = server.entry(endpoint, &secrets);
            let what = format!("{} after {loss:?}: {result:?}", endpoint.name());
            if endpoint.is_idempotent {
                assert!(result.is_ok() && entry.received == 2, "{what}");
            } else {
                let error = result.unwrap_err();
                assert_eq!((entry.received, entry.done), (1, 1), "{what}");
                assert_eq!(
                    (error.outcome(), error.is_retryable()),
                    (Outcome::Unknown, false),
                    "{what}"
                );
            }
        }
    }
}

#[tokio::test]
async fn unsent_request_is_retried_for_every_endpoint() {
    let secrets = Secrets::default();
    for endpoint in &ENDPOINTS {
        let server = Server::replying(Script::with_effect(json(200, endpoint.success))).await;
        let names = Names::new(|asked| Some(if asked < 2 { CLOSED } else { SERVER }));
        let client = through(&server, names.clone()).build().unwrap();
        endpoint.call(&client, &secrets).await.unwrap();
        assert_eq!(names.lookups(), 3, "{}", endpoint.name());
        assert_eq!(server.entry(endpoint, &secrets).done, 1);
    }
}

/// A client that looks up the server in `names` for each connection.
fn through<R: reqwest::dns::Resolve + 'static>(server: &Server, names: Arc<R>) -> ClientBuilder {
    settings(server.builder(KEY))
        .base_url(format!("http://localhost:{}", server.port))
        .configure_http(|http| http.dns_resolver(names).pool_max_idle_per_host(0))
}

#[tokio::test]
async fn connect_error_after_a_429_returns_the_429() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let reply = limited().header("connection", "close");
    let server = Server::replying(Script::without_effect(reply)).await;
    let names = Names::new(|asked| Some(if asked == 0 { SERVER } else { CLOSED }));
    let client = through(&server, names.clone()).build().unwrap();
    let error = login.call(&client, &secrets).await.unwrap_err();
    // Both retries failed to connect.
    assert_eq!((names.lookups(), server.requests().len()), (3, 1));
    assert_eq!((error.code(), error.outcome()), (Some("RATE_LIMIT_EXCEEDED"), Outcome::Unchanged));
}

#[tokio::test]
async fn retry_after_is_waited_for_if_it_fits() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = limiting(login, 1, limited().header("retry-after", 1)).await;
    let started = Instant::now();
    login.call(&server.client_with(settings), &secrets).await.unwrap();
    assert!(started.elapsed() >= SECOND);

    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    let server = limiting(login, 1, limited().header("retry-after", &date)).await;
    login.call(&server.client_with(settings), &secrets).await.unwrap();
    assert!(SystemTime::now() >= httpdate::parse_http_date(&date).unwrap());

    let server = limiting(login, 1, limited().header("retry-after", 3600)).await;
    let error = login.call(&server.client_with(settings), &secrets).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!((error.outcome(), server.requests().len()), (Outcome::Unchanged, 1));
}

#[tokio::test]
async fn retry_needs_time_for_delay_and_attempt() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    // The delay alone takes nine seconds of ten, and connecting may take three.
    let server = limiting(login, 1, limited().header("retry-after", 9)).await;
    let client = server.client_with(|builder| {
        settings(builder).timeout(Duration::from_secs(10)).connect_timeout(Duration::from_secs(3))
    });
    let error = login.call(&client, &secrets).await.unwrap_err();
    assert_eq!((error.outcome(), server.requests().len()), (Outcome::Unchanged, 1));
}

#[tokio::test]
async fn unresponsive_host_is_not_sent_despite_retries() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let host = FullBacklog::start().await;
    // There is time for one attempt, but not for two: 500 ms of 1 s.
    let client = Client::builder(KEY)
        .base_url(host.url())
        .connect_timeout(Duration::from_millis(500))
        .timeout(Duration::from_secs(1));
    let client = client.build().unwrap();
    for retry in [RetryPolicy::none(), RetryPolicy::default(), without_delay()] {
        let error = login.call(&client.with_retry(retry), &secrets).await.unwrap_err();
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true), "{error:?}");
    }
}

#[tokio::test]
async fn retry_that_times_out_is_unknown() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = Server::over(Wire::Http1)
        .serving(|_, before| match before {
            0 => Script::without_effect(limited()),
            _ => Script::with_effect(Step::Hang),
        })
        .await;
    let client = server.client_with(|builder| {
        settings(builder)
            .timeout(Duration::from_millis(1500))
            .connect_timeout(Duration::from_millis(100))
    });
    let error = login.call(&client, &secrets).await.unwrap_err();
    assert_eq!((error.outcome(), server.requests().len()), (Outcome::Unknown, 2));
}

/// Makes 1,000 calls, 64 at a time.
async fn a_thousand(client: &Client) -> usize {
    let login = endpoint("login");
    let next = Arc::new(AtomicUsize::new(0));
    let callers = (0..64).map(|_| {
        let (client, next) = (client.clone(), next.clone());
        tokio::spawn(async move {
            let mut succeeded = 0;
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= 1000 {
                    return succeeded;
                }
                let result = login.call(&client, &Secrets::of_customer(number)).await;
                succeeded += usize::from(result.is_ok());
            }
        })
    });
    let mut succeeded = 0;
    for caller in callers.collect::<Vec<_>>() {
        succeeded += caller.await.unwrap();
    }
    succeeded
}

#[tokio::test]
async fn retry_budget_limits_load_during_an_outage() {
    let server = Server::replying(Script::without_effect(limited())).await;
    assert_eq!(a_thousand(&server.client_with(settings)).await, 0);
    let attempts = server.requests().len();
    assert!((1100..=1250).contains(&attempts), "{attempts} attempts");

    let names = Names::new(|_| Some(CLOSED));
    let client = through(&server, names.clone()).build().unwrap();
    assert_eq!(a_thousand(&client).await, 0);
    let attempts = names.lookups();
    assert!((1100..=1250).contains(&attempts), "{attempts} attempts");
}

#[tokio::test]
async fn a_tenth_of_failing_calls_is_retried() {
    let server = Server::over(Wire::Http1)
        .serving(|request, before| {
            let email = request.json()["email"].as_str().unwrap().to_owned();
            let is_rejected = before == 0 && email.contains("7@");
            match is_rejected {
                true => Script::without_effect(limited()),
                false => Script::with_effect(json(200, endpoint("login").success)),
            }
        })
        .await;
    assert_eq!(a_thousand(&server.client_with(settings)).await, 1000);
    assert_eq!(server.requests().len(), 1100);
}

#[tokio::test]
async fn derived_clients_share_connections_and_budget() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = Server::replying(Script::with_effect(json(200, login.success))).await;
    let client = server.client_with(settings);
    login.call(&client, &secrets).await.unwrap();
    login.call(&client.with_timeout(Duration::from_secs(30)), &secrets).await.unwrap();
    login.call(&client.with_retry(RetryPolicy::none()), &secrets).await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (3, 1));

    let server = Server::replying(Script::without_effect(limited())).await;
    let client = server.client_with(settings);
    // The budget is ten retries, and one more for every five calls.
    for _ in 0..20 {
        let another = client
            .with_retry(without_delay().max_retries(100))
            .with_timeout(Duration::from_secs(50));
        login.call(&another, &secrets).await.unwrap_err();
    }
    let retries = server.requests().len() - 20;
    assert!((10..=14).contains(&retries), "{retries} retries");
}

#[tokio::test]
async fn with_timeout_applies_to_its_own_calls() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let reply = Script::with_effect(Step::Wait(Duration::from_millis(700)));
    let server = Server::replying(reply.then(json(200, login.success))).await;
    let client = server.client_with(|builder| builder.timeout(Duration::from_millis(100)));
    let error = login.call(&client, &secrets).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    login.call(&client.with_timeout(Duration::from_secs(60)), &secrets).await.unwrap();
}

#[tokio::test]
async fn short_timeouts_still_retry_a_429() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    for seconds in [1, 2, 3, 5] {
        let timeout = Duration::from_secs(seconds);
        let defaults = |server: &Server| Client::builder(KEY).base_url(server.url());
        let clients: [fn(ClientBuilder, Duration) -> Client; 3] = [
            |builder, timeout| builder.timeout(timeout).build().unwrap(),
            |builder, timeout| builder.build().unwrap().with_timeout(timeout),
            |builder, timeout| {
                builder.connect_timeout(timeout).build().unwrap().with_timeout(timeout)
            },
        ];
        for client in clients {
            let server = limiting(login, 1, limited().header("retry-after", 0)).await;
            let client = client(defaults(&server), timeout);
            login.call(&client, &secrets).await.unwrap();
            assert_eq!(server.requests().len(), 2, "{seconds} s");
        }
    }
}

#[tokio::test]
async fn call_without_time_sends_nothing() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = Server::replying(Script::with_effect(json(200, login.success))).await;
    let client = server.client_with(settings);
    // A connection is ready.
    login.call(&client, &secrets).await.unwrap();
    let hurried = client.with_timeout(Duration::ZERO);
    for endpoint in &ENDPOINTS {
        for _ in 0..10 {
            let error = endpoint.call(&hurried, &secrets).await.unwrap_err();
            assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true));
            assert!(error.to_string().contains("a timeout of 0ns, which is too short"), "{error}");
        }
    }
    assert_eq!((server.requests().len(), server.connections()), (1, 1));
}
