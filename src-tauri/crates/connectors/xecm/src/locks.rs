//! Reserving documents.

use async_trait::async_trait;
use http::Method;
use serde_json::{Value, json};
use waybill_connector::{ConnectorError, FileLock, Locks, Result, TAKEN_BY};
use waybill_model::{FailureKind, RemotePath, Retry};

use crate::{connector::XecmConnector, wire::Node};

#[async_trait]
impl Locks for XecmConnector {
    async fn lock_of(&self, path: &RemotePath) -> Result<Option<FileLock>> {
        let node = self.must("lock_of", path).await?;
        self.reservation("lock_of", &node).await
    }

    async fn lock(&self, path: &RemotePath) -> Result<FileLock> {
        let node = self.must("lock", path).await?;
        let me = self.me("lock").await?.id;
        self.reserved("lock", path, &node, json!(me)).await?;
        let now = self.must("lock", path).await?;
        match self.reservation("lock", &now).await? {
            Some(lock) if lock.mine => Ok(lock),
            Some(lock) => Err(taken("lock", lock.by).at(path)),
            None => {
                let why = "the server took the reservation, and nobody has it";
                Err(ConnectorError::new(FailureKind::Vendor, "lock", why).at(path))
            }
        }
    }

    async fn unlock(&self, path: &RemotePath) -> Result<()> {
        let node = self.must("unlock", path).await?;
        if node.reserved.is_none() {
            return Ok(());
        }
        self.reserved("unlock", path, &node, Value::Null).await
    }
}

impl XecmConnector {
    async fn reservation(&self, operation: &'static str, node: &Node) -> Result<Option<FileLock>> {
        let Some((id, name)) = node.reserved.clone() else { return Ok(None) };
        let by = match name {
            Some(name) => name,
            None => self.name_of_member(operation, id).await?,
        };
        let mine = self.me(operation).await?.id == id;
        Ok(Some(FileLock { by, mine, since: node.reserved_since, expires: None }))
    }

    /// Refuses what somebody else has reserved. An administrator would be let in.
    pub(crate) async fn demand_unreserved(&self, operation: &'static str, node: &Node) -> Result<()> {
        match self.reservation(operation, node).await? {
            Some(lock) if !lock.mine => Err(taken(operation, lock.by)),
            _ => Ok(()),
        }
    }

    /// Takes or gives back, unless somebody else has it.
    async fn reserved(&self, operation: &'static str, path: &RemotePath, node: &Node, by: Value) -> Result<()> {
        match self.reservation(operation, node).await? {
            Some(lock) if !lock.mine => return Err(taken(operation, lock.by).at(path)),
            Some(_) if !by.is_null() => return Ok(()),
            _ => {}
        }
        let body = json!({ "reserved_user_id": by });
        match self.act(operation, Method::PUT, &self.addresses.node(node.id), &body).await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.why_not(operation, node, error).await.at(path)),
        }
    }
}

fn taken(operation: &'static str, by: String) -> ConnectorError {
    let error = ConnectorError::new(FailureKind::Locked, operation, format!("{by} has reserved it"));
    error.retry(Retry::Never).with(TAKEN_BY, by)
}
