//! Bytes on their way to the server: counted and hashed as they pass, and held back at the end until they are right.
//!
//! The last piece goes only when the source has ended with the announced length and, where it is known, the announced digest:
//! a body that is wrong is never whole at the server, and so never stored.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures::StreamExt as _;
use md5::Digest as _;
use waybill_connector::{ByteStream, ConnectorError, Result, WriteOptions, body_of};
use waybill_model::{FailureKind, Md5, Sha256, Sha256Hasher};

use crate::connector::SMALL;

/// A body that is ready to go.
pub(crate) struct Incoming {
    pub(crate) body: ByteStream,
    pub(crate) size: u64,
    /// The bytes, where all of them are at hand.
    pub(crate) small: Option<Bytes>,
    /// The MD5, where it is known before the first byte goes.
    pub(crate) md5: Option<Md5>,
    /// The MD5 of what went, once all of it did.
    pub(crate) sent: Arc<Mutex<Option<Md5>>>,
}

impl Incoming {
    /// Small bodies are gathered, and wrong ones refused here; large ones stream.
    pub(crate) async fn of(body: ByteStream, options: &WriteOptions) -> Result<Self> {
        let sent = Arc::new(Mutex::new(None));
        let mut body = checked(body, options.size, options.sha256, Arc::clone(&sent));
        if options.size > SMALL {
            return Ok(Self { body, size: options.size, small: None, md5: options.md5, sent });
        }
        let mut all = BytesMut::with_capacity(usize::try_from(options.size).unwrap_or(0));
        while let Some(piece) = body.next().await {
            all.extend_from_slice(&piece?);
        }
        let md5 = *sent.lock().unwrap_or_else(PoisonError::into_inner);
        if options.md5.is_some_and(|announced| Some(announced) != md5) {
            return Err(other_bytes());
        }
        let all = all.freeze();
        Ok(Self { body: body_of(all.clone()), size: options.size, small: Some(all), md5, sent })
    }

    /// The same body for a call of its own, where its bytes are at hand.
    pub(crate) fn again(&self) -> Option<Self> {
        let (small, sent) = (self.small.clone()?, Arc::clone(&self.sent));
        Some(Self { body: body_of(small.clone()), size: self.size, small: Some(small), md5: self.md5, sent })
    }
}

/// The MD5 of what went, where all of it did.
pub(crate) fn digest_of(sent: &Mutex<Option<Md5>>) -> Option<Md5> {
    *sent.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Passing {
    body: ByteStream,
    held: Option<Bytes>,
    come: u64,
    size: u64,
    md5: md5::Md5,
    sha256: Option<(Sha256Hasher, Sha256)>,
    sent: Arc<Mutex<Option<Md5>>>,
}

fn checked(body: ByteStream, size: u64, sha256: Option<Sha256>, sent: Arc<Mutex<Option<Md5>>>) -> ByteStream {
    let sha256 = sha256.map(|announced| (Sha256Hasher::default(), announced));
    let passing = Passing { body, held: None, come: 0, size, md5: md5::Md5::new(), sha256, sent };
    futures::stream::unfold(Some(passing), async |passing| {
        let mut passing = passing?;
        match passing.next().await {
            Some(Ok(piece)) => Some((Ok(piece), Some(passing))),
            Some(Err(error)) => Some((Err(error), None)),
            None => None,
        }
    })
    .boxed()
}

impl Passing {
    async fn next(&mut self) -> Option<Result<Bytes>> {
        loop {
            match self.body.next().await {
                Some(Ok(piece)) if piece.is_empty() => {}
                Some(Ok(piece)) => {
                    self.come += piece.len() as u64;
                    if self.come > self.size {
                        let why = format!("the source has more than the {} bytes that were announced", self.size);
                        return Some(Err(ConnectorError::new(FailureKind::Changed, "write", why)));
                    }
                    self.md5.update(&piece);
                    if let Some((hasher, _)) = &mut self.sha256 {
                        hasher.update(&piece);
                    }
                    if let Some(before) = self.held.replace(piece) {
                        return Some(Ok(before));
                    }
                }
                Some(Err(error)) => return Some(Err(error)),
                None => return self.end(),
            }
        }
    }

    /// The source has ended.
    fn end(&mut self) -> Option<Result<Bytes>> {
        if self.come < self.size {
            let why = format!("the source ended after {} of {} bytes", self.come, self.size);
            return Some(Err(ConnectorError::new(FailureKind::Truncated, "write", why)));
        }
        if let Some((hasher, announced)) = self.sha256.take()
            && hasher.finish() != announced
        {
            return Some(Err(other_bytes()));
        }
        let digest = Md5(self.md5.finalize_reset().into());
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        // A second look at the end finds no other digest.
        sent.get_or_insert(digest);
        self.held.take().map(Ok)
    }
}

fn other_bytes() -> ConnectorError {
    let why = "the bytes are not those whose digest was announced; nothing was stored";
    ConnectorError::new(FailureKind::ChecksumMismatch, "write", why)
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt as _, stream};
    use rstest::rstest;

    use super::*;

    fn source(pieces: usize, of: usize) -> ByteStream {
        stream::iter(vec![Bytes::from(vec![7; of]); pieces]).map(Ok).boxed()
    }

    #[rstest]
    #[case(3, None)]
    #[case(2, Some(FailureKind::Truncated))]
    #[case(4, Some(FailureKind::Changed))]
    #[tokio::test]
    async fn a_large_body_of_another_length_is_never_whole(#[case] pieces: usize, #[case] kind: Option<FailureKind>) {
        let size = 3 * SMALL;
        let options = WriteOptions { size, ..WriteOptions::default() };
        let incoming = Incoming::of(source(pieces, usize::try_from(SMALL).unwrap()), &options).await.unwrap();
        let sent = Arc::clone(&incoming.sent);
        let all: Vec<_> = incoming.body.collect().await;
        let went: u64 = all.iter().flatten().map(|piece| piece.len() as u64).sum();
        assert_eq!(all.into_iter().find_map(Result::err).map(|error| error.kind), kind);
        assert_eq!((went == size, digest_of(&sent).is_some()), (kind.is_none(), kind.is_none()));
    }

    #[tokio::test]
    async fn a_wrong_digest_is_noticed_before_the_last_piece_goes() {
        let options = WriteOptions { size: 2 * SMALL, sha256: Some(Sha256::of(b"other")), ..WriteOptions::default() };
        let incoming = Incoming::of(source(2, usize::try_from(SMALL).unwrap()), &options).await.unwrap();
        let all: Vec<_> = incoming.body.collect().await;
        assert_eq!(all.iter().flatten().count(), 1);
        assert_eq!(all.last().unwrap().as_ref().unwrap_err().kind, FailureKind::ChecksumMismatch);
    }

    #[tokio::test]
    async fn a_small_body_knows_its_checksum_before_it_goes() {
        let options = WriteOptions { size: 3, ..WriteOptions::default() };
        let incoming = Incoming::of(body_of(Bytes::from_static(b"abc")), &options).await.unwrap();
        assert_eq!(incoming.md5.map(|md5| md5.to_string()).as_deref(), Some("900150983cd24fb0d6963f7d28e17f72"));
    }
}
