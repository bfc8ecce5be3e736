//! Opening the database: refusing what is newer, copying before a migration, and bringing a damaged file
//! back from its last copy.

use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use waybill_model::Millis;

use crate::StoreError;

const MIGRATIONS: &[M<'static>] = &[
    M::up(include_str!("../migrations/0001_desk.sql")),
    M::up(include_str!("../migrations/0002_upload_begins.sql")),
    M::up(include_str!("../migrations/0003_history.sql")),
    M::up(include_str!("../migrations/0004_connections.sql")),
    M::up(include_str!("../migrations/0005_today.sql")),
    M::up(include_str!("../migrations/0006_story_notes.sql")),
    M::up(include_str!("../migrations/0007_events.sql")),
];

/// The newest schema that this program knows.
pub const SCHEMA_VERSION: usize = MIGRATIONS.len();

/// Stamped into the file's header, so that other programs tell it from any other SQLite file: "WAYB".
const APPLICATION_ID: i32 = 0x5741_5942;
/// Files up to this size are checked whole at every start.
const CHECKED_AT_START_BYTES: u64 = 64 << 20;

/// How the opening went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opened {
    /// The file was not there before.
    pub created: bool,
    /// A copy that was made before the schema was brought up to date.
    pub copied_to: Option<Utf8PathBuf>,
    /// The file was damaged: where it is kept, and whether a copy took its place.
    pub damaged: Option<Damaged>,
}

/// A damaged file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// Where the damaged file is kept.
    pub kept_at: Utf8PathBuf,
    /// Whether the last copy was put in its place; else the desk starts empty.
    pub restored: bool,
}

pub(crate) fn open(path: &Utf8Path, now: Millis) -> Result<(Connection, Opened), StoreError> {
    // Held while the file is opened: nobody puts it aside under somebody who opens it.
    let door = fs_err::File::options().create(true).truncate(false).write(true).open(format!("{path}.door"));
    // Where the folder takes no file, nothing can be put aside either.
    let door = door.ok().filter(|door| door.file().lock_shared().is_ok());
    if path.exists() || !restoring(path).exists() {
        match open_once(path, now) {
            Err(StoreError::Corrupt(_)) => {}
            other => return other,
        }
    }
    if let Some(door) = &door {
        door.file().unlock()?;
        door.file().lock()?;
    }
    mend(path, now)
}

/// Puts a damaged file aside and opens its copy, unless another program did so a moment ago.
fn mend(path: &Utf8Path, now: Millis) -> Result<(Connection, Opened), StoreError> {
    let mut damaged = if restoring(path).exists() && !path.exists() {
        // The program that did it died before it was done.
        let kept_at = newest_kept(path)?;
        fs_err::rename(restoring(path), path)?;
        Damaged { kept_at, restored: true }
    } else {
        match open_once(path, now) {
            Err(StoreError::Corrupt(_)) => set_aside(path, now)?,
            other => return other,
        }
    };
    let (connection, opened) = match open_once(path, now) {
        // The copy is no better: it is kept too, and the desk starts empty.
        Err(StoreError::Corrupt(_)) if damaged.restored => {
            damaged.restored = false;
            fs_err::rename(copy_of(path), format!("{}.copy", damaged.kept_at))?;
            remove_with_log(path)?;
            open_once(path, now)?
        }
        other => other?,
    };
    Ok((connection, Opened { damaged: Some(damaged), ..opened }))
}

fn open_once(path: &Utf8Path, now: Millis) -> Result<(Connection, Opened), StoreError> {
    let created = !path.exists();
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let found = found as usize;
    if found > SCHEMA_VERSION {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: SCHEMA_VERSION });
    }
    // The log is copied back every 32 MiB: eight times that often costs a third of the time of a large enqueuing.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16000;
         PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 8000;",
    )?;
    let mut opened = Opened { created, ..Opened::default() };
    if found > 0 {
        check(&connection, path)?;
    }
    if found > 0 && found < SCHEMA_VERSION {
        let copy = Utf8PathBuf::from(format!("{path}.schema-{found}-{}", now.0));
        connection.execute("VACUUM INTO ?1", [copy.as_str()])?;
        opened.copied_to = Some(copy);
    }
    if found < SCHEMA_VERSION {
        migrate(&mut connection)?;
    }
    if found > 0
        && let Err(error) = refresh_copy(&connection, path, now)
    {
        // A disk that is full or read-only keeps nobody from the desk itself; the older copy is still there.
        tracing::warn!(%error, "the database could not be copied");
    }
    Ok((connection, opened))
}

fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    Migrations::from_slice(MIGRATIONS).to_latest(connection).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        other => StoreError::Sql(other.to_string()),
    })
}

fn check(connection: &Connection, path: &Utf8Path) -> Result<(), StoreError> {
    if fs_err::metadata(path)?.len() > CHECKED_AT_START_BYTES {
        return Ok(());
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(StoreError::Corrupt(verdict)) }
}

pub(crate) fn copy_of(path: &Utf8Path) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{path}.copy"))
}

/// Keeps a copy that is at most a day old. It is made whole under another name first.
fn refresh_copy(connection: &Connection, path: &Utf8Path, now: Millis) -> Result<(), StoreError> {
    let copy = copy_of(path);
    let day = Duration::from_hours(24);
    let fresh = fs_err::metadata(&copy)
        .and_then(|metadata| metadata.modified())
        .ok()
        .and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok())
        .is_some_and(|at| Duration::from_millis(u64::try_from(now.0).unwrap_or(0)).saturating_sub(at) < day);
    if fresh || fs_err::metadata(path)?.len() > CHECKED_AT_START_BYTES {
        return Ok(());
    }
    make_copy(connection, path)
}

/// Makes the copy whole under another name, and puts it in the place of the one before.
pub(crate) fn make_copy(connection: &Connection, path: &Utf8Path) -> Result<(), StoreError> {
    let copy = copy_of(path);
    let lock = fs_err::File::options().create(true).truncate(false).write(true).open(format!("{copy}.lock"))?;
    if lock.file().try_lock().is_err() {
        // Another process makes it right now.
        return Ok(());
    }
    let making = Utf8PathBuf::from(format!("{copy}.new"));
    if making.exists() {
        fs_err::remove_file(&making)?;
    }
    connection.execute("VACUUM INTO ?1", [making.as_str()])?;
    fs_err::rename(&making, &copy)?;
    Ok(())
}

/// The last copy on its way to the damaged file's place.
fn restoring(path: &Utf8Path) -> Utf8PathBuf {
    Utf8PathBuf::from(format!("{path}.restoring"))
}

/// Moves the damaged file and its log aside and puts the last copy in its place, if there is one. The copy is made
/// whole first, so that a crash on the way is finished by [`mend`] and never looks like a new home.
fn set_aside(path: &Utf8Path, now: Millis) -> Result<Damaged, StoreError> {
    let kept_at = Utf8PathBuf::from(format!("{path}.damaged-{}", now.0));
    let restored = copy_of(path).exists();
    if restored {
        fs_err::copy(copy_of(path), restoring(path))?;
        fs_err::File::options().write(true).open(restoring(path))?.sync_all()?;
    }
    // The log first: it belongs to no other file.
    for suffix in ["-wal", "-shm", ""] {
        let beside = Utf8PathBuf::from(format!("{path}{suffix}"));
        if beside.exists() {
            fs_err::rename(&beside, format!("{kept_at}{suffix}"))?;
        }
    }
    if restored {
        fs_err::rename(restoring(path), path)?;
    }
    Ok(Damaged { kept_at, restored })
}

/// The damaged file that was set aside last.
fn newest_kept(path: &Utf8Path) -> Result<Utf8PathBuf, StoreError> {
    let start = format!("{}.damaged-", path.file_name().unwrap_or_default());
    let mut newest = None;
    for entry in fs_err::read_dir(path.parent().unwrap_or(Utf8Path::new(".")))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let at = name.strip_prefix(&start).and_then(|at| at.parse::<i64>().ok());
        newest = newest.max(at);
    }
    Ok(Utf8PathBuf::from(format!("{path}.damaged-{}", newest.unwrap_or_default())))
}

/// Removes a database that was only a copy, with its log.
fn remove_with_log(path: &Utf8Path) -> Result<(), StoreError> {
    for suffix in ["", "-wal", "-shm"] {
        let file = Utf8PathBuf::from(format!("{path}{suffix}"));
        if file.exists() {
            fs_err::remove_file(&file)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
