//! What a page about a day shows: what needs a person, in groups, and the runs in which something happened. Read only;
//! the rows belong to the tables' own files.

use rusqlite::{Row, params};
use waybill_model::{AttentionId, ConnectionId, Millis, RunId};

use crate::{
    AttentionKind, AttentionRow, Matched, RunRow, Store, StoreError, attention,
    reader::ReadTx,
    row::Columns,
    runs,
    transfers::{claim::open_only, history},
};

/// Questions of one kind, for one connection, about one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttentionGroup {
    /// Why a person is needed.
    pub kind: AttentionKind,
    /// Whose trouble it is.
    pub connection: Option<(ConnectionId, String)>,
    /// What the files that ask were started with.
    pub run: Option<(RunId, String)>,
    /// How many are open.
    pub count: u64,
    /// When the oldest was raised.
    pub since: Millis,
    /// The oldest.
    pub first: AttentionId,
    /// Transfers to its connection that are not over.
    pub held_up: u64,
}

/// Which group is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupKey {
    /// Why a person is needed.
    pub kind: AttentionKind,
    /// Whose trouble it is.
    pub connection: Option<ConnectionId>,
    /// What the files that ask were started with.
    pub run: Option<RunId>,
}

/// A run in which transfers failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRun {
    /// The run.
    pub run: (RunId, String),
    /// How many failed.
    pub count: u64,
    /// When the last of it ended.
    pub since: Millis,
}

/// A target that transfers have been waiting for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongWait {
    /// The target.
    pub connection: (ConnectionId, String),
    /// How many wait.
    pub count: u64,
    /// Since when the oldest is in the queue.
    pub since: Millis,
}

/// Everything in the tables that needs a person, in one read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// What waits for an answer, the oldest first.
    pub questions: Vec<AttentionGroup>,
    /// What failed lately, the newest first.
    pub failed: Vec<FailedRun>,
    /// What waits for long, the oldest first.
    pub waiting: Vec<LongWait>,
}

/// From when on something needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenBounds {
    /// Failures before that are history.
    pub failed_since: Millis,
    /// Who came before that and still waits, waits for long.
    pub waiting_before: Millis,
}

/// Everything of a day that one read answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Runs that were started, went on or are open, the newest first.
    pub runs: Vec<RunRow>,
    /// What was proved equal since the day began.
    pub matched: Matched,
}

/// From when on things count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayBounds {
    /// The day began.
    pub midnight: Millis,
    /// Runs are told from here on: midnight, or earlier where nobody looked.
    pub runs_since: Millis,
    /// So many runs at most.
    pub runs: u32,
}

const GROUPS: &str = "SELECT a.kind, a.connection, c.name, a.run_id, r.title, count(*), min(a.raised_at), a.id
     FROM attention a LEFT JOIN connections c ON c.id = a.connection LEFT JOIN runs r ON r.id = a.run_id
     WHERE a.settled_at IS NULL GROUP BY a.kind, a.connection, a.run_id ORDER BY 7, 8";

fn read_group(row: &Row<'_>) -> rusqlite::Result<AttentionGroup> {
    let mut columns = Columns::of(row);
    let kind = columns.word(AttentionKind::from_word)?;
    let connection = columns.maybe_id::<ConnectionId>()?.zip(columns.get::<Option<String>>()?);
    let run = columns.maybe_id::<RunId>()?.zip(columns.get::<Option<String>>()?);
    let count = columns.bytes()?;
    let since = Millis(columns.get()?);
    Ok(AttentionGroup { kind, connection, run, count, since, first: columns.id()?, held_up: 0 })
}

fn groups(tx: &ReadTx<'_>) -> Result<Vec<AttentionGroup>, StoreError> {
    let mut groups: Vec<AttentionGroup> =
        tx.sql.prepare_cached(GROUPS)?.query_map([], read_group)?.collect::<Result<_, _>>()?;
    for group in groups.iter_mut().filter(|group| group.kind != AttentionKind::Conflict) {
        let Some((connection, _)) = &group.connection else { continue };
        group.held_up = open_of(tx, *connection)?;
    }
    Ok(groups)
}

fn open_of(tx: &ReadTx<'_>, connection: ConnectionId) -> Result<u64, StoreError> {
    let condition = open_only("target_connection = ?1 AND state NOT IN ('failed', 'cancelled')");
    let sql = format!("SELECT count(*) FROM transfers WHERE {condition}");
    let count: i64 = tx.sql.prepare_cached(&sql)?.query_row([connection.as_bytes().as_slice()], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

fn failed(tx: &ReadTx<'_>, since: Millis) -> Result<Vec<FailedRun>, StoreError> {
    let mut statement = tx.sql.prepare_cached(
        "SELECT id, title, failed, last_ended_at FROM runs
         WHERE failed > 0 AND ifnull(last_ended_at, created_at) >= ?1 ORDER BY 4 DESC LIMIT 50",
    )?;
    let rows = statement.query_map([since.0], |row| {
        let mut columns = Columns::of(row);
        let run = (columns.id()?, columns.get()?);
        Ok(FailedRun { run, count: columns.bytes()?, since: Millis(columns.get::<Option<i64>>()?.unwrap_or(since.0)) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Grouping alone would lead SQLite along the index of the targets, through the whole history.
pub(crate) const WAITING: &str = "SELECT t.target_connection, c.name, count(*), min(t.created_at)
     FROM transfers t INDEXED BY transfers_due JOIN connections c ON c.id = t.target_connection
     WHERE t.state = 'waiting' AND t.created_at <= ?1 GROUP BY t.target_connection ORDER BY 4";

/// Few roots are open and many questions may be, so that roots come first. A question about a file holds up that file alone.
const HELD: &str = "SELECT r.run_id, min(a.id) FROM run_roots r
     CROSS JOIN attention a ON a.connection IN (r.source_connection, r.target_connection)
     WHERE r.state = 'pending' AND a.settled_at IS NULL AND a.transfer IS NULL
     GROUP BY r.run_id";

fn waiting(tx: &ReadTx<'_>, before: Millis) -> Result<Vec<LongWait>, StoreError> {
    let mut statement = tx.sql.prepare_cached(WAITING)?;
    let rows = statement.query_map([before.0], |row| {
        let mut columns = Columns::of(row);
        let connection = (columns.id()?, columns.get()?);
        Ok(LongWait { connection, count: columns.bytes()?, since: Millis(columns.get()?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

impl Store {
    /// A day, as it is now.
    pub async fn day(&self, bounds: DayBounds) -> Result<Day, StoreError> {
        self.read(move |tx| {
            Ok(Day {
                runs: runs::active_since(tx, bounds.runs_since, bounds.runs)?,
                matched: history::matched_since(tx, bounds.midnight)?,
            })
        })
        .await
    }

    /// What needs a person now.
    pub async fn needing(&self, bounds: OpenBounds) -> Result<Open, StoreError> {
        self.read(move |tx| {
            Ok(Open {
                questions: groups(tx)?,
                failed: failed(tx, bounds.failed_since)?,
                waiting: waiting(tx, bounds.waiting_before)?,
            })
        })
        .await
    }

    /// Runs that are still to be looked through and cannot be, each with an open question about one of their ends.
    pub async fn held_runs(&self) -> Result<Vec<(RunId, AttentionId)>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.sql.prepare_cached(HELD)?;
            let rows = statement.query_map([], |row| {
                let mut columns = Columns::of(row);
                Ok((columns.id()?, columns.id()?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Open questions about connections, all of them, and the oldest `of_files` about transfers; the oldest first.
    pub async fn attention_shown(&self, of_files: u32) -> Result<Vec<AttentionRow>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx.sql.prepare_cached(&format!(
                "SELECT {} FROM attention a LEFT JOIN transfers t ON t.seq = a.transfer
                 WHERE a.settled_at IS NULL AND (a.transfer IS NULL OR a.id IN
                     (SELECT id FROM attention WHERE settled_at IS NULL AND transfer IS NOT NULL ORDER BY id LIMIT ?1))
                 ORDER BY a.raised_at, a.id",
                attention::COLUMNS
            ))?;
            Ok(statement.query_map([of_files], attention::read)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Questions of a group, the oldest first, behind the one where an earlier piece ended.
    pub async fn attention_of(
        &self,
        group: GroupKey,
        after: Option<AttentionId>,
        limit: u32,
    ) -> Result<Vec<AttentionRow>, StoreError> {
        self.read(move |tx| {
            let from = after.map_or([0; 16], |id| *id.as_bytes());
            let mut statement = tx.sql.prepare_cached(&format!(
                "SELECT {} FROM attention a LEFT JOIN transfers t ON t.seq = a.transfer
                 WHERE a.settled_at IS NULL AND a.kind = ?1 AND a.connection IS ?2 AND a.run_id IS ?3 AND a.id > ?4
                 ORDER BY a.id LIMIT ?5",
                attention::COLUMNS
            ))?;
            let rows = statement.query_map(
                params![
                    group.kind.as_str(),
                    group.connection.as_ref().map(|id| id.as_bytes().as_slice()),
                    group.run.as_ref().map(|id| id.as_bytes().as_slice()),
                    from.as_slice(),
                    limit
                ],
                attention::read,
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }
}
