//! Looking after the file itself: a copy now, a check, and taking out history that nobody needs any more.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::{Connection, OpenFlags, params};
use waybill_model::{Millis, RunId};

use crate::{Store, StoreError, Topic, audit, open, writer::WriteTx};

/// Transfers that one step takes out, so that nobody waits long for the writer.
const STEP: u32 = 500;

/// What one step took out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pruned {
    /// Of which run.
    pub run: RunId,
    /// Transfers that are gone.
    pub transfers: u64,
    /// Whether the run is gone too; else the next step goes on with it.
    pub ended: bool,
}

impl Store {
    /// Makes the copy anew that takes the place of a damaged database, whole or not at all. Answers where it lies.
    pub async fn copy_now(&self) -> Result<Utf8PathBuf, StoreError> {
        let path = self.path().to_owned();
        on_the_side(move || {
            let connection = look_only(&path)?;
            open::make_copy(&connection, &path)?;
            Ok(open::copy_of(&path))
        })
        .await
    }

    /// Reads the whole database and answers what is wrong in it; nothing where it is well. Takes as long as reading it.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        let path = self.path().to_owned();
        on_the_side(move || {
            let connection = look_only(&path)?;
            let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
            let found = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().filter(|line| line != "ok").collect())
        })
        .await
    }

    /// Takes runs out that were over before `before`, some transfers at a time; `None` where there is none left. A run is
    /// over when every file of it arrived, was skipped or was called off, and nothing of it waits for a person or for a
    /// remote. The audit log stays as it is.
    ///
    /// `begun` is the run that the step before began with.
    pub async fn prune(&self, before: Millis, at: Millis, begun: Option<RunId>) -> Result<Option<Pruned>, StoreError> {
        self.write(move |tx| {
            let begun = begun.filter(|run| is_still(tx, *run).unwrap_or(false));
            let Some(id) = begun.map_or_else(|| prunable(tx, before), |run| Ok(Some(run)))? else { return Ok(None) };
            let run = id.as_bytes().as_slice();
            let transfers = take_out(tx, run)? as u64;
            tx.touch(Topic::Transfers);
            if transfers > 0 {
                return Ok(Some(Pruned { run: id, transfers, ended: false }));
            }
            let title: String = tx.sql.query_row("SELECT title FROM runs WHERE id = ?1", [run], |row| row.get(0))?;
            for sql in [
                "DELETE FROM attention WHERE run_id = ?1",
                "DELETE FROM run_roots WHERE run_id = ?1",
                "DELETE FROM runs WHERE id = ?1",
            ] {
                tx.sql.prepare_cached(sql)?.execute([run])?;
            }
            tx.touch(Topic::Runs);
            audit::write(tx, at, "engine", "history-pruned", &format!("run:{id}"), &title)?;
            Ok(Some(Pruned { run: id, transfers, ended: true }))
        })
        .await
    }

    /// Empties the index of names, so that it is made anew without those that are gone. What it does not have is found all
    /// the same, more slowly.
    pub async fn empty_index(&self) -> Result<(), StoreError> {
        self.write(|tx| {
            // It keeps no text of its own, so that single names cannot be taken out once a file has got another one.
            tx.sql.execute("INSERT INTO transfer_search (transfer_search) VALUES ('delete-all')", [])?;
            tx.sql.execute("DELETE FROM home WHERE key = 'searchable'", [])?;
            Ok(())
        })
        .await
    }

    /// Every table with its number of rows, for a description of the home that names nothing in it.
    pub async fn table_sizes(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.sql.prepare_cached(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
                 AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'transfer_search%' ORDER BY name",
            )?;
            let names = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            let mut sizes = Vec::new();
            for name in names {
                let rows: i64 = tx.sql.query_row(&format!("SELECT count(*) FROM \"{name}\""), [], |row| row.get(0))?;
                sizes.push((name, u64::try_from(rows).unwrap_or(0)));
            }
            Ok(sizes)
        })
        .await
    }
}

/// The next run that is over for long enough. The newest transfer of all stays, because the next one counts on from it.
fn prunable(tx: &WriteTx<'_>, before: Millis) -> Result<Option<RunId>, StoreError> {
    let mut statement = tx.sql.prepare_cached(
        "SELECT id FROM runs WHERE created_at < ?1 AND walked = 1
         AND running + queued + waiting + paused + attention + failed = 0
         AND NOT EXISTS (SELECT 1 FROM run_roots WHERE run_id = runs.id AND state = 'pending')
         AND NOT EXISTS (SELECT 1 FROM attention WHERE run_id = runs.id AND settled_at IS NULL)
         AND NOT EXISTS (SELECT 1 FROM transfers WHERE run_id = runs.id AND (
               state NOT IN ('done', 'skipped', 'cancelled') OR ifnull(ended_at, created_at) >= ?1
               OR seq = (SELECT max(seq) FROM transfers)
               OR EXISTS (SELECT 1 FROM upload_sessions WHERE transfer = transfers.seq)
               OR EXISTS (SELECT 1 FROM upload_begins WHERE transfer = transfers.seq)
               OR EXISTS (SELECT 1 FROM outbox WHERE transfer = transfers.seq AND state = 'intended')
               OR EXISTS (SELECT 1 FROM attention WHERE transfer = transfers.seq AND settled_at IS NULL)))
         ORDER BY created_at LIMIT 1",
    )?;
    let mut rows = statement.query([before.0])?;
    let found: Option<[u8; 16]> = rows.next()?.map(|row| row.get(0)).transpose()?;
    Ok(found.map(RunId::from_bytes))
}

/// Whether nobody has asked for anything of the run again since it was begun with.
fn is_still(tx: &WriteTx<'_>, run: RunId) -> Result<bool, StoreError> {
    let mut statement = tx.sql.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM runs WHERE id = ?1
         AND running + queued + waiting + paused + attention + failed = 0)",
    )?;
    Ok(statement.query_row([run.as_bytes().as_slice()], |row| row.get(0))?)
}

/// Takes some transfers of a run out with all that hangs on them.
fn take_out(tx: &WriteTx<'_>, run: &[u8]) -> Result<usize, StoreError> {
    let mut statement = tx.sql.prepare_cached("SELECT seq FROM transfers WHERE run_id = ?1 LIMIT ?2")?;
    let rows = statement.query_map(params![run, STEP], |row| row.get::<_, i64>(0))?;
    let seqs = rows.collect::<Result<Vec<_>, _>>()?;
    for seq in &seqs {
        for sql in [
            "DELETE FROM transfer_events WHERE transfer = ?1",
            "DELETE FROM outbox WHERE transfer = ?1",
            "DELETE FROM attention WHERE transfer = ?1",
            "DELETE FROM transfers WHERE seq = ?1",
        ] {
            tx.sql.prepare_cached(sql)?.execute([seq])?;
        }
    }
    Ok(seqs.len())
}

/// A connection that changes nothing, beside the writer's.
fn look_only(path: &Utf8Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

async fn on_the_side<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Closed)?
}

#[cfg(test)]
mod tests;
