//! A copy of the project with another spec, which cargo builds offline into the project's own target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::document;

pub const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// The copy's path stays the same from run to run, so that cargo can reuse what it built.
pub struct Copy(PathBuf);

impl Copy {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        let copy = Self(folder);
        for file in files(PROJECT.as_ref()) {
            copy.write(&file, fs::read(Path::new(PROJECT).join(&file)).unwrap());
        }
        // Cargo distinguishes packages in one target folder by name and version, not by path.
        let version = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"));
        copy.edit("Cargo.toml", &format!("{version}\""), &format!("{version}+{name}\""));
        copy
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn append(&self, file: &str, text: &str) {
        self.write(file, fs::read_to_string(self.0.join(file)).unwrap() + text);
    }

    /// Replaces a text that the file contains once.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.0.join(file)).unwrap();
        assert_eq!(text.matches(from).count(), 1, "in {file}, once:\n{from}");
        self.write(file, text.replacen(from, to, 1));
    }

    /// Writes the spec as JSON, which is YAML too.
    pub fn write_spec(&self, spec: &Value) {
        self.write(document::FILE, spec.to_string());
    }

    /// Runs cargo, and returns its output if it failed.
    pub fn cargo(&self, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new(env!("CARGO"))
            .current_dir(&self.0)
            .args(arguments)
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
            .env("CARGO_NET_OFFLINE", "true")
            // The reviewed snapshots are of the project's own spec.
            .env("INSTA_UPDATE", "always")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        if output.status.success() { Ok(text) } else { Err(text) }
    }

    pub fn passes(&self, arguments: &[&str]) {
        if let Err(output) = self.cargo(arguments) {
            panic!("{arguments:?}\n{output}");
        }
    }
}

/// The files of a checkout, without hidden ones and without build output.
fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with('.') || ["target", "node_modules"].contains(&name.as_str()) {
            continue;
        }
        match entry.file_type().unwrap().is_dir() {
            true => {
                files.extend(self::files(&entry.path()).iter().map(|file| format!("{name}/{file}")))
            }
            false => files.push(name),
        }
    }
    files
}
