//! Bytes on their way: exactly as many as were announced, and cut where parts end.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use tokio::sync::Mutex;
use waybill_connector::{ByteStream, ConnectorError, Result};
use waybill_model::{FailureKind, Retry, Sha256, Sha256Hasher};

/// What is known of a source while it is sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watch(Arc<Inside>);

#[derive(Debug, Default)]
struct Inside {
    taken: AtomicU64,
    spoiled: AtomicBool,
    hash: std::sync::Mutex<Sha256Hasher>,
}

impl Watch {
    /// Whether the server can have the whole: every byte was taken, and the source did not fail.
    pub(crate) fn was_sent(&self, size: u64) -> bool {
        self.0.taken.load(Ordering::Acquire) == size && !self.0.spoiled.load(Ordering::Acquire)
    }

    /// The digest of what was taken.
    pub(crate) fn sha256(&self) -> Sha256 {
        self.0.hash.lock().unwrap_or_else(std::sync::PoisonError::into_inner).so_far()
    }

    fn take(&self, bytes: &Bytes) {
        self.0.hash.lock().unwrap_or_else(std::sync::PoisonError::into_inner).update(bytes);
        self.0.taken.fetch_add(bytes.len() as u64, Ordering::AcqRel);
    }

    fn fail(&self, error: ConnectorError) -> Result<Bytes> {
        self.0.spoiled.store(true, Ordering::Release);
        Err(error)
    }
}

/// `body`, which fails where it has fewer or more than `size` bytes or another digest than the one expected, before whatever
/// is sent behind it.
pub(crate) fn exactly(body: ByteStream, size: u64, expected: Option<Sha256>, watch: &Watch) -> ByteStream {
    let state = (body, 0_u64, watch.clone(), false);
    stream::unfold(state, move |(mut body, come, watch, over)| async move {
        if over {
            return None;
        }
        match body.next().await {
            Some(Ok(bytes)) if come + bytes.len() as u64 > size => {
                let why = format!("the source has more than the {size} bytes that were announced");
                let error = watch.fail(ConnectorError::new(FailureKind::Changed, "write", why));
                Some((error, (body, come, watch, true)))
            }
            Some(Ok(bytes)) => {
                let come = come + bytes.len() as u64;
                watch.take(&bytes);
                Some((Ok(bytes), (body, come, watch, false)))
            }
            Some(Err(error)) => Some((watch.fail(error), (body, come, watch, true))),
            None if come < size => {
                let why = format!("the source ended after {come} of {size} bytes");
                let error = watch.fail(ConnectorError::new(FailureKind::Truncated, "write", why));
                Some((error, (body, come, watch, true)))
            }
            None if expected.is_some_and(|expected| expected != watch.sha256()) => {
                let why = "the source's bytes are not those whose digest was announced";
                let error = watch.fail(ConnectorError::new(FailureKind::ChecksumMismatch, "write", why));
                Some((error, (body, come, watch, true)))
            }
            None => None,
        }
    })
    .boxed()
}

/// A body that is handed out part by part.
#[derive(Clone)]
pub(crate) struct Cut(Arc<Mutex<(ByteStream, Bytes)>>);

impl Cut {
    pub(crate) fn new(body: ByteStream) -> Self {
        Self(Arc::new(Mutex::new((body, Bytes::new()))))
    }

    /// The next `length` bytes, as they come. Fewer where the body ends.
    pub(crate) fn part(&self, length: u64) -> ByteStream {
        let state = (self.clone(), length);
        stream::unfold(state, |(cut, left)| async move {
            if left == 0 {
                return None;
            }
            let piece = cut.piece(left).await?;
            let left = piece.as_ref().map_or(0, |piece| left.saturating_sub(piece.len() as u64));
            Some((piece, (cut, left)))
        })
        .boxed()
    }

    async fn piece(&self, most: u64) -> Option<Result<Bytes>> {
        let mut inside = self.0.lock().await;
        let (body, rest) = &mut *inside;
        while rest.is_empty() {
            match body.next().await? {
                Ok(bytes) => *rest = bytes,
                Err(error) => return Some(Err(error)),
            }
        }
        let length = usize::try_from(most).unwrap_or(usize::MAX).min(rest.len());
        Some(Ok(rest.split_to(length)))
    }

    /// Whether the body is at its end; a source that has more fails here.
    pub(crate) async fn end(&self) -> Result<()> {
        self.piece(1).await.map_or(Ok(()), |piece| piece.map(drop))
    }
}

/// The bytes from `skip` on, `count` of them; fewer end in `Truncated`, and what comes behind is not waited for.
pub(crate) fn within(body: ByteStream, skip: u64, count: u64) -> ByteStream {
    let state = (body, skip, count, false);
    stream::unfold(state, |(mut body, mut skip, left, over)| async move {
        if over || left == 0 {
            return None;
        }
        loop {
            let mut bytes = match body.next().await {
                Some(Ok(bytes)) => bytes,
                Some(Err(error)) => return Some((Err(error), (body, skip, left, true))),
                None => {
                    let why = format!("the server ended {left} bytes before the end");
                    let error = ConnectorError::new(FailureKind::Truncated, "read", why).retry(Retry::Backoff);
                    return Some((Err(error), (body, skip, left, true)));
                }
            };
            let before = usize::try_from(skip).unwrap_or(usize::MAX).min(bytes.len());
            drop(bytes.split_to(before));
            skip -= before as u64;
            if !bytes.is_empty() {
                bytes.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                let left = left - bytes.len() as u64;
                return Some((Ok(bytes), (body, skip, left, false)));
            }
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;

    use super::*;

    fn body(pieces: &[&'static str]) -> ByteStream {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect();
        stream::iter(pieces).boxed()
    }

    async fn all(stream: ByteStream) -> Result<String> {
        let bytes: Vec<Bytes> = stream.try_collect().await?;
        Ok(String::from_utf8(bytes.concat()).unwrap())
    }

    #[tokio::test]
    async fn a_body_is_as_long_as_announced_or_fails() {
        let watch = Watch::default();
        assert_eq!(all(exactly(body(&["ab", "c"]), 3, Some(Sha256::of(b"abc")), &watch)).await.unwrap(), "abc");
        assert!(watch.was_sent(3));
        assert_eq!(watch.sha256(), Sha256::of(b"abc"));
        for (size, kind) in [(4, FailureKind::Truncated), (2, FailureKind::Changed), (0, FailureKind::Changed)] {
            let watch = Watch::default();
            assert_eq!(all(exactly(body(&["ab", "c"]), size, None, &watch)).await.unwrap_err().kind, kind);
            assert!(!watch.was_sent(size));
        }
        let other = exactly(body(&["abc"]), 3, Some(Sha256::of(b"abd")), &Watch::default());
        assert_eq!(all(other).await.unwrap_err().kind, FailureKind::ChecksumMismatch);
    }

    #[tokio::test]
    async fn parts_are_cut_where_they_end() {
        let cut = Cut::new(body(&["abcde", "f", "ghi"]));
        let mut parts = Vec::new();
        for length in [4, 4, 1] {
            parts.push(all(cut.part(length)).await.unwrap());
        }
        assert_eq!(parts, ["abcd", "efgh", "i"]);
        assert!(cut.end().await.is_ok());
    }

    #[tokio::test]
    async fn a_range_is_what_lies_within() {
        let whole = || body(&["abc", "def", "ghi"]);
        for (skip, count, expected) in [(0, 9, "abcdefghi"), (2, 3, "cde"), (3, 3, "def"), (8, 1, "i"), (4, 0, "")] {
            assert_eq!(all(within(whole(), skip, count)).await.unwrap(), expected);
        }
        assert_eq!(all(within(whole(), 8, 2)).await.unwrap_err().kind, FailureKind::Truncated);
    }
}
