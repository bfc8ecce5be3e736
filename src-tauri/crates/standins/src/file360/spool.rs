//! Files' bytes on their way in and at rest: short ones in memory, long ones in a folder that goes with the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use data_encoding::HEXLOWER;
use futures::{Stream, StreamExt as _, stream};
use md5::{Digest as _, Md5};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::OwnedSemaphorePermit;

/// Bytes up to which a file stays in memory.
const IN_MEMORY: usize = 4 * 1024 * 1024;
/// Bytes that are read from a file at once.
const PIECE: usize = 64 * 1024;
/// What virus scanners agree to take for a virus.
const TEST_VIRUS: &[u8] = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE";

/// A long file; it is removed with its last owner.
#[derive(Debug)]
struct Stored {
    path: PathBuf,
    length: u64,
}

impl Drop for Stored {
    fn drop(&mut self) {
        if let Err(error) = fs_err::remove_file(&self.path) {
            tracing::debug!(%error, "a stored file stays until the folder goes");
        }
    }
}

/// Bytes that never change. Clones are the same bytes.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    place: Place,
    /// Keeps a transfer counted while the bytes are under way.
    permit: Option<Arc<OwnedSemaphorePermit>>,
}

#[derive(Debug, Clone)]
enum Place {
    Memory(Bytes),
    Disk(Arc<Stored>),
}

impl Blob {
    pub(super) fn of(bytes: impl Into<Bytes>) -> Self {
        Self { place: Place::Memory(bytes.into()), permit: None }
    }

    pub(super) fn length(&self) -> u64 {
        match &self.place {
            Place::Memory(bytes) => bytes.len() as u64,
            Place::Disk(stored) => stored.length,
        }
    }

    /// Whether it begins with these bytes; long files are never asked.
    pub(super) fn begins_with(&self, bytes: &[u8]) -> bool {
        matches!(&self.place, Place::Memory(own) if own.starts_with(bytes))
    }

    pub(super) fn counted(mut self, permit: OwnedSemaphorePermit) -> Self {
        self.permit = Some(Arc::new(permit));
        self
    }

    /// The bytes as a body.
    pub(super) fn into_body(self) -> Body {
        let permit = self.permit;
        match self.place {
            Place::Memory(bytes) if permit.is_none() => super::answer::body_of(bytes),
            Place::Memory(bytes) => Body::from_stream(stream::once(async move {
                drop(permit);
                Ok::<_, std::io::Error>(bytes)
            })),
            Place::Disk(stored) => {
                let start = Reading { stored, file: None, permit };
                Body::from_stream(stream::try_unfold(start, Reading::next))
            }
        }
    }
}

struct Reading {
    stored: Arc<Stored>,
    file: Option<fs_err::tokio::File>,
    permit: Option<Arc<OwnedSemaphorePermit>>,
}

impl Reading {
    async fn next(mut self) -> std::io::Result<Option<(Bytes, Self)>> {
        let mut file = match self.file.take() {
            Some(file) => file,
            None => fs_err::tokio::File::open(&self.stored.path).await?,
        };
        let mut piece = BytesMut::with_capacity(PIECE);
        if file.read_buf(&mut piece).await? == 0 {
            drop(self.permit.take());
            return Ok(None);
        }
        self.file = Some(file);
        Ok(Some((piece.freeze(), self)))
    }
}

/// A body that arrived whole.
#[derive(Debug, Clone)]
pub(super) struct Spooled {
    pub(super) blob: Blob,
    /// MD5 of what arrived, in lower-case hexadecimal; what is stored may be bent by a fault.
    pub(super) md5: String,
    pub(super) is_virus: bool,
}

impl Spooled {
    /// Bytes of the program itself.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let md5 = HEXLOWER.encode(&Md5::digest(bytes));
        Self { blob: Blob::of(bytes.to_vec()), md5, is_virus: false }
    }
}

/// Why a body did not arrive.
#[derive(Debug)]
pub(super) enum Failed {
    /// The client ended early, or a fault did.
    Cut,
    /// It is longer than the limit.
    TooLong,
    /// This machine cannot keep it.
    Disk(std::io::Error),
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

/// Takes a body in, up to `limit` bytes. `bend` inverts one byte of what is stored.
pub(super) async fn take_in<E: Send>(
    pieces: impl Stream<Item = Result<Bytes, E>> + Send,
    folder: &Path,
    limit: Option<u64>,
    bend: Option<u64>,
) -> Result<Spooled, Failed> {
    let mut pieces = Box::pin(pieces);
    let (mut memory, mut length, mut hash) = (BytesMut::new(), 0_u64, Md5::new());
    let (mut head, mut disk) = (Vec::<u8>::new(), None);
    while let Some(piece) = pieces.next().await {
        let mut piece = BytesMut::from(&piece.map_err(|_| Failed::Cut)?[..]);
        hash.update(&piece);
        if head.len() < 128 {
            head.extend(piece.iter().take(128));
        }
        let start = length;
        length += piece.len() as u64;
        if limit.is_some_and(|limit| length > limit) {
            return Err(Failed::TooLong);
        }
        if let Some(at) = bend.filter(|at| (start..length).contains(at))
            && let Some(byte) = usize::try_from(at - start).ok().and_then(|at| piece.get_mut(at))
        {
            *byte = !*byte;
        }
        match &mut disk {
            Some((file, _)) => write(file, &piece).await?,
            None if memory.len() + piece.len() <= IN_MEMORY => memory.extend_from_slice(&piece),
            None => {
                let path = folder.join(uuid::Uuid::now_v7().to_string());
                let mut file = fs_err::tokio::File::create(&path).await?;
                let stored = Stored { path, length: 0 };
                write(&mut file, &memory).await?;
                write(&mut file, &piece).await?;
                memory = BytesMut::new();
                disk = Some((file, stored));
            }
        }
    }
    let place = match disk {
        None => Place::Memory(memory.freeze()),
        Some((mut file, mut stored)) => {
            file.flush().await?;
            stored.length = length;
            Place::Disk(Arc::new(stored))
        }
    };
    let is_virus = head.windows(TEST_VIRUS.len()).any(|window| window == TEST_VIRUS);
    Ok(Spooled { blob: Blob { place, permit: None }, md5: HEXLOWER.encode(&hash.finalize()), is_virus })
}

async fn write(file: &mut fs_err::tokio::File, piece: &[u8]) -> std::io::Result<()> {
    file.write_all(piece).await
}
