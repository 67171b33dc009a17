//! Changes of the spec in copies of the project, which cargo builds.

mod copy;
mod new_endpoints;
mod page;
mod stops;
mod usable;
