//! What a change of the description does, tried on a copy of the project that is built with cargo, offline, into the
//! same target folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");

/// A copy of the project, at a place that stays the same from run to run so that cargo can reuse what it built.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if copy.exists() {
            fs::remove_dir_all(&copy).unwrap();
        }
        let skipped = ["target", "fuzz", "node_modules"];
        copy_folder(Path::new(PROJECT), &copy, &skipped);
        let copy = Self(copy);
        // Cargo tells packages in one target folder apart by name and version, not by path: without a version of its
        // own, a copy was seen to be built from another copy's generated code.
        let version = env!("CARGO_PKG_VERSION");
        copy.edit(
            "Cargo.toml",
            &format!("\nversion = \"{version}\""),
            &format!("\nversion = \"{version}-{name}\""),
        );
        copy
    }

    fn edit(&self, file: &str, from: &str, to: &str) {
        let file = self.0.join(file);
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {}", file.display());
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    fn apply(&self, patch: &str) {
        let output = Command::new("git")
            .current_dir(&self.0)
            // The copy lies inside the project's own repository, where git would skip it for being ignored.
            .env("GIT_CEILING_DIRECTORIES", self.0.parent().unwrap())
            .args(["apply", "--verbose"])
            .arg(Path::new(PROJECT).join(patch))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }

    /// Runs the copy's test file `probe` with the features that this test was built with.
    fn probe(&self) -> Output {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let features = [
            ("rustls", cfg!(feature = "rustls")),
            ("native-tls", cfg!(feature = "native-tls")),
            ("schemars", cfg!(feature = "schemars")),
        ];
        let features: Vec<_> =
            features.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
        Command::new(env!("CARGO"))
            .current_dir(&self.0)
            .env("CARGO_TARGET_DIR", target)
            .args(["test", "--offline", "--test", "probe", "--no-default-features"])
            .args(["--features", &features.join(",")])
            .output()
            .unwrap()
    }
}

fn copy_folder(from: &Path, to: &Path, skipped: &[&str]) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let name = name.to_str().unwrap();
        if name.starts_with('.') || skipped.contains(&name) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to.join(name), skipped);
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn a_field_added_to_the_request_is_usable_at_once_through_the_builder() {
    let copy = Copy::new("field-added");
    copy.edit(
        "openapi/bizkithub.yaml",
        "        companyName:\n",
        "        loyaltyCard:\n          description: Number of the loyalty card.\n          type: string\n        companyName:\n",
    );
    copy.write(
        "tests/probe.rs",
        r#"
            #[test]
            fn the_new_field_is_there() {
                let request = bizkithub::RegisterAccountRequest::builder()
                    .email("jan@barasek.com")
                    .password("example_password")
                    .loyalty_card("4711")
                    .build();
                assert_eq!(serde_json::to_value(request).unwrap()["loyaltyCard"], "4711");
            }
        "#,
    );
    let output = copy.probe();
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("the_new_field_is_there ... ok"), "{}", text(&output));
}

#[test]
fn an_error_code_added_without_a_meaning_stops_the_build_and_is_named() {
    let copy = Copy::new("code-added");
    copy.edit(
        "openapi/bizkithub.yaml",
        "          enum: [E004]\n",
        "          enum: [E004]\n        - description: Customer is too young.\n          type: string\n          enum: [E005]\n",
    );
    copy.write("tests/probe.rs", "");
    let output = copy.probe();
    assert!(!output.status.success());
    let text = text(&output);
    assert!(
        text.contains("non-exhaustive patterns") && text.contains("RegisterAccountErrorCode::E005"),
        "{text}"
    );
}

#[test]
fn an_endpoint_takes_its_part_of_the_description_one_method_and_its_error_type() {
    let copy = Copy::new("endpoint-added");
    copy.apply("tests/data/register-account-verify.patch");
    copy.write("tests/probe.rs", include_str!("data/register-account-verify.rs"));
    let output = copy.probe();
    assert!(output.status.success(), "{}", text(&output));
    assert!(text(&output).contains("2 passed"), "{}", text(&output));
}
