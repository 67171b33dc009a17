//! Makes the changes that `docs/changing-the-spec.md` shows, block by block, and the rest of them, which is in `page.md`.

use super::copy::Copy;

const PAGE: &str = include_str!("../../../docs/changing-the-spec.md");
const REST: &str = include_str!("page.md");

/// A block, with its language and the last file that the text before it names.
type Block = (&'static str, &'static str, &'static str);

fn blocks(page: &'static str, title: &str) -> Vec<Block> {
    let Some((_, below)) = page.split_once(&format!("\n## {title}\n")) else { return Vec::new() };
    let section = below.split("\n## ").next().unwrap();
    let parts: Vec<_> = section.split("```").collect();
    let blocks = parts.chunks_exact(2).map(|part| {
        let (language, text) = part[1].split_once('\n').unwrap();
        let file = part[0].split('`').skip(1).step_by(2).filter(|name| name.contains('.')).last();
        (language, file.unwrap_or_default(), text)
    });
    blocks.collect()
}

/// Applies the blocks of a section. Where it shows an error, the build must print that.
fn follow(copy: &Copy, title: &str) {
    let shown = blocks(PAGE, title);
    assert!(!shown.is_empty(), "the page has no section {title}");
    let rest = blocks(REST, title);
    let (first, others) = rest.split_at(rest.len().min(1));
    for (language, file, text) in [first, &shown, others].concat() {
        match language {
            "diff" => text.split("@@\n").for_each(|part| {
                copy.edit(file, &without('+', part), &without('-', part));
            }),
            "rust" => copy.write(file, text),
            "text" => {
                let output = copy.cargo(&["check", "--lib"]).unwrap_err();
                assert!(output.contains(text.trim_end()), "{output}");
            }
            language => panic!("a block of {language}"),
        }
    }
}

/// One side of a diff.
fn without(sign: char, diff: &str) -> String {
    let lines = diff.lines().filter(|line| !line.starts_with(sign));
    lines.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect()
}

#[test]
fn the_page_shows_all_that_a_change_needs() {
    let copy = Copy::new("page");
    for title in ["Add a field", "Add an error code", "Add an endpoint"] {
        follow(&copy, title);
    }
    copy.passes(&["fmt", "--check"]);
    copy.write(
        "tests/page.rs",
        "#[test]
         fn the_page_is_right() {
             let request = bizkithub::RegisterAccountRequest::builder();
             request.email(\"a\").password(\"b\").loyalty_card(\"4711\").build();
         }",
    );
    copy.passes(&["test", "--test", "page", "--test", "spec", "--", "--skip", "copies::"]);
}
