//! The Canto stand-in as a client sees it: each documented call, its traps, and what it refuses.

#![expect(clippy::unwrap_used, clippy::panic, unreachable_pub, reason = "a test stops at the first surprise")]

#[path = "canto/approval.rs"]
mod approval;
#[path = "canto/binaries.rs"]
mod binaries;
#[path = "canto/edits.rs"]
mod edits;
#[path = "canto/faults.rs"]
mod faults;
#[path = "canto/library.rs"]
mod library;
#[path = "canto/searching.rs"]
mod searching;
#[path = "canto/sharing.rs"]
mod sharing;
#[path = "canto/sign_in.rs"]
mod sign_in;
#[path = "canto/tenant.rs"]
mod tenant;
#[path = "canto/uploads.rs"]
mod uploads;
