//! The page, and what it shows.

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../docs/changing-the-description.md");

/// What stands below a heading.
pub struct Section(&'static str);

/// What a block shows of the file that the line above it names.
pub struct Change {
    pub file: &'static str,
    pub kind: Kind,
}

pub enum Kind {
    /// The whole file.
    New(&'static str),
    /// The parts of a diff: what stands there, and what is to stand there.
    Edits(Vec<(String, String)>),
}

pub fn section(title: &str) -> Section {
    let (_, below) = PAGE.split_once(&format!("\n## {title}\n")).unwrap();
    Section(below.split("\n## ").next().unwrap())
}

/// The arguments of the page's `cargo test …`.
pub fn command() -> Vec<&'static str> {
    let line = PAGE.lines().find_map(|line| line.strip_prefix("cargo test ")).unwrap();
    let arguments = line.split('#').next().unwrap().split_whitespace();
    ["test"].into_iter().chain(arguments).collect()
}

impl Section {
    /// The first column of the section's table.
    pub fn files(&self) -> BTreeSet<&'static str> {
        let rows = self.0.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.map(|row| row.split('`').next().unwrap()).collect()
    }

    pub fn changes(&self) -> Vec<Change> {
        let changes = blocks(self.0).filter_map(|block| {
            let kind = match block.language {
                "diff" => Kind::Edits(edits(block.text)),
                "rust" => Kind::New(block.text),
                _ => return None,
            };
            let file = block.above.split('`').nth(1).unwrap();
            Some(Change { file, kind })
        });
        changes.collect()
    }

    /// What the section says that a command prints.
    pub fn message(&self) -> &'static str {
        blocks(self.0).find(|block| block.language == "text").unwrap().text.trim_end()
    }
}

struct Block {
    language: &'static str,
    text: &'static str,
    above: &'static str,
}

fn blocks(text: &'static str) -> impl Iterator<Item = Block> {
    let mut parts = text.split("```");
    let mut before = parts.next().unwrap();
    std::iter::from_fn(move || {
        let (language, text) = parts.next()?.split_once('\n')?;
        let above = before.trim_end().lines().last().unwrap_or_default();
        before = parts.next()?;
        Some(Block { language, text, above })
    })
}

/// Lines with `@@` set the parts apart.
fn edits(diff: &str) -> Vec<(String, String)> {
    let without = |sign: char, part: &str| -> String {
        let lines = part.lines().filter(|line| !line.starts_with(sign));
        lines.map(|line| format!("{}\n", line.get(1..).unwrap_or_default())).collect()
    };
    diff.split("@@\n").map(|part| (without('+', part), without('-', part))).collect()
}
