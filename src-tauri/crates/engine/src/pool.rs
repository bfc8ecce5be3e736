//! The opened connections: who is busy with how much, who is stopped, who has to slow down.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use waybill_connector::{ConnectorError, Result};
use waybill_model::{Clock, ConnectionId, FailureKind, Millis, Retry};
use waybill_store::{AttentionKind, AttentionRow, Health, Lane, Store, StoreError};

use crate::{Connections, OpenConnection, bandwidth::Bandwidth};

/// How long a connection rests after it said that it is asked too often without saying for how long.
const REST: i64 = 2_000;

/// An opened connection with what its transfers share.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) open: OpenConnection,
    pub(crate) bandwidth: Bandwidth,
}

#[derive(Debug, Default)]
struct Busy {
    seat: Option<Seat>,
    small: u32,
    large: u32,
    rests_until: Millis,
    health: Option<Health>,
}

/// The opened connections.
#[derive(Debug)]
pub(crate) struct Pool {
    connections: Arc<dyn Connections>,
    store: Store,
    clock: Arc<dyn Clock>,
    busy: Mutex<HashMap<ConnectionId, Busy>>,
}

impl Pool {
    pub(crate) fn new(connections: Arc<dyn Connections>, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { connections, store, clock, busy: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Busy>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The opened connection, opened now where it is not.
    pub(crate) async fn seat(&self, id: ConnectionId) -> Result<Seat> {
        if let Some(seat) = self.lock().entry(id).or_default().seat.clone() {
            return Ok(seat);
        }
        let open = self.connections.open(id).await?;
        let seat = Seat { bandwidth: Bandwidth::new(open.bandwidth), open };
        // Two that open at once: the first one stays, so that both share its session.
        Ok(self.lock().entry(id).or_default().seat.get_or_insert(seat).clone())
    }

    /// Forgets those whose settings changed, and learns from the store who is stopped.
    pub(crate) async fn refresh(&self) {
        let Ok(rows) = self.store.connections().await else { return };
        for row in rows {
            let held = self.lock().get(&row.id).and_then(|busy| busy.seat.as_ref().map(|seat| seat.open.revision));
            if let Some(held) = held
                && self.connections.revision(row.id).await.ok() != Some(held)
                && let Some(busy) = self.lock().get_mut(&row.id)
            {
                busy.seat = None;
            }
            self.lock().entry(row.id).or_default().health = Some(row.health);
        }
    }

    /// Whether nothing may be sent there now.
    pub(crate) fn rests(&self, id: ConnectionId) -> bool {
        let now = self.clock.now();
        self.lock().get(&id).is_some_and(|busy| busy.health == Some(Health::Stopped) || busy.rests_until > now)
    }

    /// Connections from which nothing may be read now.
    pub(crate) fn resting(&self) -> Vec<ConnectionId> {
        let now = self.clock.now();
        let busy = self.lock();
        busy.iter()
            .filter(|(_, busy)| busy.health == Some(Health::Stopped) || busy.rests_until > now)
            .map(|(id, _)| *id)
            .collect()
    }

    /// How many more transfers the target takes in that lane.
    pub(crate) async fn room(&self, id: ConnectionId, lane: Lane) -> Result<u32> {
        let seat = self.seat(id).await?;
        let limits = seat.open.connector.descriptor().limits;
        let busy = self.lock();
        let Some(busy) = busy.get(&id) else { return Ok(0) };
        let files = seat.open.parallel.unwrap_or(limits.parallel_files).max(1);
        Ok(match lane {
            Lane::Large => files.saturating_sub(busy.large),
            // A cap on files at once holds for small ones too, but never lifts what the remote can take.
            Lane::Small => {
                let cap = seat.open.parallel.map_or(limits.parallel_small_files, |own| own.max(1) * 8);
                cap.min(limits.parallel_small_files).max(1).saturating_sub(busy.small)
            }
        })
    }

    /// Counts a transfer in until the place is dropped.
    pub(crate) fn take_place(self: &Arc<Self>, id: ConnectionId, lane: Lane) -> Place {
        let mut busy = self.lock();
        let entry = busy.entry(id).or_default();
        match lane {
            Lane::Small => entry.small += 1,
            Lane::Large => entry.large += 1,
        }
        Place { pool: Arc::clone(self), id, lane }
    }

    /// Whether the connection ever answered.
    pub(crate) async fn is_known(&self, id: ConnectionId) -> bool {
        id.is_local() || self.store.connection(id).await.is_ok_and(|row| row.last_good_at.is_some())
    }

    /// A call went well. Writes only where that is news; then what failed for a passing reason starts again.
    pub(crate) async fn went_well(&self, id: ConnectionId) {
        let before = self.lock().entry(id).or_default().health.replace(Health::Well);
        if id.is_local() || before == Some(Health::Well) {
            return;
        }
        let now = self.clock.now();
        let written = self.store.set_health(id, Health::Well, String::new(), None, now).await;
        let revived = self.store.queue().revive(id, now).await;
        if let Err(error) = written.and(revived) {
            tracing::warn!(%error, "the connection's health could not be stored");
        }
    }

    /// A call failed: rests, stops or marks the connection as the kind says.
    pub(crate) async fn went_wrong(&self, id: ConnectionId, error: &ConnectorError) {
        let health = match error.kind {
            FailureKind::RateLimited => {
                let pause = match error.retry {
                    Retry::After(milliseconds) => i64::try_from(milliseconds).unwrap_or(REST),
                    _ => REST,
                };
                self.lock().entry(id).or_default().rests_until = self.clock.now().plus(pause);
                return;
            }
            kind if kind.stops_the_connection() => Health::Stopped,
            FailureKind::Unreachable | FailureKind::TimedOut => Health::Failed,
            _ => return,
        };
        if id.is_local() {
            return;
        }
        let mut changed = false;
        {
            let mut busy = self.lock();
            let entry = busy.entry(id).or_default();
            changed |= entry.health != Some(health);
            entry.health = Some(health);
            if health == Health::Stopped {
                entry.seat = None;
            }
        }
        if changed && let Err(error) = self.store.set_health(id, health, error.to_string(), None, self.clock.now()).await {
            tracing::warn!(%error, "the connection's health could not be stored");
        }
    }
}

/// A transfer's place at its target.
#[derive(Debug)]
pub(crate) struct Place {
    pool: Arc<Pool>,
    id: ConnectionId,
    lane: Lane,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(busy) = self.pool.lock().get_mut(&self.id) {
            match self.lane {
                Lane::Small => busy.small -= 1,
                Lane::Large => busy.large -= 1,
            }
        }
    }
}

impl Pool {
    /// Asks a person about a connection that nothing can go on without.
    pub(crate) async fn raise(&self, id: ConnectionId, error: &ConnectorError, now: Millis) -> std::result::Result<(), StoreError> {
        let kind = match error.kind {
            FailureKind::HostKeyUnknown => AttentionKind::HostKeyUnknown,
            FailureKind::HostKeyChanged => AttentionKind::HostKeyChanged,
            _ => AttentionKind::Unauthenticated,
        };
        let mut facts: serde_json::Map<String, serde_json::Value> =
            error.context.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect();
        facts.insert("message".to_owned(), error.to_string().into());
        let question = AttentionRow {
            id: waybill_model::AttentionId::fresh(),
            kind,
            connection: Some(id),
            transfer: None,
            run: None,
            facts,
            raised_at: now,
        };
        self.store.raise(question).await
    }
}
