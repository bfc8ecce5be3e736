//! A folder is an empty object whose key ends in `/`; most folders are only what keys have in common.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, CreateFolder, EntryKind, List as _, Result};
use waybill_model::{FailureKind, RemotePath, Sha256};

use crate::{connector::S3, requests::PutRequest};

#[async_trait]
impl CreateFolder for S3 {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        let Some(there) = self.stat(path).await? else {
            return self.put_marker(path).await;
        };
        if there.kind == EntryKind::Folder {
            return Ok(());
        }
        let message = "a file has that name";
        Err(ConnectorError::new(FailureKind::AlreadyExists, "create_folder", message).at(path))
    }
}

impl S3 {
    async fn put_marker(&self, path: &RemotePath) -> Result<()> {
        drop(self.file_key("create_folder", &path.join(""))?);
        let key = self.requests.config.folder_prefix(path);
        let request = PutRequest {
            operation: "create_folder",
            key: &key,
            sha256: self.facts.sends_checksums().then(Sha256::of_nothing),
            ..Default::default()
        };
        self.requests.put(&request).await.map(drop).map_err(|error| error.at(path))
    }
}
