//! Renaming and moving on the server.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Rename, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::SftpConnector, names, write::checked_target};

#[async_trait]
impl Rename for SftpConnector {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let source = names::spelled("rename", from)?;
        let target = checked_target("rename", to)?;
        let session = self.sessions.get().await?;
        match session.lstat(source).await {
            Ok(Some(_)) => {}
            Ok(None) => {
                return Err(
                    ConnectorError::new(FailureKind::NotFound, "rename", "nothing is there on the server").at(from)
                );
            }
            // A server may allow the rename and not the look.
            Err(fault) if !fault.ends_the_session() => {}
            Err(fault) => return Err(fault.at("rename", from)),
        }
        match self.settle("rename", &session, source, target, to, replace).await {
            Err(error) if error.kind == FailureKind::NotFound => {
                let Some(folder) = to.parent() else { return Err(error) };
                crate::create_folder::make_all(&session, &folder, "rename").await?;
                self.settle("rename", &session, source, target, to, replace).await.map(drop)
            }
            answer => answer.map(drop),
        }
    }
}
