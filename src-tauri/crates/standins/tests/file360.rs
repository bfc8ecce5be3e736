//! The file-sharing stand-in as a client over HTTP sees it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "file360/admin.rs"]
mod admin;
#[path = "file360/desk.rs"]
mod desk;
#[path = "file360/errors.rs"]
mod errors;
#[path = "file360/faults.rs"]
mod faults;
#[path = "file360/feed.rs"]
mod feed;
#[path = "file360/files.rs"]
mod files;
#[path = "file360/listing.rs"]
mod listing;
#[path = "file360/sandbox.rs"]
mod sandbox;
#[path = "file360/shares.rs"]
mod shares;
#[path = "file360/talk.rs"]
mod talk;
