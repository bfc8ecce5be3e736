//! Runs: what was started together, with its roots and totals. The roots are stored before the first folder is
//! opened, so that a crash in mid-walk misses nothing. Totals are moved by `transfers::apply` and `enqueue` alone.

use rusqlite::{OptionalExtension as _, params};
use waybill_model::{Failure, Location, Millis, Pace, RemotePath, RunId, TransferOptions};

use crate::{
    Store, StoreError, Topic, audit,
    reader::ReadTx,
    row::{Columns, stored_json},
    writer::WriteTx,
};

/// Where a run came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Somebody at the window.
    Window,
    /// The `waybill` command.
    Command,
}

impl Origin {
    /// The word as stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Window => "window",
            Self::Command => "command",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Window, Self::Command].into_iter().find(|origin| origin.as_str() == word)
    }
}

/// A run to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id.
    pub id: RunId,
    /// What people see.
    pub title: String,
    /// Where it came from.
    pub origin: Origin,
    /// How its files are sent.
    pub options: TransferOptions,
    /// What it was asked to send; nothing is to be walked where there is none.
    pub roots: Vec<NewRoot>,
}

/// One thing that a run was asked to send: a file, or a folder with all that is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRoot {
    /// What is sent.
    pub source: Location,
    /// What it will be called there.
    pub target: Location,
}

/// A stored root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its number.
    pub id: i64,
    /// Its run.
    pub run: RunId,
    /// What is sent.
    pub source: Location,
    /// What it will be called there.
    pub target: Location,
    /// Why it could not be walked, where it could not.
    pub failure: Option<Failure>,
}

/// A stored run with its totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: RunId,
    /// What people see.
    pub title: String,
    /// Where it came from.
    pub origin: Origin,
    /// How its files are sent.
    pub options: TransferOptions,
    /// Whether all roots have been walked: the totals grow until then.
    pub walked: bool,
    /// When it was started.
    pub created_at: Millis,
    /// All transfers.
    pub files: u64,
    /// All bytes.
    pub bytes: u64,
    /// Bytes of those that are done.
    pub bytes_done: u64,
    /// When something of it last ended.
    pub last_ended_at: Option<Millis>,
    /// By state: preparing, transferring, verifying.
    pub running: u64,
    /// By state: queued.
    pub queued: u64,
    /// By state: waiting.
    pub waiting: u64,
    /// By state: paused.
    pub paused: u64,
    /// By state: needs-attention.
    pub attention: u64,
    /// By state: done.
    pub done: u64,
    /// Of those done: matched or better.
    pub matched: u64,
    /// By state: skipped.
    pub skipped: u64,
    /// By state: failed.
    pub failed: u64,
    /// By state: cancelled.
    pub cancelled: u64,
}

impl RunRow {
    /// How many of its transfers there are at a pace.
    pub fn at(&self, pace: Pace) -> u64 {
        match pace {
            Pace::Running => self.running,
            Pace::Waiting => self.queued + self.waiting + self.paused,
            Pace::NeedsYou => self.attention,
            Pace::Failed => self.failed + self.cancelled,
            Pace::Done => self.done + self.skipped,
        }
    }

    /// Whether nothing of it will run any more without a person.
    pub fn is_over(&self) -> bool {
        self.walked && self.running + self.queued + self.waiting + self.paused + self.attention == 0
    }
}

const COLUMNS: &str = "id, title, origin, options, walked, created_at, files, bytes, bytes_done, last_ended_at, running, queued, waiting, paused, \
                       attention, done, matched, skipped, failed, cancelled";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<RunRow> {
    let mut columns = Columns::of(row);
    Ok(RunRow {
        id: columns.id()?,
        title: columns.get()?,
        origin: columns.word(Origin::from_word)?,
        options: columns.json()?,
        walked: columns.get()?,
        created_at: Millis(columns.get()?),
        files: columns.bytes()?,
        bytes: columns.bytes()?,
        bytes_done: columns.bytes()?,
        last_ended_at: columns.get::<Option<i64>>()?.map(Millis),
        running: columns.bytes()?,
        queued: columns.bytes()?,
        waiting: columns.bytes()?,
        paused: columns.bytes()?,
        attention: columns.bytes()?,
        done: columns.bytes()?,
        matched: columns.bytes()?,
        skipped: columns.bytes()?,
        failed: columns.bytes()?,
        cancelled: columns.bytes()?,
    })
}

const ROOT_COLUMNS: &str = "id, run_id, source_connection, source_path, target_connection, target_path, failure";

fn read_root(row: &rusqlite::Row<'_>) -> rusqlite::Result<Root> {
    let mut columns = Columns::of(row);
    Ok(Root {
        id: columns.get()?,
        run: columns.id()?,
        source: Location { connection: columns.id()?, path: RemotePath::new(columns.get::<String>()?) },
        target: Location { connection: columns.id()?, path: RemotePath::new(columns.get::<String>()?) },
        failure: columns.maybe_json()?,
    })
}

/// Where a list of runs goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunCursor {
    /// When the last one was started.
    pub created_at: Millis,
    /// The last one.
    pub id: RunId,
}

/// The sum of a run's totals at a pace: the same table as [`RunRow::at`].
fn total_at(pace: Pace) -> &'static str {
    match pace {
        Pace::Running => "running",
        Pace::Waiting => "queued + waiting + paused",
        Pace::NeedsYou => "attention",
        Pace::Failed => "failed + cancelled",
        Pace::Done => "done + skipped",
    }
}

impl Store {
    /// Runs, newest first: all of them, or those that have transfers at `pace`.
    pub async fn runs_page(
        &self,
        pace: Option<Pace>,
        after: Option<RunCursor>,
        limit: u32,
    ) -> Result<Vec<RunRow>, StoreError> {
        self.read(move |tx| {
            let after = after.unwrap_or(RunCursor { created_at: Millis(i64::MAX), id: RunId::from_bytes([0xFF; 16]) });
            let wanted = pace.map_or("1", total_at);
            let mut statement = tx.sql.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM runs WHERE created_at <= ?1 AND (created_at, id) < (?1, ?2) AND {wanted} > 0
                 ORDER BY created_at DESC, id DESC LIMIT ?3"
            ))?;
            let marks = params![after.created_at.0, after.id.as_bytes().as_slice(), limit];
            Ok(statement.query_map(marks, read)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The newest runs.
    pub async fn runs(&self, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        self.read(move |tx| {
            let mut statement =
                tx.sql.prepare_cached(&format!("SELECT {COLUMNS} FROM runs ORDER BY created_at DESC LIMIT ?1"))?;
            Ok(statement.query_map([limit], read)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// One run.
    pub async fn run(&self, id: RunId) -> Result<RunRow, StoreError> {
        self.read(move |tx| {
            tx.sql
                .prepare_cached(&format!("SELECT {COLUMNS} FROM runs WHERE id = ?1"))?
                .query_row([id.as_bytes().as_slice()], read)
                .optional()?
                .ok_or_else(|| StoreError::Unknown { what: "run", id: id.to_string() })
        })
        .await
    }

    /// The roots of a run.
    pub async fn roots(&self, run: RunId) -> Result<Vec<Root>, StoreError> {
        self.read(move |tx| {
            let mut statement = tx
                .sql
                .prepare_cached(&format!("SELECT {ROOT_COLUMNS} FROM run_roots WHERE run_id = ?1 ORDER BY id"))?;
            Ok(statement.query_map([run.as_bytes().as_slice()], read_root)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// The roots that are still to be walked, oldest first.
    pub async fn pending_roots(&self) -> Result<Vec<Root>, StoreError> {
        self.read(|tx| {
            let mut statement = tx
                .sql
                .prepare_cached(&format!("SELECT {ROOT_COLUMNS} FROM run_roots WHERE state = 'pending' ORDER BY id"))?;
            Ok(statement.query_map([], read_root)?.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Whether a root is still to be walked.
    pub async fn has_pending_roots(&self) -> Result<bool, StoreError> {
        self.read(|tx| {
            Ok(tx
                .sql
                .query_row("SELECT EXISTS (SELECT 1 FROM run_roots WHERE state = 'pending')", [], |row| row.get(0))?)
        })
        .await
    }
}

impl Store {
    /// Gives the rest of a run another conflict rule.
    pub async fn set_run_conflict(&self, run: RunId, rule: waybill_model::ConflictRule) -> Result<(), StoreError> {
        self.write(move |tx| {
            tx.sql.execute(
                "UPDATE runs SET options = json_set(options, '$.conflict', ?2) WHERE id = ?1",
                params![run.as_bytes().as_slice(), rule.as_str()],
            )?;
            tx.touch(Topic::Runs);
            Ok(())
        })
        .await
    }
}

/// Runs that were started or in which something ended since then, and those that are not over, the newest first.
pub(crate) fn active_since(tx: &ReadTx<'_>, since: Millis, limit: u32) -> Result<Vec<RunRow>, StoreError> {
    let mut statement = tx.sql.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM runs WHERE created_at >= ?1 OR last_ended_at >= ?1 OR walked = 0
             OR running + queued + waiting + paused + attention > 0
         ORDER BY created_at DESC LIMIT ?2"
    ))?;
    Ok(statement.query_map(params![since.0, limit], read)?.collect::<Result<_, _>>()?)
}

/// Something of a run has ended. Once a second is enough, and a clock that was set back takes nothing back.
pub(crate) fn note_end(tx: &WriteTx<'_>, run: RunId, at: Millis) -> Result<(), StoreError> {
    tx.sql
        .prepare_cached("UPDATE runs SET last_ended_at = ?2 WHERE id = ?1 AND ifnull(last_ended_at, 0) <= ?2 - 1000")?
        .execute(params![run.as_bytes().as_slice(), at.0])?;
    Ok(())
}

pub(crate) fn create(tx: &mut WriteTx<'_>, new: &NewRun, at: Millis, actor: &str) -> Result<(), StoreError> {
    tx.sql.execute(
        "INSERT INTO runs (id, title, origin, options, walked, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            new.id.as_bytes().as_slice(),
            new.title,
            new.origin.as_str(),
            stored_json(&new.options)?,
            new.roots.is_empty(),
            at.0
        ],
    )?;
    let mut insert = tx.sql.prepare_cached(
        "INSERT INTO run_roots (run_id, source_connection, source_path, target_connection, target_path, state)
         VALUES (?1, ?2, ?3, ?4, ?5, 'pending')",
    )?;
    for root in &new.roots {
        insert.execute(params![
            new.id.as_bytes().as_slice(),
            root.source.connection.as_bytes().as_slice(),
            root.source.path.as_str(),
            root.target.connection.as_bytes().as_slice(),
            root.target.path.as_str()
        ])?;
    }
    drop(insert);
    tx.touch(Topic::Runs);
    audit::write(tx, at, actor, "run-started", &format!("run:{}", new.id), &new.title)
}

/// Closes a root, unless somebody called it off before; a run whose last root is closed knows its totals.
pub(crate) fn root_walked(tx: &mut WriteTx<'_>, root: &Root, failure: Option<&Failure>) -> Result<(), StoreError> {
    let document = failure.map(stored_json).transpose()?;
    tx.sql.execute(
        "UPDATE run_roots SET state = ?2, failure = ?3 WHERE id = ?1 AND state = 'pending'",
        params![root.id, if failure.is_some() { "failed" } else { "walked" }, document],
    )?;
    tx.sql.execute(
        "UPDATE runs SET walked = 1 WHERE id = ?1 AND NOT EXISTS
             (SELECT 1 FROM run_roots WHERE run_id = ?1 AND state = 'pending')",
        [root.run.as_bytes().as_slice()],
    )?;
    tx.touch(Topic::Runs);
    Ok(())
}
