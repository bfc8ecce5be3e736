//! Long works that the window has asked for: counting, removing. They go on whatever the window shows, until they end or
//! are stopped.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tauri::async_runtime::JoinHandle;

use crate::views::Count;

/// The window hears how far a work is no more often than this.
const BEAT: Duration = Duration::from_millis(80);

/// The works under way, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Works {
    next: AtomicU64,
    open: Mutex<HashMap<u64, JoinHandle<()>>>,
}

impl Works {
    /// Starts a work, and answers its number.
    pub(crate) fn start(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) -> Count {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let all = Arc::clone(self);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // The lock is held until the work is on record, so that one that is over at once is taken off it too.
        let handle = tauri::async_runtime::spawn(async move {
            work.await;
            all.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
        open.insert(id, handle);
        id.into()
    }

    /// Stops a work. Succeeds if it is over.
    pub(crate) fn stop(&self, id: Count) {
        if let Some(handle) = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id.value()) {
            handle.abort();
        }
    }
}

/// Tells when it is time to say how far a work is.
#[derive(Debug, Default)]
pub(crate) struct Beat(Option<Instant>);

impl Beat {
    /// Whether the last time is long enough ago.
    pub(crate) fn is_due(&mut self) -> bool {
        let due = self.0.is_none_or(|last| last.elapsed() >= BEAT);
        if due {
            self.0 = Some(Instant::now());
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_work_that_is_stopped_ends_and_one_that_is_over_is_off_the_list() {
        let works = Arc::new(Works::default());
        let (send, receive) = tokio::sync::oneshot::channel::<()>();
        let endless = works.start(async move {
            let _held = send;
            std::future::pending::<()>().await;
        });
        let (done, over) = tokio::sync::oneshot::channel();
        works.start(async move { done.send(()).unwrap() });
        over.await.unwrap();
        while works.open.lock().unwrap().len() > 1 {
            tokio::task::yield_now().await;
        }
        works.stop(endless);
        assert!(receive.await.is_err(), "what it held is let go");
        assert!(works.open.lock().unwrap().is_empty());
    }
}
