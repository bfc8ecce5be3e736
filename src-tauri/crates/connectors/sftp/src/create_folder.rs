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

/// How often a folder is tried again because somebody else made the one above it in between.
const AGAIN: u32 = 8;

/// Makes `folder` and what is missing above it. Others may make the same folders meanwhile.
pub(crate) async fn make_all(session: &Session, folder: &RemotePath, operation: &'static str) -> Result<()> {
    let mut missing = vec![folder.clone()];
    let mut again = 0;
    while let Some(next) = missing.last() {
        if next.is_root() {
            missing.pop();
            continue;
        }
        match session.call(session.raw().mkdir(next.as_str(), FileAttributes::empty())).await {
            Ok(_) => drop(missing.pop()),
            Err(fault) if fault.is_missing() && next.parent().is_some_and(|above| !above.is_root()) => {
                let above = next.parent().unwrap_or_else(RemotePath::root);
                match session.stat(above.as_str()).await.ok().flatten() {
                    // The parent comes first.
                    None if missing.len() <= next.as_str().len() => missing.push(above),
                    // Somebody made it since.
                    Some(found) if found.file_type().is_dir() && again < AGAIN => again += 1,
                    // One that is there and still reported missing is a file or a dead link.
                    _ => {
                        return Err(in_the_way(session, &above, operation)
                            .await
                            .unwrap_or_else(|| fault.at(operation, next)));
                    }
                }
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
