//! A call that is dropped, at many points, leaves the client and its connections usable. Not covered: HTTP/2.

#[allow(dead_code)]
mod hostile;

use std::time::Duration;

use bizkithub::RetryPolicy;
use futures_util::poll;
use hostile::{Hostile, SUCCESS, Script, Step, answer, answer_with, request};

/// Answers in small pieces, so that there are many points to stop at.
fn piecemeal() -> Script {
    let steps = answer(200, SUCCESS).into_bytes();
    let steps = steps
        .chunks(20)
        .flat_map(|piece| [Step::Write(piece.to_vec()), Step::Pause(Duration::from_millis(1))]);
    Script { registers: true, steps: steps.collect() }
}

#[tokio::test]
async fn a_call_dropped_after_any_number_of_polls_leaves_the_client_usable() {
    let server = Hostile::answering(piecemeal()).await;
    let client = server.client_with(|builder| builder.timeout(Duration::from_secs(60)));
    let mut finished = false;
    for polls in 0..60 {
        let dropped = request(&format!("dropped{polls}@example.com"));
        {
            let mut call = std::pin::pin!(client.register_account(&dropped));
            for _ in 0..polls {
                if poll!(call.as_mut()).is_ready() {
                    finished = true;
                    break;
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let email = format!("next{polls}@example.com");
        client.register_account(&request(&email)).await.unwrap();
        assert_eq!(server.entry(&email).registered, 1);
        assert!(server.entry(&dropped.email).received <= 1);
    }
    assert!(finished, "the last calls were dropped at their end, so every point was passed");
}

#[tokio::test]
async fn a_call_dropped_while_it_waits_to_repeat_is_not_repeated() {
    let limited = answer_with(429, "retry-after: 1\r\n", "");
    let server = Hostile::answering(Script::refusing(limited)).await;
    let client = server.client_with(|builder| {
        builder.retry(RetryPolicy::default()).timeout(Duration::from_secs(60))
    });
    let call =
        tokio::spawn(async move { client.register_account(&request("jan@barasek.com")).await });
    while server.entry("jan@barasek.com").received == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(server.entry("jan@barasek.com").received, 1);
}

#[tokio::test]
async fn after_many_dropped_calls_connections_are_still_reused() {
    let server = Hostile::answering(piecemeal()).await;
    let client = server.client_with(|builder| builder.timeout(Duration::from_secs(60)));
    for index in 0..50 {
        let dropped = request(&format!("dropped{index}@example.com"));
        let call = client.register_account(&dropped);
        let _ = tokio::time::timeout(Duration::from_millis(index % 10), call).await;
    }
    let before = server.connections();
    for index in 0..50 {
        client.register_account(&request(&format!("next{index}@example.com"))).await.unwrap();
    }
    let made = server.connections() - before;
    assert!(made <= 5, "{made} new connections for 50 calls one after another");
}
