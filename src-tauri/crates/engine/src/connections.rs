//! Where the engine gets its connectors from.

use std::sync::Arc;

use async_trait::async_trait;
use waybill_connector::{Connector, ConnectorError};
use waybill_model::{AttentionId, ConnectionId, FailureKind, Millis};
use waybill_store::{AttentionKind, AttentionRow};

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

/// The question that an error of a connection stands for: its server's key, or its secret.
pub fn question_about(id: ConnectionId, error: &ConnectorError, raised_at: Millis) -> AttentionRow {
    let kind = match error.kind {
        FailureKind::HostKeyUnknown => AttentionKind::HostKeyUnknown,
        FailureKind::HostKeyChanged => AttentionKind::HostKeyChanged,
        _ => AttentionKind::Unauthenticated,
    };
    let told = error.context.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into()));
    let facts = told.chain([("message".to_owned(), error.to_string().into())]).collect();
    AttentionRow { id: AttentionId::fresh(), kind, connection: Some(id), transfer: None, run: None, facts, raised_at }
}
