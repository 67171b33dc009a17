//! The examples as a newcomer runs them. A whole `cargo test` builds them beside the
//! tests; with `--test programs` alone they are the ones built before. Not covered: `--live` with a key.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

fn example(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let folder: PathBuf = test.parent().unwrap().parent().unwrap().join("examples");
    let mut command = Command::new(folder.join(name));
    command.env_remove("BIZKITHUB_API_KEY").env_remove("BIZKITHUB_API_URL");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Registers the request in a file of the given text.
fn register(request: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shopper.json");
    std::fs::write(&file, request).unwrap();
    example("register").arg(file).output().unwrap()
}

#[test]
fn register_shows_an_account_from_registering_to_signing_out_in_a_dozen_lines() {
    let output = example("register").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = text(&output.stdout);
    let lines: Vec<_> = printed.lines().map(|line| line.split(": ").next().unwrap()).collect();
    let steps = [
        "A sandbox listens on http",
        "register-account",
        "register-account",
        "login",
        "register-account-verify",
        "login",
        "get-account-info",
        "logout",
        "get-account-info",
    ];
    assert!(lines.iter().zip(steps).all(|(line, step)| line.starts_with(step)), "{printed}");
    assert_eq!(lines.len(), steps.len(), "{printed}");
    assert!(printed.ends_with("get-account-info: nobody is signed in\n"), "{printed}");
}

#[test]
fn register_takes_a_file_of_ones_own() {
    let output = register(r#"{"email":"eva@example.com","password":"example_password"}"#);
    assert!(text(&output.stdout).contains("get-account-info: it is eva@example.com"));
}

#[test]
fn register_names_the_field_that_makes_a_file_no_valid_request_and_never_the_password() {
    let files = [
        (r#"{"password":"hidden"}"#, "missing field `email`"),
        (r#"{"email":"eva@example.com"}"#, "missing field `password`"),
        (r#"{"email":"eva@example.com","password":31415926}"#, "password: "),
        (r#"{"email":"eva@example.com","password":"hidden","newsletter":"yes"}"#, "newsletter: "),
        (r#"{"email":"eva@example.com","password":"hidden","groups":["vip",7]}"#, "groups[1]: "),
        (
            r#"{"email":"eva@example.com","password":"hidden","customerRealIp":"1.1"}"#,
            "customerRealIp: ",
        ),
        (
            r#"{"email":"eva@example.com","password":"hidden","fistName":"Eva"}"#,
            "fistName is no field",
        ),
        (r#"{"email":"#, "line 1 column 9"),
    ];
    for (file, part) in files {
        let output = register(file);
        let message = text(&output.stderr);
        assert!(!output.status.success(), "{file}");
        assert!(
            message.contains("is not a valid request") && message.contains(part),
            "{file}: {message}"
        );
        assert!(!message.contains("hidden") && !message.contains("31415926"), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

#[test]
fn register_live_asks_for_what_it_needs_and_no_more() {
    let output = example("register").arg("--live").output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("the JSON file of the shopper"), "{output:?}");

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/register-account.json");
    let output = example("register").args(["--live", file]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("BIZKITHUB_API_KEY is not set"), "{output:?}");
}

#[test]
fn register_live_says_what_it_will_do_before_it_does_it() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/register-account.json");
    // Nobody listens there, and nobody presses Enter.
    let output = example("register")
        .args(["--live", file])
        .env("BIZKITHUB_API_KEY", "DEV_0123456789abcdefghijABCDEFGH")
        .env("BIZKITHUB_API_URL", "http://127.0.0.1:1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(text(&output.stdout).contains("this registers jan@barasek.com, which gets a mail"));
    assert_eq!(text(&output.stderr), "error: the input ended\n");
}

/// A sandbox program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn sandbox_prints_its_url_a_curl_line_that_works_and_a_line_for_each_request() {
    let child = example("sandbox")
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let url = lines.next().unwrap();
    let address = url.split_once("http://").unwrap().1;
    let curl = lines.next().unwrap();
    assert!(curl.starts_with(&format!("curl 'http://{address}/")), "{curl}");

    let pasted = Command::new("sh").args(["-c", &curl]).output().unwrap();
    assert!(text(&pasted.stdout).contains(r#""success":true"#), "{pasted:?}");
    let line = lines.next().unwrap();
    assert_eq!(line, "POST /api/v1/customer/register-account success");

    let second = example("sandbox").args(["--listen", address]).output().unwrap();
    assert!(!second.status.success());
    let message = text(&second.stderr);
    assert!(message.starts_with(&format!("error: cannot listen on {address}: ")), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
}
