//! Writing into an open file with many requests under way at once, bounded by their number and their bytes.

use bytes::Bytes;
use futures::{
    StreamExt as _,
    future::{BoxFuture, maybe_done},
    poll,
    stream::FuturesUnordered,
};
use russh_sftp::protocol::FileAttributes;

use crate::{errors::Fault, session::OpenFile};

const REQUESTS: usize = 64;
const BYTES: usize = 4 << 20;

type Answer = Result<usize, Fault>;

/// Bytes on their way into one file, from one offset on.
pub(crate) struct Pump<'a> {
    file: &'a OpenFile,
    offset: u64,
    request_bytes: usize,
    /// Bytes that do not fill a request yet.
    gathered: Vec<u8>,
    flying: FuturesUnordered<BoxFuture<'static, Answer>>,
    flying_bytes: usize,
}

impl<'a> Pump<'a> {
    pub(crate) fn new(file: &'a OpenFile, offset: u64) -> Self {
        let request_bytes = file.session().features.write_bytes as usize;
        Self { file, offset, request_bytes, gathered: Vec::new(), flying: FuturesUnordered::new(), flying_bytes: 0 }
    }

    /// Takes bytes in and sends what fills requests; waits only while too much is under way.
    pub(crate) async fn put(&mut self, mut bytes: Bytes) -> Result<(), Fault> {
        if !self.gathered.is_empty() {
            let missing = (self.request_bytes - self.gathered.len()).min(bytes.len());
            self.gathered.extend_from_slice(&bytes.split_to(missing));
            if self.gathered.len() == self.request_bytes {
                let full = std::mem::take(&mut self.gathered);
                self.send(full).await?;
            }
        }
        while bytes.len() >= self.request_bytes {
            let full = bytes.split_to(self.request_bytes).to_vec();
            self.send(full).await?;
        }
        if !bytes.is_empty() {
            self.gathered.extend_from_slice(&bytes);
        }
        Ok(())
    }

    async fn send(&mut self, data: Vec<u8>) -> Result<(), Fault> {
        while self.flying.len() >= REQUESTS || (self.flying_bytes > 0 && self.flying_bytes + data.len() > BYTES) {
            self.landed().await?;
        }
        let (session, handle) = (self.file.session().clone(), self.file.handle().to_owned());
        let (offset, length) = (self.offset, data.len());
        self.offset += length as u64;
        let mut request: BoxFuture<'static, Answer> =
            Box::pin(async move { session.call(session.raw().write(handle, offset, data)).await.map(|_| length) });
        // Polled at once, so that requests go out in the order of the file and before the close.
        match poll!(&mut request) {
            std::task::Poll::Ready(answer) => drop(answer?),
            std::task::Poll::Pending => {
                self.flying_bytes += length;
                self.flying.push(request);
            }
        }
        Ok(())
    }

    /// Waits for one request; at once `None` where none is under way.
    pub(crate) async fn landed(&mut self) -> Result<Option<()>, Fault> {
        match self.flying.next().await {
            None => Ok(None),
            Some(answer) => {
                self.flying_bytes -= answer?;
                Ok(Some(()))
            }
        }
    }

    pub(crate) fn is_flying(&self) -> bool {
        !self.flying.is_empty()
    }

    /// Sends what is left and waits until the server has it all.
    pub(crate) async fn finish(mut self) -> Result<(), Fault> {
        self.send_rest().await?;
        while self.landed().await?.is_some() {}
        Ok(())
    }

    async fn send_rest(&mut self) -> Result<(), Fault> {
        let rest = std::mem::take(&mut self.gathered);
        if rest.is_empty() { Ok(()) } else { self.send(rest).await }
    }

    /// Sends what is left, the attributes and the close behind it without waiting in between: one round trip for a
    /// small file. True where the server took the attributes.
    pub(crate) async fn finish_and_close(mut self, attributes: Option<FileAttributes>) -> Result<bool, Fault> {
        self.send_rest().await?;
        let (session, handle) = (self.file.session(), self.file.handle());
        let mut setting = Box::pin(maybe_done(async {
            match attributes {
                Some(attributes) => session.call(session.raw().fsetstat(handle, attributes)).await.map(drop),
                None => Ok(()),
            }
        }));
        let set = poll!(&mut setting);
        let mut closing = Box::pin(maybe_done(session.call(session.raw().close(handle))));
        let closed = poll!(&mut closing);
        tracing::trace!(set = set.is_ready(), closed = closed.is_ready(), "the end of a file is on its way");
        while self.landed().await?.is_some() {}
        setting.as_mut().await;
        closing.as_mut().await;
        let taken = match setting.as_mut().take_output() {
            Some(Err(fault)) if fault.ends_the_session() => return Err(fault),
            Some(answer) => answer.is_ok(),
            None => false,
        };
        closing.as_mut().take_output().unwrap_or_else(|| Err(Fault::Lost("no answer".to_owned())))?;
        Ok(taken)
    }
}
