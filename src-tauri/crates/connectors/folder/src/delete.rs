//! Removing. A link is removed itself, never what it leads to.

use async_trait::async_trait;
use waybill_connector::{Delete, EntryKind, Result};
use waybill_model::RemotePath;

use crate::{connector::Folder, tree::Names};

#[async_trait]
impl Delete for Folder {
    async fn delete(&self, path: &RemotePath) -> Result<()> {
        let wanted = path.clone();
        self.blocking("delete", path, move |place| {
            let names = Names::of(&wanted)?;
            let (above, name) = names.split()?;
            let removed = place.tree.folder(&above).and_then(|dir| match dir.stat(name)? {
                None => Ok(()),
                Some(meta) if meta.kind == EntryKind::Folder => dir.remove_dir(name),
                Some(_) => dir.remove_file(name),
            });
            match removed {
                Err(fault) if fault.is_not_found() => Ok(()),
                other => other,
            }
        })
        .await
    }
}
