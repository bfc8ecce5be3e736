//! Keeping an engine at work for as long as the desk is open: it waits while another process has it, takes over when
//! that one ends, and is started again where it fell over.
//!
//! What stands in the way is told, so that a window can say it. Stopping the engine ends the keeping too.

use std::time::Duration;

use tokio::sync::watch;
use waybill_engine::EngineLock;

use crate::{Desk, DeskError};

/// The pause before an engine that could not work is started again: the first, and the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Who moves the files of this home now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum EngineState {
    /// Nobody yet: the engine is being started.
    #[default]
    Starting,
    /// This process.
    Here,
    /// Another process on this home.
    Elsewhere,
    /// Nobody: it fell over, or cannot be started. It is tried again.
    Down {
        /// Why, where that is known.
        reason: String,
    },
    /// Nobody: it was stopped.
    Stopped,
}

impl Desk {
    /// Hears who moves the files, now and whenever that changes.
    pub fn engine_state(&self) -> watch::Receiver<EngineState> {
        self.inner.engine_state.subscribe()
    }

    /// Keeps an engine at work until it is stopped.
    pub async fn keep_engine(&self) {
        let mut pause = FIRST_PAUSE;
        while *self.inner.engine_state.borrow() != EngineState::Stopped {
            let reason = match self.try_start_engine().await {
                Ok(true) => {
                    self.tell_engine(EngineState::Here);
                    if !self.engine_fell_over().await {
                        return;
                    }
                    pause = FIRST_PAUSE;
                    "it ended without being told to".to_owned()
                }
                Ok(false) => {
                    self.tell_engine(EngineState::Elsewhere);
                    match EngineLock::wait(self.paths().home()).await {
                        Ok(_free) => continue,
                        Err(error) => DeskError::from(error).to_string(),
                    }
                }
                Err(error) => error.to_string(),
            };
            tracing::error!(reason, "the engine does not work; it is started again");
            self.tell_engine(EngineState::Down { reason });
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Waits for the engine's end. Answers whether it ended by itself.
    async fn engine_fell_over(&self) -> bool {
        let Some(ended) = self.inner.engine.lock().await.as_ref().map(|(engine, _)| engine.ended()) else {
            return false;
        };
        ended.await;
        self.inner.engine.lock().await.take().is_some()
    }

    pub(crate) fn tell_engine(&self, state: EngineState) {
        self.inner.engine_state.send_if_modified(|now| {
            let changed = *now != state && *now != EngineState::Stopped;
            if changed {
                *now = state;
            }
            changed
        });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use camino::Utf8Path;
    use waybill_engine::SystemClock;
    use waybill_vault::Vaults;

    use super::*;
    use crate::{Paths, assemble};

    async fn desk(dir: &tempfile::TempDir) -> Desk {
        let home = Utf8Path::from_path(dir.path()).unwrap();
        assemble(Paths::new(home), Vaults::in_memory(), Arc::new(SystemClock)).await.unwrap()
    }

    fn keep(desk: &Desk) -> watch::Receiver<EngineState> {
        let kept = desk.clone();
        tokio::spawn(async move { kept.keep_engine().await });
        desk.engine_state()
    }

    async fn comes(states: &mut watch::Receiver<EngineState>, what: EngineState) {
        let coming = states.wait_for(|state| *state == what);
        tokio::time::timeout(Duration::from_secs(30), coming).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn an_engine_that_another_process_has_is_taken_over_when_that_one_ends() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir).await;
        let other = EngineLock::try_take(desk.paths().home()).unwrap().unwrap();
        let mut states = keep(&desk);
        comes(&mut states, EngineState::Elsewhere).await;
        assert!(!desk.has_engine().await);
        drop(other);
        comes(&mut states, EngineState::Here).await;
        assert!(desk.has_engine().await);
    }

    #[tokio::test]
    async fn an_engine_that_is_stopped_is_not_started_again() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir).await;
        let mut states = keep(&desk);
        comes(&mut states, EngineState::Here).await;
        desk.stop_engine().await;
        comes(&mut states, EngineState::Stopped).await;
        assert!(EngineLock::try_take(desk.paths().home()).unwrap().is_some(), "the next process gets it");
    }

    #[tokio::test]
    async fn an_engine_that_cannot_be_started_says_why_and_comes_when_it_can() {
        let dir = tempfile::tempdir().unwrap();
        let desk = desk(&dir).await;
        // What lies in the lock's place cannot be locked.
        let in_the_way = desk.paths().home().join("engine.lock");
        fs_err::create_dir(&in_the_way).unwrap();
        let mut states = keep(&desk);
        let down =
            states.wait_for(|state| matches!(state, EngineState::Down { reason } if reason.contains("engine.lock")));
        tokio::time::timeout(Duration::from_secs(30), down).await.unwrap().unwrap();
        fs_err::remove_dir(&in_the_way).unwrap();
        comes(&mut states, EngineState::Here).await;
    }
}
