//! A copy of the project that is built with cargo, offline, into the same target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::page::{Change, Kind};

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// Its place stays the same from run to run, so that cargo can reuse what it built.
pub struct Copy(PathBuf);

impl Copy {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        for file in files(PROJECT.as_ref()) {
            let to = folder.join(&file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(Path::new(PROJECT).join(file), to).unwrap();
        }
        let copy = Self(folder);
        // Cargo tells packages in one target folder apart by name and version, not by path: without a version of its
        // own, a copy was seen to be built from another copy's generated code.
        let version = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"));
        copy.edit("Cargo.toml", &format!("{version}\""), &format!("{version}+{name}\""));
        copy
    }

    pub fn apply(&self, change: &Change) {
        match &change.kind {
            Kind::New(text) => fs::write(self.0.join(change.file), text).unwrap(),
            Kind::Edits(edits) => {
                edits.iter().for_each(|(from, to)| self.edit(change.file, from, to));
            }
        }
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.0.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(from).count(), 1, "in {file}, once:\n{from}");
        fs::write(path, text.replacen(from, to, 1)).unwrap();
    }

    /// The files that the project does not have, or not with this text.
    pub fn changed_files(&self) -> Vec<String> {
        let read = |folder: &Path, file: &str| fs::read(folder.join(file)).ok();
        let mut changed = files(&self.0);
        changed.retain(|file| read(PROJECT.as_ref(), file) != read(&self.0, file));
        // They have the copy's version.
        changed.retain(|file| !["Cargo.toml", "Cargo.lock"].contains(&file.as_str()));
        changed
    }

    pub fn passes(&self, arguments: &[&str]) {
        let (output, text) = self.cargo(arguments);
        assert!(output.status.success(), "{arguments:?}\n{text}");
    }

    pub fn fails(&self, arguments: &[&str], message: &str) {
        let (output, text) = self.cargo(arguments);
        assert!(!output.status.success() && text.contains(message), "{arguments:?}\n{text}");
    }

    /// With the features that this test was built with, and with every new snapshot taken for reviewed.
    fn cargo(&self, arguments: &[&str]) -> (Output, String) {
        let mut command = Command::new(env!("CARGO"));
        command
            .current_dir(&self.0)
            .args(arguments)
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
            .env("CARGO_NET_OFFLINE", "true")
            .env("INSTA_UPDATE", "always");
        if arguments[0] == "test" {
            let features = [
                ("rustls", cfg!(feature = "rustls")),
                ("native-tls", cfg!(feature = "native-tls")),
                ("schemars", cfg!(feature = "schemars")),
            ];
            command.arg("--no-default-features");
            for (feature, _) in features.iter().filter(|(_, is_on)| *is_on) {
                command.args(["--features", feature]);
            }
            // A copy makes no copies.
            command.args(["--", "--skip", "changing::"]);
        }
        let output = command.output().unwrap();
        let text = [&*output.stdout, &*output.stderr].concat();
        (output, String::from_utf8_lossy(&text).into_owned())
    }
}

/// What a checkout of the project has, without hidden files and without what has been built.
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
