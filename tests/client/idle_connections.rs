//! Kept connections of programs that were suspended while the server closed them: see "Idle connections" in
//! `src/outcomes.md`. The times stand for the real ones of 4 and 5 seconds, but are shorter.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use bizkithub::{Client, RetryPolicy};
use tokio::runtime::Runtime;

use crate::support::{KEY, Script, Secrets, Server, Step, Wire, endpoint, json};

/// The time after which the client gives up an idle connection, and a longer one after which the server closes it.
const CLIENT_IDLE: Duration = Duration::from_millis(600);
const SERVER_IDLE: Duration = Duration::from_millis(1000);
/// A program's pause, after which the connection is certainly closed.
const PAUSE: Duration = Duration::from_millis(1600);

/// A server on threads of its own that closes idle connections.
fn closing_server(wire: Wire) -> (Runtime, Server) {
    let runtime = Runtime::new().unwrap();
    let closing =
        if wire == Wire::Http2 { Step::GoAway(h2::Reason::NO_ERROR) } else { Step::Close };
    let success = Script::with_effect(json(200, endpoint("login").success));
    let script = success.then(Step::Wait(SERVER_IDLE)).then(closing);
    let server = runtime.block_on(Server::over(wire).replying(script));
    (runtime, server)
}

fn current_thread() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[tokio::test]
async fn default_idle_timeout_is_below_five_seconds() {
    let login = endpoint("login");
    let server = Server::replying(Script::with_effect(json(200, login.success))).await;
    let client = server.client();
    for (pause, connections) in [(0, 1), (500, 1), (4_500, 2)] {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        login.call(&client, &Secrets::default()).await.unwrap();
        assert_eq!(server.connections(), connections, "after {pause} ms");
    }
}

#[test]
fn blocking_program_survives_closed_idle_connections() {
    for wire in [Wire::Http1, Wire::Http2] {
        let (_threads, server) = closing_server(wire);
        let client = server.client_with(|builder| {
            builder.configure_http(|http| http.pool_idle_timeout(CLIENT_IDLE))
        });
        let runtime = current_thread();
        for calls in 1..=3 {
            runtime.block_on(endpoint("login").call(&client, &Secrets::default())).unwrap();
            assert_eq!((server.requests().len(), server.connections()), (calls, calls), "{wire:?}");
            std::thread::sleep(PAUSE);
        }
    }
}

#[cfg(unix)]
#[test]
fn frozen_program_survives_closed_idle_connections() {
    let (_threads, server) = closing_server(Wire::Http1);
    let mut program = Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "idle_connections::calls_of_a_frozen_program",
        ])
        .env("BIZKITHUB_TEST_URL", server.url())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let id = program.id().to_string();
    let signal = |name: &str| {
        let status = Command::new("kill").args([name, &id]).status();
        assert!(status.unwrap().success());
    };
    let mut signed_in = 0;
    for line in BufReader::new(program.stdout.take().unwrap()).lines() {
        if line.unwrap().contains("signed in") {
            signed_in += 1;
            if signed_in < 3 {
                signal("-STOP");
                std::thread::sleep(PAUSE);
                signal("-CONT");
            }
        }
    }
    assert!(program.wait().unwrap().success());
    assert_eq!((signed_in, server.requests().len(), server.connections()), (3, 3, 3));
}

#[test]
#[ignore = "another test runs it in a process of its own"]
fn calls_of_a_frozen_program() {
    let client = Client::builder(KEY)
        .base_url(std::env::var("BIZKITHUB_TEST_URL").unwrap())
        .retry(RetryPolicy::none())
        .timeout(Duration::from_secs(60))
        .configure_http(|http| http.no_proxy().pool_idle_timeout(CLIENT_IDLE))
        .build()
        .unwrap();
    current_thread().block_on(async {
        for _ in 0..3 {
            endpoint("login").call(&client, &Secrets::default()).await.unwrap();
            println!("signed in");
            // The other process freezes this one here.
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    });
}
