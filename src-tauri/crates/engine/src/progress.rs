//! What moves right now: bytes that the remote confirmed, kept in memory and sampled by whoever shows them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use waybill_model::TransferId;

/// One transfer that is being worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moving {
    /// Which.
    pub id: TransferId,
    /// Bytes that the remote confirmed.
    pub confirmed: u64,
    /// Bytes of the whole.
    pub size: u64,
}

/// Bytes that were confirmed, and bytes of the whole.
type Counted = (Arc<AtomicU64>, u64);

/// The transfers that are being worked on. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    moving: Arc<Mutex<HashMap<TransferId, Counted>>>,
    /// Bytes that were confirmed since the program started.
    total: Arc<AtomicU64>,
}

impl Progress {
    /// All that move, in no order.
    pub fn sample(&self) -> Vec<Moving> {
        let moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        moving
            .iter()
            .map(|(id, (confirmed, size))| Moving {
                id: *id,
                confirmed: confirmed.load(Ordering::Relaxed),
                size: *size,
            })
            .collect()
    }

    /// Bytes that remotes confirmed since the program started.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Counts a transfer as moving until the meter is dropped.
    pub(crate) fn meter(&self, id: TransferId, size: u64) -> Meter {
        let confirmed = Arc::new(AtomicU64::new(0));
        self.moving.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (Arc::clone(&confirmed), size));
        Meter { id, confirmed, progress: self.clone() }
    }
}

/// One transfer's count.
#[derive(Debug)]
pub(crate) struct Meter {
    id: TransferId,
    confirmed: Arc<AtomicU64>,
    progress: Progress,
}

impl Meter {
    /// The remote confirmed more bytes.
    pub(crate) fn confirm(&self, bytes: u64) {
        self.confirmed.fetch_add(bytes, Ordering::Relaxed);
        self.progress.total.fetch_add(bytes, Ordering::Relaxed);
    }

    /// So many bytes were confirmed by an earlier process.
    pub(crate) fn resume_at(&self, bytes: u64) {
        self.confirmed.store(bytes, Ordering::Relaxed);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.progress.moving.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}
