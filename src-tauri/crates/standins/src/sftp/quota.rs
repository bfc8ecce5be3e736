//! Bytes that fit into the served folder. What is in use is counted when it is asked for the first time and after
//! something was taken away; growth is added.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use super::status::Status;

#[derive(Debug)]
pub(super) struct Quota {
    most: Option<u64>,
    used: Mutex<Option<u64>>,
}

impl Quota {
    pub(super) fn new(most: Option<u64>) -> Self {
        Self { most, used: Mutex::new(None) }
    }

    /// Takes `growth` bytes out of what is left, or refuses.
    pub(super) fn grow(&self, folder: &Path, growth: u64) -> Result<(), Status> {
        let Some(most) = self.most else { return Ok(()) };
        if growth == 0 {
            return Ok(());
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let after = used.unwrap_or_else(|| bytes_in(folder)).saturating_add(growth);
        if after > most {
            return Err(Status::failure("Disk quota exceeded"));
        }
        *used = Some(after);
        Ok(())
    }

    /// Something may have become smaller.
    pub(super) fn recount(&self) {
        *self.used.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Bytes of the whole and bytes that are left, where there is a quota.
    pub(super) fn space(&self, folder: &Path) -> Option<(u64, u64)> {
        self.most.map(|most| (most, most.saturating_sub(bytes_in(folder))))
    }
}

fn bytes_in(folder: &Path) -> u64 {
    let Ok(entries) = fs_err::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(found) if found.is_dir() => bytes_in(&entry.path()),
            Ok(found) => found.len(),
            Err(_) => 0,
        })
        .sum()
}
