//! What a case works with: the place, and the few steps that nearly every case takes.
//!
//! A step takes the ability that is there: a file is laid by `write`, else in parts, else from outside, so that a
//! connector that cannot write is tested as a reader, and a drop box as a writer.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use waybill_model::{
    FailureKind, PartHash, PartReceipt, Receipt, RemotePath, Retry, Sha256, Sha256Hasher, UploadSession,
};

use super::{
    Fault, Outside, Place,
    case::{Ending, Stop},
};
use crate::{
    ByteStream, Connector, Entry, List, PageRequest, Part, Read, ReadOptions, Result, ResumableUpload, Write,
    WriteOptions,
};

/// How often a file is laid again.
const LAID_AGAIN: usize = 5;

/// A place with a connector on it.
pub(super) struct Scene {
    pub(super) place: Box<dyn Place>,
    pub(super) connector: Arc<dyn Connector>,
    pub(super) base: RemotePath,
}

fn missing(what: &str) -> Stop {
    Stop::NotApplicable(what.to_owned())
}

impl Scene {
    pub(super) fn new(place: Box<dyn Place>) -> Self {
        Self { connector: place.connector(), base: place.base(), place }
    }

    /// The path of `name` in the empty base folder.
    pub(super) fn path(&self, name: &str) -> RemotePath {
        self.base.join(name)
    }

    /// `name` without the characters that the target refuses.
    pub(super) fn taken(&self, name: &str) -> String {
        let forbidden = &self.connector.descriptor().names.forbidden;
        name.chars().filter(|letter| !forbidden.contains(*letter)).collect()
    }

    pub(super) fn list(&self) -> Ending<&dyn List> {
        self.connector.list().ok_or_else(|| missing("the connector cannot list"))
    }

    pub(super) fn read(&self) -> Ending<&dyn Read> {
        self.connector.read().ok_or_else(|| missing("the connector cannot read"))
    }

    pub(super) fn write(&self) -> Ending<&dyn Write> {
        self.connector.write().ok_or_else(|| missing("the connector cannot write in one piece"))
    }

    pub(super) fn upload(&self) -> Ending<&dyn ResumableUpload> {
        self.connector.resumable_upload().ok_or_else(|| missing("the connector cannot resume uploads"))
    }

    pub(super) fn outside(&self) -> Ending<&dyn Outside> {
        self.place.outside().ok_or_else(|| missing("the fixture cannot change the remote from outside"))
    }

    /// Arms a fault, or ends the case as one that cannot be staged.
    pub(super) async fn arm(&self, fault: Fault) -> Ending {
        let faults = self.place.faults().ok_or_else(|| missing("the fixture cannot make the remote fail"))?;
        if faults.arm(fault).await { Ok(()) } else { Err(Stop::NotApplicable(format!("the fixture has no {fault:?}"))) }
    }

    pub(super) async fn clear_faults(&self) {
        if let Some(faults) = self.place.faults() {
            faults.clear().await;
        }
    }

    /// Writes `bytes` in one piece.
    pub(super) async fn store(&self, path: &RemotePath, bytes: &[u8], replace: bool) -> Ending<Result<Receipt>> {
        let options = WriteOptions { replace, sha256: Some(Sha256::of(bytes)), ..options_for(bytes.len()) };
        Ok(self.write()?.write(path, pieces(bytes, 64 * 1024), options).await)
    }

    /// Lays a file by whatever way there is. Replaces what is there. What is called passing is tried again, as the desk does:
    /// rclone fails by itself where the first files of a folder come at once.
    pub(super) async fn lay(&self, path: &RemotePath, bytes: &[u8]) -> Ending {
        if self.connector.write().is_some() {
            let mut stored = self.store(path, bytes, true).await?;
            for _ in 0..LAID_AGAIN {
                if !matches!(&stored, Err(error) if error.retry == Retry::Backoff) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
                stored = self.store(path, bytes, true).await?;
            }
            stored?;
        } else if let Some(upload) = self.connector.resumable_upload() {
            Upload::of(upload, path, bytes, true).await?.whole().await?;
        } else {
            self.outside()?.put(path, bytes).await;
        }
        Ok(())
    }

    /// The whole file by [`Read`], or from outside where the connector cannot read.
    pub(super) async fn bytes_at(&self, path: &RemotePath) -> Ending<Vec<u8>> {
        if let Some(read) = self.connector.read() {
            return Ok(drain(read.read(path, ReadOptions::default()).await?).await?);
        }
        let bytes = self.outside()?.get(path).await;
        bytes.ok_or_else(|| Stop::Failed(format!("nothing is at {path}")))
    }

    /// Whether a person would find something under that name.
    pub(super) async fn is_there(&self, path: &RemotePath) -> Ending<bool> {
        if let Some(list) = self.connector.list() {
            return Ok(list.stat(path).await?.is_some());
        }
        Ok(self.outside()?.get(path).await.is_some())
    }

    /// Fails unless `path` holds exactly `bytes`.
    pub(super) async fn holds(&self, path: &RemotePath, bytes: &[u8]) -> Ending {
        let found = self.bytes_at(path).await?;
        if found == bytes {
            return Ok(());
        }
        let at = found.iter().zip(bytes).position(|(a, b)| a != b).unwrap_or(found.len().min(bytes.len()));
        Err(Stop::Failed(format!(
            "{path:?} holds {} bytes for {}; they differ from byte {at} on",
            found.len(),
            bytes.len()
        )))
    }

    /// Fails if something is at `path`.
    pub(super) async fn is_free(&self, path: &RemotePath) -> Ending {
        if self.is_there(path).await? {
            return Err(Stop::Failed(format!("something was left at {path:?}")));
        }
        Ok(())
    }

    /// All entries of a folder, page by page of at most `limit`. Fails where paging does not end.
    pub(super) async fn all_entries(&self, folder: &RemotePath, limit: u32) -> Ending<Vec<Entry>> {
        let list = self.list()?;
        let (mut entries, mut cursor) = (Vec::new(), None);
        for _ in 0..10_000 {
            let page = list.list(folder, PageRequest { cursor: cursor.take(), limit }).await?;
            if page.entries.len() > limit as usize {
                return Err(Stop::Failed(format!("a page of {} where {limit} were asked", page.entries.len())));
            }
            entries.extend(page.entries);
            cursor = page.next;
            if cursor.is_none() {
                return Ok(entries);
            }
        }
        Err(Stop::Failed("paging does not end".to_owned()))
    }

    /// What the remote holds besides `expected`, as far as somebody can tell.
    pub(super) async fn leftovers(&self, expected: &[&str]) -> Ending<Vec<String>> {
        let mut found = Vec::new();
        if let Some(list) = self.connector.list() {
            let page = list.list(&self.base, PageRequest::default()).await?;
            found.extend(page.entries.into_iter().map(|entry| entry.name));
        }
        if let Some(outside) = self.place.outside() {
            found.extend(outside.everything_below(&self.base).await.unwrap_or_default());
        }
        if let Some(unfinished) = self.connector.unfinished_uploads() {
            found.extend(unfinished.unfinished(&self.base).await?.into_iter().map(|upload| upload.id));
        }
        found.retain(|name| !expected.contains(&name.as_str()));
        Ok(found)
    }
}

/// An upload under way.
pub(super) struct Upload<'a> {
    pub(super) ability: &'a dyn ResumableUpload,
    pub(super) session: UploadSession,
    pub(super) bytes: Bytes,
    pub(super) options: WriteOptions,
}

impl<'a> Upload<'a> {
    pub(super) async fn of(
        ability: &'a dyn ResumableUpload,
        path: &RemotePath,
        bytes: &[u8],
        replace: bool,
    ) -> Result<Self> {
        let options = WriteOptions { replace, ..options_for(bytes.len()) };
        let session = ability.begin(path, options.clone()).await?;
        Ok(Self { ability, session, bytes: Bytes::copy_from_slice(bytes), options })
    }

    /// Part `number` as the engine would cut it.
    pub(super) fn part(&self, number: u32) -> Part {
        let (offset, length) = self.session.part_range(number);
        let (start, end) = (to_usize(offset), to_usize(offset + length));
        let bytes = self.bytes.slice(start..end);
        let needs = self.ability.plan(self.session.size).hashes;
        let hash = PartHash {
            sha256: needs.sha256.then(|| Sha256::of(&bytes)),
            md5: needs.md5.then(|| waybill_model::Md5(<md5::Md5 as md5::Digest>::digest(&bytes).into())),
        };
        let mut prefix = Sha256Hasher::default();
        prefix.update(&self.bytes[..end]);
        Part { number, offset, bytes, hash, prefix_sha256: prefix.finish() }
    }

    pub(super) async fn put(&self, number: u32) -> Result<PartReceipt> {
        self.ability.put_part(&self.session, self.part(number)).await
    }

    /// Parts of those numbers, one after the other.
    pub(super) async fn put_all(&self, numbers: impl IntoIterator<Item = u32>) -> Result<Vec<PartReceipt>> {
        let mut receipts = Vec::new();
        for number in numbers {
            receipts.push(self.put(number).await?);
        }
        receipts.sort_by_key(|receipt| receipt.number);
        Ok(receipts)
    }

    pub(super) async fn finish(&self, receipts: &[PartReceipt]) -> Result<Receipt> {
        let options = WriteOptions { sha256: Some(Sha256::of(&self.bytes)), ..self.options.clone() };
        self.ability.finish(&self.session, receipts, options).await
    }

    /// Every part in order and the end.
    pub(super) async fn whole(&self) -> Result<Receipt> {
        let receipts = self.put_all(1..=self.session.part_count()).await?;
        self.finish(&receipts).await
    }
}

/// Fails unless `result` is an error of one of `kinds`.
pub(super) fn refused<T>(result: Result<T>, kinds: &[FailureKind], what: &str) -> Ending<crate::ConnectorError> {
    match result {
        Ok(_) => Err(Stop::Failed(format!("{what} succeeded; {} was due", words(kinds)))),
        Err(error) if kinds.contains(&error.kind) => Ok(error),
        Err(error) => {
            Err(Stop::Failed(format!("{what} failed as {} and not as {}: {error}", error.kind.as_str(), words(kinds))))
        }
    }
}

fn words(kinds: &[FailureKind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ")
}

/// Options for a file of `size` bytes that replaces nothing.
pub(super) fn options_for(size: usize) -> WriteOptions {
    WriteOptions { size: size as u64, ..WriteOptions::default() }
}

/// `length` bytes that look like none of another `seed` and do not repeat, so that a shifted or doubled piece shows.
pub(super) fn sample(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// A stream of `bytes` in pieces of `size`.
pub(super) fn pieces(bytes: &[u8], size: usize) -> ByteStream {
    let pieces: Vec<_> = bytes.chunks(size.max(1)).map(Bytes::copy_from_slice).collect();
    stream::iter(pieces).map(Ok).boxed()
}

/// All bytes of a stream.
pub(super) async fn drain(stream: ByteStream) -> Result<Vec<u8>> {
    stream
        .try_fold(Vec::new(), async |mut all, piece| {
            all.extend_from_slice(&piece);
            Ok(all)
        })
        .await
}

/// A number that fits because the suite's files are small.
pub(super) fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
