//! The folders that the window is being shown.
//!
//! A listing sends a few batches ahead of what the window has taken in, and no more: however large a folder is, the
//! memory that it takes here is bounded, and a window that is gone stops the work.

use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use futures::{Stream, StreamExt as _};
use tauri::async_runtime::JoinHandle;
use tokio::sync::Semaphore;
use waybill_desk::{DeskError, Entry};

use crate::views::{Count, EntryView, FolderBatchView};

/// Batches on their way to the window.
const AHEAD: usize = 4;
/// Listings at once; one more ends the oldest, which a window that was loaded anew may have left behind.
const OPEN: usize = 16;

#[derive(Debug)]
struct Listing {
    room: Arc<Semaphore>,
    work: JoinHandle<()>,
}

/// The listings that are under way, by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Listings {
    next: AtomicU64,
    open: Mutex<BTreeMap<u64, Listing>>,
}

impl Listings {
    /// Tells what comes out of `pages` until its end. `tell` answers whether somebody heard it.
    pub(crate) fn follow(
        self: &Arc<Self>,
        pages: impl Stream<Item = Result<Vec<Entry>, DeskError>> + Send + 'static,
        tell: impl Fn(FolderBatchView) -> bool + Send + 'static,
    ) -> Count {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let room = Arc::new(Semaphore::new(AHEAD));
        let (all, credit) = (Arc::clone(self), Arc::clone(&room));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        // The lock is held until the listing is on record, so that one that is over at once is taken off it too.
        let work = tauri::async_runtime::spawn(async move {
            follow(pages, &credit, tell).await;
            all.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
        open.insert(id, Listing { room, work });
        while open.len() > OPEN {
            if let Some((_, oldest)) = open.pop_first() {
                oldest.work.abort();
            }
        }
        id.into()
    }

    /// A batch was taken in.
    pub(crate) fn heard(&self, id: Count) {
        if let Some(listing) = self.open.lock().unwrap_or_else(PoisonError::into_inner).get(&id.value()) {
            listing.room.add_permits(1);
        }
    }

    /// Ends a listing.
    pub(crate) fn leave(&self, id: Count) {
        if let Some(listing) = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(&id.value()) {
            listing.work.abort();
        }
    }
}

async fn follow(
    pages: impl Stream<Item = Result<Vec<Entry>, DeskError>>,
    room: &Semaphore,
    tell: impl Fn(FolderBatchView) -> bool,
) {
    let mut pages = pin!(pages);
    while let Some(page) = pages.next().await {
        let batch = match page {
            Ok(entries) => FolderBatchView {
                entries: entries.into_iter().map(EntryView::from).collect(),
                over: false,
                error: None,
            },
            Err(error) => FolderBatchView { entries: Vec::new(), over: true, error: Some(error.into()) },
        };
        let over = batch.over;
        let Ok(permit) = room.acquire().await else { return };
        permit.forget();
        if !tell(batch) || over {
            return;
        }
    }
    tell(FolderBatchView { entries: Vec::new(), over: true, error: None });
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use futures::stream;
    use waybill_desk::EntryKind;
    use waybill_model::RemotePath;

    use super::*;

    fn page(number: u32) -> Vec<Entry> {
        let name = number.to_string();
        vec![Entry {
            path: RemotePath::root().join(&name),
            name,
            kind: EntryKind::File,
            size: 0,
            modified: None,
            version: None,
            mode: None,
            addressable: true,
            link: false,
            facts: BTreeMap::default(),
        }]
    }

    /// A folder without an end; `asked` counts its pages.
    fn endless(asked: Arc<AtomicU64>) -> impl Stream<Item = Result<Vec<Entry>, DeskError>> + Send + 'static {
        stream::iter(0_u32..).map(move |number| {
            asked.fetch_add(1, Ordering::SeqCst);
            Ok(page(number))
        })
    }

    #[tokio::test]
    async fn no_more_is_asked_for_than_was_taken_in() {
        let listings = Arc::new(Listings::default());
        let asked = Arc::new(AtomicU64::new(0));
        let (send, receive) = mpsc::channel();
        let id = listings.follow(endless(Arc::clone(&asked)), move |batch| send.send(batch).is_ok());
        let told = async || loop {
            match receive.try_recv() {
                Ok(batch) => return batch,
                Err(_) => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        };
        for _ in 0..AHEAD {
            told().await;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(receive.try_recv().is_err(), "nothing is sent beyond what there is room for");
        assert_eq!(asked.load(Ordering::SeqCst), AHEAD as u64 + 1, "one page waits, and no other was read");
        listings.heard(id);
        told().await;
        listings.leave(id);
        listings.heard(id);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(receive.try_recv().is_err(), "a listing that was left says nothing more");
    }

    #[tokio::test]
    async fn one_listing_too_many_ends_the_oldest() {
        let listings = Arc::new(Listings::default());
        for _ in 0..=OPEN {
            listings.follow(endless(Arc::default()), |_| true);
        }
        let open = listings.open.lock().unwrap().keys().copied().collect::<Vec<_>>();
        assert_eq!((open.len(), open.first()), (OPEN, Some(&1)));
    }
}
