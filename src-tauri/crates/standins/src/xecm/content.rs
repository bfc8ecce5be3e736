//! The bytes of versions: in memory while they are few, in temporary files otherwise.

use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::Arc;

use axum::extract::multipart::Field;
use bytes::{Bytes, BytesMut};
use tempfile::NamedTempFile;

/// From this size on, bytes lie in a file.
const IN_MEMORY: usize = 4 * 1024 * 1024;
/// Bytes of a file that are searched.
const SEARCHED: u64 = 256 * 1024;

/// What a version holds. Clones share it.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Memory(Bytes),
    File { file: Arc<NamedTempFile>, size: u64 },
}

impl Content {
    /// Takes a part of a request as it comes.
    pub(super) async fn receive(mut part: Field<'_>) -> std::io::Result<Self> {
        let mut growing = Growing::default();
        while let Some(chunk) = part.chunk().await.map_err(std::io::Error::other)? {
            growing.add(&chunk)?;
        }
        growing.end()
    }

    /// One content of several, in their order.
    pub(super) fn join<'a>(parts: impl IntoIterator<Item = &'a Self>) -> std::io::Result<Self> {
        let mut growing = Growing::default();
        for part in parts {
            match part {
                Self::Memory(bytes) => growing.add(bytes)?,
                Self::File { file, .. } => {
                    let mut reader = file.reopen()?;
                    let mut chunk = vec![0; 256 * 1024];
                    loop {
                        let count = reader.read(&mut chunk)?;
                        if count == 0 {
                            break;
                        }
                        growing.add(chunk.get(..count).unwrap_or_default())?;
                    }
                }
            }
        }
        growing.end()
    }

    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { size, .. } => *size,
        }
    }

    /// The bytes from `at`, at most `count` and as many as suit one piece.
    pub(super) fn piece(&self, at: u64, count: u64) -> std::io::Result<Bytes> {
        let end = self.size().min(at.saturating_add(count));
        let length = usize::try_from(end.saturating_sub(at)).unwrap_or(0).min(256 * 1024);
        match self {
            Self::Memory(bytes) => {
                let at = usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                Ok(bytes.slice(at..at + length))
            }
            Self::File { file, .. } => {
                let mut reader = file.reopen()?;
                reader.seek(SeekFrom::Start(at))?;
                let mut piece = vec![0; length];
                reader.read_exact(&mut piece)?;
                Ok(piece.into())
            }
        }
    }

    /// Inverts one byte, as a failing disk would.
    pub(super) fn spoil(&mut self, at: u64) -> std::io::Result<()> {
        if at >= self.size() {
            return Ok(());
        }
        match self {
            Self::Memory(bytes) => {
                let mut bent = BytesMut::from(&bytes[..]);
                if let Some(byte) = usize::try_from(at).ok().and_then(|at| bent.get_mut(at)) {
                    *byte = !*byte;
                }
                *bytes = bent.freeze();
            }
            Self::File { file, .. } => {
                let mut byte = self_piece(file, at)?;
                byte[0] = !byte[0];
                let mut writer = fs_err::OpenOptions::new().write(true).open(file.path())?;
                writer.seek(SeekFrom::Start(at))?;
                writer.write_all(&byte)?;
            }
        }
        Ok(())
    }

    /// The start as text, for a search in contents.
    pub(super) fn words(&self) -> String {
        self.piece(0, SEARCHED).map(|piece| String::from_utf8_lossy(&piece).to_lowercase()).unwrap_or_default()
    }
}

fn self_piece(file: &NamedTempFile, at: u64) -> std::io::Result<[u8; 1]> {
    let mut reader = file.reopen()?;
    reader.seek(SeekFrom::Start(at))?;
    let mut byte = [0];
    reader.read_exact(&mut byte)?;
    Ok(byte)
}

/// Content that is still coming.
#[derive(Default)]
struct Growing {
    memory: BytesMut,
    file: Option<(NamedTempFile, u64)>,
}

impl Growing {
    fn add(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        if self.file.is_none() && self.memory.len() + bytes.len() > IN_MEMORY {
            let mut file = NamedTempFile::new()?;
            file.write_all(&self.memory)?;
            self.file = Some((file, self.memory.len() as u64));
            self.memory = BytesMut::new();
        }
        match &mut self.file {
            Some((file, size)) => {
                file.write_all(bytes)?;
                *size += bytes.len() as u64;
            }
            None => self.memory.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn end(self) -> std::io::Result<Content> {
        match self.file {
            Some((mut file, size)) => {
                file.flush()?;
                Ok(Content::File { file: Arc::new(file), size })
            }
            None => Ok(Content::Memory(self.memory.freeze())),
        }
    }
}
