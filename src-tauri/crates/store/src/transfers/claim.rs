//! Taking transfers out of the queue: the only place that knows order and fairness.
//!
//! Each target connection has its own line, by priority and place; who may take how many is the engine's word.

use rusqlite::{params, types::Value};
use waybill_model::{ConnectionId, Event, Millis, RunId, State, TransferOptions};

use super::{COLUMNS, Change, Lane, TransferRow, apply, read};
use crate::{StoreError, writer::WriteTx};

/// What the engine has room for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose line.
    pub target: ConnectionId,
    /// Which lane.
    pub lane: Lane,
    /// At most so many.
    pub limit: u32,
    /// Sources that are stopped or busy.
    pub without_sources: Vec<ConnectionId>,
    /// Target paths that are being written right now.
    pub without_paths: Vec<String>,
}

/// Takes up to `limit` transfers and marks them as being prepared. Two that would write the same target are never taken
/// together.
pub(crate) fn claim(
    tx: &mut WriteTx<'_>,
    claim: &Claim,
    at: Millis,
) -> Result<Vec<(TransferRow, TransferOptions)>, StoreError> {
    let marks =
        |from: usize, count: usize| (from..from + count).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let sources = marks(4, claim.without_sources.len());
    let paths = marks(4 + claim.without_sources.len(), claim.without_paths.len());
    let sql = format!(
        "SELECT {COLUMNS} FROM transfers WHERE state = 'queued' AND target_connection = ?1 AND lane = ?2
             AND source_connection NOT IN ({sources}) AND target_path NOT IN ({paths})
         ORDER BY priority DESC, place LIMIT ?3"
    );
    let mut values: Vec<Value> = vec![
        Value::Blob(claim.target.as_bytes().to_vec()),
        Value::Text(claim.lane.as_str().to_owned()),
        Value::Integer(i64::from(claim.limit)),
    ];
    values.extend(claim.without_sources.iter().map(|id| Value::Blob(id.as_bytes().to_vec())));
    values.extend(claim.without_paths.iter().map(|path| Value::Text(path.clone())));
    let rows: Vec<TransferRow> =
        tx.sql.prepare_cached(&sql)?.query_map(rusqlite::params_from_iter(values), read)?.collect::<Result<_, _>>()?;
    let mut targets = std::collections::HashSet::new();
    let mut taken = Vec::with_capacity(rows.len());
    for mut row in rows {
        if !targets.insert(row.target.path.clone()) {
            continue;
        }
        let applied = apply::apply(tx, row.id, Event::Claimed, &Change::default(), at, "engine")?;
        row.state = applied.state;
        row.failure = None;
        row.claims += 1;
        let options = options_of(tx, row.run)?;
        taken.push((row, options));
    }
    Ok(taken)
}

fn options_of(tx: &WriteTx<'_>, run: RunId) -> Result<TransferOptions, StoreError> {
    let document: String = tx
        .sql
        .prepare_cached("SELECT options FROM runs WHERE id = ?1")?
        .query_row([run.as_bytes().as_slice()], |row| row.get(0))?;
    Ok(serde_json::from_str(&document)?)
}

/// The connections that have something in line, with the sources that it comes from.
pub(crate) fn lines(sql: &rusqlite::Connection) -> Result<Vec<(ConnectionId, Lane)>, StoreError> {
    let mut lines = Vec::new();
    let mut ids = sql.prepare_cached("SELECT id FROM connections")?;
    let mut any = sql.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM transfers WHERE state = 'queued' AND target_connection = ?1 AND lane = ?2)",
    )?;
    let connections: Vec<[u8; 16]> = ids.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for id in connections {
        for lane in [Lane::Small, Lane::Large] {
            if any.query_row(params![id, lane.as_str()], |row| row.get(0))? {
                lines.push((ConnectionId::from_bytes(id), lane));
            }
        }
    }
    Ok(lines)
}

/// Puts back what a dead process was working on. Only the holder of the home's lock may call it.
pub(crate) fn recover(tx: &mut WriteTx<'_>, at: Millis) -> Result<u64, StoreError> {
    let ids = ids_in(tx, "state IN ('preparing', 'transferring', 'verifying')", &[])?;
    let change = Change { detail: "the app was closed".to_owned(), ..Change::default() };
    for id in &ids {
        apply::apply(tx, *id, Event::Interrupted, &change, at, "engine")?;
    }
    Ok(ids.len() as u64)
}

/// Lets those go on whose waiting time is over. Answers when the next one is due.
pub(crate) fn wake_due(tx: &mut WriteTx<'_>, at: Millis) -> Result<Option<Millis>, StoreError> {
    for id in ids_in(tx, "state = 'waiting' AND due_at <= ?1", &[&at.0])? {
        apply::apply(tx, id, Event::Due, &Change::default(), at, "engine")?;
    }
    let next: Option<i64> = tx
        .sql
        .prepare_cached("SELECT min(due_at) FROM transfers WHERE state = 'waiting'")?
        .query_row([], |row| row.get(0))?;
    Ok(next.map(Millis))
}

pub(crate) fn ids_in(
    tx: &WriteTx<'_>,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<waybill_model::TransferId>, StoreError> {
    let mut statement = tx.sql.prepare_cached(&format!("SELECT id FROM transfers WHERE {condition} ORDER BY seq"))?;
    let ids = statement.query_map(values, |row| row.get::<_, [u8; 16]>(0))?;
    Ok(ids.map(|id| id.map(waybill_model::TransferId::from_bytes)).collect::<Result<_, _>>()?)
}

/// Whether `state` of the stored row still is one that the engine works on.
pub(crate) fn state_of(sql: &rusqlite::Connection, id: waybill_model::TransferId) -> Result<Option<State>, StoreError> {
    use rusqlite::OptionalExtension as _;
    let word: Option<String> = sql
        .prepare_cached("SELECT state FROM transfers WHERE id = ?1")?
        .query_row([id.as_bytes().as_slice()], |row| row.get(0))
        .optional()?;
    Ok(word.as_deref().and_then(State::from_word))
}
