//! The sessions of a connection: opened on the first call and again after a break, as many as the settings allow.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{sync::Mutex, time::Instant};
use waybill_connector::{ConnectorError, Result};

use crate::{auth::Asking, config::Config, errors, session::Session};

/// A refused secret or key is not tried again for everybody who waited.
const REFUSAL_HOLDS: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
struct Slot {
    session: Option<Arc<Session>>,
    refused: Option<(Instant, ConnectorError)>,
}

/// Hands out sessions in turn.
#[derive(Debug)]
pub(crate) struct Sessions {
    config: Arc<Config>,
    asking: Asking,
    slots: Vec<Mutex<Slot>>,
    turn: AtomicU64,
}

impl Sessions {
    pub(crate) fn new(config: Arc<Config>, asking: Asking) -> Self {
        let slots = (0..config.sessions.max(1)).map(|_| Mutex::default()).collect();
        Self { config, asking, slots, turn: AtomicU64::new(0) }
    }

    /// A session that works, opened if need be. Only the first is opened for a call that could wait.
    pub(crate) async fn get(&self) -> Result<Arc<Session>> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let index = usize::try_from(turn % self.slots.len() as u64).unwrap_or(0);
        match self.of_slot(index).await {
            // A server that opens no further session serves all on the first.
            Err(error) if index > 0 && !error.kind.stops_the_connection() => {
                tracing::debug!(%error, "no further session; the first one serves");
                self.of_slot(0).await
            }
            answer => answer,
        }
    }

    /// The first session, for what has to stay on one.
    pub(crate) async fn first(&self) -> Result<Arc<Session>> {
        self.of_slot(0).await
    }

    async fn of_slot(&self, index: usize) -> Result<Arc<Session>> {
        let asked = Instant::now();
        let mut slot = self.slots[index].lock().await;
        if let Some(session) = slot.session.as_ref().filter(|session| !session.is_closed()) {
            return Ok(Arc::clone(session));
        }
        slot.session = None;
        if let Some((when, error)) = &slot.refused {
            // Whoever waited for the attempt shares its outcome; a stop holds a little longer.
            if *when >= asked || (error.kind.stops_the_connection() && when.elapsed() < REFUSAL_HOLDS) {
                return Err(errors::repeated(error));
            }
        }
        match Session::open(&self.config, &self.asking).await {
            Ok(session) => {
                let session = Arc::new(session);
                *slot = Slot { session: Some(Arc::clone(&session)), refused: None };
                Ok(session)
            }
            Err(error) => {
                slot.refused = Some((Instant::now(), errors::repeated(&error)));
                Err(error)
            }
        }
    }

    /// Forgets refusals: a person has changed something.
    pub(crate) async fn forget_refusals(&self) {
        for slot in &self.slots {
            slot.lock().await.refused = None;
        }
    }
}
