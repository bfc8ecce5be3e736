//! Bodies on their way in and out: counted for the journal, and cut, bent or shortened where a fault says so.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Sleep;

use super::plan::Shape;
use crate::faults::Faults;

/// Whatever a body can fail with.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("a fault closes the connection")]
pub(crate) struct Closed;

/// How long a cut connection lingers, so that what was sent before the cut arrives.
const LINGER: Duration = Duration::from_millis(50);

struct Inward {
    body: Incoming,
    received: u64,
    cut_after: Option<u64>,
    cut: bool,
}

/// A request body; clones are the same body.
#[derive(Clone)]
pub(crate) struct Arriving {
    inner: Arc<Mutex<Inward>>,
    faults: Faults,
    number: u64,
}

impl Arriving {
    pub(super) fn new(body: Incoming, faults: Faults, number: u64, cut_after: Option<u64>) -> Self {
        let inner = Inward { body, received: 0, cut_after, cut: false };
        Self { inner: Arc::new(Mutex::new(inner)), faults, number }
    }

    fn inner(&self) -> MutexGuard<'_, Inward> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a fault ended it.
    pub(super) fn is_cut(&self) -> bool {
        self.inner().cut
    }

    /// Reads and forgets what is left, up to `limit` bytes.
    pub(super) async fn drain(mut self, limit: u64) {
        let start = self.inner().received;
        while let Some(Ok(_)) = std::future::poll_fn(|context| Pin::new(&mut self).poll_frame(context)).await {
            if self.inner().received - start > limit {
                break;
            }
        }
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let mut inner = self.inner();
        if inner.cut_after.is_some_and(|limit| inner.received >= limit) {
            inner.cut = true;
            return Poll::Ready(Some(Err(Closed.into())));
        }
        let frame = match ready!(Pin::new(&mut inner.body).poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
            None => return Poll::Ready(None),
        };
        inner.received += frame.data_ref().map_or(0, |data| data.len() as u64);
        let received = inner.received;
        drop(inner);
        self.faults.amend(self.number, |record| record.received = received);
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner().body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner().body.size_hint()
    }
}

/// An answer's body.
pub(crate) struct Leaving<B> {
    body: Pin<Box<B>>,
    shape: Shape,
    faults: Faults,
    number: u64,
    sent: u64,
    lingering: Option<Pin<Box<Sleep>>>,
}

impl<B> Leaving<B> {
    pub(super) fn new(body: B, shape: Shape, faults: Faults, number: u64) -> Self {
        let lingering = (shape.drop_after == Some(0)).then(|| Box::pin(tokio::time::sleep(LINGER)));
        Self { body: Box::pin(body), shape, faults, number, sent: 0, lingering }
    }

    fn bend(&mut self, mut data: Bytes) -> Bytes {
        let end = self.sent + data.len() as u64;
        if let Some(at) = self.shape.corrupt_at.filter(|at| (self.sent..end).contains(at)) {
            let mut bent = BytesMut::from(&data[..]);
            if let Some(byte) = usize::try_from(at - self.sent).ok().and_then(|at| bent.get_mut(at)) {
                *byte = !*byte;
            }
            data = bent.freeze();
        }
        if let Some(limit) = self.shape.drop_after.filter(|limit| end >= *limit) {
            data.truncate(usize::try_from(limit - self.sent).unwrap_or(0));
            self.lingering = Some(Box::pin(tokio::time::sleep(LINGER)));
        }
        self.sent += data.len() as u64;
        let sent = self.sent;
        self.faults.amend(self.number, |record| record.sent = sent);
        data
    }
}

impl<B: HttpBody<Data = Bytes, Error: Into<BoxError>>> HttpBody for Leaving<B> {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if let Some(lingering) = &mut self.lingering {
            ready!(lingering.as_mut().poll(context));
            return Poll::Ready(Some(Err(std::io::Error::other(Closed))));
        }
        match ready!(self.body.as_mut().poll_frame(context)) {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(data) => {
                    let data = self.bend(data);
                    Poll::Ready(Some(Ok(Frame::data(data))))
                }
                Err(frame) => Poll::Ready(Some(Ok(frame))),
            },
            Some(Err(error)) => Poll::Ready(Some(Err(std::io::Error::other(error.into())))),
            None if self.shape.wrong_length.is_some() => {
                // More was announced: what there is must arrive before the connection breaks.
                self.lingering = Some(Box::pin(tokio::time::sleep(LINGER)));
                context.waker().wake_by_ref();
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.shape.wrong_length.is_none() && self.lingering.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // A wrong announcement stands in the header; the true length here would contradict it.
        if self.shape.wrong_length.is_some() { SizeHint::default() } else { self.body.size_hint() }
    }
}
