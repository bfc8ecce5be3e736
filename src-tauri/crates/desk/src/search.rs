//! Searching on a remote.

use waybill_connector::{ConnectorError, Page, PageRequest, SearchQuery};
use waybill_model::{ConnectionId, FailureKind};

use crate::{Desk, DeskError};

/// Entries of one answer.
const MOST: u32 = 200;

impl Desk {
    /// One page of what the remote finds, the best first.
    pub async fn search_remote(
        &self,
        connection: ConnectionId,
        query: &SearchQuery,
        cursor: Option<String>,
    ) -> Result<Page, DeskError> {
        let open = self.opened(connection).await?;
        let none = || ConnectorError::new(FailureKind::Unsupported, "search", "this connection cannot be searched");
        let search = open.connector.search().ok_or_else(none)?;
        Ok(search.search(query, PageRequest { cursor, limit: MOST }).await?)
    }
}
