//! Turns: what two tasks of this desk must not do at once to one name, they do one after the other.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// Turns by name.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<String, Weak<Turn<()>>>>);

impl Turns {
    /// Waits for the turn of `name`; it is over when the guard is dropped.
    pub(crate) async fn of(&self, name: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() > 1024 {
                all.retain(|_, turn| turn.strong_count() > 0);
            }
            if let Some(turn) = all.get(name).and_then(Weak::upgrade) {
                turn
            } else {
                let turn = Arc::new(Turn::new(()));
                all.insert(name.to_owned(), Arc::downgrade(&turn));
                turn
            }
        };
        turn.lock_owned().await
    }
}
