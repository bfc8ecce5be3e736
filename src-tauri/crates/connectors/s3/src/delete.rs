//! Removing. In a bucket that keeps versions the bytes stay behind a mark that says *deleted*.

use async_trait::async_trait;
use waybill_connector::{Afterwards, Connector as _, ConnectorError, Delete, Result};
use waybill_model::{FailureKind, RemotePath};

use crate::{
    connector::S3,
    location::{Location, Spot},
};

#[async_trait]
impl Delete for S3 {
    fn afterwards(&self) -> Afterwards {
        if self.versions().is_some() { Afterwards::Marked } else { Afterwards::Gone }
    }

    async fn delete(&self, path: &RemotePath) -> Result<()> {
        if let Spot::Top(at) = self.requests.config.resolve("delete", path)?
            && !path.is_root()
        {
            let message = format!(
                "the bucket `{}` is not deleted from here; its owner removes it with the tools it was made with",
                at.bucket
            );
            return Err(ConnectorError::unsupported("delete", message).at(path));
        }
        let at = self.file("delete", path)?;
        let there = match self.requests.head("delete", &at, None, false).await {
            Ok(head) => head.is_some(),
            // Who may delete but not look deletes all the same.
            Err(error) if error.kind == FailureKind::Denied => true,
            Err(error) => return Err(error.at(path)),
        };
        if there {
            return self.remove(path, &at, None).await;
        }
        self.delete_folder(path).await
    }
}

impl S3 {
    /// A folder is a marker, if anything at all.
    async fn delete_folder(&self, path: &RemotePath) -> Result<()> {
        let marker = self.folder("delete", path)?;
        let keys = self.first_keys("delete", path, 2).await?;
        if keys.iter().any(|key| *key != marker.key) {
            let message = "the folder is not empty; delete what is in it first";
            return Err(ConnectorError::new(FailureKind::Invalid, "delete", message).at(path));
        }
        if keys.is_empty() { Ok(()) } else { self.remove(path, &marker, None).await }
    }

    /// Deletes an object or one version of it. S3 calls a lock *access denied*, as it does a missing right: the lock is looked up.
    pub(crate) async fn remove(&self, path: &RemotePath, at: &Location, version: Option<&str>) -> Result<()> {
        match self.requests.delete(at, version, None).await {
            Err(error) if matches!(error.kind, FailureKind::Denied | FailureKind::Invalid) => {
                Err(self.held_or(error, at, version).await.at(path))
            }
            answer => answer.map_err(|error| error.at(path)),
        }
    }

    /// `Held` with its reason where a lock stands on that version, else the error as it was.
    pub(crate) async fn held_or(&self, error: ConnectorError, at: &Location, version: Option<&str>) -> ConnectorError {
        if !self.offers(self.facts.object_lock) {
            return error;
        }
        let Some(reason) = self.lock_on(at, version).await else { return error };
        let message = format!("it cannot be deleted or changed: {reason}");
        ConnectorError::new(FailureKind::Held, error.operation, message)
            .code(error.code.clone().unwrap_or_default())
            .caused_by(error)
    }
}
