//! SFTP 3 over SSH, as OpenSSH and most file-transfer products speak it.
//!
//! - Paths are absolute on the server and are sent exactly as they were listed. Names that are not UTF-8 are shown
//!   and never touched.
//! - Files are written under a temporary name and renamed: atomically over what is there (`posix-rename`), or by the
//!   plain rename, which fails where something is. Drop boxes that forbid it take `temp_name=never`.
//! - One SFTP channel carries many requests at once, of many files. Requests are as large as the server says; where
//!   it says nothing they stay below 32 KiB.
//! - The host key is checked before anything else is said; a secret is offered once.
//! - Times are whole seconds. There is no hash in the protocol: `sha256sum` over a second channel proves, or reading.
//! - Servers whose handles, statuses or attributes the SFTP library cannot read are translated in `frames`.

#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod address;
mod auth;
mod certificates;
mod checksums;
mod config;
mod connector;
mod create_folder;
mod delete;
mod errors;
mod frames;
mod host_keys;
pub mod import;
mod jump;
mod list;
mod names;
mod pump;
mod read;
mod rename;
mod route;
mod self_test;
mod session;
mod sessions;
mod space;
mod ssh_config;
mod transport;
mod trust;
mod upload;
mod words;
mod write;

use std::sync::Arc;

pub use address::from_address;
pub use config::spec;
use waybill_connector::{Connector, OpenContext, Result};

/// Opens a connection. Does no I/O: the first call connects.
pub fn open(context: OpenContext) -> Result<Arc<dyn Connector>> {
    Ok(Arc::new(connector::SftpConnector::open(context)?))
}
