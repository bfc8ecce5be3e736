//! The S3 stand-in as the AWS SDK sees it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "s3/desk.rs"]
mod desk;
#[path = "s3/faults.rs"]
mod faults;
#[path = "s3/listing.rs"]
mod listing;
#[path = "s3/lock.rs"]
mod lock;
#[path = "s3/multipart.rs"]
mod multipart;
#[path = "s3/objects.rs"]
mod objects;
#[path = "s3/signing.rs"]
mod signing;
#[path = "s3/state.rs"]
mod state;
