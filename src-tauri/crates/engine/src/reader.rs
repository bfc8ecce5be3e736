//! Reading a source once: the same pass feeds the wire, the whole file's SHA-256 and, where the source vouches for a
//! digest, the comparison with it.

use std::{ops::Range, sync::Arc};

use bytes::{Bytes, BytesMut};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use waybill_connector::{ByteStream, Connector, ConnectorError, ReadOptions, Result, Vouched, VouchedChecker};
use waybill_model::{FailureKind, Proof, RemotePath, Retry, Sha256, Sha256Hasher, Stamp};

use crate::pool::Seat;

/// Bytes that ranges read ahead may hold at once.
const AHEAD_BYTES: u64 = 48 << 20;

/// A source being read from its first byte to its last.
pub(crate) struct Reader {
    path: RemotePath,
    stream: ByteStream,
    /// Bytes that came with the last piece but belong to the next part.
    rest: Bytes,
    left: u64,
    hasher: Sha256Hasher,
    checker: Option<VouchedChecker>,
}

impl Reader {
    /// Opens the source. Ranges of `piece` bytes are read ahead side by side where the source likes that.
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
        Ok(Self {
            path: path.clone(),
            stream,
            rest: Bytes::new(),
            left: stamp.size,
            hasher: Sha256Hasher::default(),
            checker: None,
        })
    }

    /// Compares what is read with a digest that the source vouches for.
    pub(crate) fn compare_with(&mut self, vouched: Option<Vouched>) {
        self.checker = vouched.map(Vouched::checker);
    }

    /// Exactly `length` bytes; `Truncated` where the source ends before.
    pub(crate) async fn next_part(&mut self, length: u64) -> Result<Bytes> {
        let wanted = usize::try_from(length).map_err(|_| {
            ConnectorError::new(FailureKind::TooLarge, "read", "a part is larger than this computer can hold")
                .at(&self.path)
        })?;
        if self.rest.is_empty() && wanted > 0 {
            self.rest = self.next_piece().await?;
        }
        let part = if self.rest.len() >= wanted {
            self.rest.split_to(wanted)
        } else {
            let mut part = BytesMut::with_capacity(wanted);
            part.extend_from_slice(&self.rest);
            while part.len() < wanted {
                let mut piece = self.next_piece().await?;
                let taken = piece.split_to(piece.len().min(wanted - part.len()));
                part.extend_from_slice(&taken);
                self.rest = piece;
            }
            if part.len() == wanted && wanted == 0 {
                self.rest = Bytes::new();
            }
            part.freeze()
        };
        self.hasher.update(&part);
        if let Some(checker) = &mut self.checker {
            checker.update(&part);
        }
        self.left -= length;
        Ok(part)
    }

    async fn next_piece(&mut self) -> Result<Bytes> {
        loop {
            match self.stream.next().await {
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(piece) => return piece.map_err(|error| passing(error).at(&self.path)),
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

    /// SHA-256 of everything handed out so far.
    pub(crate) fn prefix_sha256(&self) -> Sha256 {
        self.hasher.so_far()
    }

    /// Makes sure that nothing follows, and that the source saw no change until its end. Answers the whole file's SHA-256
    /// and whether the source's own digest equals it.
    pub(crate) async fn finish(mut self) -> Result<(Sha256, Option<Proof>)> {
        let mut more = self.rest.len();
        while more == 0 {
            match self.stream.next().await {
                Some(Ok(piece)) => more = piece.len(),
                Some(Err(error)) => return Err(passing(error).at(&self.path)),
                None => break,
            }
        }
        if more > 0 || self.left > 0 {
            let message = "the source is not as long as it was when the transfer began; somebody is writing to it";
            return Err(passing(ConnectorError::new(FailureKind::Changed, "read", message)).at(&self.path));
        }
        let proof = match self.checker {
            None => None,
            Some(checker) => Some(checker.finish().ok_or_else(|| {
                ConnectorError::new(
                    FailureKind::ChecksumMismatch,
                    "read",
                    "the bytes that came differ from those that the source has a checksum for: they got no name here, and \
                     what had the name before is untouched",
                )
                .at(&self.path)
            })?),
        };
        Ok((self.hasher.finish(), proof))
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
    while reader.left > 0 {
        let length = reader.left.min(PIECE);
        seat.bandwidth.take(length).await;
        reader.next_part(length).await?;
    }
    reader.finish().await.map(|(sha256, _)| sha256)
}
