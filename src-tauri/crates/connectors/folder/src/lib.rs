//! Folders of this computer, local or mounted, as a connection.
//!
//! A file gets its final name only when it is whole and on the disk: it is written under a temporary name in the same
//! folder, synced and renamed. Nothing is reached outside the root: `..` is refused, and a symbolic link is followed
//! only while it stays inside.
//!
//! Quirks of mounted folders (no rename without replacing, no sync of folders, `EIO` and `ESTALE` of a lost server)
//! are met where they occur and said in the receipt or the error.

#![expect(clippy::result_large_err, reason = "a call to the disk costs more than moving its error")]

mod address;
mod config;
mod connector;
mod create_folder;
mod delete;
mod errors;
mod fault;
mod folder_sync;
mod list;
mod read;
mod rename;
mod self_test;
#[cfg(all(unix, not(feature = "portable")))]
mod space;
mod staging;
mod tree;
mod unfinished;
mod upload;
mod words;
mod write;

use std::sync::Arc;

use waybill_connector::{Connector, ConnectorSpec, OpenContext, Result};

pub use address::from_address;

/// The settings of a folder connection.
pub fn spec() -> ConnectorSpec {
    config::spec()
}

/// A connector on the folder that the settings name. No I/O: a root that is not there shows at the first call.
pub fn open(context: OpenContext) -> Result<Arc<dyn Connector>> {
    Ok(Arc::new(connector::Folder::new(config::Config::read(context)?)))
}

/// This computer: the whole file system, `/a/b` on Unix, `/C:/a` on Windows.
pub fn this_computer() -> Arc<dyn Connector> {
    Arc::new(connector::Folder::new(config::Config::whole_computer()))
}
