//! Work in the background by key: each runs once at a time, and what failed comes again later and later.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use waybill_model::Millis;

use crate::retry::is_to_come;

#[derive(Debug, Default, Clone, Copy)]
struct Try {
    running: bool,
    failed: u32,
    not_before: Millis,
}

/// What runs, and what failed and waits.
#[derive(Debug)]
pub(crate) struct Tries<K>(Mutex<HashMap<K, Try>>);

impl<K> Default for Tries<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Copy> Tries<K> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Try>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those that run now.
    pub(crate) fn running(&self) -> Vec<K> {
        self.lock().iter().filter(|(_, one)| one.running).map(|(key, _)| *key).collect()
    }

    /// Starts one unless it runs, waits, or `most` run already.
    pub(crate) fn begin(&self, key: K, most: usize, now: Millis) -> bool {
        let mut tries = self.lock();
        if tries.values().filter(|one| one.running).count() >= most {
            return false;
        }
        let one = tries.entry(key).or_default();
        if one.running || is_to_come(one.not_before, now) {
            return false;
        }
        one.running = true;
        true
    }

    /// How often it failed in a row.
    pub(crate) fn failed(&self, key: K) -> u32 {
        self.lock().get(&key).map_or(0, |one| one.failed)
    }

    /// It ended well, or for good.
    pub(crate) fn end(&self, key: K) {
        self.lock().remove(&key);
    }

    /// It is tried again, not before `not_before`.
    pub(crate) fn put_off(&self, key: K, not_before: Millis) {
        let mut tries = self.lock();
        let failed = tries.get(&key).map_or(0, |one| one.failed).saturating_add(1);
        tries.insert(key, Try { running: false, failed, not_before });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_or_waits_is_not_begun_again() {
        let tries = Tries::default();
        assert!(tries.begin(1, 2, Millis(0)));
        assert!(!tries.begin(1, 2, Millis(0)), "it runs");
        assert!(tries.begin(2, 2, Millis(0)));
        assert!(!tries.begin(3, 2, Millis(0)), "two run already");
        tries.put_off(1, Millis(10));
        assert!(!tries.begin(1, 2, Millis(9)), "it waits");
        assert_eq!((tries.failed(1), tries.running()), (1, vec![2]));
        assert!(tries.begin(1, 2, Millis(10)));
        tries.end(1);
        assert_eq!(tries.failed(1), 0);
    }
}
