//! The tables that people read, against the facts: the README's operations, and what to tell a shopper, there and at each
//! method.

use std::collections::BTreeMap;
use std::fs;

use crate::facts::ENDPOINTS;

const README: &str = include_str!("../../README.md");

/// The rows below the head and its line of dashes, of the table whose head starts like this.
fn rows(head: &str) -> Vec<&'static str> {
    let mut tables = README.split("\n\n").filter(|part| part.starts_with(head));
    let table = tables.next().unwrap();
    assert_eq!(tables.next(), None, "{head}");
    table.lines().skip(2).collect()
}

/// What stands in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn is_code(text: &&str) -> bool {
    text.len() == 4 && text.starts_with('E')
}

#[test]
fn each_operation_has_its_row_in_the_readme() {
    let rows = rows("| method |");
    let mut listed: Vec<_> =
        rows.iter().map(|row| quoted(row).next().unwrap().replace('_', "-")).collect();
    listed.sort();
    let mut known: Vec<_> = ENDPOINTS.iter().map(|endpoint| endpoint.name()).collect();
    known.sort();
    assert_eq!(listed, known);
}

#[test]
fn what_to_tell_a_shopper_is_said_in_the_readme_for_each_operation_and_each_code() {
    let mut told = BTreeMap::<_, Vec<_>>::new();
    let mut operation = "";
    for row in rows("| operation |") {
        let (first, rest) = row[1..].split_once('|').unwrap();
        operation = quoted(first).next().unwrap_or(operation);
        told.entry(operation.replace('_', "-")).or_default().extend(quoted(rest).filter(is_code));
    }
    let known: BTreeMap<_, Vec<_>> = ENDPOINTS
        .iter()
        .map(|endpoint| {
            let codes = endpoint.codes.iter().map(|(code, _)| *code);
            (endpoint.name().to_owned(), codes.collect())
        })
        .collect();
    assert_eq!(told, known);
}

#[test]
fn what_to_tell_a_shopper_is_said_at_each_method_for_each_code() {
    for endpoint in ENDPOINTS {
        let name = endpoint.name().replace('-', "_");
        let source = fs::read_to_string(format!("src/customer/{name}.rs")).unwrap();
        let rows = source.lines().filter(|line| line.trim_start().starts_with("/// |"));
        let told: Vec<_> = rows.flat_map(quoted).filter(is_code).collect();
        let known: Vec<_> = endpoint.codes.iter().map(|(code, _)| *code).collect();
        assert_eq!(told, known, "{name}");
    }
}
