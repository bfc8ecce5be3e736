//! Since when nothing ran. Whoever runs the engine of a home writes down every minute that it does; the next one sees how
//! long nobody did, also where the computer slept in between. The same for the window: what ran while nobody looked.
//!
//! The times come from a clock that somebody may set: one that went back tells nothing about how long it was.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use waybill_model::Millis;
use waybill_store::{Store, StoreError};

use crate::{Desk, DeskError};

const EVERY: Duration = Duration::from_mins(1);
/// Shorter than that is a restart, not a night.
const SHORTEST_GAP_MS: i64 = 5 * 60_000;
/// A clock that is put right by so little was not set.
const DRIFT_MS: i64 = 2 * 60_000;

/// When an engine of this home last ran.
const SEEN: &str = "engine_seen_at";
/// The last time in which none did.
const GAP: &str = "engine_gap";
/// When somebody last had the window open.
const LOOKED: &str = "window_seen_at";

/// A time in which nothing ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "gap")]
pub enum Gap {
    /// From the last sign of life to the first one after it.
    Idle {
        /// The last sign.
        from: Millis,
        /// The next one.
        until: Millis,
    },
    /// The clock shows an earlier time than at the last sign of life: how long it was, nobody knows.
    ClockSetBack {
        /// What it showed before.
        from: Millis,
        /// What it showed then.
        until: Millis,
    },
}

impl Gap {
    /// When it ended, by the clock of that moment.
    pub fn until(&self) -> Millis {
        match self {
            Self::Idle { until, .. } | Self::ClockSetBack { until, .. } => *until,
        }
    }

    /// What lies between two signs of life, where that is worth telling.
    fn between(seen: Millis, now: Millis) -> Option<Self> {
        let passed = now.since(seen);
        if passed >= SHORTEST_GAP_MS {
            Some(Self::Idle { from: seen, until: now })
        } else if passed <= -DRIFT_MS {
            Some(Self::ClockSetBack { from: seen, until: now })
        } else {
            None
        }
    }
}

/// A time in which nobody had the window open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// The window was closed.
    pub from: Millis,
    /// It was opened again.
    pub until: Millis,
}

/// The task that writes the signs, and who looks.
#[derive(Debug, Default)]
pub(crate) struct Heart {
    beating: Mutex<Option<JoinHandle<()>>>,
    looking: Mutex<Looking>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Looking {
    open: bool,
    away: Option<Away>,
}

impl Heart {
    fn looking(&self) -> std::sync::MutexGuard<'_, Looking> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_beating(&self, task: Option<JoinHandle<()>>) {
        let before = std::mem::replace(&mut *self.beating.lock().unwrap_or_else(PoisonError::into_inner), task);
        if let Some(before) = before {
            before.abort();
        }
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.set_beating(None);
    }
}

/// Writes a sign of life, and before it what lay between it and the last one.
async fn beat(store: &Store, now: Millis) -> Result<(), StoreError> {
    if let Some(gap) = seen_at(store, SEEN).await?.and_then(|seen| Gap::between(seen, now)) {
        store.set_setting(GAP, serde_json::to_string(&gap)?).await?;
    }
    store.set_setting(SEEN, now.0.to_string()).await
}

async fn seen_at(store: &Store, key: &'static str) -> Result<Option<Millis>, StoreError> {
    Ok(store.setting(key).await?.and_then(|text| text.parse().ok()).map(Millis))
}

impl Desk {
    /// The engine runs here from now on.
    pub(crate) async fn start_heart(&self) -> Result<(), DeskError> {
        beat(&self.inner.store, self.now()).await?;
        let (store, clock) = (self.inner.store.clone(), Arc::clone(&self.inner.clock));
        let inner = Arc::downgrade(&self.inner);
        self.inner.heart.set_beating(Some(tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                let now = clock.now();
                let Some(inner) = inner.upgrade() else { return };
                let looking = inner.heart.looking().open;
                drop(inner);
                if let Err(error) = signs(&store, now, looking).await {
                    tracing::warn!(%error, "a sign of life could not be written");
                }
            }
        })));
        Ok(())
    }

    /// The engine runs here no longer.
    pub(crate) async fn stop_heart(&self) {
        self.inner.heart.set_beating(None);
        if let Err(error) = beat(&self.inner.store, self.now()).await {
            tracing::warn!(%error, "the last sign of life could not be written");
        }
    }

    /// The last time in which nothing ran, if it was told of yet.
    pub async fn last_gap(&self) -> Result<Option<Gap>, DeskError> {
        let kept = self.inner.store.setting(GAP).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Somebody has the window open. Answers how long nobody had, the same until it is closed again.
    pub async fn window_opened(&self) -> Result<Option<Away>, DeskError> {
        let looking = *self.inner.heart.looking();
        if looking.open {
            return Ok(looking.away);
        }
        let now = self.now();
        let from = seen_at(&self.inner.store, LOOKED).await?;
        let away = from.filter(|from| now.since(*from) >= SHORTEST_GAP_MS).map(|from| Away { from, until: now });
        self.inner.store.set_setting(LOOKED, now.0.to_string()).await?;
        *self.inner.heart.looking() = Looking { open: true, away };
        Ok(away)
    }

    /// How long nobody had the window open before somebody opened it; nothing while it is closed.
    pub(crate) fn away(&self) -> Option<Away> {
        let looking = *self.inner.heart.looking();
        looking.away.filter(|_| looking.open)
    }

    /// Nobody has the window open any more, also where the desk goes on in the tray; what runs from now on is told when it is opened again.
    pub async fn window_closed(&self) -> Result<(), DeskError> {
        if std::mem::take(&mut *self.inner.heart.looking()).open {
            self.inner.store.set_setting(LOOKED, self.now().0.to_string()).await?;
        }
        Ok(())
    }
}

async fn signs(store: &Store, now: Millis, looking: bool) -> Result<(), StoreError> {
    beat(store, now).await?;
    if looking {
        store.set_setting(LOOKED, now.0.to_string()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_is_a_gap_and_a_restart_is_none() {
        let evening = Millis(1_000_000_000);
        assert_eq!(Gap::between(evening, evening.plus(SHORTEST_GAP_MS - 1)), None);
        let morning = evening.plus(13 * 3_600_000);
        assert_eq!(Gap::between(evening, morning), Some(Gap::Idle { from: evening, until: morning }));
    }

    #[test]
    fn a_clock_that_was_set_back_tells_that_it_was_and_no_length() {
        let seen = Millis(1_000_000_000);
        let back = seen.plus(-3_600_000);
        assert_eq!(Gap::between(seen, back), Some(Gap::ClockSetBack { from: seen, until: back }));
        assert_eq!(Gap::between(seen, seen.plus(-DRIFT_MS + 1)), None, "a clock that is put right was not set");
        assert_eq!(
            Gap::between(seen, Millis(i64::MIN)),
            Some(Gap::ClockSetBack { from: seen, until: Millis(i64::MIN) })
        );
    }
}
