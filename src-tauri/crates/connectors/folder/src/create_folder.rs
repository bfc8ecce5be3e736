//! Making folders.

use async_trait::async_trait;
use waybill_connector::{CreateFolder, Result};
use waybill_model::RemotePath;

use crate::{connector::Folder, fault::Fault, tree::Names};

#[async_trait]
impl CreateFolder for Folder {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        let wanted = path.clone();
        self.blocking("create_folder", path, move |place| {
            let names = Names::of(&wanted)?;
            match place.tree.make_folder(&names) {
                // What stands in the way may have the folder's own name, or that of one above it.
                Err(Fault::NotAFolder) if place.tree.stat(&names)?.is_some() => Err(Fault::Exists),
                other => other.map(drop),
            }
        })
        .await
    }
}
