//! What Canto says that its bytes hash to: the MD5 that it made of what it stored.

use async_trait::async_trait;
use waybill_connector::{Checksums, Result, Vouched};
use waybill_model::RemotePath;

use crate::connector::CantoConnector;

#[async_trait]
impl Checksums for CantoConnector {
    async fn vouched(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Vouched>> {
        let (_, asset) = self.asset("vouched", path).await?;
        // Only the current version has one.
        let is_current = version.is_none_or(|version| asset.mark().as_deref() == Some(version));
        Ok(asset.md5().filter(|_| is_current).map(Vouched::Md5))
    }
}
