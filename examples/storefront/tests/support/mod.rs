//! Starts the shop as a program, on a port of this machine.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use bizkithub::sandbox::Sandbox;

/// A key in the documented form that was never issued.
pub const API_KEY: &str = "DEV_StorefrontStorefrontStorefro";

/// A program that ends with the test, and its output so far.
pub struct Running {
    child: Child,
    pub line: String,
    printed: Arc<Mutex<String>>,
}

impl Running {
    /// Starts it and waits for the first line that contains `awaited`.
    pub fn start(command: &mut Command, awaited: &str) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let printed = Arc::new(Mutex::new(String::new()));
        collect(child.stderr.take().unwrap(), printed.clone());
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(awaited) {
            line.clear();
            if output.read_line(&mut line).unwrap() == 0 {
                panic!("{command:?} has ended: {}", printed.lock().unwrap());
            }
        }
        collect(output, printed.clone());
        Self { child, line: line.trim_end().to_owned(), printed }
    }

    pub fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }
}

/// Reads all output: otherwise the program would wait once the pipe is full.
fn collect(output: impl Read + Send + 'static, printed: Arc<Mutex<String>>) {
    let lines = BufReader::new(output).lines().map_while(Result::ok);
    thread::spawn(move || {
        for line in lines {
            let mut printed = printed.lock().unwrap();
            printed.push_str(&line);
            printed.push('\n');
        }
    });
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_storefront"))
}

pub struct Shop {
    pub running: Running,
    pub url: String,
}

impl Shop {
    /// With a sandbox of its own, and therefore with the mailbox.
    pub fn with_mailbox() -> Self {
        Self::start(&mut program())
    }

    /// With `--live`, and a BizKitHub that the test controls.
    pub fn live(bizkithub: &str, arguments: &[&str]) -> Self {
        let mut command = program();
        command.env("BIZKITHUB_API_URL", bizkithub).env("BIZKITHUB_API_KEY", API_KEY);
        Self::start(command.arg("--live").args(arguments))
    }

    fn start(command: &mut Command) -> Self {
        let running = Running::start(command, "The shop is open at");
        let url = running.line.split_once(" at ").unwrap().1.to_owned();
        Self { running, url }
    }
}

pub async fn sandbox_and_shop() -> (Sandbox, Shop) {
    let sandbox = Sandbox::start().await.unwrap();
    let shop = Shop::live(&sandbox.url(), &[]);
    (sandbox, shop)
}
