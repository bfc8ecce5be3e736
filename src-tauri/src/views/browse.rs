//! Folders and what is in them.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Abilities, Entry, EntryKind};
use waybill_model::{ConnectionId, Location, RemotePath};

use super::{Count, IpcError, Time, parse_id};

/// A place that can be looked into.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlaceView {
    /// None: this computer.
    connection: Option<String>,
    path: String,
}

impl PlaceView {
    /// The place as the desk knows it.
    pub(crate) fn into_location(self) -> Result<Location, IpcError> {
        Ok(Location { connection: connection_of(self.connection.as_deref())?, path: RemotePath::new(self.path) })
    }
}

/// The connection that the window names; none is this computer.
pub(crate) fn connection_of(id: Option<&str>) -> Result<ConnectionId, IpcError> {
    id.map_or(Ok(ConnectionId::LOCAL), parse_id)
}

/// What an entry is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EntryKindView {
    File,
    Folder,
    Other,
}

impl From<EntryKind> for EntryKindView {
    fn from(word: EntryKind) -> Self {
        match word {
            EntryKind::File => Self::File,
            EntryKind::Folder => Self::Folder,
            EntryKind::Other => Self::Other,
        }
    }
}

/// One file or folder seen in a listing.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryView {
    path: String,
    name: String,
    kind: EntryKindView,
    size: Count,
    modified: Option<Time>,
    version: Option<String>,
    /// False for a name that this desk cannot spell: it is shown, and nothing can be done with it.
    addressable: bool,
}

impl From<Entry> for EntryView {
    fn from(entry: Entry) -> Self {
        Self {
            path: entry.path.as_str().to_owned(),
            name: entry.name,
            kind: entry.kind.into(),
            size: entry.size.into(),
            modified: entry.modified.map(Into::into),
            version: entry.version,
            addressable: entry.addressable,
        }
    }
}

/// A piece of a listing, in the remote's order.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FolderBatchView {
    pub(crate) entries: Vec<EntryView>,
    /// Nothing comes after this one.
    pub(crate) over: bool,
    /// Why it ended before its end.
    pub(crate) error: Option<IpcError>,
}

/// What one may do on a connection.
#[derive(Debug, Clone, Copy, Serialize, Type)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each stands for an ability that is there or not")]
pub(crate) struct AbilitiesView {
    read: bool,
    write: bool,
    create_folder: bool,
    rename: bool,
    remove: bool,
    server_copy: bool,
    versions: bool,
    metadata: bool,
    links: bool,
    unfinished: bool,
    records: bool,
    space: bool,
}

impl From<Abilities> for AbilitiesView {
    fn from(abilities: Abilities) -> Self {
        let Abilities {
            read,
            write,
            create_folder,
            rename,
            remove,
            server_copy,
            versions,
            metadata,
            links,
            unfinished,
            records,
            space,
        } = abilities;
        Self {
            read,
            write,
            create_folder,
            rename,
            remove,
            server_copy,
            versions,
            metadata,
            links,
            unfinished,
            records,
            space,
        }
    }
}
