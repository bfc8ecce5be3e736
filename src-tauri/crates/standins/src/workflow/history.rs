//! What the history service knows: copies of instances and tasks, each of which is seen from a moment on.
//!
//! Where the writer lags, a reader sees the copy before the last one, or none at all.

use std::collections::BTreeMap;

use super::engine::{Instance, Task};
use crate::clock::Millis;

/// Copies of one thing, oldest first, with the moment from which each is seen.
type Copies<T> = Vec<(Millis, T)>;

/// The history of one tenant.
#[derive(Debug, Default)]
pub(super) struct History {
    instances: BTreeMap<String, Copies<Instance>>,
    tasks: BTreeMap<String, Copies<Task>>,
}

fn keep<T>(copies: &mut Copies<T>, seen: Millis, now: Millis, copy: T) {
    // Only the newest that is seen already is worth keeping.
    let passed = copies.iter().filter(|(from, _)| *from <= now).count();
    copies.drain(..passed.saturating_sub(1));
    copies.push((seen, copy));
}

fn newest<T>(copies: &Copies<T>, now: Millis) -> Option<&T> {
    copies.iter().rev().find(|(from, _)| *from <= now).map(|(_, copy)| copy)
}

impl History {
    /// Writes an instance down, to be seen from `seen` on.
    pub(super) fn keep_instance(&mut self, seen: Millis, now: Millis, instance: Instance) {
        keep(self.instances.entry(instance.id.clone()).or_default(), seen, now, instance);
    }

    /// Writes a task down, to be seen from `seen` on.
    pub(super) fn keep_task(&mut self, seen: Millis, now: Millis, task: Task) {
        keep(self.tasks.entry(task.id.clone()).or_default(), seen, now, task);
    }

    /// All instances as they are seen now.
    pub(super) fn instances(&self, now: Millis) -> impl Iterator<Item = &Instance> {
        self.instances.values().filter_map(move |copies| newest(copies, now))
    }

    /// One instance as it is seen now.
    pub(super) fn instance(&self, id: &str, now: Millis) -> Option<&Instance> {
        newest(self.instances.get(id)?, now)
    }

    /// All tasks as they are seen now.
    pub(super) fn tasks(&self, now: Millis) -> impl Iterator<Item = &Task> {
        self.tasks.values().filter_map(move |copies| newest(copies, now))
    }

    /// Whether a task once was, as far as is seen now.
    pub(super) fn task(&self, id: &str, now: Millis) -> Option<&Task> {
        newest(self.tasks.get(id)?, now)
    }

    /// Forgets a task.
    pub(super) fn forget_task(&mut self, id: &str) {
        self.tasks.remove(id);
    }
}
