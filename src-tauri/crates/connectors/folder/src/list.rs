//! Looking into folders.
//!
//! A page goes on behind the last name of the page before, in the order of the names' bytes, so that a file that comes
//! or goes meanwhile moves no other. The names of a folder with several pages are kept between them; a cursor works
//! without them too, after a restart for instance.

use std::{
    collections::VecDeque,
    ffi::{OsStr, OsString},
    fmt::Write as _,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use waybill_connector::{Entry, EntryKind, List, Page, PageRequest, Result};
use waybill_model::RemotePath;

use crate::{
    connector::{Folder, Place},
    fault::Fault,
    staging,
    tree::{Dir, Meta, Names, name_bytes},
};

/// Folders whose names are kept between two pages.
const KEPT: usize = 8;

/// The sorted names of the folders that are being listed.
#[derive(Debug, Default)]
pub(crate) struct Listings(Mutex<VecDeque<(Names, Arc<Vec<OsString>>)>>);

impl Listings {
    fn take(&self, folder: &Names) -> Option<Arc<Vec<OsString>>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(names, _)| names == folder)?;
        kept.remove(place).map(|(_, names)| names)
    }

    fn keep(&self, folder: Names, names: Arc<Vec<OsString>>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.push_front((folder, names));
    }
}

#[async_trait]
impl List for Folder {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        let path = folder.clone();
        self.asking("list", folder, move |place| list(place, &path, &page)).await
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        let wanted = path.clone();
        self.asking("stat", path, move |place| {
            let names = Names::of(&wanted)?;
            let Some(meta) = place.tree.stat(&names)? else { return Ok(None) };
            let name = names.0.last().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Ok(Some(entry(wanted, name, meta, true)))
        })
        .await
    }
}

fn entry(path: RemotePath, name: String, meta: Meta, addressable: bool) -> Entry {
    let modified = meta.identity.is_some().then(|| meta.modified());
    let mode = meta.mode.map(|mode| mode & 0o7777);
    Entry {
        path,
        name,
        kind: meta.kind,
        size: meta.size,
        modified,
        version: None,
        mode,
        addressable,
        link: meta.is_link,
        facts: std::collections::BTreeMap::default(),
    }
}

fn list(place: &Place, path: &RemotePath, page: &PageRequest) -> std::result::Result<Page, Fault> {
    let folder = Names::of(path)?;
    let after = page.cursor.as_deref().map(from_hex).transpose()?;
    let dir = place.tree.folder(&folder)?;
    let kept = after.as_ref().and_then(|_| place.listings.take(&folder));
    let names = match kept {
        Some(names) => names,
        None => Arc::new(sorted(&dir)?),
    };
    let start = after.map_or(0, |after| names.partition_point(|name| name_bytes(name) <= after));
    let limit = page.limit.max(1) as usize;
    let end = names.len().min(start + limit);
    let entries = names[start..end].iter().filter_map(|name| look(place, path, &folder, &dir, name).transpose());
    let entries = entries.collect::<std::result::Result<_, _>>()?;
    let next = (end < names.len()).then(|| to_hex(&name_bytes(&names[end - 1])));
    if next.is_some() {
        place.listings.keep(folder, names);
    }
    Ok(Page { entries, next })
}

/// The names of a folder by their bytes, without the desk's own temporary files.
fn sorted(dir: &Dir) -> std::result::Result<Vec<OsString>, Fault> {
    let mut names = dir.names()?;
    names.retain(|name| !name.to_str().is_some_and(staging::is_staging));
    names.sort_by_cached_key(|name| name_bytes(name));
    Ok(names)
}

/// The entry called `name`, or `None` where it went away since the names were read.
fn look(
    place: &Place,
    path: &RemotePath,
    folder: &Names,
    dir: &Dir,
    name: &OsStr,
) -> std::result::Result<Option<Entry>, Fault> {
    let Some(mut meta) = dir.stat(name)? else { return Ok(None) };
    if meta.is_link {
        let names = folder.join(name);
        meta = place.tree.follow(&names)?;
        if meta.kind == EntryKind::Folder && leads_back(place, folder, &names) {
            meta = Meta::other("a symbolic link to a folder that holds it");
        }
        meta.is_link = true;
    }
    let likeness = name.to_string_lossy().into_owned();
    let addressable = name.to_str().is_some();
    Ok(Some(entry(path.join(&likeness), likeness, meta, addressable)))
}

/// Whether the link at `names` leads to a folder that was passed on the way to `folder`, so that walking it never ends.
fn leads_back(place: &Place, folder: &Names, names: &Names) -> bool {
    let Ok(target) = place.tree.canonical(names) else { return true };
    (0..=folder.0.len()).any(|depth| {
        let passed = place.tree.canonical(&Names(folder.0[..depth].to_vec()));
        passed.is_ok_and(|passed| passed.starts_with(&target))
    })
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

fn from_hex(text: &str) -> std::result::Result<Vec<u8>, Fault> {
    let wrong = || Fault::Invalid("the listing cannot go on: its cursor is damaged".to_owned());
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return Err(wrong());
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong())).collect()
}
