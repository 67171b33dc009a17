//! The client's dependence on the environment: variables and CA certificates. Each case runs in a process of its own, since
//! all tests of a process share its environment.

use std::process::Command;

use bizkithub::Client;

use crate::support::{KEY, Secrets, Server, endpoint, json};

const HERE: &str = "environment::a_client_from_the_environment";

/// Runs the ignored test below in a process with these variables, and returns its output.
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

/// Prints the result of creating and using a client, for the tests below.
#[tokio::test]
#[ignore = "other tests run it in a process of its own"]
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
async fn key_and_url_come_from_the_documented_variables() {
    let server = Server::replying(json(200, endpoint("login").success)).await;
    let url = format!("{}/api/v1", server.url());
    let printed = tokio::task::spawn_blocking(move || {
        in_a_process_with(&[("BIZKITHUB_API_KEY", KEY), ("BIZKITHUB_API_URL", &url)])
    });
    assert!(printed.await.unwrap().contains("signed in"));
    assert_eq!(server.request().target(), format!("/api/v1/customer/login?apiKey={KEY}"));
}

#[test]
fn missing_key_is_named() {
    let printed = in_a_process_with(&[]);
    assert!(
        printed.contains("config error: the environment variable BIZKITHUB_API_KEY is not set"),
        "{printed}"
    );
}

#[test]
fn empty_key_is_rejected() {
    let printed = in_a_process_with(&[("BIZKITHUB_API_KEY", "")]);
    assert!(printed.contains("config error: the API key is not valid: it is empty"), "{printed}");
}

#[test]
fn empty_url_counts_as_unset() {
    let key = [("BIZKITHUB_API_KEY", "DEV_0123456789abcdefghijABCDEFGH")];
    let printed = in_a_process_with(&[&key[..], &[("BIZKITHUB_API_URL", "")]].concat());
    assert!(!printed.contains("config error"), "{printed}");
}

#[test]
fn invalid_url_is_rejected() {
    let printed = in_a_process_with(&[
        ("BIZKITHUB_API_KEY", KEY),
        ("BIZKITHUB_API_URL", "http://bizkithub.com"),
    ]);
    assert!(printed.contains("config error: the base URL is not valid: plain http"), "{printed}");
}

#[cfg(unix)]
#[test]
fn variable_that_is_not_unicode_is_named() {
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

const NO_CERTIFICATES: [(&str, &str); 2] =
    [("SSL_CERT_FILE", "/nonexistent/file"), ("SSL_CERT_DIR", "/nonexistent/directory")];

#[tokio::test]
async fn loopback_client_needs_no_ca_certificates() {
    let server = Server::replying(json(200, endpoint("login").success)).await;
    let url = server.url();
    let printed = tokio::task::spawn_blocking(move || {
        let client = [("BIZKITHUB_API_KEY", KEY), ("BIZKITHUB_API_URL", &*url)];
        in_a_process_with(&[&client[..], &NO_CERTIFICATES].concat())
    });
    assert!(printed.await.unwrap().contains("signed in"));
}

/// With native-tls, the client is built, and every handshake fails.
#[cfg(any(feature = "rustls", feature = "rustls-ring"))]
#[test]
fn missing_ca_certificates_are_an_error_with_advice() {
    for url in ["https://bizkithub.com", "https://localhost:1"] {
        let client = [("BIZKITHUB_API_KEY", KEY), ("BIZKITHUB_API_URL", url)];
        let printed = in_a_process_with(&[&client[..], &NO_CERTIFICATES].concat());
        assert!(
            printed.contains(
                "config error: TLS could not be set up: this machine has no CA certificates: install them"
            ),
            "{printed}"
        );
    }
}
