//! OpenText Content Server and Extended ECM: documents with categories, records, workspaces and rights, over its REST interface.
//!
//! Quirks that the rest of the desk does not see:
//! - Nodes have ids; paths are names looked up one after another. A name that holds `/` or that two siblings share is listed
//!   with its id behind it (`spelling.rs`), so that no call touches the wrong one.
//! - Errors have no codes: they are known by their texts, in one table (`errors.rs`). A name that is taken answers 500.
//! - A ticket is renewed by any answer; the earlier one stays good until its own end.
//! - `Range` is ignored: a range is read by leaving out what comes before it.
//! - Categories are spelled in three ways, by the call that carries them (`values.rs`).
//! - No call that makes something is sent twice. Where its answer is lost, what it would have made is looked for by reading.
#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod attributes;
mod audit_log;
mod config;
mod connector;
mod content;
mod definitions;
mod delete;
mod errors;
mod file_plan;
mod folders;
mod list;
mod locks;
mod lost;
mod people;
mod permissions;
mod read;
mod recycle_bin;
mod rename;
mod requests;
mod search;
mod self_test;
mod sign_in;
mod spelling;
mod tasks;
mod tree;
mod upload;
mod values;
mod versions;
mod wire;
mod words;
mod workspaces;
mod write;

use std::sync::Arc;

use waybill_connector::{Connector, ConnectorSpec, OpenContext, Result};
use waybill_net::{Surroundings, oauth::PersonSignIn};

pub use connector::XecmConnector;
pub use sign_in::{authorize_address, token_door};

/// The settings of a connection.
pub fn spec() -> ConnectorSpec {
    config::spec()
}

/// A connector on the server that the settings name. No I/O: a wrong address shows at the first call.
pub fn open(context: &OpenContext, around: Surroundings) -> Result<Arc<dyn Connector>> {
    Ok(Arc::new(XecmConnector::open(context, around)?))
}

/// How a person signs in to the directory service that the settings name; no I/O.
pub fn sign_in(context: &OpenContext, around: &Surroundings) -> Result<PersonSignIn> {
    let door = token_door(context, connector::client(context, around)?)?;
    let redirect_uri = context.settings.get_or("redirect_uri", config::REDIRECT);
    Ok(PersonSignIn::new(door, authorize_address(context)?, redirect_uri))
}
