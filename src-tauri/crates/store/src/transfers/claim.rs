//! Taking transfers out of the queue: the only place that knows order and fairness.
//!
//! Each target connection has its own line, by priority and place; who may take how many is the engine's word.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use rusqlite::params;
use waybill_model::{ConnectionId, Event, Millis, RunId, State, StoryNote, TransferId, TransferOptions};

use super::{COLUMNS, Change, Lane, TransferRow, apply, read};
use crate::{StoreError, row::stored_json, writer::WriteTx};

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
    /// How many each source takes; others take [`Self::STRANGERS`].
    pub source_rooms: Vec<(ConnectionId, u32)>,
    /// Target paths that are being written right now.
    pub without_paths: Vec<String>,
    /// Transfers whose earlier work has not ended yet.
    pub without: Vec<TransferId>,
}

impl Claim {
    /// How many are taken from a source whose room nobody knows yet.
    pub const STRANGERS: u32 = 1;

    /// Takes from the line of `target` without any restriction.
    pub fn of(target: ConnectionId, lane: Lane, limit: u32) -> Self {
        Self {
            target,
            lane,
            limit,
            without_sources: Vec::new(),
            source_rooms: Vec::new(),
            without_paths: Vec::new(),
            without: Vec::new(),
        }
    }
}

/// One text whatever is left out, so that it is prepared once; the index `transfers_queue` gives the order.
fn claim_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM transfers WHERE state = 'queued' AND target_connection = ?1 AND lane = ?2
             AND hex(source_connection) NOT IN (SELECT value FROM json_each(?4))
             AND target_path NOT IN (SELECT value FROM json_each(?5))
             AND hex(id) NOT IN (SELECT value FROM json_each(?6))
         ORDER BY priority DESC, place LIMIT ?3"
    )
}

fn hex(id: &[u8; 16]) -> String {
    data_encoding::HEXUPPER.encode(id)
}

/// Takes up to `limit` transfers and marks them as being prepared. Two that would write the same target are never taken
/// together, and no source gives more than it has room for.
pub(crate) fn claim(
    tx: &mut WriteTx<'_>,
    claim: &Claim,
    at: Millis,
) -> Result<Vec<(TransferRow, TransferOptions)>, StoreError> {
    let sources: Vec<_> = claim.without_sources.iter().map(|id| hex(id.as_bytes())).collect();
    let without: Vec<_> = claim.without.iter().map(|id| hex(id.as_bytes())).collect();
    let rows: Vec<TransferRow> = tx
        .sql
        .prepare_cached(&claim_sql())?
        .query_map(
            params![
                claim.target.as_bytes().as_slice(),
                claim.lane.as_str(),
                claim.limit,
                stored_json(&sources)?,
                stored_json(&claim.without_paths)?,
                stored_json(&without)?
            ],
            read,
        )?
        .collect::<Result<_, _>>()?;
    let mut targets = HashSet::new();
    let mut rooms: HashMap<ConnectionId, u32> = claim.source_rooms.iter().copied().collect();
    let mut options: HashMap<RunId, TransferOptions> = HashMap::new();
    let mut taken = Vec::with_capacity(rows.len());
    for mut row in rows {
        let room = rooms.entry(row.source.connection).or_insert(Claim::STRANGERS);
        if *room == 0 || !targets.insert(row.target.path.clone()) {
            continue;
        }
        *room -= 1;
        let applied = apply::apply(tx, row.id, Event::Claimed, &Change::default(), at, "engine")?;
        row.state = applied.state;
        row.failure = None;
        row.claims += 1;
        let options = match options.entry(row.run) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(vacant) => vacant.insert(options_of(tx, row.run)?).clone(),
        };
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

/// The connections that have something in line, by lane.
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
    let ids = ids_in(tx, &open_only("state IN ('preparing', 'transferring', 'verifying')"), &[])?;
    let change = Change::noted(StoryNote::AppClosed);
    for id in &ids {
        apply::apply(tx, *id, Event::Interrupted, &change, at, "engine")?;
    }
    Ok(ids.len() as u64)
}

/// Lets those go on whose waiting time is over. Answers when the next one is due.
pub(crate) fn wake_due(tx: &mut WriteTx<'_>, at: Millis) -> Result<Option<Millis>, StoreError> {
    let beyond = at.plus(LONGEST_WAIT);
    for id in ids_in(tx, "state = 'waiting' AND (due_at <= ?1 OR due_at > ?2)", &[&at.0, &beyond.0])? {
        apply::apply(tx, id, Event::Due, &Change::default(), at, "engine")?;
    }
    next_due(tx.sql)
}

/// The longest time that a transfer waits. One that seems to wait longer was told so before the clock was set back.
pub(crate) const LONGEST_WAIT: i64 = 61 * 60_000;

/// When the next waiting transfer is due; a look that writes nothing.
pub(crate) fn next_due(sql: &rusqlite::Connection) -> Result<Option<Millis>, StoreError> {
    let next: Option<i64> = sql
        .prepare_cached("SELECT min(due_at) FROM transfers WHERE state = 'waiting'")?
        .query_row([], |row| row.get(0))?;
    Ok(next.map(Millis))
}

/// Adds the very words of the index `transfers_open`, without which SQLite would read the whole history.
pub(crate) fn open_only(condition: &str) -> String {
    format!("state NOT IN ('done', 'skipped') AND {condition}")
}

pub(crate) fn ids_in(
    tx: &WriteTx<'_>,
    condition: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<Vec<TransferId>, StoreError> {
    let mut statement = tx.sql.prepare_cached(&format!("SELECT id FROM transfers WHERE {condition} ORDER BY seq"))?;
    let ids = statement.query_map(values, |row| row.get::<_, [u8; 16]>(0))?;
    Ok(ids.map(|id| id.map(TransferId::from_bytes)).collect::<Result<_, _>>()?)
}

/// Whether `state` of the stored row still is one that the engine works on.
pub(crate) fn state_of(sql: &rusqlite::Connection, id: TransferId) -> Result<Option<State>, StoreError> {
    use rusqlite::OptionalExtension as _;
    let word: Option<String> = sql
        .prepare_cached("SELECT state FROM transfers WHERE id = ?1")?
        .query_row([id.as_bytes().as_slice()], |row| row.get(0))
        .optional()?;
    Ok(word.as_deref().and_then(State::from_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How SQLite goes about `sql`, one line a step.
    fn plan(sql: &rusqlite::Connection, query: &str) -> Vec<String> {
        let mut statement = sql.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let marks = statement.parameter_count();
        let values = rusqlite::params_from_iter((0..marks).map(|_| rusqlite::types::Null));
        statement.query_map(values, |row| row.get(3)).unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn schema() -> rusqlite::Connection {
        let sql = rusqlite::Connection::open_in_memory().unwrap();
        for migration in [
            include_str!("../../migrations/0001_desk.sql"),
            include_str!("../../migrations/0002_upload_begins.sql"),
            include_str!("../../migrations/0003_history.sql"),
        ] {
            sql.execute_batch(migration).unwrap();
        }
        sql
    }

    #[test]
    fn a_claim_reads_its_line_in_order_whatever_the_history_holds() {
        let steps = plan(&schema(), &claim_sql());
        assert!(steps[0].contains("USING INDEX transfers_queue"), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "nothing is sorted: {steps:?}");
        assert!(!steps.iter().any(|step| step.starts_with("SCAN transfers")), "{steps:?}");
    }

    #[test]
    fn a_twin_is_looked_for_along_its_target_and_open_ones_are_counted_without_their_rows() {
        let sql = schema();
        let twin = plan(&sql, crate::transfers::enqueue::TWIN);
        assert!(twin.iter().any(|step| step.contains("USING INDEX transfers_target")), "{twin:?}");
        let open = plan(&sql, crate::connections::OPEN_TRANSFERS);
        assert!(open[0].contains("USING COVERING INDEX transfers_unfinished"), "{open:?}");
        let all = plan(&sql, crate::connection_uses::OPEN_BY_ENDS);
        assert!(all[0].contains("USING COVERING INDEX transfers_unfinished"), "{all:?}");
        assert!(!all.iter().any(|step| step.contains("TEMP B-TREE")), "nothing is sorted: {all:?}");
    }

    #[test]
    fn waking_and_recovering_touch_open_transfers_only() {
        let sql = schema();
        let due = plan(&sql, "SELECT min(due_at) FROM transfers WHERE state = 'waiting'");
        assert!(due[0].contains("transfers_due"), "{due:?}");
        let long = plan(&sql, crate::today::WAITING);
        assert!(long[0].contains("USING INDEX transfers_due"), "{long:?}");
        for condition in ["state IN ('preparing', 'transferring', 'verifying')", "state = 'failed'"] {
            let steps = plan(&sql, &format!("SELECT id FROM transfers WHERE {} ORDER BY seq", open_only(condition)));
            assert!(steps[0].contains("transfers_open"), "{condition}: {steps:?}");
        }
    }
}
