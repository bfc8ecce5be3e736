//! A folder is an empty object whose key ends in `/`; most folders are only what keys have in common.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, CreateFolder, EntryKind, List as _, Result};
use waybill_model::{FailureKind, RemotePath, Sha256};

use crate::{connector::S3, location::Spot, requests::PutRequest};

#[async_trait]
impl CreateFolder for S3 {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        let Some(there) = self.stat(path).await? else {
            return match self.requests.config.resolve("create_folder", path)? {
                Spot::Top(at) => Err(no_bucket_made(&at.bucket).at(path)),
                _ => self.put_marker(path).await,
            };
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
        // A folder's marker is a key like others: the same limits hold.
        let at = self.file("create_folder", &path.join(""))?;
        let request = PutRequest {
            sha256: self.facts.sends_checksums().then(Sha256::of_nothing),
            ..PutRequest::of("create_folder", &at)
        };
        self.requests.put(&request).await.map(drop).map_err(|error| error.at(path))
    }
}

fn no_bucket_made(bucket: &str) -> ConnectorError {
    let message = format!(
        "there is no bucket `{bucket}`, and none is made from here; its owner creates it with the account's own tools"
    );
    ConnectorError::new(FailureKind::Invalid, "create_folder", message)
}
