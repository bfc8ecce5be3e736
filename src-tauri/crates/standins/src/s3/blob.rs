//! Files that hold bytes of objects and parts, under names of our own.
//!
//! A blob is written once, while it is hashed, and never changed. It is removed when nothing refers to it any more and
//! the last reader has let go, so that a download goes on while its object is replaced.

use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use futures::{Stream, StreamExt as _};
use s3s::StdError;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use super::checksum::{Digests, Pass};

/// Bytes read from disk at once.
const READ_SIZE: usize = 256 * 1024;
/// Chunks of a request body that may wait for the disk.
const WAITING_CHUNKS: usize = 16;
/// Chunks of an answer that may wait for the network.
const READ_AHEAD: usize = 4;

/// Where a blob lies, as kept in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BlobRef {
    pub(super) name: String,
    pub(super) size: u64,
}

/// A file of bytes; removes its file with the last handle unless it is kept.
#[derive(Debug)]
pub(super) struct Blob {
    path: Utf8PathBuf,
    reference: BlobRef,
    doomed: AtomicBool,
}

impl Blob {
    pub(super) fn reference(&self) -> &BlobRef {
        &self.reference
    }

    /// The index refers to it: the file outlives the handle.
    pub(super) fn keep(&self) {
        self.doomed.store(false, Ordering::Release);
    }

    /// Nothing refers to it: the file goes with the last handle.
    pub(super) fn doom(&self) {
        self.doomed.store(true, Ordering::Release);
    }
}

impl Drop for Blob {
    fn drop(&mut self) {
        if self.doomed.load(Ordering::Acquire)
            && let Err(error) = fs::remove_file(&self.path)
        {
            tracing::debug!(%error, "a blob that nobody needs stays until the next start");
        }
    }
}

/// Why a body was not stored.
#[derive(Debug)]
pub(super) enum ReceiveError {
    /// The body ended with an error.
    Body(StdError),
    /// There are more bytes than allowed.
    TooLarge,
    /// The disk refused.
    Disk(std::io::Error),
}

/// A stored body and what was found on the way.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) blob: Arc<Blob>,
    pub(super) size: u64,
    pub(super) digests: Digests,
}

/// The folder of blobs.
#[derive(Debug, Clone)]
pub(super) struct Blobs {
    dir: Utf8PathBuf,
}

impl Blobs {
    pub(super) fn new(dir: Utf8PathBuf) -> Self {
        Self { dir }
    }

    fn path(&self, name: &str) -> Utf8PathBuf {
        self.dir.join(&name[name.len().saturating_sub(2)..]).join(name)
    }

    fn create(&self) -> std::io::Result<(String, Utf8PathBuf, fs::File)> {
        let name = uuid::Uuid::now_v7().simple().to_string();
        let path = self.path(&name);
        match fs::File::create_new(&path) {
            Ok(file) => Ok((name, path, file)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::create_dir_all(path.parent().unwrap_or(&self.dir))?;
                let file = fs::File::create_new(&path)?;
                Ok((name, path, file))
            }
            Err(error) => Err(error),
        }
    }

    /// Opens a blob that the index names; `None` where the file is missing or has another size.
    pub(super) fn find(&self, reference: &BlobRef) -> Option<Arc<Blob>> {
        let path = self.path(&reference.name);
        let found = fs::metadata(&path).is_ok_and(|meta| meta.len() == reference.size);
        found.then(|| Arc::new(Blob { path, reference: reference.clone(), doomed: AtomicBool::new(false) }))
    }

    /// Removes every file that `is_known` does not recognise by name.
    pub(super) fn sweep(&self, is_known: impl Fn(&str) -> bool) -> std::io::Result<()> {
        for folder in fs::read_dir(&self.dir)? {
            for file in fs::read_dir(folder?.path())? {
                let file = file?;
                if !is_known(&file.file_name().to_string_lossy()) {
                    fs::remove_file(file.path())?;
                }
            }
        }
        Ok(())
    }

    /// Stores a body of at most `limit` bytes; hashing and writing run beside the network.
    pub(super) async fn receive<S>(&self, mut body: S, pass: Pass, limit: u64) -> Result<Received, ReceiveError>
    where
        S: Stream<Item = Result<Bytes, StdError>> + Unpin + Send,
    {
        let (sender, receiver) = mpsc::channel::<Bytes>(WAITING_CHUNKS);
        let blobs = self.clone();
        let writer = tokio::task::spawn_blocking(move || blobs.write(receiver, pass));
        let mut size = 0_u64;
        let mut failure = None;
        while let Some(chunk) = body.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    failure = Some(ReceiveError::Body(error));
                    break;
                }
            };
            size += chunk.len() as u64;
            if size > limit {
                failure = Some(ReceiveError::TooLarge);
                break;
            }
            if sender.send(chunk).await.is_err() {
                break;
            }
        }
        drop(sender);
        let written = writer.await.map_err(|error| ReceiveError::Disk(std::io::Error::other(error)))?;
        let received = written.map_err(ReceiveError::Disk)?;
        failure.map_or(Ok(received), Err)
    }

    fn write(&self, mut chunks: mpsc::Receiver<Bytes>, mut pass: Pass) -> std::io::Result<Received> {
        let (name, path, mut file) = self.create()?;
        let mut blob = Blob { path, reference: BlobRef { name, size: 0 }, doomed: AtomicBool::new(true) };
        while let Some(chunk) = chunks.blocking_recv() {
            pass.update(&chunk);
            file.write_all(&chunk)?;
            blob.reference.size += chunk.len() as u64;
        }
        drop(file);
        let size = blob.reference.size;
        Ok(Received { blob: Arc::new(blob), size, digests: pass.finish() })
    }

    /// A second blob with the same bytes, by a hard link where the file system has them.
    pub(super) fn duplicate(&self, blob: &Blob) -> std::io::Result<Arc<Blob>> {
        let (name, path, file) = self.create()?;
        drop(file);
        let copy = Blob { path, reference: BlobRef { name, size: blob.reference.size }, doomed: AtomicBool::new(true) };
        fs::remove_file(&copy.path)?;
        if fs::hard_link(&blob.path, &copy.path).is_err() {
            fs::copy(&blob.path, &copy.path)?;
        }
        Ok(Arc::new(copy))
    }

    /// Inverts one byte of a stored blob, and of no other blob that shares its file.
    pub(super) fn corrupt(blob: &Blob, offset: u64) -> std::io::Result<()> {
        let aside = Utf8PathBuf::from(format!("{}.aside", blob.path));
        fs::copy(&blob.path, &aside)?;
        invert_byte(&aside, offset)?;
        fs::rename(&aside, &blob.path)
    }
}

fn invert_byte(path: &Utf8Path, offset: u64) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().read(true).write(true).open(path)?;
    let mut byte = [0];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut byte)?;
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(&[!byte[0]])
}

/// A stretch of one open blob.
struct Piece {
    file: fs::File,
    left: u64,
    _blob: Arc<Blob>,
}

/// Bytes of one or several blobs, ready to be read.
pub(super) struct Reading {
    pieces: Vec<Piece>,
}

impl Reading {
    /// Opens what `range` of the concatenated blobs needs.
    pub(super) fn open(blobs: &[Arc<Blob>], range: Range<u64>) -> std::io::Result<Self> {
        let mut pieces = Vec::new();
        let mut start = 0;
        for blob in blobs {
            let end = start + blob.reference.size;
            let (from, to) = (range.start.max(start), range.end.min(end));
            if from < to {
                let mut file = fs::File::open(AsRef::<Path>::as_ref(&blob.path))?;
                file.seek(SeekFrom::Start(from - start))?;
                pieces.push(Piece { file, left: to - from, _blob: Arc::clone(blob) });
            }
            start = end;
        }
        Ok(Self { pieces })
    }

    /// Hands the bytes on, piece by piece, until `take` says no.
    pub(super) fn each(mut self, mut take: impl FnMut(std::io::Result<Bytes>) -> bool) {
        for piece in &mut self.pieces {
            while piece.left > 0 {
                let wanted = usize::try_from(piece.left).unwrap_or(READ_SIZE).min(READ_SIZE);
                let mut buffer = vec![0; wanted];
                let read = piece.file.read_exact(&mut buffer).map(|()| Bytes::from(buffer));
                piece.left -= wanted as u64;
                let failed = read.is_err();
                if !take(read) || failed {
                    return;
                }
            }
        }
    }

    /// The bytes as a stream that reads a little ahead.
    pub(super) fn into_stream(self) -> impl Stream<Item = std::io::Result<Bytes>> + Send + Sync + 'static {
        let (sender, mut receiver) = mpsc::channel(READ_AHEAD);
        drop(tokio::task::spawn_blocking(move || self.each(|chunk| sender.blocking_send(chunk).is_ok())));
        futures::stream::poll_fn(move |context| receiver.poll_recv(context))
    }

    /// Reads all of it through `pass`.
    pub(super) fn digest(self, mut pass: Pass) -> std::io::Result<Digests> {
        let mut failure = None;
        self.each(|chunk| match chunk {
            Ok(chunk) => {
                pass.update(&chunk);
                true
            }
            Err(error) => {
                failure = Some(error);
                false
            }
        });
        failure.map_or_else(|| Ok(pass.finish()), Err)
    }
}
