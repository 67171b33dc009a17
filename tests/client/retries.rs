//! What is repeated, how often, and what is said when it does not help. Not covered: the arithmetic of the pauses, which
//! has its test beside `src/call/retry.rs`, and which answers are repeated at all, which `answers.rs` has.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use bizkithub::{Client, ClientBuilder, Outcome, RetryPolicy};

use crate::support::names::{NOBODY, Names, SERVER, Unaccepting};
use crate::support::{
    Answer, ENDPOINTS, Endpoint, KEY, Script, Secrets, Server, Step, Wire, endpoint, json,
};

const LIMITED: &str = r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Later."}}"#;

const SECOND: Duration = Duration::from_secs(1);

fn limited() -> Answer {
    json(429, LIMITED)
}

/// Pauses that no test has to wait for.
fn at_once() -> RetryPolicy {
    RetryPolicy::default().max_delay(Duration::ZERO)
}

fn settings(builder: ClientBuilder) -> ClientBuilder {
    builder
        .retry(at_once())
        .timeout(Duration::from_secs(60))
        .connect_timeout(Duration::from_secs(5))
}

/// Turns the first requests of a call away, then does it.
async fn limiting(endpoint: &'static Endpoint, times: usize, answer: Answer) -> Server {
    Server::over(Wire::Http1)
        .serving(move |_, before| match before < times {
            true => Script::refusing(answer.clone()),
            false => Script::acting(json(200, endpoint.success)),
        })
        .await
}

#[tokio::test]
async fn what_a_429_turned_away_is_repeated_twice_and_not_more_for_every_endpoint() {
    let secrets = Secrets::default();
    for endpoint in &ENDPOINTS {
        for (times, received) in [(2, 3), (3, 3)] {
            let server = limiting(endpoint, times, limited()).await;
            let result = endpoint.call(&server.client_with(settings), &secrets).await;
            assert_eq!(server.entry(endpoint, &secrets).received, received, "{}", endpoint.name);
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
async fn a_pause_that_ends_too_late_for_another_attempt_ends_the_call_with_what_is_sure() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = limiting(login, usize::MAX, limited().header("retry-after", 1)).await;
    let client = server.client_with(|builder| {
        builder.retry(at_once()).timeout(Duration::from_secs(4)).connect_timeout(SECOND)
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
async fn a_policy_repeats_as_often_as_it_says_and_none_never() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    for (repeats, received) in [(0, 1), (1, 2), (7, 8)] {
        let server = limiting(login, usize::MAX, limited()).await;
        let retry = at_once().max_repeats(repeats);
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
async fn what_may_have_arrived_is_repeated_only_where_it_changes_nothing() {
    let secrets = Secrets::default();
    let losses: [Script; 7] = [
        Script::acting(Step::Close),
        Script::acting(Step::Reset),
        Script::acting(Step::Truncate(json(200, r#"{"success":true}"#), 5)),
        Script::acting("garbage\r\n\r\n").then(Step::Close),
        Script::acting(Answer::html(502)),
        Script::acting(json(503, "")),
        Script::acting(Answer::html(504).header("retry-after", 0)),
    ];
    for endpoint in &ENDPOINTS {
        for loss in &losses {
            let first = loss.clone();
            let server = Server::over(Wire::Http1)
                .serving(move |_, before| match before {
                    0 => first.clone(),
                    _ => Script::acting(json(200, endpoint.success)),
                })
                .await;
            let result = endpoint.call(&server.client_with(settings), &secrets).await;
            let entry = server.entry(endpoint, &secrets);
            let what = format!("{} after {loss:?}: {result:?}", endpoint.name);
            if endpoint.repeats_lost_answers() {
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
async fn what_was_never_sent_is_repeated_for_every_endpoint() {
    let secrets = Secrets::default();
    for endpoint in &ENDPOINTS {
        let server = Server::answering(Script::acting(json(200, endpoint.success))).await;
        let names = Names::new(|asked| Some(if asked < 2 { NOBODY } else { SERVER }));
        let client = through(&server, names.clone()).build().unwrap();
        endpoint.call(&client, &secrets).await.unwrap();
        assert_eq!(names.asked(), 3, "{}", endpoint.name);
        assert_eq!(server.entry(endpoint, &secrets).done, 1);
    }
}

/// A client that asks `names` where the server is, for each connection anew.
fn through<R: reqwest::dns::Resolve + 'static>(server: &Server, names: Arc<R>) -> ClientBuilder {
    settings(server.builder(KEY))
        .base_url(format!("http://localhost:{}", server.port))
        .http(|http| http.dns_resolver(names).pool_max_idle_per_host(0))
}

#[tokio::test]
async fn after_a_429_a_refused_connection_is_told_as_that_429_and_not_as_never_sent() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let answer = limited().header("connection", "close");
    let server = Server::answering(Script::refusing(answer)).await;
    let names = Names::new(|asked| Some(if asked == 0 { SERVER } else { NOBODY }));
    let client = through(&server, names.clone()).build().unwrap();
    let error = login.call(&client, &secrets).await.unwrap_err();
    // Both repeats were made, and both were refused.
    assert_eq!((names.asked(), server.requests().len()), (3, 1));
    assert_eq!((error.code(), error.outcome()), (Some("RATE_LIMIT_EXCEEDED"), Outcome::Unchanged));
}

#[tokio::test]
async fn a_retry_after_that_fits_is_waited_for_and_one_that_does_not_comes_back_at_once() {
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
async fn a_repeat_begins_only_if_pause_connecting_and_an_answer_fit_into_what_is_left() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    // Nine seconds of ten are left by the wait alone, and connecting may take three.
    let server = limiting(login, 1, limited().header("retry-after", 9)).await;
    let client = server.client_with(|builder| {
        settings(builder).timeout(Duration::from_secs(10)).connect_timeout(Duration::from_secs(3))
    });
    let error = login.call(&client, &secrets).await.unwrap_err();
    assert_eq!((error.outcome(), server.requests().len()), (Outcome::Unchanged, 1));

    // A timeout that is no longer than connecting may take leaves no time for any repeat.
    let server = limiting(login, 1, limited()).await;
    let client = server.client_with(settings).with_timeout(Duration::from_secs(5));
    let error = login.call(&client, &secrets).await.unwrap_err();
    assert_eq!((error.outcome(), server.requests().len()), (Outcome::Unchanged, 1));
}

#[tokio::test]
async fn a_host_that_never_accepts_is_never_sent_with_repeats_and_without() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let nobody = Unaccepting::start().await;
    // Room for the first attempt and not for a second: 500 ms of 1 s.
    let client = Client::builder(KEY)
        .base_url(nobody.url())
        .connect_timeout(Duration::from_millis(500))
        .timeout(Duration::from_secs(1));
    let client = client.build().unwrap();
    for retry in [RetryPolicy::none(), RetryPolicy::default()] {
        let error = login.call(&client.with_retry(retry), &secrets).await.unwrap_err();
        assert_eq!((error.outcome(), error.is_retryable()), (Outcome::NotSent, true), "{error:?}");
    }
}

#[tokio::test]
async fn a_repeat_that_gets_no_answer_in_time_is_unknown() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = Server::over(Wire::Http1)
        .serving(|_, before| match before {
            0 => Script::refusing(limited()),
            _ => Script::acting(Step::Hang),
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
                let result = login.call(&client, &Secrets::of_shopper(number)).await;
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
async fn an_outage_is_not_multiplied() {
    let server = Server::answering(Script::refusing(limited())).await;
    assert_eq!(a_thousand(&server.client_with(settings)).await, 0);
    let attempts = server.requests().len();
    assert!((1100..=1250).contains(&attempts), "{attempts} attempts");

    let names = Names::new(|_| Some(NOBODY));
    let client = through(&server, names.clone()).build().unwrap();
    assert_eq!(a_thousand(&client).await, 0);
    let attempts = names.asked();
    assert!((1100..=1250).contains(&attempts), "{attempts} attempts");
}

#[tokio::test]
async fn with_a_tenth_failing_all_that_may_be_repeated_is() {
    let server = Server::over(Wire::Http1)
        .serving(|request, before| {
            let email = request.json()["email"].as_str().unwrap().to_owned();
            let turned_away = before == 0 && email.contains("7@");
            match turned_away {
                true => Script::refusing(limited()),
                false => Script::acting(json(200, endpoint("login").success)),
            }
        })
        .await;
    assert_eq!(a_thousand(&server.client_with(settings)).await, 1000);
    assert_eq!(server.requests().len(), 1100);
}

#[tokio::test]
async fn a_client_with_other_options_shares_connections_and_budget() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let server = Server::answering(Script::acting(json(200, login.success))).await;
    let client = server.client_with(settings);
    login.call(&client, &secrets).await.unwrap();
    login.call(&client.with_timeout(Duration::from_secs(30)), &secrets).await.unwrap();
    login.call(&client.with_retry(RetryPolicy::none()), &secrets).await.unwrap();
    assert_eq!((server.requests().len(), server.connections()), (3, 1));

    let server = Server::answering(Script::refusing(limited())).await;
    let client = server.client_with(settings);
    // The budget is ten repeats, and one more for every five calls.
    for _ in 0..20 {
        let another =
            client.with_retry(at_once().max_repeats(100)).with_timeout(Duration::from_secs(50));
        login.call(&another, &secrets).await.unwrap_err();
    }
    let repeats = server.requests().len() - 20;
    assert!((10..=14).contains(&repeats), "{repeats} repeats");
}

#[tokio::test]
async fn a_longer_timeout_for_one_call_lets_it_wait() {
    let (login, secrets) = (endpoint("login"), Secrets::default());
    let answer = Script::acting(Step::Pause(Duration::from_millis(700)));
    let server = Server::answering(answer.then(json(200, login.success))).await;
    let client = server.client_with(|builder| builder.timeout(Duration::from_millis(100)));
    let error = login.call(&client, &secrets).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    login.call(&client.with_timeout(Duration::from_secs(60)), &secrets).await.unwrap();
}
