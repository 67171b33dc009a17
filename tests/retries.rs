//! What is repeated, how often, after what pause, and what is said when it does not help. Not covered: the arithmetic of
//! the pauses, which has its table beside `src/retry.rs`.

#[allow(dead_code)]
mod hostile;

use std::time::{Duration, Instant, SystemTime};

use bizkithub::{Error, Outcome, RetryPolicy};
use hostile::{Hostile, SUCCESS, Script, Step, answer, answer_with, request};

const EMAIL: &str = "jan@barasek.com";
const LIMITED: &str = r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"Later."}}"#;

/// Turns the first requests away with a 429 and these headers, then registers.
async fn limiting(times: usize, headers: impl Into<String>) -> Hostile {
    let headers = headers.into();
    Hostile::start(
        |_| None,
        move |_, before| match before < times {
            true => Script::refusing(answer_with(429, &headers, LIMITED)),
            false => Script::registering(answer(200, SUCCESS)),
        },
    )
    .await
}

async fn call(server: &Hostile, retry: RetryPolicy, timeout: Duration) -> Result<Duration, Error> {
    let client = server.client_with(|builder| builder.retry(retry).timeout(timeout));
    let started = Instant::now();
    client.register_account(&request(EMAIL)).await?;
    Ok(started.elapsed())
}

const LONG: Duration = Duration::from_secs(60);

fn brisk() -> RetryPolicy {
    RetryPolicy::default().min_delay(Duration::from_millis(1))
}

#[tokio::test]
async fn what_a_429_turned_away_is_repeated_twice_by_default_and_not_more() {
    let server = limiting(2, "").await;
    call(&server, brisk(), LONG).await.unwrap();
    assert_eq!(server.entry(EMAIL).received, 3);

    let server = limiting(3, "").await;
    let error = call(&server, brisk(), LONG).await.unwrap_err();
    assert_eq!(server.entry(EMAIL).received, 3);
    assert_eq!((error.code(), error.outcome()), (Some("RATE_LIMIT_EXCEEDED"), Outcome::Refused));
}

#[tokio::test]
async fn a_policy_of_none_repeats_nothing_and_a_longer_one_repeats_as_often_as_it_says() {
    let server = limiting(1, "").await;
    call(&server, RetryPolicy::none(), LONG).await.unwrap_err();
    assert_eq!(server.entry(EMAIL).received, 1);
    let server = limiting(7, "").await;
    call(&server, brisk().max_repeats(7), LONG).await.unwrap();
    assert_eq!(server.entry(EMAIL).received, 8);
}

#[tokio::test]
async fn a_retry_after_that_fits_is_waited_for() {
    let server = limiting(1, "retry-after: 1\r\n").await;
    let took = call(&server, brisk(), LONG).await.unwrap();
    assert!(took >= Duration::from_secs(1), "{took:?}");

    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3));
    let server = limiting(1, format!("retry-after: {date}\r\n")).await;
    let took = call(&server, brisk(), LONG).await.unwrap();
    // An HTTP date has whole seconds.
    assert!(took >= Duration::from_secs(1), "{took:?}");
}

#[tokio::test]
async fn a_retry_after_that_does_not_fit_gives_the_error_at_once_with_its_time() {
    let server = limiting(1, "retry-after: 3600\r\n").await;
    let error = call(&server, RetryPolicy::default(), LONG).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(server.entry(EMAIL).received, 1);
}

#[tokio::test]
async fn an_html_429_is_repeated_and_a_refusal_in_a_429_is_not() {
    let server = Hostile::start(
        |_| None,
        |_, before| match before {
            0 => Script::refusing(answer(429, "<html></html>")),
            _ => Script::registering(answer(200, SUCCESS)),
        },
    )
    .await;
    call(&server, brisk(), LONG).await.unwrap();

    let refusal = r#"{"success":false,"errorCode":"E004"}"#;
    let server = Hostile::answering(Script::refusing(answer(429, refusal))).await;
    let error = call(&server, brisk(), LONG).await.unwrap_err();
    assert_eq!((error.code(), server.entry(EMAIL).received), (Some("E004"), 1));
}

#[tokio::test]
async fn nothing_that_may_have_arrived_is_repeated() {
    let scripts = [
        Script::registering(answer(502, "<html></html>")),
        Script::registering(answer(503, "")),
        Script::registering(answer(500, r#"{"error":{"code":"NEW","message":""}}"#)),
        Script::registering(answer(408, "")),
        Script::registering(answer(429, SUCCESS)),
        Script::registering(answer(200, "<html></html>")),
        Script { registers: true, steps: vec![Step::Reset] },
        Script { registers: true, steps: vec![Step::Close] },
        Script { registers: true, steps: vec![Step::Hang] },
    ];
    for script in scripts {
        let server = Hostile::answering(script.clone()).await;
        let error = call(&server, brisk(), Duration::from_millis(500)).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{script:?}");
        assert_eq!(server.entry(EMAIL).received, 1, "{script:?}");
    }
}

#[tokio::test]
async fn after_a_429_a_refused_connection_is_told_as_that_429_and_not_as_never_sent() {
    let limited = answer_with(429, "connection: close\r\n", LIMITED);
    let server = Hostile::answering(Script::refusing(limited)).await;
    let policy = RetryPolicy::default().min_delay(Duration::from_secs(2)).max_repeats(1);
    let client = server.client_with(|builder| builder.retry(policy).timeout(LONG));
    let call = tokio::spawn(async move { client.register_account(&request(EMAIL)).await });
    while server.entry(EMAIL).received == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    drop(server);
    let error = call.await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Some("RATE_LIMIT_EXCEEDED"), Outcome::Refused));
}

#[tokio::test]
async fn the_timeout_covers_repeats_and_pauses() {
    let server = limiting(usize::MAX, "").await;
    let policy = RetryPolicy::default().max_repeats(1000).min_delay(Duration::from_millis(50));
    let started = Instant::now();
    let error = call(&server, policy, Duration::from_millis(500)).await.unwrap_err();
    assert_eq!(
        error.outcome(),
        Outcome::Refused,
        "a pause that does not fit is not begun: {error:?}"
    );
    assert!(started.elapsed() < LONG && server.entry(EMAIL).received > 1);
}

/// An error with its sources, as `anyhow` prints it.
fn story(error: Error) -> String {
    format!("{:#}", anyhow::Error::new(error))
}

#[tokio::test]
async fn an_error_with_its_sources_reads_as_one_story_that_says_nothing_twice() {
    let scripts = [
        Script::refusing(answer(
            200,
            r#"{"success":false,"errorCode":"E002","message":"Customer has been registered."}"#,
        )),
        Script::refusing(answer(
            404,
            r#"{"error":{"code":"PUBLIC_API_KEY_IS_EMPTY","message":"The API key is empty."}}"#,
        )),
        Script::registering(answer(502, "<html></html>")),
        Script::registering("garbage\r\n\r\n").then(Step::Close),
        Script { registers: true, steps: vec![Step::Reset] },
        Script { registers: true, steps: vec![Step::Hang] },
    ];
    let mut stories = Vec::new();
    for script in scripts {
        let server = Hostile::answering(script).await;
        stories.push(story(
            call(&server, RetryPolicy::none(), Duration::from_millis(500)).await.unwrap_err(),
        ));
    }
    let refused =
        bizkithub::Client::builder(hostile::KEY).base_url("http://127.0.0.1:1").build().unwrap();
    stories.push(story(refused.register_account(&request(EMAIL)).await.unwrap_err()));
    for story in &stories {
        let clauses: Vec<_> =
            story.split([':', ';', ',']).map(str::trim).filter(|clause| clause.len() > 8).collect();
        let mut unique = clauses.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), clauses.len(), "{story}");
    }
    insta::assert_snapshot!(stories.join("\n"));
}
