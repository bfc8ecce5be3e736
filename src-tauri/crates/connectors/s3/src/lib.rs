//! Amazon S3 and the servers that speak its API: Garage, MinIO, Ceph, `rclone serve s3`.
//!
//! Bytes go up with an explicit, signed `x-amz-checksum-sha256` and an unsigned payload, so that they are hashed once. What
//! a server does with it is never taken for granted: the connection test tries a wrong checksum and a second write
//! under `If-None-Match`, and only what was seen refused counts as proof or as protection.
//!
//! Quirks that this crate copes with, and says so: servers that ignore `If-None-Match` (a look comes first), that know no
//! tags, versions or locks, that take any checksum, and that answer a multipart request with another XML root.
//! No retries but one renewal of an expired credential; no file is read or written on this computer but AWS's own
//! configuration.

#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod address;
mod answers;
mod checksums;
mod client;
mod config;
mod connector;
mod copy;
mod create_folder;
mod delete;
mod errors;
mod facts;
mod import;
mod links;
mod list;
mod location;
mod metadata;
mod network;
mod read;
mod records;
mod rename;
mod requests;
mod self_test;
mod single_sign_on;
mod unfinished;
mod upload;
mod versions;
mod watch;
mod words;
mod write;

pub use address::from_address;
pub use config::spec;
pub use connector::{open, open_with};
pub use import::{import_profiles, import_rclone};
pub use network::{BadCertificates, check_certificates};
pub use watch::Patience;
