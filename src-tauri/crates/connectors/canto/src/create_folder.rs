//! Making folders: an album where nothing more is known, since only albums hold files; folders above it.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, CreateFolder, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{connector::CantoConnector, files::Target, places::Part};

#[async_trait]
impl CreateFolder for CantoConnector {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        match self.target("create_folder", path).await? {
            Target::Folder(_) => Ok(()),
            Target::File(_) => {
                let why = format!("a file is at {path}");
                Err(ConnectorError::new(FailureKind::AlreadyExists, "create_folder", why).at(path))
            }
            Target::Nothing => self.ensure("create_folder", path, Part::Any).await.map(drop).map_err(|e| e.at(path)),
        }
    }
}
