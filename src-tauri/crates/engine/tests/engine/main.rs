//! The engine in process, on a real store and remotes that fail as they are told to.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::result_large_err,
    clippy::struct_excessive_bools,
    clippy::cast_possible_truncation,
    clippy::needless_pass_by_value,
    reason = "what the tests stand on ends with the test, and speaks in flags and small numbers"
)]

mod arrival;
mod conflicts;
mod control;
mod crashes;
mod desk;
mod fetches;
mod folders;
mod forms;
mod limits;
mod orphans;
mod proof;
mod remote;
mod room;
mod sources;
mod trouble;
