//! The SFTP stand-in as clients see it: by russh-sftp for the fine points, and by packets where no client sends such.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "sftp/client.rs"]
mod client;
#[path = "sftp/faults.rs"]
mod faults;
#[path = "sftp/files.rs"]
mod files;
#[path = "sftp/habits.rs"]
mod habits;
#[path = "sftp/sign_in.rs"]
mod sign_in;
