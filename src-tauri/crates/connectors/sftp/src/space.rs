//! Free space, where the server tells it.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Result, Space, SpaceReport};
use waybill_model::RemotePath;

use crate::{connector::SftpConnector, names};

#[async_trait]
impl Space for SftpConnector {
    async fn space(&self, folder: &RemotePath) -> Result<SpaceReport> {
        names::spelled("space", folder)?;
        let session = self.sessions.get().await?;
        if !session.features.statvfs {
            return Err(ConnectorError::unsupported("space", "the server does not tell its free space").at(folder));
        }
        let mut folder = folder.clone();
        loop {
            match session.call(session.raw().statvfs(folder.as_str())).await {
                Ok(told) => {
                    let block = if told.fragment_size == 0 { told.block_size } else { told.fragment_size };
                    return Ok(SpaceReport {
                        free: told.blocks_avail.saturating_mul(block),
                        total: told.blocks.saturating_mul(block),
                    });
                }
                // A folder that is still to be made lies where the one above lies.
                Err(fault) if fault.is_missing() => match folder.parent() {
                    Some(above) => folder = above,
                    None => return Err(fault.at("space", &folder)),
                },
                Err(fault) => return Err(fault.at("space", &folder)),
            }
        }
    }
}
