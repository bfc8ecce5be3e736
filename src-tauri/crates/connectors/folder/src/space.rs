//! Free space, by `statvfs`. Other systems than Unix have no such call in the standard library, and tell nothing.

use async_trait::async_trait;
use waybill_connector::{ConnectorError, Result, Space, SpaceReport};
use waybill_model::RemotePath;

use crate::{
    connector::{Folder, Place},
    fault::Fault,
    tree::Names,
};

#[async_trait]
impl Space for Folder {
    async fn space(&self, folder: &RemotePath) -> Result<SpaceReport> {
        let path = folder.clone();
        let (free, total) = self.asking("space", folder, move |place| space(place, &Names::of(&path)?)).await?;
        if total == 0 {
            let message = "the file system does not say how much room it has";
            return Err(ConnectorError::unsupported("space", message).at(folder));
        }
        Ok(SpaceReport { free: free.min(total), total })
    }
}

/// The space where `names` would be made: that of the nearest folder above that is there.
fn space(place: &Place, names: &Names) -> std::result::Result<(u64, u64), Fault> {
    let mut names = names.clone();
    loop {
        match place.tree.folder(&names) {
            Err(fault) if fault.is_not_found() && names.0.pop().is_some() => {}
            other => return other?.space(),
        }
    }
}
