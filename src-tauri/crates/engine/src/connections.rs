//! Where the engine gets its connectors from.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_connector::{Connector, ConnectorError};
use waybill_model::ConnectionId;

/// An opened connection with the caps that its settings name.
#[derive(Debug, Clone)]
pub struct OpenConnection {
    /// Its id.
    pub id: ConnectionId,
    /// What people call it.
    pub name: String,
    /// The connector.
    pub connector: Arc<dyn Connector>,
    /// Files at once; the connector's own liking where `None`.
    pub parallel: Option<u32>,
    /// Bytes a second over all its transfers; unlimited where `None`.
    pub bandwidth: Option<u64>,
    /// Changes whenever settings, secrets or what was learned change; an engine opens the connection anew then.
    pub revision: u64,
}

/// Opens connections by their id. The desk does it from the store and the vault, tests from what they made.
#[async_trait]
pub trait Connections: Send + Sync + std::fmt::Debug {
    /// Opens a connection; no I/O with the remote.
    async fn open(&self, id: ConnectionId) -> Result<OpenConnection, ConnectorError>;

    /// The revision that [`Self::open`] would answer now.
    async fn revision(&self, id: ConnectionId) -> Result<u64, ConnectorError>;
}
