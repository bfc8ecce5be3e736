//! What every stand-in that speaks HTTP is built on: the server, the faults and the journal in front of it, and the
//! routes under `/sandbox/` by which another process controls it.

mod authorization;
mod body;
mod coding;
mod control;
mod front;
mod plan;
mod routed;
mod server;
mod tokens;

pub(crate) use authorization::{basic, client_basic, credentials, file_name, media_type};
pub(crate) use body::{Arriving, Closed};
pub(crate) use coding::Encoded;
pub(crate) use control::Control;
pub(crate) use front::{Front, System};
pub(crate) use plan::{Effects, Refusal};
pub(crate) use routed::{Manners, Routed};
pub(crate) use server::Server;
pub(crate) use tokens::{Grant, Tokens, is_answered_by};
