//! The chosen entry and the comparison, against the stand-ins: bytes, versions, tags, records, links, unfinished uploads.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

mod compare;
mod home;
mod preview;
mod records;
mod uploads;
mod versions;
