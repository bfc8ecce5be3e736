//! Reading bytes.
//!
//! A small file is opened, read and compared by one blocking task. A larger one is read ahead by a thread of the
//! blocking pool into a bounded channel, so that the disk, the hash and the network work at the same time.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream;
use tokio::sync::mpsc;
use waybill_connector::{ByteStream, Read, ReadOptions, Result, body_of};
use waybill_model::RemotePath;

use crate::{
    connector::{Folder, PATIENCE, Place, no_answer},
    errors,
    fault::Fault,
    tree::{File, Meta, Names},
};

/// Bytes of one read.
const PIECE: u64 = 512 * 1024;
/// Pieces that are read ahead of whoever takes them.
const AHEAD: usize = 3;

/// A file that was opened and found to be the revision that is meant.
struct Opened {
    file: File,
    /// As it was when it was opened.
    meta: Meta,
    range: Range<u64>,
}

enum Start {
    Small(Bytes),
    Large(Opened),
}

#[async_trait]
impl Read for Folder {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let wanted = path.clone();
        let start = self
            .asking("read", path, move |place| {
                let opened = open(place, &Names::of(&wanted)?, &options)?;
                if opened.range.end - opened.range.start > PIECE {
                    return Ok(Start::Large(opened));
                }
                let bytes = opened.piece(opened.range.start)?;
                opened.is_unchanged()?;
                Ok(Start::Small(bytes))
            })
            .await?;
        match start {
            Start::Small(bytes) => Ok(body_of(bytes)),
            Start::Large(opened) => Ok(read_ahead(path.clone(), opened)),
        }
    }
}

fn open(place: &Place, names: &Names, options: &ReadOptions) -> std::result::Result<Opened, Fault> {
    let (file, meta) = place.tree.open_file(names)?;
    if let Some(stamp) = &options.stamp {
        let same_time = stamp.modified.is_none_or(|modified| modified == meta.modified());
        if stamp.size != meta.size || !same_time {
            return Err(Fault::Changed(format!(
                "the file changed since it was looked at: {} bytes then, {} bytes now{}",
                stamp.size,
                meta.size,
                if same_time { "" } else { ", and modified at another time" }
            )));
        }
    }
    let range = options.range.clone().unwrap_or(0..meta.size);
    if range.start > range.end {
        return Err(Fault::Invalid(format!("the range {range:?} ends before it begins")));
    }
    if range.end > meta.size {
        let size = meta.size;
        return Err(Fault::Truncated(format!("the file has {size} bytes; bytes up to {} were asked for", range.end)));
    }
    Ok(Opened { file, meta, range })
}

impl Opened {
    /// The bytes from `offset` on, one piece at most.
    fn piece(&self, offset: u64) -> std::result::Result<Bytes, Fault> {
        let length = (self.range.end - offset).min(PIECE);
        let bytes = self.file.read_at(offset, usize::try_from(length).unwrap_or(usize::MAX))?;
        if (bytes.len() as u64) < length {
            self.is_unchanged()?;
            let end = offset + bytes.len() as u64;
            return Err(Fault::Truncated(format!("the file ended after {end} of {} bytes", self.meta.size)));
        }
        Ok(bytes.into())
    }

    /// Fails where the file was written to since it was opened.
    fn is_unchanged(&self) -> std::result::Result<(), Fault> {
        let now = self.file.meta()?;
        if now.size != self.meta.size {
            let (before, after) = (self.meta.size, now.size);
            return Err(Fault::Changed(format!("the file changed from {before} to {after} bytes while it was read")));
        }
        if now.mtime != self.meta.mtime {
            return Err(Fault::Changed("the file was written to while it was read".to_owned()));
        }
        Ok(())
    }
}

/// The end of the channel where the pieces come out.
struct ReadAhead {
    receiver: mpsc::Receiver<Result<Bytes>>,
    path: RemotePath,
    /// Bytes still to come.
    left: u64,
}

impl ReadAhead {
    /// The next piece; `None` only once all of them came.
    async fn next(&mut self) -> Option<Result<Bytes>> {
        if self.left == 0 {
            return None;
        }
        let piece = match tokio::time::timeout(PATIENCE, self.receiver.recv()).await {
            Ok(Some(Ok(bytes))) => {
                self.left = self.left.saturating_sub(bytes.len() as u64);
                return Some(Ok(bytes));
            }
            Ok(Some(failed)) => failed,
            Ok(None) => {
                let fault = Fault::Truncated(format!("reading broke off {} bytes before the end", self.left));
                Err(errors::error("read", &self.path, fault))
            }
            Err(_) => Err(no_answer("read", &self.path)),
        };
        self.left = 0;
        Some(piece)
    }
}

/// Reads in a thread of its own. Whoever drops the stream ends it at its next piece.
fn read_ahead(path: RemotePath, opened: Opened) -> ByteStream {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let ahead = ReadAhead { receiver, path: path.clone(), left: opened.range.end - opened.range.start };
    tokio::task::spawn_blocking(move || {
        let mut offset = opened.range.start;
        while offset < opened.range.end {
            // The last piece is handed out only once the file is known to be the same from its first byte to its last.
            let piece = opened.piece(offset).and_then(|bytes| {
                offset += bytes.len() as u64;
                if offset == opened.range.end { opened.is_unchanged().map(|()| bytes) } else { Ok(bytes) }
            });
            let failed = piece.is_err();
            let sent = sender.blocking_send(piece.map_err(|fault| errors::error("read", &path, fault)));
            if failed || sent.is_err() {
                return;
            }
        }
    });
    Box::pin(stream::unfold(ahead, |mut ahead| async { ahead.next().await.map(|piece| (piece, ahead)) }))
}
