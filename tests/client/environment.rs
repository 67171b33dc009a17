//! What a client takes from the environment. Each case is a process of its own: a process's environment is shared by
//! all its tests.

use std::process::Command;

use bizkithub::Client;

use crate::support::{KEY, Secrets, Server, endpoint, json};

const HERE: &str = "environment::a_client_from_the_environment";

/// Runs the test named below in a process with just this environment and gives what it printed.
fn in_a_process_with(variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", HERE]);
    command.env_remove("BIZKITHUB_API_KEY").env_remove("BIZKITHUB_API_URL");
    for proxy in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(proxy, "http://127.0.0.1:1");
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Says how making and using the client went; the tests below read it.
#[tokio::test]
#[ignore = "the tests below run it, each in a process with an environment of its own"]
async fn a_client_from_the_environment() {
    match Client::from_env() {
        Err(error) => println!("config error: {error}"),
        Ok(client) => match endpoint("login").call(&client, &Secrets::default()).await {
            Ok(_) => println!("signed in"),
            Err(error) => println!("error: {error}"),
        },
    }
}

#[tokio::test]
async fn the_key_and_the_url_come_from_the_documented_variables() {
    let server = Server::answering(json(200, endpoint("login").success)).await;
    let url = format!("{}/api/v1", server.url());
    let printed = tokio::task::spawn_blocking(move || {
        in_a_process_with(&[("BIZKITHUB_API_KEY", KEY), ("BIZKITHUB_API_URL", &url)])
    });
    assert!(printed.await.unwrap().contains("signed in"));
    assert_eq!(server.request().target(), format!("/api/v1/customer/login?apiKey={KEY}"));
}

#[test]
fn a_missing_key_is_named() {
    let printed = in_a_process_with(&[]);
    assert!(
        printed.contains("config error: the environment variable BIZKITHUB_API_KEY is not set"),
        "{printed}"
    );
}

#[test]
fn an_empty_key_is_refused() {
    let printed = in_a_process_with(&[("BIZKITHUB_API_KEY", "")]);
    assert!(printed.contains("config error: the API key cannot be used: it is empty"), "{printed}");
}

#[test]
fn a_bad_url_is_refused() {
    let printed = in_a_process_with(&[
        ("BIZKITHUB_API_KEY", KEY),
        ("BIZKITHUB_API_URL", "http://bizkithub.com"),
    ]);
    assert!(printed.contains("config error: the base URL cannot be used: plain http"), "{printed}");
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_unicode_is_named() {
    use std::os::unix::ffi::OsStrExt;
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "--nocapture", HERE]);
    command.env("BIZKITHUB_API_KEY", std::ffi::OsStr::from_bytes(b"\xff"));
    let printed = String::from_utf8(command.output().unwrap().stdout).unwrap();
    assert!(
        printed.contains("the environment variable BIZKITHUB_API_KEY is not Unicode"),
        "{printed}"
    );
}
