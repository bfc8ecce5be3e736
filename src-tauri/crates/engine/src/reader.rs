//! Reading a source once: the same pass feeds the wire, the whole file's SHA-256 and, where the source vouches for a
//! digest, the comparison with it.

use std::{ops::Range, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::{
    sync::mpsc,
    task::{JoinError, spawn_blocking},
};
use tokio_util::task::AbortOnDropHandle;
use waybill_connector::{ByteStream, Connector, ConnectorError, ReadOptions, Result, Vouched, VouchedChecker};
use waybill_model::{FailureKind, Proof, RemotePath, Retry, Sha256, Sha256Hasher, Stamp};

use crate::{buffers::Buffers, pool::Seat};

/// Bytes that ranges read ahead may hold at once.
const AHEAD_BYTES: u64 = 48 << 20;

/// Bytes below this are hashed where they are; handing them to another thread would cost more.
const HASHED_IN_PLACE: usize = 256 << 10;

/// A source being read from its first byte to its last, in pieces of one size. Reading a piece, hashing the one before
/// and sending earlier ones go on side by side.
pub(crate) struct Reader {
    path: RemotePath,
    pieces: Pieces,
    left: u64,
    /// Away while another thread hashes.
    digests: Option<Digests>,
}

/// Where pieces come from.
enum Pieces {
    /// All of a small source is one piece.
    Here(Box<Assembly>),
    /// A task assembles one piece while the caller has the one before.
    Ahead { pieces: mpsc::Receiver<Result<Piece>>, _task: AbortOnDropHandle<()> },
}

enum Piece {
    Bytes(Bytes),
    /// Nothing follows, and the source saw no change until its end.
    End,
}

impl Pieces {
    async fn next(&mut self) -> Result<Piece> {
        match self {
            Self::Here(assembly) => assembly.next().await,
            Self::Ahead { pieces, .. } => pieces.recv().await.unwrap_or_else(|| {
                Err(ConnectorError::new(FailureKind::Truncated, "read", "reading broke off before the end"))
            }),
        }
    }
}

/// What is computed on the way.
struct Digests {
    whole: Sha256Hasher,
    vouched: Check,
}

/// How the source's own digest is compared.
enum Check {
    None,
    /// It is the whole file's SHA-256, which is made anyway.
    Whole(Sha256),
    Other(Box<VouchedChecker>),
}

impl Digests {
    /// Takes in the next bytes; many of them in other threads, each digest in its own.
    async fn update(self, bytes: &Bytes) -> std::result::Result<Self, JoinError> {
        let Self { mut whole, mut vouched } = self;
        if bytes.len() < HASHED_IN_PLACE {
            whole.update(bytes);
            vouched.update(bytes);
            return Ok(Self { whole, vouched });
        }
        let (for_whole, for_vouched) = (bytes.clone(), bytes.clone());
        let whole = spawn_blocking(move || {
            whole.update(&for_whole);
            whole
        });
        if matches!(vouched, Check::Other(_)) {
            let checked = spawn_blocking(move || {
                vouched.update(&for_vouched);
                vouched
            });
            vouched = checked.await?;
        }
        Ok(Self { whole: whole.await?, vouched })
    }

    /// The whole file's SHA-256 and the proof by the source's own digest; `None` where that differs.
    fn finish(self) -> Option<(Sha256, Option<Proof>)> {
        let sha256 = self.whole.finish();
        match self.vouched {
            Check::None => Some((sha256, None)),
            Check::Whole(theirs) => (theirs == sha256).then_some((sha256, Some(Proof::Sha256))),
            Check::Other(checker) => checker.finish().map(|proof| (sha256, Some(proof))),
        }
    }
}

impl Check {
    fn update(&mut self, bytes: &[u8]) {
        if let Self::Other(checker) = self {
            checker.update(bytes);
        }
    }
}

impl Reader {
    /// Opens the source. Where the source likes that, ranges of `piece` bytes are read ahead side by side.
    pub(crate) async fn open(
        connector: &Arc<dyn Connector>,
        path: &RemotePath,
        stamp: &Stamp,
        piece: u64,
    ) -> Result<Self> {
        let Some(read) = connector.read() else {
            return Err(ConnectorError::unsupported("read", "files cannot be read there").at(path));
        };
        let limits = connector.descriptor().limits;
        let ahead = (AHEAD_BYTES / piece.max(1)).clamp(1, u64::from(limits.parallel_ranges.max(1)));
        let stream = if ahead > 1 && stamp.size > piece {
            in_ranges(connector, path, stamp, piece, usize::try_from(ahead).unwrap_or(1))
        } else {
            read.read(path, ReadOptions { range: None, stamp: Some(stamp.clone()) }).await.map_err(passing)?
        };
        let assembly = Assembly {
            path: path.clone(),
            stream,
            rest: Bytes::new(),
            left: stamp.size,
            piece,
            buffers: Buffers::default(),
        };
        let pieces = if stamp.size > piece { assembly.ahead() } else { Pieces::Here(Box::new(assembly)) };
        let digests = Digests { whole: Sha256Hasher::default(), vouched: Check::None };
        Ok(Self { path: path.clone(), pieces, left: stamp.size, digests: Some(digests) })
    }

    /// Compares what is read with a digest that the source vouches for. Called before the first byte is read.
    pub(crate) fn compare_with(&mut self, vouched: Option<Vouched>) {
        if let Some(digests) = &mut self.digests {
            digests.vouched = match vouched {
                None => Check::None,
                Some(Vouched::Sha256(theirs)) => Check::Whole(theirs),
                Some(other) => Check::Other(Box::new(other.checker())),
            };
        }
    }

    /// Bytes that were not handed out yet.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }

    /// The next piece, hashed. `Truncated` where the source ends before its end.
    ///
    /// A call that is dropped half way ends the reading for good.
    pub(crate) async fn next_piece(&mut self) -> Result<Bytes> {
        let Piece::Bytes(bytes) = self.pieces.next().await? else {
            return Err(self.ended());
        };
        let Some(digests) = self.digests.take() else { return Err(self.ended()) };
        self.digests = Some(digests.update(&bytes).await.map_err(|stopped| self.ended().caused_by(stopped))?);
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }

    fn ended(&self) -> ConnectorError {
        let message = format!("reading ended with {} bytes to come", self.left);
        ConnectorError::new(FailureKind::Truncated, "read", message).at(&self.path)
    }

    /// SHA-256 of everything handed out so far.
    pub(crate) fn prefix_sha256(&self) -> Result<Sha256> {
        self.digests.as_ref().map(|digests| digests.whole.so_far()).ok_or_else(|| self.ended())
    }

    /// Makes sure that nothing follows, and that the source saw no change until its end. Answers the whole file's SHA-256
    /// and whether the source's own digest equals it.
    pub(crate) async fn finish(mut self) -> Result<(Sha256, Option<Proof>)> {
        if self.left > 0 || !matches!(self.pieces.next().await?, Piece::End) {
            return Err(changed(&self.path));
        }
        let Some(digests) = self.digests.take() else { return Err(self.ended()) };
        digests.finish().ok_or_else(|| {
            ConnectorError::new(
                FailureKind::ChecksumMismatch,
                "read",
                "the bytes that came differ from those that the source has a checksum for: they got no name here, and \
                 what had the name before is untouched",
            )
            .at(&self.path)
        })
    }
}

fn changed(path: &RemotePath) -> ConnectorError {
    let message = "the source is not as long as it was when the transfer began; somebody is writing to it";
    passing(ConnectorError::new(FailureKind::Changed, "read", message)).at(path)
}

/// The source's bytes as they come, made into pieces of one size.
struct Assembly {
    path: RemotePath,
    stream: ByteStream,
    /// Bytes that came with the last of the stream but belong to the next piece.
    rest: Bytes,
    left: u64,
    piece: u64,
    buffers: Buffers,
}

impl Assembly {
    async fn next(&mut self) -> Result<Piece> {
        if self.left == 0 {
            return self.end().await;
        }
        let length = self.left.min(self.piece);
        let wanted = usize::try_from(length).map_err(|_| {
            ConnectorError::new(FailureKind::TooLarge, "read", "a part is larger than this computer can hold")
                .at(&self.path)
        })?;
        if self.rest.is_empty() {
            self.rest = self.more().await?;
        }
        let bytes = if self.rest.len() >= wanted {
            self.rest.split_to(wanted)
        } else {
            let mut bytes = self.buffers.take(wanted);
            bytes.extend(&std::mem::take(&mut self.rest));
            while bytes.len() < wanted {
                let mut more = self.more().await?;
                bytes.extend(&more.split_to(more.len().min(wanted - bytes.len())));
                self.rest = more;
            }
            bytes.freeze()
        };
        self.left -= length;
        Ok(Piece::Bytes(bytes))
    }

    async fn more(&mut self) -> Result<Bytes> {
        loop {
            match self.stream.next().await {
                Some(Ok(bytes)) if bytes.is_empty() => {}
                Some(bytes) => return bytes.map_err(|error| passing(error).at(&self.path)),
                None => {
                    return Err(ConnectorError::new(
                        FailureKind::Truncated,
                        "read",
                        format!("the source ended {} bytes before its announced size", self.left),
                    )
                    .at(&self.path));
                }
            }
        }
    }

    async fn end(&mut self) -> Result<Piece> {
        let mut more = self.rest.len();
        while more == 0 {
            match self.stream.next().await {
                Some(Ok(bytes)) => more = bytes.len(),
                Some(Err(error)) => return Err(passing(error).at(&self.path)),
                None => return Ok(Piece::End),
            }
        }
        Err(changed(&self.path))
    }

    /// Assembles in a task of its own, one piece ahead: room is taken before a piece is begun.
    fn ahead(mut self) -> Pieces {
        let (sender, pieces) = mpsc::channel(1);
        let task = tokio::spawn(async move {
            while let Ok(room) = sender.reserve().await {
                let piece = self.next().await;
                let last = !matches!(piece, Ok(Piece::Bytes(_)));
                room.send(piece);
                if last {
                    break;
                }
            }
        });
        Pieces::Ahead { pieces, _task: AbortOnDropHandle::new(task) }
    }
}

/// A source that changes while it is read is read again from its start, as long as attempts are left.
fn passing(error: ConnectorError) -> ConnectorError {
    if error.kind == FailureKind::Changed { error.retry(Retry::Backoff) } else { error }
}

/// Several ranges at once, handed out in order.
fn in_ranges(connector: &Arc<dyn Connector>, path: &RemotePath, stamp: &Stamp, piece: u64, ahead: usize) -> ByteStream {
    let ranges: Vec<Range<u64>> =
        (0..stamp.size.div_ceil(piece)).map(|n| n * piece..((n + 1) * piece).min(stamp.size)).collect();
    let (connector, path, stamp) = (Arc::clone(connector), path.clone(), stamp.clone());
    let pieces = stream::iter(ranges).map(move |range| {
        let (connector, path, stamp) = (Arc::clone(&connector), path.clone(), stamp.clone());
        async move { read_range(&connector, &path, &stamp, range).await }
    });
    Box::pin(pieces.buffered(ahead))
}

async fn read_range(
    connector: &Arc<dyn Connector>,
    path: &RemotePath,
    stamp: &Stamp,
    range: Range<u64>,
) -> Result<Bytes> {
    let Some(read) = connector.read() else {
        return Err(ConnectorError::unsupported("read", "files cannot be read there").at(path));
    };
    let length = usize::try_from(range.end - range.start).unwrap_or(0);
    let mut stream = read.read(path, ReadOptions { range: Some(range), stamp: Some(stamp.clone()) }).await?;
    let mut bytes = BytesMut::with_capacity(length);
    while let Some(piece) = stream.try_next().await? {
        bytes.extend_from_slice(&piece);
    }
    if bytes.len() != length {
        return Err(
            ConnectorError::new(FailureKind::Truncated, "read", "a range came back with another length").at(path)
        );
    }
    Ok(bytes.freeze())
}

/// SHA-256 of what lies at `path` now, read again from the remote.
pub(crate) async fn hash_of(seat: &Seat, path: &RemotePath, stamp: &Stamp) -> Result<Sha256> {
    const PIECE: u64 = 4 << 20;
    let mut reader = Reader::open(&seat.open.connector, path, stamp, PIECE).await?;
    while reader.left() > 0 {
        let length = reader.left().min(PIECE);
        seat.bandwidth.take(length).await;
        seat.all.take(length).await;
        reader.next_piece().await?;
    }
    reader.finish().await.map(|(sha256, _)| sha256)
}
