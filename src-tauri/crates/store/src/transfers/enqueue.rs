//! Putting transfers into the queue, many at once.

use std::collections::HashSet;

use rusqlite::params;
use waybill_model::{ConnectionId, Millis, RemotePath, RunId, State};

use super::{EntryType, Lane, NewTransfer, history};
use crate::{
    StoreError, Topic, audit,
    row::{stored_bytes, stored_json},
    writer::WriteTx,
};

/// Along the target: a run may have a million rows, a path has few. The plus keeps SQLite off the run's index.
pub(crate) const TWIN: &str = "SELECT EXISTS (SELECT 1 FROM transfers WHERE target_connection = ?1 AND target_path = ?2
             AND source_connection = ?3 AND source_path = ?4 AND +run_id = ?5)";

/// Stores `new` as queued, or as failed where a reason was found before. One whose source and target the run has
/// already is not stored twice; another run's is its own, so that each run ends by what it proved itself. Answers how many were
/// stored.
pub(crate) fn enqueue(
    tx: &mut WriteTx<'_>,
    run: RunId,
    new: &[NewTransfer],
    at: Millis,
    actor: &str,
) -> Result<u64, StoreError> {
    let mut place: f64 = tx.sql.query_row("SELECT ifnull(max(seq), 0) FROM transfers", [], |row| row.get(0))?;
    let mut twin_in_run = tx.sql.prepare_cached(TWIN)?;
    let mut insert = tx.sql.prepare_cached(
        "INSERT INTO transfers (id, run_id, source_connection, source_path, target_connection, target_path, entry, lane, size,
                                stamp, state, failure, place, created_at, ended_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    let (mut stored, mut bytes, mut failed) = (0_u64, 0_i64, 0_u64);
    let (mut first, mut last) = (i64::MAX, 0);
    for transfer in new {
        let twin: bool = twin_in_run.query_row(
            params![
                transfer.target.connection.as_bytes().as_slice(),
                transfer.target.path.as_str(),
                transfer.source.connection.as_bytes().as_slice(),
                transfer.source.path.as_str(),
                run.as_bytes().as_slice()
            ],
            |row| row.get(0),
        )?;
        if twin {
            continue;
        }
        place += 1.0;
        let state = if transfer.failure.is_some() { State::Failed } else { State::Queued };
        let lane = if transfer.entry == EntryType::Folder { Lane::Small } else { Lane::of(transfer.stamp.size) };
        insert.execute(params![
            transfer.id.as_bytes().as_slice(),
            run.as_bytes().as_slice(),
            transfer.source.connection.as_bytes().as_slice(),
            transfer.source.path.as_str(),
            transfer.target.connection.as_bytes().as_slice(),
            transfer.target.path.as_str(),
            transfer.entry.as_str(),
            lane.as_str(),
            stored_bytes(transfer.stamp.size),
            stored_json(&transfer.stamp)?,
            state.as_str(),
            transfer.failure.as_ref().map(stored_json).transpose()?,
            place,
            at.0,
            transfer.failure.as_ref().map(|_| at.0),
        ])?;
        last = tx.sql.last_insert_rowid();
        first = first.min(last);
        stored += 1;
        bytes = bytes.saturating_add(stored_bytes(transfer.stamp.size));
        failed += u64::from(transfer.failure.is_some());
    }
    drop((twin_in_run, insert));
    tx.sql
        .prepare_cached("UPDATE runs SET files = files + ?2, bytes = bytes + ?3, queued = queued + ?4, failed = failed + ?5 WHERE id = ?1")?
        .execute(params![
            run.as_bytes().as_slice(),
            stored_bytes(stored),
            bytes,
            stored_bytes(stored - failed),
            stored_bytes(failed)
        ])?;
    if stored > 0 {
        history::came(tx, run, first, last, at)?;
        tx.touch(Topic::Transfers);
        tx.touch(Topic::Runs);
        audit::write(tx, at, actor, "enqueued", &format!("run:{run}"), &format!("{stored} transfers, {bytes} bytes"))?;
    }
    Ok(stored)
}

/// What a run has already between two connections, for a walk that goes on after a crash: each source path with the
/// folder that it goes to. The target's own name is left out, because a conflict may have changed it.
pub(crate) fn known_sources(
    sql: &rusqlite::Connection,
    run: RunId,
    source: ConnectionId,
    target: ConnectionId,
) -> Result<HashSet<(String, String)>, StoreError> {
    let mut statement = sql.prepare_cached(
        "SELECT source_path, target_path FROM transfers WHERE run_id = ?1 AND source_connection = ?2 AND target_connection = ?3",
    )?;
    let marks = params![run.as_bytes().as_slice(), source.as_bytes().as_slice(), target.as_bytes().as_slice()];
    let rows = statement.query_map(marks, |row| {
        let target = RemotePath::new(row.get::<_, String>(1)?);
        Ok((row.get(0)?, target.parent().unwrap_or_else(RemotePath::root).as_str().to_owned()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
