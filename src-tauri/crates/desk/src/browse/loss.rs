//! What would be lost if something were removed: counted before anybody says yes.

use waybill_connector::{EntryKind, List, PageRequest};
use waybill_model::{ConnectionId, Location, RemotePath};

use crate::{Desk, DeskError};

/// An entry as whoever browses has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Where it lies.
    pub path: RemotePath,
    /// What it is.
    pub kind: EntryKind,
    /// Its bytes.
    pub size: u64,
    /// Whether it is a link, which goes without what it leads to.
    pub link: bool,
}

/// What would go, counted so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loss {
    /// Files.
    pub files: u64,
    /// Folders.
    pub folders: u64,
    /// Bytes of the files.
    pub bytes: u64,
    /// Links, and what is neither file nor folder.
    pub others: u64,
    /// Folders that cannot be looked into: nobody knows what is in them.
    pub unknown: u64,
}

impl Loss {
    fn count(&mut self, kind: EntryKind, size: u64, link: bool) {
        match kind {
            _ if link => self.others += 1,
            EntryKind::File => {
                self.files += 1;
                self.bytes = self.bytes.saturating_add(size);
            }
            EntryKind::Folder => self.folders += 1,
            EntryKind::Other => self.others += 1,
        }
    }
}

impl Desk {
    /// Counts what is lost with these entries, and tells it page by page. Links are not followed. Dropping it stops the
    /// work.
    pub async fn count_loss(
        &self,
        connection: ConnectionId,
        entries: Vec<Seen>,
        tell: &mut (dyn FnMut(Loss) + Send),
    ) -> Result<Loss, DeskError> {
        let open = self.opened(connection).await?;
        let mut loss = Loss::default();
        let mut folders = Vec::new();
        for entry in entries {
            loss.count(entry.kind, entry.size, entry.link);
            if entry.kind == EntryKind::Folder && !entry.link {
                folders.push(entry.path);
            }
        }
        tell(loss);
        let Some(list) = open.connector.list() else {
            loss.unknown += folders.len() as u64;
            return Ok(loss);
        };
        while let Some(folder) = folders.pop() {
            let place = Location { connection, path: folder };
            self.count_folder(list, &place, (&mut loss, &mut folders), tell).await?;
        }
        Ok(loss)
    }

    async fn count_folder(
        &self,
        list: &dyn List,
        place: &Location,
        (loss, folders): (&mut Loss, &mut Vec<RemotePath>),
        tell: &mut (dyn FnMut(Loss) + Send),
    ) -> Result<(), DeskError> {
        let mut cursor = None;
        loop {
            let listed = list.list(&place.path, PageRequest { cursor, limit: 1000 }).await;
            let page = match listed {
                Ok(page) => page,
                Err(error) if error.kind.stops_the_connection() || super::is_away(&error) => {
                    return self.heard(place, Err(error)).await;
                }
                Err(_) => {
                    loss.unknown += 1;
                    tell(*loss);
                    return Ok(());
                }
            };
            for entry in page.entries {
                loss.count(entry.kind, entry.size, entry.link);
                if entry.kind != EntryKind::Folder || entry.link {
                    continue;
                }
                if entry.addressable {
                    folders.push(entry.path);
                } else {
                    loss.unknown += 1;
                }
            }
            tell(*loss);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(());
            }
        }
    }
}
