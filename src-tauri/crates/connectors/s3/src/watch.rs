//! How long a server may take: a slow part passes, a hang ends.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// How much of a body is handed to the wire at once; progress is seen in these steps.
const STEP: usize = 256 * 1024;

/// How long to wait. No limit on a whole request: only on silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Without a byte taken or given while a body is under way.
    pub stall: Duration,
    /// Until an answer comes, once the request is written.
    pub answer: Duration,
    /// The same where the server has to put a large object together or copy it.
    pub assembly: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            stall: Duration::from_mins(1),
            answer: Duration::from_mins(2),
            assembly: Duration::from_mins(10),
        }
    }
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Silence {
    pub(crate) seconds: u64,
    /// Whether the server stopped taking bytes, and not only failed to answer.
    pub(crate) sending: bool,
}

/// Waits for `answer`, at most `limit`.
pub(crate) async fn answered<T>(limit: Duration, answer: impl Future<Output = T>) -> Result<T, Silence> {
    tokio::time::timeout(limit, answer).await.map_err(|_| Silence { seconds: limit.as_secs(), sending: false })
}

/// Bytes on their way up, and how far they are.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    bytes: Bytes,
    handed: Arc<AtomicU64>,
}

impl Sending {
    pub(crate) fn new(bytes: Bytes) -> Self {
        Self { bytes, handed: Arc::default() }
    }

    /// A body of these bytes, without a copy; sending begins anew.
    pub(crate) fn body(&self) -> ByteStream {
        self.handed.store(0, Ordering::Relaxed);
        let steps = Steps { left: self.bytes.clone(), handed: Arc::clone(&self.handed) };
        ByteStream::new(SdkBody::from_body_1_x(steps))
    }

    /// Waits for `answer` as long as bytes move, and for `patience.answer` once they are all handed over.
    pub(crate) async fn answered<T>(&self, patience: &Patience, answer: impl Future<Output = T>) -> Result<T, Silence> {
        let total = self.bytes.len() as u64;
        let mut answer = std::pin::pin!(answer);
        let mut before = 0;
        loop {
            let sending = before < total;
            let limit = if sending { patience.stall + patience.connect } else { patience.answer };
            if let Ok(answer) = tokio::time::timeout(limit, answer.as_mut()).await {
                return Ok(answer);
            }
            let now = self.handed.load(Ordering::Relaxed);
            if now <= before {
                return Err(Silence { seconds: limit.as_secs(), sending });
            }
            before = now;
        }
    }
}

/// A body cut into steps.
struct Steps {
    left: Bytes,
    handed: Arc<AtomicU64>,
}

impl Body for Steps {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let length = STEP.min(self.left.len());
        let step = self.left.split_to(length);
        self.handed.fetch_add(length as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(step))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short() -> Patience {
        Patience {
            connect: Duration::ZERO,
            stall: Duration::from_millis(400),
            answer: Duration::from_millis(100),
            assembly: Duration::from_millis(100),
        }
    }

    #[tokio::test]
    async fn a_server_that_takes_no_bytes_is_given_up() {
        let sending = Sending::new(Bytes::from_static(b"abc"));
        let _body = sending.body();
        let end = sending.answered(&short(), std::future::pending::<()>()).await;
        assert_eq!(end.map_err(|silence| silence.sending), Err(true));
    }

    #[tokio::test]
    async fn a_slow_server_is_waited_for_as_long_as_bytes_move() {
        let sending = Sending::new(Bytes::from(vec![0; STEP * 4]));
        let mut body = sending.body();
        // All of it takes longer than the server may be silent, each step far less: a busy machine changes neither.
        let (silent, step) = (Duration::from_secs(3), Duration::from_secs(1));
        let patience = Patience { stall: silent, answer: silent, ..short() };
        let slow = async {
            while body.next().await.is_some() {
                tokio::time::sleep(step).await;
            }
            "stored"
        };
        assert_eq!(sending.answered(&patience, slow).await, Ok("stored"));
    }

    #[tokio::test]
    async fn a_server_that_takes_everything_and_never_answers_is_given_up() {
        let sending = Sending::new(Bytes::from_static(b"abc"));
        let mut body = sending.body();
        let end = sending
            .answered(&short(), async {
                while body.next().await.is_some() {}
                std::future::pending::<()>().await;
            })
            .await;
        assert_eq!(end.map_err(|silence| silence.sending), Err(false));
    }

    #[tokio::test]
    async fn a_body_gives_every_byte_once_in_steps() {
        let bytes = Bytes::from((0..=250).cycle().take(STEP * 2 + 1).collect::<Vec<u8>>());
        let sending = Sending::new(bytes.clone());
        assert_eq!(sending.body().collect().await.unwrap().into_bytes(), bytes);
    }
}
