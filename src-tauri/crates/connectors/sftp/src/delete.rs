//! Removing files and empty folders.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Delete, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::SftpConnector, names};

#[async_trait]
impl Delete for SftpConnector {
    async fn delete(&self, path: &RemotePath) -> Result<()> {
        let target = names::spelled("delete", path)?;
        let session = self.sessions.get().await?;
        let fault = match session.call(session.raw().remove(target)).await {
            Ok(_) => return Ok(()),
            Err(fault) if fault.is_missing() => return Ok(()),
            Err(fault) if fault.ends_the_session() => return Err(fault.at("delete", path)),
            Err(fault) => fault,
        };
        match session.lstat(target).await {
            Ok(None) => return Ok(()),
            Ok(Some(found)) if found.file_type().is_dir() => {}
            _ => return Err(fault.at("delete", path)),
        }
        match session.call(session.raw().rmdir(target)).await {
            Ok(_) => Ok(()),
            Err(fault) if fault.is_missing() => Ok(()),
            Err(fault) if fault.is_vague() => {
                Err(ConnectorError::new(FailureKind::Invalid, "delete", "the folder is not empty").at(path))
            }
            Err(fault) => Err(fault.at("delete", path)),
        }
    }
}
