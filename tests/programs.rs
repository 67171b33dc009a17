//! The examples as a newcomer runs them. `cargo test` builds them together with the tests; `--test programs` alone runs
//! those that were built before. Not covered: `--live` with a valid key.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

const CUSTOMER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/register-account.json");

fn example(name: &str) -> Command {
    let test = std::env::current_exe().unwrap();
    let folder: PathBuf = test.parent().unwrap().parent().unwrap().join("examples");
    let mut command = Command::new(folder.join(name));
    for variable in ["BIZKITHUB_API_KEY", "BIZKITHUB_API_URL", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs `register` with a file of the given content.
fn register(customer: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("customer.json");
    std::fs::write(&file, customer).unwrap();
    example("register").arg(file).output().unwrap()
}

/// Checks that an example succeeds, and returns its output.
fn run(name: &str) -> String {
    let output = example(name).output().unwrap();
    assert!(output.status.success(), "{name}: {output:?}");
    text(&output.stdout)
}

#[test]
fn register_shows_each_step_in_a_short_line() {
    let printed = run("register");
    let steps = [
        "The sandbox is running at http://127.0.0.1:",
        "Registered jan@barasek.com.",
        "Registering again: Too many registration attempts.",
        "Signing in too early: Customer mail has not been authorized.",
        "Verified the email address.",
        "Signed in.",
        "Account info: email jan@barasek.com",
        "Signed out. Still logged in? false",
    ];
    let lines: Vec<_> = printed.lines().collect();
    assert_eq!(lines.len(), steps.len(), "{printed}");
    for (line, step) in lines.iter().zip(steps) {
        assert!(line.starts_with(step) && line.len() <= 90, "{line}");
    }
}

#[test]
fn register_takes_a_customer_from_a_file() {
    let output = register(r#"{"email":"eva@example.com","password":"example_password"}"#);
    assert!(text(&output.stdout).contains("Registered eva@example.com."), "{output:?}");
}

#[test]
fn register_locates_an_invalid_value_without_quoting_it() {
    let files = [
        (r#"{"email":"eva@example.com"}"#, "line 1, column 27"),
        ("{\"email\":\"eva@example.com\",\n\"password\":31415926}", "line 2, column "),
        (r#"{"email":"eva@example.com","password":"hidden","newsletter":"hidden"}"#, "column "),
        (r#"{"email":"eva@example.com","password":"hidden","phone":31415926}"#, "column "),
        (r#""hidden""#, "line 1, column 8"),
        (r#"{"email":"#, "line 1, column 9"),
    ];
    for (file, place) in files {
        let output = register(file);
        let message = text(&output.stderr);
        assert!(!output.status.success(), "{file}");
        assert!(message.contains("is not a valid request: see "), "{file}: {message}");
        assert!(message.contains(place), "{file}: {message}");
        assert!(!message.contains("hidden") && !message.contains("31415926"), "{message}");
    }
}

#[test]
fn register_live_needs_a_file_and_an_api_key() {
    let output = example("register").arg("--live").output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("--live needs a JSON file"), "{output:?}");

    let output = example("register").args(["--live", CUSTOMER]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("BIZKITHUB_API_KEY is not set"), "{output:?}");
}

#[test]
fn register_live_asks_before_it_registers_anyone() {
    let output = example("register")
        .args(["--live", CUSTOMER])
        .env("BIZKITHUB_API_KEY", "DEV_0123456789abcdefghijABCDEFGH")
        // No server listens there.
        .env("BIZKITHUB_API_URL", "http://127.0.0.1:1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let prompt = "Press Enter to register jan@barasek.com at BizKitHub, which sends an email. ";
    assert_eq!(text(&output.stdout), prompt);
    assert_eq!(text(&output.stderr), "Error: the input ended\n");
}

#[test]
fn small_examples_print_their_results() {
    for (name, result) in [
        ("sign_in", "signed in: true"),
        ("handle_errors", "timeout: false"),
        ("one_error_type", "postApiV1CustomerLogin: Customer e-mail does not exist."),
        ("retries_and_timeouts", "timed out after 1s"),
        ("proxy", "the proxy received: POST /api/v1/customer/register-account success"),
        ("test_with_sandbox", "passed, with 3 requests to the sandbox"),
    ] {
        let printed = run(name);
        assert!(printed.contains(result), "{name}: {printed}");
    }
}

/// Each example is run by a test above or below; a new one must be, too.
#[test]
fn every_example_has_a_test() {
    let tests = include_str!("programs.rs");
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(tests.contains(&format!("\"{name}\"")), "{name}");
        }
    }
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
fn sandbox_prints_url_curl_command_and_requests() {
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
