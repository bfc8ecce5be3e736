//! The content server stand-in as a client on the wire sees it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "xecm/categories.rs"]
mod categories;
#[path = "xecm/client.rs"]
mod client;
#[path = "xecm/faults.rs"]
mod faults;
#[path = "xecm/files.rs"]
mod files;
#[path = "xecm/nodes.rs"]
mod nodes;
#[path = "xecm/records.rs"]
mod records;
#[path = "xecm/sign_in.rs"]
mod sign_in;
#[path = "xecm/workspaces.rs"]
mod workspaces;
