//! Earlier versions. Canto's interface cannot set one current or remove one: an earlier one is put up again.

use std::sync::PoisonError;

use async_trait::async_trait;
use waybill_connector::{ConnectorError, ObjectVersion, Result, Versions};
use waybill_model::{FailureKind, Receipt, RemotePath};

use crate::{connector::CantoConnector, files::Located, read::whole_of, wire::VersionRow};

/// Versions whose sizes are remembered.
const REMEMBERED: usize = 4096;

impl CantoConnector {
    /// Bytes of a version. The history does not tell; an answer to a range of one byte does.
    async fn size_of(&self, found: &Located, row: &VersionRow) -> Result<u64> {
        let key = format!("{}/{}", found.item.id, row.version_id);
        let known = self.sizes.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let answer = match self.give("versions", found, Some(&row.version_id), Some(&(0..1))).await {
            // Not even one byte is there.
            Err(error) if error.kind == FailureKind::Truncated => None,
            other => Some(other?),
        };
        let size = match answer {
            None => 0,
            Some(answer) => whole_of(&answer).ok_or_else(|| {
                let why = "the delivery does not say how long a version is";
                ConnectorError::new(FailureKind::Vendor, "versions", why)
            })?,
        };
        let mut sizes = self.sizes.lock().unwrap_or_else(PoisonError::into_inner);
        if sizes.len() >= REMEMBERED {
            sizes.clear();
        }
        sizes.insert(key, size);
        Ok(size)
    }
}

#[async_trait]
impl Versions for CantoConnector {
    async fn versions(&self, path: &RemotePath) -> Result<Vec<ObjectVersion>> {
        let (found, asset) = self.asset("versions", path).await?;
        let mut rows: Vec<&VersionRow> = asset.version_history.iter().collect();
        rows.sort_by_key(|row| std::cmp::Reverse((row.number(), row.at())));
        let mut versions = Vec::with_capacity(rows.len());
        for row in rows {
            let size = match asset.size().filter(|_| row.current_version) {
                Some(size) => size,
                None => self.size_of(&found, row).await.map_err(|error| error.at(path))?,
            };
            versions.push(ObjectVersion {
                id: row.version_id.clone(),
                number: Some(row.number()).filter(|number| *number > 0),
                size,
                modified: row.at(),
                latest: row.current_version,
                deleted: false,
            });
        }
        Ok(versions)
    }

    async fn restore(&self, path: &RemotePath, id: &str) -> Result<Receipt> {
        let _turn = self.turns.of(path.as_str()).await;
        let (found, asset) = self.asset("restore", path).await?;
        let row = asset.version_history.iter().find(|row| row.version_id == id).ok_or_else(|| {
            ConnectorError::new(FailureKind::NotFound, "restore", format!("{path} has no such version")).at(path)
        })?;
        let size = self.size_of(&found, row).await.map_err(|error| error.at(path))?;
        let bytes = self.give("restore", &found, Some(id), None).await.map_err(|error| error.at(path))?;
        self.add_version(&found, bytes.stream(), size).await.map_err(|error| error.at(path))
    }

    fn removes_versions(&self) -> bool {
        false
    }

    async fn delete_version(&self, path: &RemotePath, _id: &str) -> Result<()> {
        let why = "Canto's interface removes no single version; a person can, in Canto itself";
        Err(ConnectorError::unsupported("delete_version", why).at(path))
    }
}
