//! Starting, resetting and dropping a sandbox.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bizkithub::sandbox::{Fault, Sandbox};
use bizkithub::{Outcome, RegisterAccountRequest};

use crate::shop::{EMAIL, PASSWORD, Shop};

#[tokio::test]
async fn reset_deletes_accounts_emails_requests_and_faults() {
    let shop = Shop::with_account().await;
    shop.sandbox.inject(Fault::Dropped);
    shop.sandbox.reset();
    assert!(shop.sandbox.emails().is_empty() && shop.sandbox.requests().is_empty());
    shop.register(EMAIL).await.unwrap();
}

#[tokio::test]
async fn the_port_is_free_once_a_sandbox_is_dropped() {
    let first = Sandbox::start().await.unwrap();
    let address: std::net::SocketAddr = first.url().trim_start_matches("http://").parse().unwrap();
    let error = Sandbox::builder().listen(address).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    drop(first);
    Sandbox::builder().listen(address).start().await.unwrap();
}

#[tokio::test]
async fn after_the_drop_a_new_client_sends_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let (used, new) = (sandbox.client(), sandbox.client());
    let request = RegisterAccountRequest::builder().email(EMAIL).password(PASSWORD).build();
    used.register_account(&request).await.unwrap();
    drop(sandbox);
    let error = new.register_account(&request).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let error = used.register_account(&request).await.unwrap_err();
    assert!(matches!(error.outcome(), Outcome::NotSent | Outcome::Unknown), "{error:?}");
}

#[tokio::test]
async fn a_sandbox_can_be_dropped_in_its_own_observer() {
    let slot = Arc::new(Mutex::new(None::<Sandbox>));
    let dropped = Arc::new(Mutex::new(0));
    let (taken, count) = (slot.clone(), dropped.clone());
    let builder = Sandbox::builder().on_request(move |_| {
        // The observer may call the sandbox, too.
        let sandbox = taken.lock().unwrap().take().unwrap();
        let requests = sandbox.requests().len();
        drop(sandbox);
        *count.lock().unwrap() += requests;
    });
    let sandbox = builder.start().await.unwrap();
    let client = sandbox.client().with_timeout(Duration::from_secs(60));
    let fresh = sandbox.client();
    *slot.lock().unwrap() = Some(sandbox);
    let request = RegisterAccountRequest::builder().email(EMAIL).password(PASSWORD).build();
    // The response may be lost with the sandbox.
    let _ = client.register_account(&request).await;
    assert_eq!(*dropped.lock().unwrap(), 1);
    // The thread ends soon, and closes the port.
    for _ in 0..6_000 {
        let error = fresh.register_account(&request).await.err();
        if error.is_some_and(|error| error.outcome() == Outcome::NotSent) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the sandbox is still running");
}

#[tokio::test]
async fn a_panic_in_the_observer_closes_only_its_connection() {
    let builder = Sandbox::builder().on_request(|request| {
        assert!(!request.path().ends_with("reset-password"), "a panic that this test expects");
    });
    let shop = Shop::with(builder.start().await.unwrap());
    shop.reset_password(EMAIL, None).await.unwrap_err();
    shop.register(EMAIL).await.unwrap();
}

/// A thread with such a stack cannot be created. The variable takes effect at the start of a process, so this test runs itself
/// in another one.
#[tokio::test]
async fn starting_without_a_thread_is_an_error() {
    const STACK: (&str, &str) = ("RUST_MIN_STACK", "1000000000000000000");
    const TEST: &str = "lifecycle::starting_without_a_thread_is_an_error";
    const DONE: &str = "the thread could not be created";
    if std::env::var(STACK.0).is_ok_and(|stack| stack == STACK.1) {
        let error = Sandbox::start().await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "{error:?}");
        println!("{DONE}");
        return;
    }
    // With one test at a time, the test itself runs without a thread.
    let program = std::env::current_exe().unwrap();
    let output = std::process::Command::new(program)
        .args([TEST, "--exact", "--test-threads", "1", "--nocapture"])
        .env(STACK.0, STACK.1)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && printed.contains(DONE), "{output:#?}");
}
