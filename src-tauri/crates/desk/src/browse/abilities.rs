//! What one may do on a connection, from the abilities that its connector hands out.

use waybill_connector::{Afterwards, Connector, Delete, Said, SearchFilter};
use waybill_model::ConnectionId;

use crate::{Desk, DeskError};

/// What one may do on a connection. It is an excerpt for whoever draws buttons; the acts themselves ask the connector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for an ability that is there or not")]
pub struct Abilities {
    /// Reading bytes.
    pub read: bool,
    /// Writing files.
    pub write: bool,
    /// Making folders.
    pub create_folder: bool,
    /// Renaming files.
    pub rename: bool,
    /// Removing.
    pub remove: bool,
    /// Whether what is removed is marked as deleted, and its versions stay.
    pub marks: bool,
    /// Where the remote keeps what is removed, in its connector's words; none where it is gone or marked.
    pub kept: Option<Said>,
    /// Copying without moving the bytes through this computer.
    pub server_copy: bool,
    /// Earlier versions.
    pub versions: bool,
    /// Removing single ones of them.
    pub removes_versions: bool,
    /// Metadata and tags.
    pub metadata: bool,
    /// Links that work without an account.
    pub links: bool,
    /// Uploads that were begun and never finished.
    pub unfinished: bool,
    /// Retention and legal hold.
    pub records: bool,
    /// Free space.
    pub space: bool,
    /// Metadata in forms.
    pub forms: bool,
    /// Searching there, and what it can be narrowed by.
    pub search: Option<Vec<SearchFilter>>,
    /// What its listings tell beside name, size and time: a key and a title for each.
    pub columns: Vec<(&'static str, Said)>,
}

impl Abilities {
    fn of(connector: &dyn Connector) -> Self {
        let afterwards = connector.delete().map(Delete::afterwards);
        Self {
            read: connector.read().is_some(),
            write: connector.write().is_some(),
            create_folder: connector.create_folder().is_some(),
            rename: connector.rename().is_some(),
            remove: connector.delete().is_some(),
            marks: afterwards == Some(Afterwards::Marked),
            kept: match afterwards {
                Some(Afterwards::Kept(words)) => Some(words.said()),
                _ => None,
            },
            server_copy: connector.server_copy().is_some(),
            versions: connector.versions().is_some(),
            removes_versions: connector.versions().is_some_and(waybill_connector::Versions::removes_versions),
            metadata: connector.metadata().is_some(),
            links: connector.links().is_some(),
            unfinished: connector.unfinished_uploads().is_some(),
            records: connector.records().is_some(),
            space: connector.space().is_some(),
            forms: connector.attributes().is_some(),
            search: connector.search().map(waybill_connector::Search::filters),
            columns: connector.descriptor().columns.iter().map(|one| (one.key, one.title.said())).collect(),
        }
    }
}

impl Desk {
    /// What one may do on a connection. Asks no remote.
    pub async fn abilities(&self, connection: ConnectionId) -> Result<Abilities, DeskError> {
        Ok(Abilities::of(&*self.opened(connection).await?.connector))
    }
}
