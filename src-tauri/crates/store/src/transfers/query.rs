//! Looking at the queue and its history.

use rusqlite::params;
use waybill_model::{ConnectionId, Millis, Pace, RunId, State, StoryNote, TransferId};

use super::{COLUMNS, TransferRow, read};
use crate::{StoreError, reader::ReadTx, row::Columns};

/// How many transfers are in each state, over all runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Preparing, transferring, verifying.
    pub running: u64,
    /// In line.
    pub queued: u64,
    /// Waiting for their time.
    pub waiting: u64,
    /// Stopped by a person.
    pub paused: u64,
    /// Needing a person.
    pub attention: u64,
    /// Done.
    pub done: u64,
    /// Of those, proved equal.
    pub matched: u64,
    /// Skipped.
    pub skipped: u64,
    /// Failed.
    pub failed: u64,
    /// Called off.
    pub cancelled: u64,
    /// Bytes that runs which are not over have not brought to their end yet.
    pub open_bytes: u64,
}

impl Counts {
    /// How many there are at a pace.
    pub fn at(&self, pace: Pace) -> u64 {
        match pace {
            Pace::Running => self.running,
            Pace::Waiting => self.queued + self.waiting + self.paused,
            Pace::NeedsYou => self.attention,
            Pace::Failed => self.failed + self.cancelled,
            Pace::Done => self.done + self.skipped,
        }
    }
}

/// One line of a transfer's story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// When.
    pub at: Millis,
    /// The event's word.
    pub event: String,
    /// The state that it led to.
    pub state: State,
    /// What the desk adds; none in a line of before there were any.
    pub note: Option<StoryNote>,
    /// In English, or in the own words of a remote or of the operating system.
    pub detail: String,
}

pub(crate) fn one(tx: &ReadTx<'_>, id: TransferId) -> Result<TransferRow, StoreError> {
    use rusqlite::OptionalExtension as _;
    tx.sql
        .prepare_cached(&format!("SELECT {COLUMNS} FROM transfers WHERE id = ?1"))?
        .query_row([id.as_bytes().as_slice()], read)
        .optional()?
        .ok_or_else(|| StoreError::Unknown { what: "transfer", id: id.to_string() })
}

pub(crate) fn counts(tx: &ReadTx<'_>) -> Result<Counts, StoreError> {
    Ok(tx.sql.query_row(
        "SELECT total(running), total(queued), total(waiting), total(paused), total(attention), total(done), total(matched),
                total(skipped), total(failed), total(cancelled),
                total(CASE WHEN running + queued + waiting + paused + attention > 0 THEN bytes - bytes_done ELSE 0 END)
         FROM runs",
        [],
        |row| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of rows are small and not negative")]
            let count = |at: usize| row.get::<_, f64>(at).map(|n| n as u64);
            Ok(Counts {
                running: count(0)?,
                queued: count(1)?,
                waiting: count(2)?,
                paused: count(3)?,
                attention: count(4)?,
                done: count(5)?,
                matched: count(6)?,
                skipped: count(7)?,
                failed: count(8)?,
                cancelled: count(9)?,
                open_bytes: count(10)?,
            })
        },
    )?)
}

/// What a full target still keeps waiting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lacking {
    /// Transfers that failed for want of room, or were there before `since` and have not ended.
    pub transfers: u64,
    /// Their bytes.
    pub bytes: u64,
}

pub(crate) fn lacking_room(tx: &ReadTx<'_>, target: ConnectionId, since: Millis) -> Result<Lacking, StoreError> {
    let condition = super::claim::open_only(
        "target_connection = ?1
             AND ((state = 'failed' AND json_extract(failure, '$.kind') = 'quota-exceeded')
                  OR (state NOT IN ('failed', 'cancelled') AND created_at <= ?2))",
    );
    let sql = format!("SELECT count(*), ifnull(sum(size), 0) FROM transfers WHERE {condition}");
    Ok(tx.sql.prepare_cached(&sql)?.query_row((target.as_bytes().as_slice(), since.0), |row| {
        let mut columns = Columns::of(row);
        Ok(Lacking { transfers: columns.bytes()?, bytes: columns.bytes()? })
    })?)
}

/// Bytes of a run's transfers to a connection that are not over.
pub(crate) fn remaining_bytes(tx: &ReadTx<'_>, run: RunId, target: ConnectionId) -> Result<u64, StoreError> {
    let bytes: i64 = tx
        .sql
        .prepare_cached(
            "SELECT ifnull(sum(size), 0) FROM transfers WHERE run_id = ?1 AND target_connection = ?2
                 AND state NOT IN ('done', 'skipped', 'failed', 'cancelled')",
        )?
        .query_row(params![run.as_bytes().as_slice(), target.as_bytes().as_slice()], |row| row.get(0))?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}

pub(crate) fn story(tx: &ReadTx<'_>, id: TransferId) -> Result<Vec<EventRow>, StoreError> {
    let mut statement = tx.sql.prepare_cached(
        "SELECT e.at, e.event, e.state, e.note, e.detail FROM transfer_events e JOIN transfers t ON t.seq = e.transfer
         WHERE t.id = ?1 ORDER BY e.id",
    )?;
    let rows = statement.query_map(params![id.as_bytes().as_slice()], |row| {
        let mut columns = Columns::of(row);
        Ok(EventRow {
            at: Millis(columns.get()?),
            event: columns.get()?,
            state: columns.word(State::from_word)?,
            // The text beside it says the same, so a note that cannot be read costs nothing.
            note: columns.get::<Option<String>>()?.and_then(|kept| serde_json::from_str(&kept).ok()),
            detail: columns.get()?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
