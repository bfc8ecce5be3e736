//! Where the home lies, what it takes, and what is done to look after it.

use camino::Utf8PathBuf;
use waybill_model::{Millis, RemotePath};

use crate::{Desk, DeskError, registry};

/// The folder of the log in the home.
const LOGS: &str = "logs";

/// A file of the home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeFile {
    /// What it is called in the home.
    pub name: String,
    /// What it is.
    pub kind: HomeFileKind,
    /// Its bytes.
    pub bytes: u64,
    /// When it was last written.
    pub changed_at: Option<Millis>,
}

/// What a file of the home is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HomeFileKind {
    /// The database, with its log.
    Database,
    /// The copy that takes the place of a damaged one.
    Copy,
    /// What was kept before the database was brought up to date.
    Before,
    /// A database that was damaged, kept aside.
    Damaged,
    /// The encrypted secrets.
    Secrets,
    /// The log of the program, all its files.
    Log,
    /// Anything else.
    Other,
}

/// The home as it lies on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataPlace {
    /// Its folder.
    pub folder: Utf8PathBuf,
    /// What lies in it, by name.
    pub files: Vec<HomeFile>,
    /// What is free where it lies, and the whole; `None` where nobody says.
    pub space: Option<(u64, u64)>,
}

impl Desk {
    /// Where the home lies and what it takes.
    pub async fn data_place(&self) -> Result<DataPlace, DeskError> {
        let folder = self.paths().home().to_owned();
        let database = self.paths().database();
        let listed = folder.clone();
        let files = tokio::task::spawn_blocking(move || list(&listed, database.file_name().unwrap_or_default()));
        let files = files.await.map_err(std::io::Error::other)??;
        let local = registry::this_computer();
        let space = match local.space() {
            Some(space) => space.space(&RemotePath::new(folder.as_str())).await.ok(),
            None => None,
        };
        Ok(DataPlace { folder, files, space: space.map(|report| (report.free, report.total)) })
    }

    /// Makes the copy of the database anew, the one that takes its place where it is damaged.
    pub async fn copy_database(&self) -> Result<Utf8PathBuf, DeskError> {
        let copy = self.inner.store.copy_now().await?;
        let (now, actor) = (self.now(), self.actor());
        self.inner.store.note(now, actor, "database-copied", "home".to_owned(), copy.to_string()).await?;
        Ok(copy)
    }

    /// Reads the whole database and answers what is wrong in it; nothing where it is well.
    pub async fn check_database(&self) -> Result<Vec<String>, DeskError> {
        Ok(self.inner.store.check().await?)
    }

    /// Takes out of the history what is over for longer than it is to be kept; answers how many transfers went. Nothing
    /// happens where nobody said for how long.
    pub async fn prune_history(&self) -> Result<u64, DeskError> {
        let Some(days) = self.settings().history.keep_days else { return Ok(0) };
        let before = self.now().plus(-i64::from(days) * 24 * 60 * 60 * 1000);
        let (mut gone, mut begun) = (0, None);
        while let Some(step) = self.inner.store.prune(before, self.now(), begun).await? {
            gone += step.transfers;
            begun = (!step.ended).then_some(step.run);
            // Whoever else writes comes first.
            tokio::task::yield_now().await;
        }
        if gone > 0 {
            tracing::info!(gone, "transfers that were over for long were taken out of the history");
            self.inner.store.empty_index().await?;
            self.index_history().await?;
        }
        Ok(gone)
    }
}

/// The files in the home by name; the database's log counts as a part of it.
fn list(folder: &camino::Utf8Path, database: &str) -> std::io::Result<Vec<HomeFile>> {
    let mut files: Vec<HomeFile> = Vec::new();
    let mut log = 0;
    for entry in fs_err::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if metadata.is_dir() && name == LOGS {
            files.extend(logs(&folder.join(LOGS))?);
        }
        if !metadata.is_file() {
            continue;
        }
        let rest = name.strip_prefix(database);
        if matches!(rest, Some("-wal" | "-shm")) {
            log += metadata.len();
            continue;
        }
        let changed_at = changed_at(&metadata);
        files.push(HomeFile { kind: kind_of(&name, rest), name, bytes: metadata.len(), changed_at });
    }
    if let Some(found) = files.iter_mut().find(|file| file.kind == HomeFileKind::Database) {
        found.bytes += log;
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

/// The folder of the log as one line; nothing where it is empty.
fn logs(folder: &camino::Utf8Path) -> std::io::Result<Option<HomeFile>> {
    let mut found: Option<HomeFile> = None;
    for entry in fs_err::read_dir(folder)? {
        let metadata = entry?.metadata()?;
        let file = found.get_or_insert_with(|| HomeFile {
            name: LOGS.to_owned(),
            kind: HomeFileKind::Log,
            bytes: 0,
            changed_at: None,
        });
        file.bytes += metadata.len();
        file.changed_at = file.changed_at.max(changed_at(&metadata));
    }
    Ok(found)
}

fn changed_at(metadata: &std::fs::Metadata) -> Option<Millis> {
    let since = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Millis)
}

fn kind_of(name: &str, after_database: Option<&str>) -> HomeFileKind {
    match after_database {
        Some("") => HomeFileKind::Database,
        Some(".copy") => HomeFileKind::Copy,
        Some(rest) if rest.starts_with(".schema-") => HomeFileKind::Before,
        Some(rest) if rest.starts_with(".damaged-") => HomeFileKind::Damaged,
        _ if name == "secrets.age" => HomeFileKind::Secrets,
        _ => HomeFileKind::Other,
    }
}

#[cfg(test)]
mod tests;
