//! The bytes of a version: small ones in memory, large ones in a file that goes with them.

use std::io::SeekFrom;
use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use camino::Utf8Path;
use data_encoding::HEXLOWER;
use fs_err::tokio::{File, OpenOptions};
use md5::{Digest as _, Md5};
use tempfile::TempPath;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};

/// Bytes that stay in memory.
const IN_MEMORY: usize = 4 * 1024 * 1024;
/// Bytes read from a file at a time.
const PIECE: usize = 256 * 1024;

/// Stored bytes. Clones are the same.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    place: Place,
    /// MD5 of what arrived, in lower-case hex.
    pub(super) md5: String,
}

#[derive(Debug, Clone)]
enum Place {
    Memory(Bytes),
    File(Arc<TempPath>, u64),
}

impl Blob {
    /// Bytes that are at hand.
    pub(super) fn of(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let md5 = HEXLOWER.encode(&Md5::digest(&bytes));
        Self { place: Place::Memory(bytes), md5 }
    }

    /// Length in bytes.
    pub(super) fn len(&self) -> u64 {
        match &self.place {
            Place::Memory(bytes) => bytes.len() as u64,
            Place::File(_, length) => *length,
        }
    }

    /// Its beginning, as far as it tells what it is.
    pub(super) async fn head(&self) -> std::io::Result<Bytes> {
        match &self.place {
            Place::Memory(bytes) => Ok(bytes.clone()),
            Place::File(path, _) => {
                let mut head = Vec::with_capacity(PIECE);
                open(path).await?.take(PIECE as u64).read_to_end(&mut head).await?;
                Ok(head.into())
            }
        }
    }

    /// A part of it as a body.
    pub(super) async fn body(&self, range: Range<u64>) -> std::io::Result<Body> {
        match &self.place {
            Place::Memory(bytes) => {
                let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                Ok(Body::from(bytes.slice(at(range.start)..at(range.end))))
            }
            Place::File(path, _) => {
                let mut file = open(path).await?;
                file.seek(SeekFrom::Start(range.start)).await?;
                // The path goes along, so that the file lives as long as somebody reads it.
                let state = (file, Arc::clone(path), range.end - range.start);
                Ok(Body::from_stream(futures::stream::try_unfold(state, |(mut file, path, left)| async move {
                    let mut piece = vec![0; usize::try_from(left).unwrap_or(PIECE).min(PIECE)];
                    let read = file.read(&mut piece).await?;
                    piece.truncate(read);
                    let left = left.saturating_sub(read as u64);
                    Ok::<_, std::io::Error>((read > 0).then(|| (Bytes::from(piece), (file, path, left))))
                })))
            }
        }
    }
}

async fn open(path: &TempPath) -> std::io::Result<File> {
    File::open(path.to_path_buf()).await
}

/// Bytes on their way in.
pub(super) struct Spool {
    memory: Vec<u8>,
    file: Option<(File, TempPath)>,
    length: u64,
    md5: Md5,
}

impl Spool {
    pub(super) fn new() -> Self {
        Self { memory: Vec::new(), file: None, length: 0, md5: Md5::new() }
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> u64 {
        self.length
    }

    /// Takes the next bytes; moves into a file in `dir` once they are many.
    pub(super) async fn push(&mut self, bytes: &[u8], dir: Option<&Utf8Path>) -> std::io::Result<()> {
        self.md5.update(bytes);
        self.length += bytes.len() as u64;
        if let Some((file, _)) = &mut self.file {
            return file.write_all(bytes).await;
        }
        self.memory.extend_from_slice(bytes);
        if self.memory.len() > IN_MEMORY {
            let made = dir.map_or_else(tempfile::NamedTempFile::new, tempfile::NamedTempFile::new_in)?;
            let path = made.into_temp_path();
            let mut file = OpenOptions::new().read(true).write(true).open(path.to_path_buf()).await?;
            file.write_all(&std::mem::take(&mut self.memory)).await?;
            self.file = Some((file, path));
        }
        Ok(())
    }

    /// What arrived; `corrupt` is the offset of a byte that the store gets wrong.
    pub(super) async fn finish(mut self, corrupt: Option<u64>) -> std::io::Result<Blob> {
        let corrupt = corrupt.filter(|at| *at < self.length);
        let place = if let Some((mut file, path)) = self.file {
            if let Some(at) = corrupt {
                file.seek(SeekFrom::Start(at)).await?;
                let byte = file.read_u8().await?;
                file.seek(SeekFrom::Start(at)).await?;
                file.write_u8(!byte).await?;
            }
            file.flush().await?;
            Place::File(Arc::new(path), self.length)
        } else {
            let at = corrupt.and_then(|at| usize::try_from(at).ok());
            if let Some(byte) = at.and_then(|at| self.memory.get_mut(at)) {
                *byte = !*byte;
            }
            Place::Memory(self.memory.into())
        };
        Ok(Blob { place, md5: HEXLOWER.encode(&self.md5.finalize()) })
    }
}
