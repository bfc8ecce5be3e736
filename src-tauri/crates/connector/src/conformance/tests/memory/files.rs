//! Files and folders of the remote in memory: listed, read, written whole, removed, moved.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use waybill_model::{FailureKind, Receipt, RemotePath, Retry, Sha256};

use super::{Bug, Memory, State, fail};
use crate::{
    ByteStream, Checksums, ConnectorError, CreateFolder, Delete, Entry, EntryKind, List, Page, PageRequest, Read,
    ReadOptions, Rename, Result, ServerCopy, Vouched, Write, WriteOptions, conformance::Fault,
};

#[async_trait]
impl List for Memory {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        self.request("list", folder).await?;
        let state = self.state();
        let mut names = BTreeSet::new();
        for path in state.files.keys().filter(|path| state.latest(path).is_some()).chain(&state.folders) {
            let path = RemotePath::new(path.clone());
            let below = match (path.below(folder), path.as_str().strip_prefix(folder.as_str())) {
                (None, Some(rest)) if self.bug == Bug::ListsNeighbours && !folder.is_root() => rest,
                (below, _) => below.unwrap_or_default(),
            };
            names.insert(below.split('/').next().unwrap_or_default().to_owned());
        }
        names.remove("");
        if names.is_empty() && !state.is_folder(folder.as_str()) {
            return fail(FailureKind::NotFound, "list", folder);
        }
        let overlap = self.bug == Bug::PagesOverlap && page.limit > 1;
        let after =
            |name: &&String| page.cursor.as_ref().is_none_or(|cursor| *name > cursor || (overlap && *name == cursor));
        let left: Vec<_> = names.iter().filter(after).collect();
        let taken = &left[..left.len().min(page.limit as usize)];
        let next = (taken.len() < left.len()).then(|| taken[taken.len() - 1].clone());
        let neighbour = |name: &str| entry(&state, &RemotePath::new(format!("{folder}{name}")));
        let entries = taken.iter().filter_map(|name| entry(&state, &folder.join(name)).or_else(|| neighbour(name)));
        let entries = entries.collect();
        Ok(Page { entries, next })
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        self.request("stat", path).await?;
        Ok(entry(&self.state(), path))
    }
}

pub(in crate::conformance::tests) fn entry(state: &State, path: &RemotePath) -> Option<Entry> {
    let latest = state.latest(path.as_str());
    if latest.is_none() && !state.is_folder(path.as_str()) {
        return None;
    }
    let kind = if latest.is_some() { EntryKind::File } else { EntryKind::Folder };
    let size = latest.map_or(0, |stored| stored.bytes.len() as u64);
    let (name, version) = (path.name().to_owned(), latest.map(|stored| stored.id.clone()));
    Some(Entry {
        path: path.clone(),
        name,
        kind,
        size,
        modified: None,
        version,
        mode: None,
        addressable: true,
        link: false,
        facts: BTreeMap::default(),
    })
}

#[async_trait]
impl Read for Memory {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        self.request("read", path).await?;
        let mut state = self.state();
        let id = options.stamp.and_then(|stamp| stamp.version).filter(|_| self.bug != Bug::ReadsLatest);
        let mut bytes = self.version(&mut state, path, id.as_deref())?.bytes.clone();
        if let Some(range) = options.range {
            if range.end > bytes.len() as u64 {
                return fail(FailureKind::Truncated, "read", path);
            }
            bytes = bytes.slice(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap());
        }
        let pieces = |bytes: Bytes| {
            let pieces: Vec<_> = bytes.chunks(64 * 1024).map(Bytes::copy_from_slice).collect();
            stream::iter(pieces).map(Ok)
        };
        if state.take(Fault::ShortRead) {
            let half = pieces(bytes.slice(..bytes.len() / 2));
            let end = (self.bug != Bug::ShortReadLooksWhole).then_some(FailureKind::Truncated);
            let path = path.clone();
            return Ok(half.chain(stream::iter(end).map(move |kind| fail(kind, "read", &path))).boxed());
        }
        Ok(pieces(bytes).boxed())
    }
}

#[async_trait]
impl Write for Memory {
    async fn write(&self, path: &RemotePath, mut body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        self.request("write", path).await?;
        self.parts.talk.free_for_me(path)?;
        self.parts.repository.check_forms(&options.forms)?;
        let mut bytes = Vec::new();
        while let Some(piece) = body.next().await {
            bytes.extend_from_slice(&piece?);
            if self.bug == Bug::StoresEarly {
                self.state().put(path.as_str(), bytes.clone().into(), false);
            }
        }
        let mut state = self.state();
        if state.take(Fault::BeforePart) || state.take(Fault::InPart) {
            return fail(FailureKind::Unreachable, "write", path);
        }
        if state.take(Fault::ErrorInSuccess) && self.bug != Bug::BelievesSuccess {
            return Err(ConnectorError::new(FailureKind::Vendor, "write", "200").retry(Retry::Backoff));
        }
        if (bytes.len() as u64) < options.size && self.bug != Bug::StoresShort {
            return fail(FailureKind::Truncated, "write", path);
        }
        if bytes.len() as u64 > options.size {
            return fail(FailureKind::Changed, "write", path);
        }
        if state.latest(path.as_str()).is_some() && !options.replace && self.bug != Bug::IgnoresReplace {
            return fail(FailureKind::AlreadyExists, "write", path);
        }
        let name = if self.bug == Bug::DecodesNames { path.as_str().replace("%20", " ") } else { path.to_string() };
        let size = bytes.len();
        let id = state.put(&name, bytes.into(), false);
        drop(state);
        self.parts.repository.stored(path, &options.forms);
        Ok(Self::receipt(size, id))
    }
}

#[async_trait]
impl Delete for Memory {
    async fn delete(&self, path: &RemotePath) -> Result<()> {
        self.request("delete", path).await?;
        self.parts.repository.demand_free(path)?;
        let removed = self.state().latest(path.as_str()).map(|stored| stored.bytes.clone());
        if let Some(bytes) = removed.clone() {
            self.parts.repository.removed(path, bytes);
        }
        let mut state = self.state();
        if removed.is_some() {
            state.put(path.as_str(), Bytes::new(), true);
        } else if state.has_below(path.as_str()) {
            return fail(FailureKind::Invalid, "delete", path);
        } else if !state.folders.remove(path.as_str()) && self.bug == Bug::MissesNothing {
            return fail(FailureKind::NotFound, "delete", path);
        }
        Ok(())
    }
}

#[async_trait]
impl Checksums for Memory {
    async fn vouched(&self, path: &RemotePath, version: Option<&str>) -> Result<Option<Vouched>> {
        let mut state = self.state();
        let digest = Sha256::of(&self.version(&mut state, path, version)?.bytes);
        let first = *state.vouched.entry(path.to_string()).or_insert(digest);
        Ok(Some(Vouched::Sha256(if self.bug == Bug::VouchesOnce { first } else { digest })))
    }
}

#[async_trait]
impl CreateFolder for Memory {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        self.request("create_folder", path).await?;
        let mut state = self.state();
        if state.latest(path.as_str()).is_some() {
            return fail(FailureKind::AlreadyExists, "create_folder", path);
        }
        let mut at = Some(path.clone());
        while let Some(folder) = at.filter(|folder| !folder.is_root()) {
            state.folders.insert(folder.to_string());
            at = folder.parent();
        }
        Ok(())
    }
}

#[async_trait]
impl ServerCopy for Memory {
    async fn copy(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<Receipt> {
        let mut state = self.state();
        let bytes = self.version(&mut state, from, None)?.bytes.clone();
        if state.latest(to.as_str()).is_some() && !replace && self.bug != Bug::IgnoresReplace {
            return fail(FailureKind::AlreadyExists, "copy", to);
        }
        let size = bytes.len();
        Ok(Self::receipt(size, state.put(to.as_str(), bytes, false)))
    }
}

#[async_trait]
impl Rename for Memory {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        ServerCopy::copy(self, from, to, replace).await?;
        Delete::delete(self, from).await
    }
}
