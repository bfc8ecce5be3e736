//! The desk's memory: one SQLite file a home, with one writer and three readers.
//!
//! Owns the schema, the queue's order and every change of a transfer's state; knows neither connectors nor the
//! network. No connection, statement or row of SQLite leaves this crate, and no secret enters it.
//! Every write answers the topics that it touched ([`Store::topics`]).

mod attention;
mod audit;
mod connection_uses;
mod connections;
mod error;
mod open;
mod outbox;
mod queue;
mod reader;
mod remote_events;
mod row;
mod runs;
mod search;
mod secret_places;
mod settings;
mod today;
mod topics;
mod transfers;
mod upkeep;
mod uploads;
mod views;
mod writer;

pub use attention::{AttentionKind, AttentionRow};
pub use audit::AuditRow;
pub use connection_uses::ConnectionUses;
pub use connections::{ConnectionEdit, ConnectionRow, FoundExpiry, Health, NewConnection};
pub use error::StoreError;
pub use open::{Damaged, Opened, SCHEMA_VERSION};
pub use outbox::{Effect, OutboxRow, OutboxState};
pub use queue::Queue;
pub use remote_events::KeptEvent;
pub use runs::{NewRoot, NewRun, Origin, Root, RunCursor, RunRow};
pub use secret_places::SecretPlaces;
pub use today::{AttentionGroup, Day, DayBounds, FailedRun, GroupKey, LongWait, Open, OpenBounds};
pub use topics::{Topic, Topics};
pub use transfers::{
    Applied, Change, Claim, Counts, Cursor, Direction, EntryType, EventRow, Filter, Lacking, Lane, Matched,
    NewTransfer, SMALL_FILE_BYTES, TransferPage, TransferRow,
};
pub use upkeep::Pruned;
pub use uploads::UnansweredBegin;
pub use views::SavedView;
pub use writer::Store;
