//! Makes 20,000 registrations, 64 at a time. The test has a binary of its own, since it reads the process's memory. It does
//! not check the speed, which depends on the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use bizkithub::RegisterAccountRequest;
use bizkithub::sandbox::Sandbox;

const REGISTRATIONS: usize = 20_000;
const CALLERS: usize = 64;

/// The resident memory of this process in KiB, on Linux.
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_grows_only_by_the_accounts() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = sandbox.client();
    let next = Arc::new(AtomicUsize::new(0));
    let round = async |count: usize| {
        let end = next.load(Ordering::Relaxed) + count;
        let callers = (0..CALLERS).map(|_| {
            let (client, next) = (client.clone(), next.clone());
            tokio::spawn(async move {
                while let Ok(index) =
                    next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |index| {
                        (index < end).then_some(index + 1)
                    })
                {
                    let email = format!("customer{index}@example.com");
                    let request = RegisterAccountRequest::builder()
                        .email(email)
                        .password("example_password")
                        .build();
                    client.register_account(&request).await.unwrap();
                }
            })
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.unwrap();
        }
    };
    // The first half fills the connections' buffers and the record of the last 10,000 requests.
    let started = Instant::now();
    round(REGISTRATIONS / 2).await;
    let before = resident();
    round(REGISTRATIONS / 2).await;
    let grown = before.zip(resident()).map(|(before, after)| after.saturating_sub(before));
    println!(
        "{REGISTRATIONS} registrations in {:?}; the second half took {grown:?} KiB",
        started.elapsed()
    );

    assert_eq!(sandbox.requests().len(), 10_000);
    assert!(sandbox.confirm_email("customer0@example.com"));
    assert!(sandbox.confirm_email("customer19999@example.com"));
    // An account consists of its registration, a token and an email, which need less than two KiB.
    assert!(grown.is_none_or(|grown| grown < REGISTRATIONS * 2), "{grown:?} KiB");
}
