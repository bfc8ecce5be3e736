//! Renaming and moving. Between two disks below one root the bytes are copied, and the source goes only once they are
//! on the disk under their final name.

use async_trait::async_trait;
use waybill_connector::{Rename, Result, WriteOptions};
use waybill_model::RemotePath;

use crate::{
    connector::{Folder, Place},
    fault::Fault,
    staging::{Staged, is_free_for, rename_to_new},
    tree::{Dir, Names},
};

/// Bytes copied at once.
const PIECE: usize = 1 << 20;

#[async_trait]
impl Rename for Folder {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let (source, target) = (from.clone(), to.clone());
        self.blocking("rename", from, move |place| rename(place, &Names::of(&source)?, &Names::of(&target)?, replace))
            .await
    }
}

fn rename(place: &Place, from: &Names, to: &Names, replace: bool) -> std::result::Result<(), Fault> {
    let (from_above, from_name) = from.split()?;
    let (to_above, to_name) = to.split()?;
    let from_dir = place.tree.folder(&from_above)?;
    if from_dir.stat(from_name)?.is_none() {
        return Err(Fault::Io(std::io::ErrorKind::NotFound.into()));
    }
    let to_dir = place.tree.make_folder(&to_above)?;
    is_free_for(to_dir.stat(to_name)?, replace)?;
    let renamed = if replace {
        from_dir.replace(from_name, &to_dir, to_name)
    } else {
        rename_to_new(&from_dir, from_name, &to_dir, to_name).map(drop)
    };
    match renamed {
        Err(fault) if fault.is_io(std::io::ErrorKind::CrossesDevices) => {
            copy(place, from, &to_above, &to_dir, to_name, replace)?;
            from_dir.remove_file(from_name)?;
        }
        other => other?,
    }
    place.sync.sync(&to_above, &to_dir)?;
    if from_above != to_above {
        place.sync.sync(&from_above, &from_dir)?;
    }
    Ok(())
}

fn copy(
    place: &Place,
    from: &Names,
    above: &Names,
    dir: &Dir,
    name: &std::ffi::OsStr,
    replace: bool,
) -> std::result::Result<(), Fault> {
    let (source, meta) = place.tree.open_file(from)?;
    let staged = Staged::create(dir, name)?;
    let mut offset = 0;
    loop {
        let bytes = source.read_at(offset, PIECE)?;
        staged.file.write_at(offset, &bytes)?;
        offset += bytes.len() as u64;
        if bytes.len() < PIECE {
            break;
        }
    }
    let now = source.meta()?;
    if offset != meta.size || (now.size, now.mtime) != (meta.size, meta.mtime) {
        return Err(Fault::Changed("the file was written to while it was moved to another disk".to_owned()));
    }
    let (modified, mode) = (Some(meta.modified()), meta.mode);
    let options = WriteOptions { size: meta.size, replace, modified, mode, ..WriteOptions::default() };
    staged.publish(place, above, name, &options).map(drop)
}
