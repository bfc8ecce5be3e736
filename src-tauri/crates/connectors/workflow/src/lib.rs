//! OpenText Workflow Service: tasks that wait for a decision and the processes behind them, over HTTPS with tokens of the tenant's own sign-in service.
//!
//! Quirks that the rest of the desk does not see:
//! - Lists are HAL: an empty one has no `_embedded` at all, and pages begin at an item, not at a page.
//! - A task does not say how it can be decided. The ways stand in the model of its process, at the shape of its activity; they
//!   are looked up once for each version of a model.
//! - Times come in three forms; one is sent.
//! - `nameLike` tells capital letters from small ones and takes signs of a name for wildcards: names are compared here.
#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod config;
mod connector;
mod errors;
mod models;
mod outcomes;
mod processes;
mod requests;
mod self_test;
mod tasks;
mod wire;
mod words;

pub use config::spec;
pub use connector::WorkflowConnector;

use std::sync::Arc;

use waybill_connector::{Connector, OpenContext, Result};
use waybill_net::{Surroundings, oauth::PersonSignIn};

/// Opens a connection; no I/O.
pub fn open(context: &OpenContext, around: Surroundings) -> Result<Arc<dyn Connector>> {
    Ok(Arc::new(WorkflowConnector::open(context, around)?))
}

/// How a person signs in to the tenant that the settings name; asks its sign-in service where.
pub async fn sign_in(context: &OpenContext, around: Surroundings) -> Result<PersonSignIn> {
    WorkflowConnector::open(context, around)?.person().await
}
