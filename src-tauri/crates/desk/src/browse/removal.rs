//! Removing what whoever browses has chosen, folders with everything in them.
//!
//! An entry is asked to go before anybody looks into it: a link goes as a link, and only a folder that refuses because
//! it is not empty is entered. What cannot be removed is listed with its reason, and the rest goes on.

use std::{
    pin::Pin,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::{StreamExt as _, TryStreamExt as _, stream};
use waybill_connector::{ConnectorError, Delete, Entry, EntryKind, List, PageRequest};
use waybill_model::{ConnectionId, FailureKind, Location, RemotePath, names};

use super::{Seen, is_away, opened::lacking};
use crate::{Desk, DeskError};

/// Files of one folder that go at once.
const AT_ONCE: usize = 8;
/// Failures that are kept with their sentence; the rest is counted.
const TOLD: usize = 200;
/// Pauses before a remote that asks for patience is asked again.
const PATIENCE: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(3), Duration::from_secs(9)];

/// One entry that stayed.
#[derive(Debug)]
pub struct NotRemoved {
    /// Which.
    pub path: RemotePath,
    /// Why.
    pub error: ConnectorError,
}

/// How far a removal is.
#[derive(Debug, Default)]
pub struct Removal {
    /// Files, links and others that are gone.
    pub files: u64,
    /// Folders that are gone.
    pub folders: u64,
    /// How many entries could not be removed; a folder that stays because something in it does is not counted again.
    pub failed: u64,
    /// The first of them.
    pub failures: Vec<NotRemoved>,
}

impl Desk {
    /// Removes these entries. `tell` hears how far it is. Fails where the connection is of no more use; what was told
    /// before holds. Dropping it stops after what is being removed.
    pub async fn remove_entries(
        &self,
        connection: ConnectionId,
        entries: Vec<Seen>,
        tell: &mut (dyn FnMut(&Removal) + Send),
    ) -> Result<(), DeskError> {
        let open = self.opened(connection).await?;
        let Some(delete) = open.connector.delete() else {
            return Err(lacking(&open, "delete", "removes nothing"));
        };
        let Some(first) = entries.first() else { return Ok(()) };
        let place = Location { connection, path: first.path.clone() };
        self.noted(&place, "removal-begun", titles(&entries)).await?;
        let sweep = Sweep { delete, list: open.connector.list(), state: Mutex::new((Removal::default(), tell)) };
        let swept = sweep.all(entries).await;
        let counts = sweep.counts();
        let [files, folders, failed] = counts;
        let detail = format!("{files} files and {folders} folders removed, {failed} entries stayed");
        self.noted(&place, "removal-ended", detail).await?;
        self.heard(&place, swept).await
    }
}

/// The first names for the log.
fn titles(entries: &[Seen]) -> String {
    let shown: Vec<_> = entries.iter().take(20).map(|entry| names::shown(entry.path.as_str())).collect();
    let rest = entries.len() - shown.len();
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}

/// One removal under way.
struct Sweep<'a> {
    delete: &'a dyn Delete,
    list: Option<&'a dyn List>,
    state: Mutex<(Removal, Tell<'a>)>,
}

/// Who hears how far a removal is.
type Tell<'a> = &'a mut (dyn FnMut(&Removal) + Send);

/// Whether the entry is gone; an error ends the whole removal.
type Gone<'a> = Pin<Box<dyn Future<Output = Result<bool, ConnectorError>> + Send + 'a>>;

impl Sweep<'_> {
    async fn all(&self, entries: Vec<Seen>) -> Result<(), ConnectorError> {
        self.together(entries).await.map(drop)
    }

    /// Files at once, then folders one after the other. Whether all of them are gone.
    async fn together(&self, entries: Vec<Seen>) -> Result<bool, ConnectorError> {
        let (folders, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.kind == EntryKind::Folder);
        let files = stream::iter(files).map(|file| self.one(file)).buffer_unordered(AT_ONCE);
        let mut all = files.try_fold(true, async |all, gone| Ok(all && gone)).await?;
        for folder in folders {
            all &= self.one(folder).await?;
        }
        Ok(all)
    }

    fn one(&self, seen: Seen) -> Gone<'_> {
        Box::pin(async move {
            if seen.path.is_root() {
                let message = "the top of a connection cannot be removed";
                return Ok(self.stays(&seen.path, ConnectorError::new(FailureKind::Invalid, "delete", message)));
            }
            match self.asked(&seen.path).await {
                Ok(()) => Ok(self.gone(seen.kind == EntryKind::Folder && !seen.link)),
                Err(error) if error.kind.stops_the_connection() || is_away(&error) => Err(error),
                Err(error) if error.kind == FailureKind::Invalid && seen.kind == EntryKind::Folder && !seen.link => {
                    self.folder(&seen.path, error).await
                }
                Err(error) => Ok(self.stays(&seen.path, error)),
            }
        })
    }

    /// A folder that is not empty.
    async fn folder(&self, path: &RemotePath, refusal: ConnectorError) -> Result<bool, ConnectorError> {
        let Some(list) = self.list else { return Ok(self.stays(path, refusal)) };
        let found = match listed(list, path).await {
            Ok(found) => found,
            Err(error) if error.kind.stops_the_connection() || is_away(&error) => return Err(error),
            Err(error) => return Ok(self.stays(path, error)),
        };
        let (spelled, strange): (Vec<_>, Vec<_>) = found.into_iter().partition(|entry| entry.addressable);
        for entry in &strange {
            let message = "the desk cannot spell this name, so it cannot name the entry to be removed";
            self.stays(&entry.path, ConnectorError::new(FailureKind::Invalid, "delete", message));
        }
        let seen = spelled.into_iter().map(Seen::from).collect();
        let emptied = self.together(seen).await? && strange.is_empty();
        if !emptied {
            return Ok(false);
        }
        match self.asked(path).await {
            Ok(()) => Ok(self.gone(true)),
            Err(error) if error.kind.stops_the_connection() || is_away(&error) => Err(error),
            Err(error) => Ok(self.stays(path, error)),
        }
    }

    /// Asks for one entry to be removed, again where the remote only wants a pause.
    async fn asked(&self, path: &RemotePath) -> Result<(), ConnectorError> {
        for pause in PATIENCE {
            match self.delete.delete(path).await {
                Err(error) if error.kind == FailureKind::RateLimited => tokio::time::sleep(pause).await,
                answer => return answer,
            }
        }
        self.delete.delete(path).await
    }

    fn gone(&self, folder: bool) -> bool {
        self.change(|removal| if folder { removal.folders += 1 } else { removal.files += 1 });
        true
    }

    fn stays(&self, path: &RemotePath, error: ConnectorError) -> bool {
        self.change(|removal| {
            removal.failed += 1;
            if removal.failures.len() < TOLD {
                removal.failures.push(NotRemoved { path: path.clone(), error });
            }
        });
        false
    }

    fn change(&self, change: impl FnOnce(&mut Removal)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (removal, tell) = &mut *state;
        change(removal);
        tell(removal);
    }

    fn counts(&self) -> [u64; 3] {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        [state.0.files, state.0.folders, state.0.failed]
    }
}

/// Everything in a folder, before the first of it goes: a listing that is read while it changes may leave entries out.
async fn listed(list: &dyn List, folder: &RemotePath) -> Result<Vec<Entry>, ConnectorError> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = list.list(folder, PageRequest { cursor, ..PageRequest::default() }).await?;
        all.extend(page.entries);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

impl From<Entry> for Seen {
    fn from(entry: Entry) -> Self {
        Self { path: entry.path, kind: entry.kind, size: entry.size, link: entry.link }
    }
}
