//! Reading bytes. The server knows no ranges: what lies before one is read and dropped.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use md5::Digest as _;
use waybill_connector::{ByteStream, ConnectorError, Read, ReadOptions, Result};
use waybill_model::{FailureKind, Md5, RemotePath};

use crate::{
    connector::File360Connector,
    wire::{WireFile, md5_of},
};

#[async_trait]
impl Read for File360Connector {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        self.open_file(path, options).await.map_err(|error| error.at(path))
    }
}

/// The bytes that are meant.
struct Meant {
    segments: [String; 2],
    length: u64,
    /// What they hash to, where that is known and has to hold.
    md5: Option<Md5>,
}

impl File360Connector {
    async fn open_file(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let file = self.file_at("read", path).await?;
        let is_exact = options.stamp.is_some();
        let meant = self.meant(&file, &options).await?;
        let url = self.url(&[&meant.segments[0], &meant.segments[1]], &[]);
        let mut answer = self.bytes("read", url).await?;
        if !looks_like_page(&file.name) {
            answer = answer.no_page("the file")?;
        }
        let length = answer.length().unwrap_or(meant.length);
        if is_exact && length != meant.length {
            return Err(changed());
        }
        let whole = 0..length;
        let range = options.range.unwrap_or_else(|| whole.clone());
        if range.start > range.end || range.end > length {
            let why = format!("the file has {length} bytes, fewer than were asked for");
            return Err(ConnectorError::new(FailureKind::Truncated, "read", why));
        }
        let md5 = meant.md5.filter(|_| is_exact && range == whole);
        Ok(cut(answer.stream(), range, md5))
    }

    /// Which state of the file is meant: the current one, or an earlier one by its stamp.
    async fn meant(&self, file: &WireFile, options: &ReadOptions) -> Result<Meant> {
        let current =
            || Meant { segments: ["files".to_owned(), file.id.clone()], length: file.length, md5: file.md5() };
        let Some(stamp) = &options.stamp else { return Ok(current()) };
        let Some(wanted) = &stamp.version else {
            let date = file.modification.as_ref().and_then(|stamp| stamp.date.as_deref());
            let modified = date.and_then(|date| self.config.dates.read(date));
            let is_same = stamp.size == file.length && (stamp.modified.is_none() || stamp.modified == modified);
            return if is_same { Ok(current()) } else { Err(changed()) };
        };
        let is_whole = options.range.is_none() && file.md5().is_some();
        if file.mark().as_ref() == Some(wanted) && is_whole {
            // The checksum at its end tells if it was replaced between this look and the first byte.
            return Ok(current());
        }
        let version = self.version("read", &file.id, wanted).await?.ok_or_else(changed)?;
        Ok(Meant {
            length: version.length,
            md5: md5_of(version.md5.as_deref()),
            segments: ["file_versions".to_owned(), version.id],
        })
    }
}

fn looks_like_page(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| matches!(ending.as_str(), "html" | "htm" | "xhtml" | "xht"))
}

fn changed() -> ConnectorError {
    ConnectorError::new(FailureKind::Changed, "read", "the file is no longer what was seen; somebody changed it")
}

struct Cutting {
    body: ByteStream,
    skip: u64,
    left: u64,
    md5: Option<(md5::Md5, Md5)>,
}

/// Only these bytes of a body. What has a checksum ends in `Changed` where the bytes are others.
fn cut(body: ByteStream, range: Range<u64>, md5: Option<Md5>) -> ByteStream {
    let md5 = md5.map(|expected| (md5::Md5::new(), expected));
    let cutting = Cutting { body, skip: range.start, left: range.end - range.start, md5 };
    futures::stream::unfold(Some(cutting), async |cutting| {
        let mut cutting = cutting?;
        match cutting.next().await {
            Some(Ok(piece)) => Some((Ok(piece), Some(cutting))),
            Some(Err(error)) => Some((Err(error), None)),
            None => None,
        }
    })
    .boxed()
}

impl Cutting {
    async fn next(&mut self) -> Option<Result<Bytes>> {
        loop {
            if self.left == 0 {
                return self.end();
            }
            match self.body.next().await {
                Some(Ok(mut piece)) => {
                    let skipped = self.skip.min(piece.len() as u64);
                    drop(piece.split_to(usize::try_from(skipped).unwrap_or(piece.len())));
                    self.skip -= skipped;
                    piece.truncate(usize::try_from(self.left).unwrap_or(piece.len()));
                    self.left -= piece.len() as u64;
                    if !piece.is_empty() {
                        if let Some((hasher, _)) = &mut self.md5 {
                            hasher.update(&piece);
                        }
                        return Some(Ok(piece));
                    }
                }
                Some(Err(error)) => return Some(Err(error)),
                None => {
                    let why = format!("the server ended {} bytes too early", self.left);
                    return Some(Err(ConnectorError::new(FailureKind::Truncated, "read", why)));
                }
            }
        }
    }

    fn end(&mut self) -> Option<Result<Bytes>> {
        let (hasher, expected) = self.md5.take()?;
        (Md5(hasher.finalize().into()) != expected).then(|| Err(changed()))
    }
}
