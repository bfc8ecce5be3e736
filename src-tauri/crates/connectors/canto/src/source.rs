//! The bytes of a file on their way up: counted, hashed, and as long as was announced.

use std::sync::{Arc, Mutex, PoisonError};

use futures::{StreamExt as _, stream};
use md5::Digest as _;
use waybill_connector::{ByteStream, ConnectorError, Result, WriteOptions};
use waybill_model::{FailureKind, Md5, Sha256, Sha256Hasher};

/// What is known of the bytes that went by.
#[derive(Debug, Default)]
struct Passed {
    bytes: u64,
    md5: md5::Md5,
    sha256: Sha256Hasher,
    over: bool,
}

/// Watches a body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Watched(Arc<Mutex<Passed>>);

/// What a whole body hashes to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digests {
    pub(crate) md5: Md5,
    sha256: Sha256,
}

impl Digests {
    /// Fails where the bytes are others than those announced.
    pub(crate) fn check(&self, options: &WriteOptions) -> Result<()> {
        let is_right =
            options.sha256.is_none_or(|due| due == self.sha256) && options.md5.is_none_or(|due| due == self.md5);
        if is_right {
            return Ok(());
        }
        let why = "the bytes that came are others than those announced";
        Err(ConnectorError::new(FailureKind::ChecksumMismatch, "write", why))
    }
}

impl Watched {
    /// The body, which fails where it is shorter or longer than `size`.
    pub(crate) fn watch(&self, body: ByteStream, size: u64) -> ByteStream {
        let passed = Arc::clone(&self.0);
        stream::unfold(Some((body, passed)), move |state| async move {
            let (mut body, passed) = state?;
            let next = body.next().await;
            let fault = |kind, why: String| Some((Err(ConnectorError::new(kind, "write", why)), None));
            let done = {
                let mut now = passed.lock().unwrap_or_else(PoisonError::into_inner);
                match &next {
                    Some(Ok(piece)) => {
                        now.bytes += piece.len() as u64;
                        if now.bytes > size {
                            return fault(FailureKind::Changed, format!("the source has more than {size} bytes"));
                        }
                        now.md5.update(piece);
                        now.sha256.update(piece);
                        false
                    }
                    Some(Err(_)) => true,
                    None if now.bytes < size => {
                        let why = format!("the source ended after {} of {size} bytes", now.bytes);
                        return fault(FailureKind::Truncated, why);
                    }
                    None => {
                        now.over = true;
                        true
                    }
                }
            };
            next.map(|piece| (piece, (!done).then_some((body, passed))))
        })
        .boxed()
    }

    /// What the whole hashes to; `None` while it did not pass.
    pub(crate) fn digests(&self) -> Option<Digests> {
        let now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        now.over.then(|| Digests { md5: Md5(now.md5.clone().finalize().into()), sha256: now.sha256.so_far() })
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures::TryStreamExt as _;
    use waybill_connector::body_of;

    use super::*;

    async fn passed(bytes: &'static [u8], size: u64) -> (Result<u64>, Option<Digests>) {
        let watched = Watched::default();
        let body = watched.watch(body_of(Bytes::from_static(bytes)), size);
        let length = body.try_fold(0, async |all, piece| Ok(all + piece.len() as u64)).await;
        (length, watched.digests())
    }

    #[tokio::test]
    async fn a_body_is_as_long_as_was_announced() {
        let (length, digests) = passed(b"abc", 3).await;
        assert_eq!(length.unwrap(), 3);
        let digests = digests.unwrap();
        assert_eq!(digests.md5.to_string(), "900150983cd24fb0d6963f7d28e17f72");
        let wrong = WriteOptions { sha256: Some(Sha256::of(b"x")), ..WriteOptions::default() };
        assert_eq!(digests.check(&wrong).unwrap_err().kind, FailureKind::ChecksumMismatch);
        for (size, kind) in [(4, FailureKind::Truncated), (2, FailureKind::Changed)] {
            let (length, digests) = passed(b"abc", size).await;
            assert_eq!(length.unwrap_err().kind, kind);
            assert!(digests.is_none());
        }
    }
}
