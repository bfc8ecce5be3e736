//! The bytes of one file: in memory while they are few, else in a temporary file.

use std::io::SeekFrom;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures::StreamExt as _;
use tempfile::TempPath;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio_util::io::ReaderStream;

/// Bytes that stay in memory.
const IN_MEMORY: usize = 4 * 1024 * 1024;

#[derive(Debug)]
enum Place {
    Memory(Bytes),
    File(TempPath),
}

/// Bytes that do not change any more.
#[derive(Debug)]
pub(super) struct Blob {
    place: Place,
    length: u64,
}

/// Bytes that still arrive.
#[derive(Default)]
pub(super) struct Arrival {
    memory: Vec<u8>,
    file: Option<(fs_err::tokio::File, TempPath)>,
    length: u64,
    spoil: Option<u64>,
}

impl Blob {
    /// Bytes that are there.
    pub(super) fn of(bytes: Vec<u8>) -> Self {
        Self { length: bytes.len() as u64, place: Place::Memory(bytes.into()) }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// A body with `count` bytes from `start` on.
    pub(super) async fn read(self: Arc<Self>, start: u64, count: u64) -> std::io::Result<Body> {
        match &self.place {
            Place::Memory(bytes) => {
                let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
                Ok(Body::from(bytes.slice(at(start)..at(start.saturating_add(count)))))
            }
            Place::File(path) => {
                let mut file = fs_err::tokio::File::open(path.to_path_buf()).await?;
                file.seek(SeekFrom::Start(start)).await?;
                // The file lives as long as somebody reads it.
                let kept = Arc::clone(&self);
                let stream = ReaderStream::new(file.take(count)).map(move |part| {
                    let _kept = &kept;
                    part
                });
                Ok(Body::from_stream(stream))
            }
        }
    }
}

impl Arrival {
    /// Nothing has arrived; the byte at `spoil` will be stored inverted, where a fault asks for that.
    pub(super) fn new(spoil: Option<u64>) -> Self {
        Self { spoil, ..Self::default() }
    }

    /// Adds a part.
    pub(super) async fn add(&mut self, part: Bytes) -> std::io::Result<()> {
        let mut part = part.to_vec();
        if let Some(at) = self.spoil.and_then(|at| at.checked_sub(self.length))
            && let Some(byte) = usize::try_from(at).ok().and_then(|at| part.get_mut(at))
        {
            *byte = !*byte;
        }
        self.length += part.len() as u64;
        if let Some((file, _)) = &mut self.file {
            return file.write_all(&part).await;
        }
        self.memory.extend_from_slice(&part);
        if self.memory.len() > IN_MEMORY {
            let path = tempfile::NamedTempFile::new()?.into_temp_path();
            let mut file = fs_err::tokio::File::create(path.to_path_buf()).await?;
            file.write_all(&self.memory).await?;
            self.memory = Vec::new();
            self.file = Some((file, path));
        }
        Ok(())
    }

    /// All parts are there.
    pub(super) async fn finish(self) -> std::io::Result<Blob> {
        let Some((mut file, path)) = self.file else { return Ok(Blob::of(self.memory)) };
        file.flush().await?;
        file.sync_all().await?;
        Ok(Blob { place: Place::File(path), length: self.length })
    }
}
