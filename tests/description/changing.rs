//! Follows `docs/changing-the-description.md` to the letter: what its blocks show is done to a copy of the project, and
//! its command is run there.
//!
//! `.ci/changing` runs what the command leaves out and what depends on a code or an endpoint, in the same copies.

mod copy;
mod page;

use std::collections::BTreeSet;

use copy::Copy;
use page::Section;

#[test]
fn a_new_field_takes_what_the_page_shows() {
    let (section, copy) = (page::section("A new field"), Copy::new("field"));
    section.changes().iter().for_each(|change| copy.apply(change));
    assert_done(&section, &copy);
}

#[test]
fn a_new_error_code_stops_the_build_until_it_has_what_the_page_shows() {
    let (section, copy) = (page::section("A new error code"), Copy::new("code"));
    for change in section.changes() {
        if change.file.starts_with("src/customer/") {
            copy.fails(&["test", "--lib", "--no-run"], section.message());
        }
        copy.apply(&change);
    }
    assert_done(&section, &copy);
}

#[test]
fn a_new_endpoint_takes_what_the_page_shows() {
    let (section, copy) = (page::section("A new endpoint"), Copy::new("endpoint"));
    section.changes().iter().for_each(|change| copy.apply(change));
    assert_done(&section, &copy);
}

/// The copy's own tests pass, and the section's table names just the files that are others now.
fn assert_done(section: &Section, copy: &Copy) {
    copy.passes(&["fmt", "--check"]);
    copy.passes(&page::command());
    let listed = section.files();
    let changed = copy.changed_files();
    // A folder is listed with a slash at its end.
    let as_listed = changed
        .iter()
        .map(|file| listed.iter().copied().find(|listed| file.starts_with(listed)).unwrap_or(file));
    assert_eq!(as_listed.collect::<BTreeSet<_>>(), listed);
}
