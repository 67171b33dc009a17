//! The tables of `docs/customer-messages.md` and of the README against the documented endpoints.

use std::collections::BTreeMap;

use crate::documented_api::ENDPOINTS;

const PAGE: &str = include_str!("../../docs/customer-messages.md");
const README: &str = include_str!("../../README.md");

/// The rows of the table whose head starts like this.
fn rows(text: &'static str, head: &str) -> Vec<&'static str> {
    let mut tables = text.split("\n\n").filter(|part| part.starts_with(head));
    let (Some(table), None) = (tables.next(), tables.next()) else { panic!("not one {head}") };
    table.lines().skip(2).collect()
}

/// The texts in backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn each_operation_and_code_has_its_customer_message() {
    let mut listed = BTreeMap::<_, Vec<_>>::new();
    let mut operation = "";
    for row in rows(PAGE, "| operation |") {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let [_, name, result, message, _] = cells[..] else { panic!("not three cells: {row}") };
        operation = quoted(name).first().copied().unwrap_or(operation);
        assert!(!message.is_empty(), "{row}");
        let mut codes = quoted(result);
        codes.retain(|text| text.starts_with(char::is_uppercase) && *text != "Unknown");
        listed.entry(operation.replace('_', "-")).or_default().extend(codes);
    }
    let documented = ENDPOINTS.iter().map(|endpoint| {
        let codes = endpoint.codes.iter().flat_map(|code| [code.code, code.variant]);
        (endpoint.name().to_owned(), codes.collect())
    });
    assert_eq!(listed, documented.collect());
}

#[test]
fn each_operation_has_its_row_in_the_readme() {
    let rows = rows(README, "| method |");
    let mut listed: Vec<_> = rows.iter().map(|row| quoted(row)[0].replace('_', "-")).collect();
    listed.sort();
    let mut documented: Vec<_> = ENDPOINTS.iter().map(|endpoint| endpoint.name()).collect();
    documented.sort();
    assert_eq!(listed, documented);
}
