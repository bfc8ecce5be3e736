//! Earlier versions, and the checksums that the server keeps of each.

use async_trait::async_trait;
use waybill_connector::{Checksums, ConnectorError, ObjectVersion, Result, Versions, Vouched};
use waybill_model::{FailureKind, Receipt, RemotePath};

use crate::{
    answers::is_lost,
    connector::File360Connector,
    wire::{WireFile, WireVersion, md5_of},
};

impl File360Connector {
    /// All versions of a file, the newest first.
    pub(crate) async fn versions_of(&self, operation: &'static str, file: &str) -> Result<Vec<WireVersion>> {
        let mut all: Vec<WireVersion> = self.read_all(operation, &self.url(&["files", file, "versions"], &[])).await?;
        // Inferred: in which order they come.
        all.sort_by_key(|version| std::cmp::Reverse(version.version_number));
        Ok(all)
    }

    /// One version by its mark, or by the server's id of it.
    pub(crate) async fn version(
        &self,
        operation: &'static str,
        file: &str,
        wanted: &str,
    ) -> Result<Option<WireVersion>> {
        let all = self.versions_of(operation, file).await?;
        Ok(all.into_iter().find(|version| version.mark().as_deref() == Some(wanted) || version.id == wanted))
    }

    async fn version_at(
        &self,
        operation: &'static str,
        path: &RemotePath,
        id: &str,
    ) -> Result<(WireFile, WireVersion)> {
        let file = self.file_at(operation, path).await?;
        let version = self.version(operation, &file.id, id).await?.ok_or_else(|| {
            ConnectorError::new(FailureKind::NotFound, operation, "the file has no such version").at(path)
        })?;
        Ok((file, version))
    }
}

#[async_trait]
impl Versions for File360Connector {
    async fn versions(&self, path: &RemotePath) -> Result<Vec<ObjectVersion>> {
        let file = self.file_at("versions", path).await?;
        let all = self.versions_of("versions", &file.id).await?;
        let row = |(place, version): (usize, WireVersion)| {
            let date = version.modification.as_ref().and_then(|stamp| stamp.date.as_deref());
            ObjectVersion {
                id: version.mark().unwrap_or_else(|| version.id.clone()),
                number: version.version_number.and_then(|number| u64::try_from(number).ok()),
                size: version.length,
                modified: date.and_then(|date| self.config.dates.read(date)),
                latest: place == 0,
                deleted: false,
            }
        };
        Ok(all.into_iter().enumerate().map(row).collect())
    }

    async fn restore(&self, path: &RemotePath, id: &str) -> Result<Receipt> {
        let (file, version) = self.version_at("restore", path, id).await?;
        let digest = md5_of(version.md5.as_deref());
        if version.version_number == file.version_number {
            return Ok(self.receipt(&file, &file.name, digest));
        }
        let url = self.url(&["file_versions", &version.id, "current"], &[]);
        let restored = match self.post_nothing::<WireFile>("restore", url).await {
            Err(error) if is_lost(&error) => {
                let now = self.file_at("restore", path).await;
                let is_done = |now: &WireFile| now.version_number > file.version_number && now.md5 == version.md5;
                now.ok().filter(is_done).ok_or(error)
            }
            other => other,
        };
        restored.map(|now| self.receipt(&now, &file.name, digest)).map_err(|error| error.at(path))
    }

    async fn delete_version(&self, path: &RemotePath, id: &str) -> Result<()> {
        let file = self.file_at("delete_version", path).await?;
        let Some(version) = self.version("delete_version", &file.id, id).await? else { return Ok(()) };
        let url = self.url(&["file_versions", &version.id], &[]);
        self.remove("delete_version", url).await.map(drop).map_err(|error| error.at(path))
    }
}

#[async_trait]
impl Checksums for File360Connector {
    async fn vouched(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Vouched>> {
        let file = self.file_at("vouched", path).await?;
        if !self.refuses_wrong_md5 {
            return Ok(None);
        }
        let md5 = match version {
            Some(wanted) if file.mark().as_deref() != Some(wanted) => {
                let (_, version) = self.version_at("vouched", path, wanted).await?;
                md5_of(version.md5.as_deref())
            }
            _ => file.md5(),
        };
        Ok(md5.map(Vouched::Md5))
    }
}
