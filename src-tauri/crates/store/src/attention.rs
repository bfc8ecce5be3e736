//! What only a person can solve: raised once, answered once, kept.

use std::collections::HashSet;

use rusqlite::{OptionalExtension as _, params};
use serde_json::{Map, Value};
use waybill_model::{AttentionId, ConnectionId, Millis, RunId, TransferId};

use crate::{
    Store, StoreError, Topic, audit,
    row::{Columns, stored_json},
    writer::WriteTx,
};

/// Why a person is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttentionKind {
    /// A server whose key is not on record.
    HostKeyUnknown,
    /// A server that shows another key than the one on record.
    HostKeyChanged,
    /// A secret that is wrong, missing or expired.
    Unauthenticated,
    /// Something with that name is already there.
    Conflict,
    /// No space left.
    DiskFull,
    /// The database was damaged and its copy put in place.
    DatabaseRestored,
}

impl AttentionKind {
    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HostKeyUnknown => "host-key-unknown",
            Self::HostKeyChanged => "host-key-changed",
            Self::Unauthenticated => "unauthenticated",
            Self::Conflict => "conflict",
            Self::DiskFull => "disk-full",
            Self::DatabaseRestored => "database-restored",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [
            Self::HostKeyUnknown,
            Self::HostKeyChanged,
            Self::Unauthenticated,
            Self::Conflict,
            Self::DiskFull,
            Self::DatabaseRestored,
        ]
        .into_iter()
        .find(|kind| kind.as_str() == word)
    }
}

/// A stored question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttentionRow {
    /// Its id.
    pub id: AttentionId,
    /// Why a person is needed.
    pub kind: AttentionKind,
    /// Whose trouble it is.
    pub connection: Option<ConnectionId>,
    /// Which transfer asks.
    pub transfer: Option<TransferId>,
    /// The run of that transfer.
    pub run: Option<RunId>,
    /// What to show: fingerprints, sizes, times.
    pub facts: Map<String, Value>,
    /// When it was raised.
    pub raised_at: Millis,
}

pub(crate) const COLUMNS: &str = "a.id, a.kind, a.connection, t.id, a.run_id, a.facts, a.raised_at";

const ONE: &str = "SELECT a.id, a.kind, a.connection, t.id, a.run_id, a.facts, a.raised_at
     FROM attention a LEFT JOIN transfers t ON t.seq = a.transfer WHERE a.id = ?1 AND a.settled_at IS NULL";

pub(crate) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<AttentionRow> {
    let mut columns = Columns::of(row);
    Ok(AttentionRow {
        id: columns.id()?,
        kind: columns.word(AttentionKind::from_word)?,
        connection: columns.maybe_id()?,
        transfer: columns.maybe_id()?,
        run: columns.maybe_id()?,
        facts: columns.json()?,
        raised_at: Millis(columns.get()?),
    })
}

/// Raises a question unless the same one is open; the facts of an open one are brought up to date.
pub(crate) fn raise(tx: &mut WriteTx<'_>, row: &AttentionRow) -> Result<(), StoreError> {
    let changed = tx
        .sql
        .prepare_cached(
            "INSERT INTO attention (id, kind, connection, transfer, run_id, facts, raised_at)
             VALUES (?1, ?2, ?3, (SELECT seq FROM transfers WHERE id = ?4), ?5, ?6, ?7)
             ON CONFLICT (kind, ifnull(connection, x''), ifnull(transfer, 0)) WHERE settled_at IS NULL
             DO UPDATE SET facts = excluded.facts WHERE facts <> excluded.facts",
        )?
        .execute(params![
            row.id.as_bytes().as_slice(),
            row.kind.as_str(),
            row.connection.as_ref().map(|id| id.as_bytes().as_slice()),
            row.transfer.as_ref().map(|id| id.as_bytes().as_slice()),
            row.run.as_ref().map(|id| id.as_bytes().as_slice()),
            stored_json(&row.facts)?,
            row.raised_at.0
        ])?;
    if changed > 0 {
        tx.touch(Topic::Attention);
    }
    Ok(())
}

pub(crate) fn settle(
    tx: &mut WriteTx<'_>,
    id: AttentionId,
    answer: &str,
    at: Millis,
    actor: &str,
) -> Result<(), StoreError> {
    tx.sql.execute(
        "UPDATE attention SET settled_at = ?2, answer = ?3 WHERE id = ?1 AND settled_at IS NULL",
        params![id.as_bytes().as_slice(), at.0, answer],
    )?;
    tx.touch(Topic::Attention);
    audit::write(tx, at, actor, "attention-answered", &format!("attention:{id}"), answer)
}

impl Store {
    /// Everything that waits for a person, oldest first.
    pub async fn open_attention(&self) -> Result<Vec<AttentionRow>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.sql.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM attention a LEFT JOIN transfers t ON t.seq = a.transfer
                 WHERE a.settled_at IS NULL ORDER BY a.raised_at, a.id"
            ))?;
            Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Which questions are open. Reads no facts, so that it may be asked at every change.
    pub async fn open_attention_ids(&self) -> Result<HashSet<AttentionId>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.sql.prepare_cached("SELECT id FROM attention WHERE settled_at IS NULL")?;
            Ok(statement.query_map([], |row| Columns::of(row).id())?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// These questions, as far as they are still open.
    pub async fn attention_some(&self, ids: Vec<AttentionId>) -> Result<Vec<AttentionRow>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.sql.prepare_cached(ONE)?;
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                rows.extend(statement.query_row([id.as_bytes().as_slice()], read).optional()?);
            }
            Ok(rows)
        })
        .await
    }

    /// One question that is still open.
    pub async fn attention(&self, id: AttentionId) -> Result<AttentionRow, StoreError> {
        self.read(move |tx| {
            tx.sql
                .prepare_cached(ONE)?
                .query_row([id.as_bytes().as_slice()], read)
                .optional()?
                .ok_or_else(|| StoreError::Unknown { what: "open question", id: id.to_string() })
        })
        .await
    }

    /// Raises a question unless the same one is open.
    pub async fn raise(&self, row: AttentionRow) -> Result<(), StoreError> {
        self.write(move |tx| raise(tx, &row)).await
    }

    /// Closes a question with its answer.
    pub async fn settle_attention(
        &self,
        id: AttentionId,
        answer: String,
        at: Millis,
        actor: String,
    ) -> Result<(), StoreError> {
        self.write(move |tx| settle(tx, id, &answer, at, &actor)).await
    }

    /// Closes every open question of a connection, because it works again.
    pub async fn settle_connection_attention(
        &self,
        connection: ConnectionId,
        answer: String,
        at: Millis,
        actor: String,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let mut statement = tx.sql.prepare_cached(
                "SELECT id FROM attention WHERE connection = ?1 AND transfer IS NULL AND settled_at IS NULL",
            )?;
            let ids: Vec<[u8; 16]> =
                statement.query_map([connection.as_bytes().as_slice()], |row| row.get(0))?.collect::<Result<_, _>>()?;
            drop(statement);
            for id in ids {
                settle(tx, AttentionId::from_bytes(id), &answer, at, &actor)?;
            }
            Ok(())
        })
        .await
    }
}
