//! Reading: many requests under way at once, their bytes handed on in order.

use std::{collections::VecDeque, sync::Arc, task::Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{FutureExt as _, future::BoxFuture, poll, stream};
use russh_sftp::protocol::{FileAttributes, FileType, OpenFlags};
use waybill_connector::{ByteStream, ConnectorError, Read, ReadOptions, Result};
use waybill_model::{FailureKind, RemotePath, Stamp};

use crate::{
    connector::SftpConnector,
    errors::Fault,
    list::modified,
    names,
    session::{OpenFile, Session},
};

const REQUESTS: usize = 64;
const BYTES: u64 = 4 << 20;
/// A short answer below this is the server's end of data, not its limit.
const SMALLEST_REQUEST: u32 = 512;

type Answer = std::result::Result<Vec<u8>, Fault>;

/// One request under way.
struct Asked {
    offset: u64,
    length: u32,
    answer: BoxFuture<'static, Answer>,
}

/// A file being read from `next` to `end`.
struct Reading {
    file: OpenFile,
    path: RemotePath,
    asked: VecDeque<Asked>,
    /// Where the next request begins.
    ask_at: u64,
    /// Where the next bytes for the caller begin.
    next: u64,
    end: u64,
    request_bytes: u32,
    /// Whether the file has to end where `end` is.
    whole: bool,
    /// What the file was when it was opened.
    found: Stamp,
}

#[async_trait]
impl Read for SftpConnector {
    async fn read(&self, path: &RemotePath, options: ReadOptions) -> Result<ByteStream> {
        let target = names::spelled("read", path)?;
        let session = self.sessions.get().await?;
        let at = |fault: Fault| fault.at("read", path);
        let file = match session.open_file(target, OpenFlags::READ, false).await {
            Ok(file) => file,
            Err(fault) => return Err(not_read(&session, path, fault).await),
        };
        let found = file.stat().await.map_err(at)?;
        let readable =
            found.permissions.is_none_or(|mode| mode & 0o170_000 == 0 || found.file_type() == FileType::File);
        if !readable {
            return Err(ConnectorError::new(FailureKind::Invalid, "read", "this is no file that can be read").at(path));
        }
        if let Some(stamp) = &options.stamp {
            compare(path, stamp, &found)?;
        }
        let (start, end) = match options.range {
            Some(range) => (range.start, range.end.max(range.start)),
            None => (0, found.size.or(options.stamp.map(|stamp| stamp.size)).unwrap_or(u64::MAX)),
        };
        let reading = Reading {
            request_bytes: session.features.read_bytes,
            file,
            path: path.clone(),
            asked: VecDeque::new(),
            ask_at: start,
            next: start,
            end,
            whole: start == 0 && Some(end) == found.size,
            found: Stamp { size: found.len(), modified: modified(&found), ..Stamp::default() },
        };
        Ok(Box::pin(stream::try_unfold(Some(reading), |reading| async move {
            match reading {
                None => Ok(None),
                Some(reading) => reading.step().await,
            }
        })))
    }
}

async fn not_read(session: &Session, path: &RemotePath, fault: Fault) -> ConnectorError {
    if fault.is_vague() && matches!(session.stat(path.as_str()).await, Ok(Some(found)) if found.file_type().is_dir()) {
        return ConnectorError::new(FailureKind::Invalid, "read", "this is a folder, not a file").at(path);
    }
    fault.at("read", path)
}

/// Size and whole seconds are all that SFTP has to tell one revision from another.
fn compare(path: &RemotePath, stamp: &Stamp, found: &FileAttributes) -> Result<()> {
    let other_size = found.size.is_some_and(|size| size != stamp.size);
    let other_time = match (stamp.modified, modified(found)) {
        (Some(then), Some(now)) => then.0.div_euclid(1000) != now.0.div_euclid(1000),
        _ => false,
    };
    if other_size || other_time {
        let message = "the file is not the one that was looked at: its size or time changed";
        return Err(ConnectorError::new(FailureKind::Changed, "read", message).at(path));
    }
    Ok(())
}

impl Reading {
    /// The next bytes.
    async fn step(mut self) -> Result<Option<(Bytes, Option<Self>)>> {
        self.ask().await;
        let Some(asked) = self.asked.pop_front() else {
            self.finish().await?;
            return Ok(None);
        };
        let data = match asked.answer.await {
            Ok(data) => data,
            Err(fault) if fault.is_eof() && (asked.offset >= self.end || self.end == u64::MAX) => {
                self.finish().await?;
                return Ok(None);
            }
            Err(fault) if fault.is_eof() => return Err(self.short()),
            Err(fault) => return Err(fault.at("read", &self.path)),
        };
        if asked.offset >= self.end {
            let message = "the file grew while it was read";
            return Err(ConnectorError::new(FailureKind::Changed, "read", message).at(&self.path));
        }
        let got = u32::try_from(data.len()).unwrap_or(u32::MAX);
        if got == 0 {
            return Err(self.short());
        }
        if got > asked.length {
            return Err(Fault::Protocol("more bytes than were asked for".to_owned()).at("read", &self.path));
        }
        if got < asked.length {
            self.ask_again(asked.offset + u64::from(got), asked.length - got, got);
        }
        self.next = asked.offset + u64::from(got);
        Ok(Some((data.into(), Some(self))))
    }

    /// Keeps as many requests under way as the bounds allow.
    async fn ask(&mut self) {
        while self.asked.len() < REQUESTS
            && self.ask_at < self.end
            && (self.asked.is_empty() || self.ask_at - self.next < BYTES)
        {
            let length = u64::from(self.request_bytes).min(self.end - self.ask_at);
            let length = u32::try_from(length).unwrap_or(self.request_bytes);
            let mut asked = self.request(self.ask_at, length);
            self.ask_at += u64::from(length);
            start(&mut asked).await;
            self.asked.push_back(asked);
        }
        // One request behind the end tells a file that grew.
        if self.whole && self.ask_at == self.end && self.asked.len() < REQUESTS {
            self.whole = false;
            let mut asked = self.request(self.end, 1);
            start(&mut asked).await;
            self.asked.push_back(asked);
        }
    }

    fn request(&self, offset: u64, length: u32) -> Asked {
        let (session, handle) = (Arc::clone(self.file.session()), self.file.handle().to_owned());
        let answer = async move { Ok(session.call(session.raw().read(handle, offset, length)).await?.data) };
        Asked { offset, length, answer: answer.boxed() }
    }

    /// The server gave less than asked: the rest comes first, and later requests are no larger.
    fn ask_again(&mut self, offset: u64, length: u32, got: u32) {
        if got >= SMALLEST_REQUEST {
            self.request_bytes = self.request_bytes.min(got);
        }
        let asked = self.request(offset, length);
        self.asked.push_front(asked);
    }

    fn short(&self) -> ConnectorError {
        let message = format!("the server's file ended at byte {} of {}", self.next, self.end);
        ConnectorError::new(FailureKind::Truncated, "read", message).at(&self.path)
    }

    /// Looks once more, so that bytes of two revisions never pass for one. Nobody waits for the close.
    async fn finish(&mut self) -> Result<()> {
        match self.file.stat().await {
            Ok(now) => compare(&self.path, &self.found, &now),
            Err(fault) if fault.ends_the_session() => Err(fault.at("read", &self.path)),
            Err(_) => Ok(()),
        }
    }
}

/// Sends the request now; its answer is awaited in its turn.
async fn start(asked: &mut Asked) {
    if let Poll::Ready(answer) = poll!(&mut asked.answer) {
        asked.answer = futures::future::ready(answer).boxed();
    }
}
