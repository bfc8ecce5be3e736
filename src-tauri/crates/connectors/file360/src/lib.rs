//! OpenText File 360: governed sharing of files, over the REST interface of Filr with a user name and a password on every call.
//!
//! Which product answers is asked and shown, never assumed. Quirks that the rest of the desk does not see:
//! - A file has two ids: one of its bytes and versions, one of its entry, on which shares, comments, tags and locks hang.
//! - A share that is changed gets a new id, and the old one is gone; reading a share by its id may fail on a share that is there.
//! - Bodies with an unknown property are refused, and `days_to_expire` of zero never ends: no such value is ever sent.
//! - Nothing is done twice: where the answer to a call that makes something is lost, the server is asked what it has.
//! - Requests for files do not exist there. They are made of a folder that is shared with the one who is asked.
#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod answers;
mod comments;
mod config;
mod connector;
mod copy;
mod create_folder;
mod dates;
mod delete;
mod errors;
mod events;
mod file_requests;
mod incoming;
mod links;
mod list;
mod locks;
mod metadata;
mod own_shares;
mod paths;
mod people;
mod places;
mod read;
mod recipients;
mod rename;
mod requests;
mod roots;
mod search;
mod self_test;
mod sharing;
mod space;
mod spelling;
mod templates;
mod versions;
mod wire;
mod words;
mod workspaces;
mod write;

pub use config::spec;
pub use connector::File360Connector;
