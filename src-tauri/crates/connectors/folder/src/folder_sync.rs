//! One sync of a folder for all the files that were renamed in it meanwhile.
//!
//! A rename counts only once its folder is on the disk. A hundred small files that land in one folder at once would
//! sync it a hundred times; here those that wait share the next sync.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::AtomicU64, atomic::Ordering},
};

use crate::{
    fault::Fault,
    tree::{Dir, Names},
};

/// Who waits for a sync of which folder.
#[derive(Debug, Default)]
pub(crate) struct FolderSync(Mutex<HashMap<Vec<std::ffi::OsString>, Arc<Round>>>);

#[derive(Debug, Default)]
struct Round {
    /// Renames that asked so far.
    asked: AtomicU64,
    /// The last of them that a sync has covered. Held while a sync runs.
    covered: Mutex<u64>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl FolderSync {
    /// Returns once a sync that began after this call has ended. Blocks.
    pub(crate) fn sync(&self, names: &Names, dir: &Dir) -> Result<(), Fault> {
        self.sync_by(names, || dir.sync())
    }

    fn sync_by(&self, names: &Names, sync: impl FnOnce() -> Result<(), Fault>) -> Result<(), Fault> {
        let round = Arc::clone(lock(&self.0).entry(names.0.clone()).or_default());
        let ticket = round.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let result = {
            let mut covered = lock(&round.covered);
            if *covered >= ticket {
                Ok(())
            } else {
                let upto = round.asked.load(Ordering::SeqCst);
                let result = sync();
                if result.is_ok() {
                    *covered = upto;
                }
                result
            }
        };
        let mut rounds = lock(&self.0);
        // The map and this call hold it, and nobody else can get it while the map is locked.
        if Arc::strong_count(&round) == 2 {
            rounds.remove(&names.0);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn those_who_wait_share_the_next_sync() {
        let (sync, names) = (FolderSync::default(), Names(vec!["in".into()]));
        let (count, running) = (AtomicU64::new(0), Barrier::new(2));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                sync.sync_by(&names, || {
                    count.fetch_add(1, Ordering::SeqCst);
                    running.wait();
                    // Held until the others have asked.
                    while lock(&sync.0)[&names.0].asked.load(Ordering::SeqCst) < 9 {
                        std::thread::yield_now();
                    }
                    Ok(())
                })
                .unwrap();
            });
            running.wait();
            for _ in 0..8 {
                scope.spawn(|| {
                    sync.sync_by(&names, || {
                        count.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    })
                    .unwrap();
                });
            }
        });
        assert_eq!(count.load(Ordering::SeqCst), 2, "one that was running and one for the eight that waited");
        assert!(lock(&sync.0).is_empty(), "nothing is kept of folders that are done");
    }

    #[test]
    fn a_sync_that_failed_covers_nobody() {
        let (sync, names) = (FolderSync::default(), Names(Vec::new()));
        assert!(sync.sync_by(&names, || Err(Fault::NotAFolder)).is_err());
        let mut ran = false;
        sync.sync_by(&names, || {
            ran = true;
            Ok(())
        })
        .unwrap();
        assert!(ran);
    }
}
