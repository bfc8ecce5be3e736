//! Temporary files that a crash left behind.

use std::ffi::OsString;

use async_trait::async_trait;
use waybill_connector::{EntryKind, Result, UnfinishedUpload, UnfinishedUploads};
use waybill_model::RemotePath;

use crate::{
    connector::{Folder, Place},
    fault::Fault,
    staging,
    tree::Names,
};

#[async_trait]
impl UnfinishedUploads for Folder {
    async fn unfinished(&self, folder: &RemotePath) -> Result<Vec<UnfinishedUpload>> {
        let top = folder.clone();
        self.blocking("unfinished", folder, move |place| find(place, top)).await
    }

    /// The id is the temporary file's own path.
    async fn abort_unfinished(&self, upload: &UnfinishedUpload) -> Result<()> {
        let id = RemotePath::new(upload.id.clone());
        self.blocking("abort_unfinished", &upload.path, move |place| {
            let names = Names::of(&id)?;
            let (above, name) = names.split()?;
            if !name.to_str().is_some_and(staging::is_staging) {
                return Err(Fault::Invalid("that is no unfinished upload".to_owned()));
            }
            match place.tree.folder(&above).and_then(|dir| dir.remove_file(name)) {
                Err(fault) if fault.is_not_found() => Ok(()),
                other => other,
            }
        })
        .await
    }
}

/// Walks the folders below `top`, not through links. A folder that may not be read is passed over.
fn find(place: &Place, top: RemotePath) -> std::result::Result<Vec<UnfinishedUpload>, Fault> {
    let (mut found, mut folders, mut first) = (Vec::new(), vec![top], true);
    while let Some(folder) = folders.pop() {
        let dir = place.tree.folder(&Names::of(&folder)?);
        let names = match dir.and_then(|dir| Ok((dir.names()?, dir))) {
            Ok(names) => names,
            Err(fault) if first => return Err(fault),
            Err(_) => continue,
        };
        first = false;
        let (names, dir) = names;
        for name in names.iter().filter_map(|name: &OsString| name.to_str()) {
            if let Some((target, started)) = staging::target_of(name) {
                let id = folder.join(name).as_str().to_owned();
                found.push(UnfinishedUpload { path: folder.join(target), id, started });
            } else if dir.stat(name.as_ref()).is_ok_and(|meta| meta.is_some_and(|m| m.kind == EntryKind::Folder)) {
                folders.push(folder.join(name));
            }
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}
