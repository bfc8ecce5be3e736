//! Making folders, with those above them.

use async_trait::async_trait;
use russh_sftp::protocol::FileAttributes;
use waybill_connector::{ConnectorError, CreateFolder, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::SftpConnector, names, session::Session};

#[async_trait]
impl CreateFolder for SftpConnector {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        names::spelled("create_folder", path)?;
        let session = self.sessions.get().await?;
        make_all(&session, path, "create_folder").await
    }
}

/// Makes `folder` and what is missing above it. Others may make the same folders meanwhile.
pub(crate) async fn make_all(session: &Session, folder: &RemotePath, operation: &'static str) -> Result<()> {
    let mut missing = vec![folder.clone()];
    while let Some(next) = missing.last() {
        if next.is_root() {
            missing.pop();
            continue;
        }
        match session.call(session.raw().mkdir(next.as_str(), FileAttributes::empty())).await {
            Ok(_) => drop(missing.pop()),
            Err(fault) if fault.is_missing() && next.parent().is_some_and(|above| !above.is_root()) => {
                // The parent comes first; one that is there and still reported missing is a file or a dead link.
                let above = next.parent().unwrap_or_else(RemotePath::root);
                if missing.len() > next.as_str().len() || session.stat(above.as_str()).await.ok().flatten().is_some() {
                    return Err(in_the_way(session, &above, operation)
                        .await
                        .unwrap_or_else(|| fault.at(operation, next)));
                }
                missing.push(above);
            }
            // It is there, or nobody may look: `stat` tells, whatever the server calls it.
            Err(fault) => match session.stat(next.as_str()).await {
                Ok(Some(found)) if found.file_type().is_dir() => drop(missing.pop()),
                Ok(Some(_)) => {
                    return Err(ConnectorError::new(
                        FailureKind::AlreadyExists,
                        operation,
                        "a file has the name of that folder",
                    )
                    .at(next));
                }
                _ => return Err(fault.at(operation, next)),
            },
        }
    }
    Ok(())
}

async fn in_the_way(session: &Session, above: &RemotePath, operation: &'static str) -> Option<ConnectorError> {
    let found = session.stat(above.as_str()).await.ok().flatten()?;
    (!found.file_type().is_dir()).then(|| {
        ConnectorError::new(FailureKind::AlreadyExists, operation, "a file has the name of that folder").at(above)
    })
}
