//! Reading bytes. A range is asked for; where the delivery gives the whole in its place, the rest is skipped.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use http::{StatusCode, header::CONTENT_RANGE};
use waybill_connector::{ByteStream, ConnectorError, Read, ReadOptions, Result};
use waybill_model::{FailureKind, RemotePath, Stamp};
use waybill_net::Answer;

use crate::{connector::CantoConnector, errors::refused, files::Located};

/// What is read of a file.
struct Wanted {
    version: Option<String>,
    /// Bytes, where they are known before.
    size: Option<u64>,
}

fn changed(path: &RemotePath) -> ConnectorError {
    ConnectorError::new(FailureKind::Changed, "read", format!("{path} is not the one that was seen")).at(path)
}

impl CantoConnector {
    /// The revision that a stamp means.
    async fn wanted(&self, path: &RemotePath, found: &Located, stamp: Option<&Stamp>) -> Result<Wanted> {
        let item = &found.item;
        let Some(stamp) = stamp else { return Ok(Wanted { version: None, size: Some(item.size) }) };
        let Some(version) = &stamp.version else {
            let is_same = stamp.size == item.size && (stamp.modified.is_none() || stamp.modified == item.modified);
            return if is_same { Ok(Wanted { version: None, size: Some(item.size) }) } else { Err(changed(path)) };
        };
        let detail = self.detail("read", &item.scheme, &item.id).await?.ok_or_else(|| changed(path))?;
        let known = detail.version_history.iter().find(|row| row.version_id == *version);
        match known {
            Some(row) => Ok(Wanted {
                version: Some(row.version_id.clone()),
                size: if row.current_version { detail.size() } else { None },
            }),
            // Without a history the mark is a digest or a time.
            None if detail.mark().as_ref() == Some(version) => Ok(Wanted { version: None, size: detail.size() }),
            None => Err(changed(path)),
        }
    }

    /// An answer with the bytes of a version.
    pub(crate) async fn give(
        &self,
        operation: &'static str,
        found: &Located,
        version: Option<&str>,
        range: Option<&Range<u64>>,
    ) -> Result<Answer> {
        let (scheme, id) = (found.item.scheme.as_str(), found.item.id.as_str());
        let url = match version {
            Some(version) => self.binary(&[scheme, id, version]),
            None => self.binary(&[scheme, id]),
        };
        match self.bytes_at(operation, &url, range).await? {
            Ok(answer) => Ok(answer),
            Err(refusal) if refusal.status == 416 => {
                let why = "the file ends before the range";
                Err(ConnectorError::new(FailureKind::Truncated, operation, why))
            }
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }
}

/// All bytes of a file, from an answer to a range.
pub(crate) fn whole_of(answer: &Answer) -> Option<u64> {
    let told = answer.header(CONTENT_RANGE.as_str()).and_then(|text| text.rsplit_once('/'));
    match (answer.status(), told) {
        (StatusCode::PARTIAL_CONTENT, Some((_, total))) => total.trim().parse().ok(),
        (StatusCode::PARTIAL_CONTENT, None) => None,
        _ => answer.length(),
    }
}

/// The bytes of `range` out of an answer that holds it, or the whole.
fn cut(answer: Answer, range: &Range<u64>) -> Result<ByteStream> {
    let first = match answer.status() {
        StatusCode::PARTIAL_CONTENT => {
            let told = answer.header(CONTENT_RANGE.as_str()).unwrap_or_default();
            let first = told.trim_start_matches("bytes").trim().split('-').next().unwrap_or_default();
            first.trim().parse().map_err(|_| {
                let why = "the delivery does not say which bytes it gives";
                ConnectorError::new(FailureKind::Vendor, "read", why)
            })?
        }
        _ => 0,
    };
    if first > range.start {
        let why = "the delivery gave other bytes than were asked for";
        return Err(ConnectorError::new(FailureKind::Vendor, "read", why));
    }
    Ok(exactly(answer.stream(), range.start - first, range.end - range.start))
}

/// Leaves out the first `skip` bytes and ends after `length` more; fewer are `Truncated`.
fn exactly(body: ByteStream, skip: u64, length: u64) -> ByteStream {
    let begin = (body, skip, length);
    stream::unfold(Some(begin), |state| async move {
        let (mut body, mut skip, mut left) = state?;
        while left > 0 {
            let mut piece = match body.next().await {
                Some(Ok(piece)) => piece,
                Some(Err(error)) => return Some((Err(error), None)),
                None => {
                    let why = format!("the file ended {left} bytes early");
                    return Some((Err(ConnectorError::new(FailureKind::Truncated, "read", why)), None));
                }
            };
            let skipped = piece.len().min(usize::try_from(skip).unwrap_or(usize::MAX));
            drop(piece.split_to(skipped));
            skip -= skipped as u64;
            piece.truncate(usize::try_from(left).unwrap_or(usize::MAX));
            left -= piece.len() as u64;
            if !piece.is_empty() {
                return Some((Ok::<Bytes, ConnectorError>(piece), Some((body, skip, left))));
            }
        }
        None
    })
    .boxed()
}

#[async_trait]
impl Read for CantoConnector {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let found = self.file("read", path).await?;
        let wanted = self.wanted(path, &found, options.stamp.as_ref()).await?;
        let at = |error: ConnectorError| error.at(path);
        if let (Some(range), Some(size)) = (&options.range, wanted.size)
            && range.end > size
        {
            let why = format!("{path} has {size} bytes, and {} were asked for", range.end);
            return Err(ConnectorError::new(FailureKind::Truncated, "read", why).at(path));
        }
        // An empty range cannot be asked for.
        let asked = options.range.as_ref().filter(|range| range.start < range.end);
        if options.range.is_some() && asked.is_none() {
            return Ok(stream::empty().boxed());
        }
        let answer = self.give("read", &found, wanted.version.as_deref(), asked).await.map_err(at)?;
        match asked {
            Some(range) => cut(answer, range).map_err(at),
            None => Ok(match wanted.size {
                Some(size) if answer.length().is_none_or(|length| length == size) => exactly(answer.stream(), 0, size),
                Some(size) => {
                    let why = format!(
                        "Canto has {size} bytes of {path}, and {} would be given",
                        answer.length().unwrap_or(0)
                    );
                    return Err(ConnectorError::new(FailureKind::Changed, "read", why).at(path));
                }
                None => answer.stream(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;

    use super::*;

    async fn cut_out(skip: u64, length: u64) -> Result<Vec<u8>> {
        let body = stream::iter(["abc", "def", "gh"]).map(|piece| Ok(Bytes::from(piece))).boxed();
        exactly(body, skip, length).try_fold(Vec::new(), async |all, piece| Ok([all, piece.to_vec()].concat())).await
    }

    #[tokio::test]
    async fn the_rest_is_skipped_and_a_gap_is_truncated() {
        assert_eq!(cut_out(0, 8).await.unwrap(), b"abcdefgh");
        assert_eq!(cut_out(4, 3).await.unwrap(), b"efg");
        assert_eq!(cut_out(3, 0).await.unwrap(), b"");
        assert_eq!(cut_out(6, 3).await.unwrap_err().kind, FailureKind::Truncated);
    }
}
