//! Folders and what is in them.

use serde::{Deserialize, Serialize};
use specta::Type;
use waybill_desk::{Entry, EntryKind, Loss, NotRemoved, Origin, Page, Removal, SearchQuery, Seen, SendRequest};
use waybill_model::{AfterSource, ConnectionId, Location, RemotePath, Side, TransferOptions};

use super::{
    ConflictRuleView, Count, FailureView, FilledFormDraft, IpcError, PairView, RequiredProofView, Time,
    entry::pair_views, pairs, parse_id,
};

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

impl From<EntryKindView> for EntryKind {
    fn from(word: EntryKindView) -> Self {
        match word {
            EntryKindView::File => Self::File,
            EntryKindView::Folder => Self::Folder,
            EntryKindView::Other => Self::Other,
        }
    }
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
    /// A symbolic link, described by what it leads to.
    link: bool,
    /// What the remote tells beside, by the keys of its columns.
    facts: Vec<PairView>,
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
            link: entry.link,
            facts: pair_views(entry.facts),
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

/// What is looked for on a remote.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchDraftView {
    connection: String,
    text: String,
    /// At or below this folder; anywhere where it is none.
    within: Option<String>,
    /// By the names of the remote's filters.
    filters: Vec<PairView>,
}

impl SearchDraftView {
    /// Where, and what.
    pub(crate) fn into_query(self) -> Result<(ConnectionId, SearchQuery), IpcError> {
        let query =
            SearchQuery { text: self.text, within: self.within.map(RemotePath::new), filters: pairs(self.filters)? };
        Ok((parse_id(&self.connection)?, query))
    }
}

/// A piece of what was found.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryPageView {
    entries: Vec<EntryView>,
    next: Option<String>,
}

impl From<Page> for EntryPageView {
    fn from(page: Page) -> Self {
        Self { entries: page.entries.into_iter().map(EntryView::from).collect(), next: page.next }
    }
}

/// An entry as the window shows it, to be counted or removed.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeenView {
    path: String,
    kind: EntryKindView,
    size: Count,
    link: bool,
}

impl From<SeenView> for Seen {
    fn from(seen: SeenView) -> Self {
        Self { path: RemotePath::new(seen.path), kind: seen.kind.into(), size: seen.size.value(), link: seen.link }
    }
}

/// What would be lost, counted so far.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LossView {
    files: Count,
    folders: Count,
    bytes: Count,
    /// Links, and what is neither file nor folder.
    others: Count,
    /// Folders that cannot be looked into.
    unknown: Count,
    over: bool,
    /// Why the counting ended before its end.
    error: Option<IpcError>,
}

impl LossView {
    /// The count as it stands, or as it ended.
    pub(crate) fn of(loss: Loss, over: bool, error: Option<IpcError>) -> Self {
        Self {
            files: loss.files.into(),
            folders: loss.folders.into(),
            bytes: loss.bytes.into(),
            others: loss.others.into(),
            unknown: loss.unknown.into(),
            over,
            error,
        }
    }
}

/// One entry that could not be removed.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NotRemovedView {
    path: String,
    failure: FailureView,
}

impl From<&NotRemoved> for NotRemovedView {
    fn from(stayed: &NotRemoved) -> Self {
        Self { path: stayed.path.as_str().to_owned(), failure: stayed.error.to_failure(Side::Destination).into() }
    }
}

/// How far a removal is.
#[derive(Debug, Clone, Default, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RemovalView {
    files: Count,
    folders: Count,
    failed: Count,
    /// The first of what stayed; told at the end.
    failures: Vec<NotRemovedView>,
    over: bool,
    /// Why it ended before its end.
    error: Option<IpcError>,
}

impl RemovalView {
    /// Takes over how far it is.
    pub(crate) fn take(&mut self, removal: &Removal) {
        self.files = removal.files.into();
        self.folders = removal.folders.into();
        self.failed = removal.failed.into();
        self.failures.extend(removal.failures.iter().skip(self.failures.len()).map(NotRemovedView::from));
    }

    /// The numbers alone.
    pub(crate) fn going_on(&self) -> Self {
        Self { files: self.files, folders: self.folders, failed: self.failed, ..Self::default() }
    }

    /// All of it, and why it ended before its end.
    pub(crate) fn ended(self, error: Option<IpcError>) -> Self {
        Self { error, over: true, ..self }
    }
}

/// Entries that the queue is to bring to another folder.
#[derive(Debug, Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CopyDraftView {
    sources: Vec<PlaceView>,
    to: PlaceView,
    conflict: ConflictRuleView,
    proof: RequiredProofView,
    /// Whether each source is deleted once its copy is proved.
    then_delete: bool,
    /// What every file of it carries there.
    forms: Vec<FilledFormDraft>,
}

impl CopyDraftView {
    /// What the desk stores.
    pub(crate) fn into_request(self) -> Result<SendRequest, IpcError> {
        Ok(SendRequest {
            sources: self.sources.into_iter().map(PlaceView::into_location).collect::<Result<_, _>>()?,
            to: self.to.into_location()?,
            options: TransferOptions {
                conflict: self.conflict.into(),
                proof: self.proof.into(),
                after: if self.then_delete { AfterSource::Delete } else { AfterSource::Keep },
                forms: self.forms.into_iter().map(Into::into).collect(),
            },
            origin: Origin::Window,
            title: String::new(),
        })
    }
}
