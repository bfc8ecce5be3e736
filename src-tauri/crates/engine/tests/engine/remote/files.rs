//! The files and folders of the remote in memory.

use std::collections::BTreeSet;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, stream};
use waybill_connector::{
    ByteStream, Checksums, ConnectorError, CreateFolder, Delete, Entry, List, Page, PageRequest, Read, ReadOptions,
    Rename, Result, Vouched, Write, WriteOptions,
};
use waybill_model::{FailureKind, Receipt, RemotePath, Sha256};

use super::{Call, Fault, Memory};

/// The same number of bytes, the last one another.
pub(super) fn spoiled(bytes: &Bytes) -> Bytes {
    let mut bytes = BytesMut::from(&bytes[..]);
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes.freeze()
}

#[async_trait]
impl List for Memory {
    async fn list(&self, folder: &RemotePath, page: PageRequest) -> Result<Page> {
        let fault = self.enter(Call::List, folder).await?;
        let paths: BTreeSet<String> = {
            let state = self.state();
            if !state.folders.contains(folder.as_str()) {
                return Err(ConnectorError::new(FailureKind::NotFound, "list", "no such folder").at(folder));
            }
            let all = state.files.keys().chain(&state.folders).chain(&state.odd);
            let below = |path: &&String| {
                RemotePath::new(path.as_str()).parent().as_ref() == Some(folder)
                    && page.cursor.as_ref().is_none_or(|cursor| *path > cursor)
            };
            all.filter(below).cloned().collect()
        };
        let limit = page.limit.min(10) as usize;
        let next = (paths.len() > limit).then(|| paths.iter().nth(limit - 1).cloned()).flatten();
        let entries = paths.iter().take(limit).filter_map(|path| self.entry(&RemotePath::new(path.as_str()))).collect();
        self.leave(fault, folder, Page { entries, next }).await
    }

    async fn stat(&self, path: &RemotePath) -> Result<Option<Entry>> {
        let fault = self.enter(Call::Stat, path).await?;
        self.leave(fault, path, self.entry(path)).await
    }
}

#[async_trait]
impl Read for Memory {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let spoils = matches!(self.enter(Call::Read, path).await?, Some(Fault::Corrupt));
        let error = |kind| ConnectorError::new(kind, "read", "cannot be read").at(path);
        let file = self.state().files.get(path.as_str()).cloned();
        let Some(file) = file else {
            let odd = self.state().odd.contains(path.as_str()) || self.state().folders.contains(path.as_str());
            return Err(error(if odd { FailureKind::Invalid } else { FailureKind::NotFound }));
        };
        if let Some(stamp) = options.stamp
            && (stamp.size != file.bytes.len() as u64 || stamp.modified.is_some_and(|time| time != file.modified))
        {
            return Err(error(FailureKind::Changed));
        }
        let range = options.range.unwrap_or(0..file.bytes.len() as u64);
        let (remote, path, read) = (self.remote.clone(), path.clone(), range.start);
        // Each piece looks anew: a source that changes meanwhile is noticed, as a real one is.
        let pieces = stream::try_unfold(read, move |at| {
            let (remote, path, file, end) = (remote.clone(), path.clone(), file.clone(), range.end);
            async move {
                tokio::task::yield_now().await;
                let now = remote.state().files.get(path.as_str()).map(|now| (now.modified, now.bytes.len()));
                if now != Some((file.modified, file.bytes.len())) {
                    let kind = if now.is_none() { FailureKind::NotFound } else { FailureKind::Changed };
                    return Err(ConnectorError::new(kind, "read", "it is not what it was").at(&path));
                }
                if at >= end {
                    return Ok(None);
                }
                let stop = end.min(at + 700);
                let piece = file.bytes.slice(usize::try_from(at).unwrap()..usize::try_from(stop).unwrap());
                let piece = if spoils && stop == end { spoiled(&piece) } else { piece };
                Ok(Some((piece, stop)))
            }
        });
        Ok(Box::pin(pieces))
    }
}

#[async_trait]
impl Write for Memory {
    async fn write(&self, path: &RemotePath, mut body: ByteStream, options: WriteOptions) -> Result<Receipt> {
        let _moves = self.moves(path);
        let fault = self.enter(Call::Write, path).await?;
        let mut bytes = BytesMut::new();
        while let Some(piece) = body.next().await {
            bytes.extend_from_slice(&piece?);
        }
        if (bytes.len() as u64) < options.size {
            return Err(ConnectorError::new(FailureKind::Truncated, "write", "too short").at(path));
        }
        let corrupt = matches!(fault, Some(Fault::Corrupt));
        let receipt = self.store(path, bytes.freeze(), options.replace, corrupt)?;
        let receipt = self.leave(fault, path, receipt).await?;
        // What is stopped on the way back has its bytes, and its metadata not yet.
        self.keep_forms(path, &options.forms);
        Ok(receipt)
    }
}

#[async_trait]
impl Checksums for Memory {
    async fn vouched(&self, path: &RemotePath, _version: Option<&str>) -> Result<Option<Vouched>> {
        self.enter(Call::Vouched, path).await?;
        Ok(self.state().files.get(path.as_str()).map(|file| Vouched::Sha256(Sha256::of(&file.bytes))))
    }
}

#[async_trait]
impl Delete for Memory {
    async fn delete(&self, path: &RemotePath) -> Result<()> {
        let fault = self.enter(Call::Delete, path).await?;
        self.state().files.remove(path.as_str());
        self.leave(fault, path, ()).await
    }
}

#[async_trait]
impl Rename for Memory {
    async fn rename(&self, from: &RemotePath, to: &RemotePath, replace: bool) -> Result<()> {
        let fault = self.enter(Call::Rename, from).await?;
        {
            let mut state = self.state();
            if !replace && state.files.contains_key(to.as_str()) {
                return Err(ConnectorError::new(FailureKind::AlreadyExists, "rename", "taken").at(to));
            }
            let Some(file) = state.files.remove(from.as_str()) else {
                return Err(ConnectorError::new(FailureKind::NotFound, "rename", "nothing there").at(from));
            };
            state.put_at(to.as_str(), file.bytes, file.modified);
        }
        self.leave(fault, from, ()).await
    }
}

#[async_trait]
impl CreateFolder for Memory {
    async fn create_folder(&self, path: &RemotePath) -> Result<()> {
        self.enter(Call::CreateFolder, path).await?;
        let mut state = self.state();
        let mut folder = Some(path.clone());
        while let Some(one) = folder {
            state.folders.insert(one.as_str().to_owned());
            folder = one.parent();
        }
        Ok(())
    }
}
