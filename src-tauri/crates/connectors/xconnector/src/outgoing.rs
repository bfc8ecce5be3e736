//! A file's bytes on their way out: counted, hashed, and held back by one piece, so that the last one goes only when the whole is
//! known to be right.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use waybill_connector::{ByteStream, ConnectorError, Result};
use waybill_model::{FailureKind, Sha256, Sha256Hasher};

/// What is known of the bytes once the last one went.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gone(Arc<OnceLock<Sha256>>);

impl Gone {
    /// The digest of the whole; `None` while some of it is here.
    pub(crate) fn digest(&self) -> Option<Sha256> {
        self.0.get().copied()
    }
}

struct Outgoing {
    body: ByteStream,
    size: u64,
    announced: Option<Sha256>,
    come: u64,
    hasher: Sha256Hasher,
    held: Option<Bytes>,
    gone: Gone,
}

fn fault(kind: FailureKind, why: String) -> ConnectorError {
    ConnectorError::new(kind, "write", why)
}

impl Outgoing {
    /// The next piece that may go.
    async fn piece(&mut self) -> Result<Option<Bytes>> {
        while let Some(piece) = self.body.try_next().await? {
            if piece.is_empty() {
                continue;
            }
            self.come += piece.len() as u64;
            if self.come > self.size {
                let why = format!("the source has more than the {} bytes that were announced", self.size);
                return Err(fault(FailureKind::Changed, why));
            }
            self.hasher.update(&piece);
            if let Some(before) = self.held.replace(piece) {
                return Ok(Some(before));
            }
        }
        if self.come < self.size {
            let why = format!("the source ended after {} of {} bytes", self.come, self.size);
            return Err(fault(FailureKind::Truncated, why));
        }
        let digest = self.hasher.so_far();
        if self.announced.is_some_and(|announced| announced != digest) {
            let why = "the source's bytes are not those that were announced".to_owned();
            return Err(fault(FailureKind::ChecksumMismatch, why));
        }
        // Told once; the source is at its end from now on.
        let _first = self.gone.0.set(digest);
        Ok(self.held.take())
    }
}

/// The bytes as they may go, and what is known of them afterwards. Nothing comes of an empty source that is not empty.
pub(crate) async fn outgoing(body: ByteStream, size: u64, announced: Option<Sha256>) -> Result<(ByteStream, Gone)> {
    let gone = Gone::default();
    let mut source =
        Outgoing { body, size, announced, come: 0, hasher: Sha256Hasher::default(), held: None, gone: gone.clone() };
    if size == 0 {
        source.piece().await?;
        return Ok((stream::empty().boxed(), gone));
    }
    let pieces = stream::try_unfold(source, async |mut source| Ok(source.piece().await?.map(|piece| (piece, source))));
    Ok((pieces.boxed(), gone))
}
