//! xConnector: files and events to and from any system that an operator can describe, on open standards and without code.
//!
//! What goes out: files by PUT or as a form, events as `CloudEvents` 1.0 signed by Standard Webhooks, the same events as syslog over
//! TLS or to an HTTP event collector, and what is known of items to a search catalogue. What comes in: a paged JSON feed, and a
//! listener that an operator opens.
//!
//! Quirks that the rest of the desk does not see:
//! - A success is one only where its body says nothing else: web pages, problem details and a missing acknowledgement are none.
//! - A form that was sent as a whole and never answered is not sent again by itself, unless the other side drops twins.
//! - An item of a feed that cannot be read is told as one that cannot be read, so that nothing is lost and nothing is held up.
//! - A file that an event names is fetched from the operator's own hosts alone, or from those that were allowed by name.
#![expect(clippy::result_large_err, reason = "a call over the network costs more than moving its error")]

mod answers;
mod catalogue;
mod cloud_event;
mod collector;
mod config;
mod connector;
mod errors;
mod feed;
mod fetch;
mod field_map;
mod form;
mod inbound;
mod listener;
mod outgoing;
mod publish;
mod requests;
mod self_test;
mod shape;
mod signature;
mod syslog;
mod template;
mod words;
mod write;

pub use connector::XConnector;
pub use field_map::{Preview, RowFault, preview};
pub use form::spec;
pub use listener::{Accept, Accepted, ListenOptions, Listener, inbound_of};
