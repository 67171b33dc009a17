//! Sets a timeout and a retry policy, for a client and for some of its calls.

use std::time::Duration;

use bizkithub::sandbox::{Fault, Sandbox};
use bizkithub::{Client, GetAccountInfoRequest, RetryPolicy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start().await?;
    let client = Client::builder("DEV_0123456789abcdefghijABCDEFGH")
        .base_url(sandbox.url())
        .timeout(Duration::from_secs(5)) // the whole call, retries included
        .retry(RetryPolicy::default().max_retries(3))
        .build()?;
    let identity_id = "b7Kp2Xn9Qv4Ls8Tz1Rm6Wc3Yd5Hg0JfA";
    let request = GetAccountInfoRequest::builder().identity_id(identity_id).build();

    sandbox.inject(Fault::Dropped); // a lost response: retried, since the call is idempotent
    client.get_account_info(&request).await?;
    println!("one call, {} requests", sandbox.requests().len());

    sandbox.inject(Fault::Slow(Duration::from_secs(10)));
    let impatient = client.with_timeout(Duration::from_secs(1)).with_retry(RetryPolicy::none());
    if let Err(error) = impatient.get_account_info(&request).await {
        println!("{error}");
    }
    Ok(())
}
