//! Transfers: the rows of the queue. Their state changes in [`apply`] alone.

pub(crate) mod apply;
pub(crate) mod claim;
pub(crate) mod enqueue;
pub(crate) mod filter;
pub(crate) mod history;
pub(crate) mod list;
pub(crate) mod place;
pub(crate) mod query;

use rusqlite::Row;
use waybill_model::{
    ConflictRule, Evidence, Failure, Location, Millis, Proof, Receipt, RemotePath, RunId, Sha256, Stamp, State,
    TransferId,
};

use crate::row::Columns;

pub use apply::{Applied, Change};
pub use claim::Claim;
pub use filter::{Direction, Filter};
pub use history::Matched;
pub use list::{Cursor, TransferPage};
pub use query::{Counts, EventRow, Lacking};

/// Files up to this size take the lane of small files: claimed in groups, many in flight.
pub const SMALL_FILE_BYTES: u64 = 1 << 20;

/// What moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryType {
    /// Bytes.
    File,
    /// An empty folder, made at the target.
    Folder,
}

impl EntryType {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::File, Self::Folder].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Which lane a transfer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Up to [`SMALL_FILE_BYTES`], and folders.
    Small,
    /// Everything else.
    Large,
}

impl Lane {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }

    pub(crate) fn of(size: u64) -> Self {
        if size <= SMALL_FILE_BYTES { Self::Small } else { Self::Large }
    }
}

/// A transfer to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTransfer {
    /// Its id.
    pub id: TransferId,
    /// What is sent.
    pub source: Location,
    /// What it will be called there.
    pub target: Location,
    /// What moves.
    pub entry: EntryType,
    /// What the source looked like.
    pub stamp: Stamp,
    /// A reason why it cannot be sent, found before: it is stored as failed, not left out.
    pub failure: Option<Failure>,
}

/// A stored transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRow {
    /// The order in which it came; also its number in the tables beside.
    pub seq: i64,
    /// Its id.
    pub id: TransferId,
    /// What it was started with.
    pub run: RunId,
    /// What is sent.
    pub source: Location,
    /// What it is called there.
    pub target: Location,
    /// What moves.
    pub entry: EntryType,
    /// Bytes.
    pub size: u64,
    /// What the source looked like.
    pub stamp: Stamp,
    /// Where it stands.
    pub state: State,
    /// How sure it is.
    pub evidence: Evidence,
    /// What *matched* rests on.
    pub proof: Option<Proof>,
    /// SHA-256 of the source, made while it was sent.
    pub sha256: Option<Sha256>,
    /// What the remote says that it stored.
    pub receipt: Option<Receipt>,
    /// Why it waits, asks or failed.
    pub failure: Option<Failure>,
    /// A person's answer, stronger than the run's rule.
    pub conflict: Option<ConflictRule>,
    /// Attempts that failed since a person last looked.
    pub attempts: u32,
    /// How often the engine took it. From the second time on, what lies at the target may be its own doing.
    pub claims: u32,
    /// When it starts again by itself.
    pub due_at: Option<Millis>,
    /// Higher goes first.
    pub priority: i64,
    /// When it was enqueued.
    pub created_at: Millis,
    /// When its first byte moved.
    pub started_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
}

pub(crate) const COLUMNS: &str = "seq, id, run_id, source_connection, source_path, target_connection, target_path, entry, size, \
                                  stamp, state, evidence, proof, sha256, receipt, failure, conflict, attempts, claims, due_at, priority, \
                                  created_at, started_at, ended_at";

pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<TransferRow> {
    let mut columns = Columns::of(row);
    Ok(TransferRow {
        seq: columns.get()?,
        id: columns.id()?,
        run: columns.id()?,
        source: Location { connection: columns.id()?, path: RemotePath::new(columns.get::<String>()?) },
        target: Location { connection: columns.id()?, path: RemotePath::new(columns.get::<String>()?) },
        entry: columns.word(EntryType::from_word)?,
        size: columns.bytes()?,
        stamp: columns.json()?,
        state: columns.word(State::from_word)?,
        evidence: columns.word(Evidence::from_word)?,
        proof: columns.maybe_word(Proof::from_word)?,
        sha256: columns.maybe_sha256()?,
        receipt: columns.maybe_json()?,
        failure: columns.maybe_json()?,
        conflict: columns.maybe_word(ConflictRule::from_word)?,
        attempts: columns.get()?,
        claims: columns.get()?,
        due_at: columns.get::<Option<i64>>()?.map(Millis),
        priority: columns.get()?,
        created_at: Millis(columns.get()?),
        started_at: columns.get::<Option<i64>>()?.map(Millis),
        ended_at: columns.get::<Option<i64>>()?.map(Millis),
    })
}

/// The column of `runs` that counts transfers in `state`.
pub(crate) fn total_of(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::Preparing | State::Transferring | State::Verifying => "running",
        State::Done => "done",
        State::Waiting => "waiting",
        State::Paused => "paused",
        State::Skipped => "skipped",
        State::NeedsAttention => "attention",
        State::Failed => "failed",
        State::Cancelled => "cancelled",
    }
}

#[cfg(test)]
mod tests;
