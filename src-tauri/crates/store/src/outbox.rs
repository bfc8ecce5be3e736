//! Effects on remote systems: the intent is a row before the call, the outcome after it. An intent without an outcome
//! means that the program ended in between; it is settled by asking the remote, never by doing it twice.

use rusqlite::params;
use serde_json::Value;
use waybill_model::{Event, Illegal, Millis, OutboxId, TransferId};

use crate::{
    StoreError,
    reader::ReadTx,
    row::{Columns, stored_json},
    transfers::claim,
    writer::WriteTx,
};

/// What is done to a remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Making the object out of its parts.
    Finish,
    /// Writing a file in one piece.
    Write,
    /// Removing the source after *matched*.
    DeleteSource,
    /// Moving the source after *matched*.
    MoveSource,
    /// Ending an upload that nobody will finish.
    AbortUpload,
}

impl Effect {
    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finish => "finish",
            Self::Write => "write",
            Self::DeleteSource => "delete-source",
            Self::MoveSource => "move-source",
            Self::AbortUpload => "abort-upload",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Finish, Self::Write, Self::DeleteSource, Self::MoveSource, Self::AbortUpload]
            .into_iter()
            .find(|effect| effect.as_str() == word)
    }
}

/// How far an effect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutboxState {
    /// About to happen, or happened without our hearing of it.
    Intended,
    /// It happened.
    Done,
    /// It did not.
    Failed,
}

impl OutboxState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A stored intent that has no outcome yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its id: the idempotency key.
    pub id: OutboxId,
    /// What was about to happen.
    pub effect: Effect,
    /// With what.
    pub intent: Value,
    /// When.
    pub created_at: Millis,
}

/// Stores the intent, unless somebody paused or cancelled the transfer in the meantime: then nothing is caused any more.
pub(crate) fn intend(
    tx: &WriteTx<'_>,
    id: OutboxId,
    transfer: TransferId,
    effect: Effect,
    intent: &Value,
    at: Millis,
) -> Result<(), StoreError> {
    if let Some(from) = claim::state_of(tx.sql, transfer)?.filter(|state| !state.is_active()) {
        return Err(Illegal { from, event: Event::Accepted }.into());
    }
    tx.sql
        .prepare_cached(
            "INSERT INTO outbox (id, transfer, effect, intent, state, created_at)
             VALUES (?1, (SELECT seq FROM transfers WHERE id = ?2), ?3, ?4, 'intended', ?5)",
        )?
        .execute(params![
            id.as_bytes().as_slice(),
            transfer.as_bytes().as_slice(),
            effect.as_str(),
            stored_json(intent)?,
            at.0
        ])?;
    Ok(())
}

pub(crate) fn settle(
    tx: &WriteTx<'_>,
    id: OutboxId,
    state: OutboxState,
    outcome: &str,
    at: Millis,
) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("UPDATE outbox SET state = ?2, outcome = ?3, settled_at = ?4 WHERE id = ?1")?
        .execute(params![id.as_bytes().as_slice(), state.as_str(), outcome, at.0])?;
    Ok(())
}

pub(crate) fn intended(tx: &ReadTx<'_>, transfer: TransferId) -> Result<Vec<OutboxRow>, StoreError> {
    let mut statement = tx.sql.prepare_cached(
        "SELECT o.id, o.effect, o.intent, o.created_at FROM outbox o
         WHERE o.transfer = (SELECT seq FROM transfers WHERE id = ?1) AND o.state = 'intended' ORDER BY o.created_at",
    )?;
    let rows = statement.query_map([transfer.as_bytes().as_slice()], |row| {
        let mut columns = Columns::of(row);
        Ok(OutboxRow {
            id: columns.id()?,
            effect: columns.word(Effect::from_word)?,
            intent: columns.json()?,
            created_at: Millis(columns.get()?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
