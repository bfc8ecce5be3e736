//! What is left of the account's quota.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Result, Space, SpaceReport};
use waybill_model::RemotePath;

use crate::{connector::File360Connector, wire::WireUser};

#[async_trait]
impl Space for File360Connector {
    async fn space(&self, _folder: &RemotePath) -> Result<SpaceReport> {
        let me: WireUser = self.read_json("space", self.url(&["self"], &[])).await?;
        match (me.disk_space_quota, me.disk_space_used) {
            (Some(total), Some(used)) => Ok(SpaceReport { free: total.saturating_sub(used), total }),
            _ => {
                Err(ConnectorError::unsupported("space", "this account has no quota, so the server tells of no limit"))
            }
        }
    }
}
