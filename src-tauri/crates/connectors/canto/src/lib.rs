//! Canto: an asset library in the cloud, over its REST interface of version 1.
//!
//! Quirks that the rest of the desk does not see:
//! - Only albums hold files, and only folders hold folders. A folder and an album of one name beside each other are one folder
//!   here; whatever part is missing is made when something is put into it.
//! - Names need not differ. Two of a name are spelled with their ids, and a name that fits two stands for neither.
//! - Nothing is found by its exact name: the names of an album are kept, and caught up with what changed last.
//! - An upload goes to a storage beside Canto, answers no id and is worked on afterwards. It comes up under a name that nothing
//!   else has, is found by it, proved by the digest that Canto made, and only then gets its own name.
//! - Answers of success may name failures, numbers are texts, lists are `null`, and a missing sign-in may read as *not found*.
#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod albums;
mod approval;
mod attributes;
mod checksums;
mod config;
mod connector;
mod create_folder;
mod delete;
mod errors;
mod events;
mod files;
mod filters;
mod inbound;
mod links;
mod list;
mod mapping;
mod metadata;
mod moments;
mod places;
mod previews;
mod read;
mod rename;
mod requests;
mod search;
mod self_test;
mod source;
mod spelling;
mod turns;
mod unfinished;
mod uploads;
mod versions;
mod wire;
mod words;
mod write;

pub use config::spec;
pub use connector::CantoConnector;

use std::sync::Arc;

use waybill_connector::{Connector, OpenContext, Result};
use waybill_net::{Surroundings, oauth::PersonSignIn};

/// Opens a connection; no I/O.
pub fn open(context: &OpenContext, around: Surroundings) -> Result<Arc<dyn Connector>> {
    Ok(Arc::new(CantoConnector::open(context, around)?))
}

/// How a person signs in to the tenant that the settings name; no I/O.
pub fn sign_in(context: &OpenContext, around: Surroundings) -> Result<PersonSignIn> {
    Ok(CantoConnector::open(context, around)?.person())
}
