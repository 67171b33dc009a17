//! The README's table of operations against the facts. It is the one that has "method" in its head.

use crate::facts::ENDPOINTS;

/// The rows below the head and its line of dashes.
fn rows(text: &str) -> Vec<&str> {
    let tables: Vec<_> = text.split("\n\n").filter(|part| part.starts_with('|')).collect();
    let has_methods = |table: &&&str| table.lines().next().unwrap().contains("method");
    let of_operations: Vec<_> = tables.iter().filter(has_methods).collect();
    let [table] = of_operations[..] else { panic!("{} tables of operations", of_operations.len()) };
    table.lines().skip(2).collect()
}

#[test]
fn each_operation_has_its_row_in_the_readme() {
    let mut listed: Vec<_> = rows(include_str!("../../README.md"))
        .into_iter()
        .map(|row| {
            let codes = row.split('`').skip(1).step_by(2);
            let mut methods = codes.map(|code| code.replace('_', "-"));
            let is_known = |name: &String| ENDPOINTS.iter().any(|endpoint| endpoint.name() == name);
            methods.find(is_known).unwrap_or_else(|| panic!("no method in {row}"))
        })
        .collect();
    listed.sort();
    let mut known: Vec<_> = ENDPOINTS.iter().map(|endpoint| endpoint.name()).collect();
    known.sort();
    assert_eq!(listed, known);
}
