//! What one may do on a connection, from the abilities that its connector hands out.

use waybill_connector::{Ability, Afterwards, Connector, Delete, Said, SearchFilter};
use waybill_model::ConnectionId;

use crate::{Desk, DeskError};

/// What one may do on a connection. It is an excerpt for whoever draws buttons; the acts themselves ask the connector.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abilities {
    handed_out: Vec<Ability>,
    /// Whether what is removed is marked as deleted, and its versions stay.
    pub marks: bool,
    /// Where the remote keeps what is removed, in its connector's words; none where it is gone or marked.
    pub kept: Option<Said>,
    /// Whether single versions can be removed.
    pub removes_versions: bool,
    /// Searching there, and what it can be narrowed by.
    pub search: Option<Vec<SearchFilter>>,
    /// What its listings tell beside name, size and time: a key and a title for each.
    pub columns: Vec<(&'static str, Said)>,
}

impl Abilities {
    /// Whether it is there.
    pub fn has(&self, ability: Ability) -> bool {
        self.handed_out.contains(&ability)
    }

    fn of(connector: &dyn Connector) -> Self {
        let afterwards = connector.delete().map(Delete::afterwards);
        Self {
            handed_out: Ability::of(connector),
            marks: afterwards == Some(Afterwards::Marked),
            kept: match afterwards {
                Some(Afterwards::Kept(words)) => Some(words.said()),
                _ => None,
            },
            removes_versions: connector.versions().is_some_and(waybill_connector::Versions::removes_versions),
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
