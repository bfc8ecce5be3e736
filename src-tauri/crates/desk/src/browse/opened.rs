//! The connections that whoever browses has opened: kept, so that each look does not sign in anew.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use waybill_connector::ConnectorError;
use waybill_engine::{Connections as _, OpenConnection};
use waybill_model::ConnectionId;

use crate::{Desk, DeskError};

/// So many are kept; the one that was not used for longest goes.
const KEPT: usize = 8;

/// Opened connections, the last used first.
#[derive(Debug, Default)]
pub(crate) struct Opened(Mutex<VecDeque<OpenConnection>>);

impl Opened {
    /// The one with this id, if it still is what the store says.
    fn find(&self, id: ConnectionId, revision: u64) -> Option<OpenConnection> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|open| open.id == id)?;
        let found = kept.remove(place).filter(|open| open.revision == revision)?;
        kept.push_front(found.clone());
        Some(found)
    }

    fn keep(&self, open: OpenConnection) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|other| other.id != open.id);
        kept.push_front(open);
        kept.truncate(KEPT);
    }

    /// Opens it anew the next time.
    pub(crate) fn forget(&self, id: ConnectionId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|open| open.id != id);
    }
}

impl Desk {
    /// A connection to look into and to act on, with the sessions of the look before. It is opened anew where its
    /// settings, its secrets or what was learned of it have changed.
    pub(crate) async fn opened(&self, id: ConnectionId) -> Result<OpenConnection, DeskError> {
        if id.is_local() {
            return Ok(self.inner.opener.open(id).await?);
        }
        let row = self.inner.store.connection(id).await?;
        let found = if row.removed_at.is_none() { self.inner.opened.find(id, row.revision) } else { None };
        if let Some(open) = found {
            return Ok(open);
        }
        let open = self.inner.opener.open_row(row).await?;
        self.inner.opened.keep(open.clone());
        Ok(open)
    }
}

/// What is wished for is no ability of that connection.
pub(super) fn lacking(open: &OpenConnection, operation: &'static str, what: &str) -> DeskError {
    ConnectorError::unsupported(operation, format!("{} {what}", open.name)).into()
}
