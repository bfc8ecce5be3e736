//! The opened connections: who is busy with how much, who is stopped, who has to slow down.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use waybill_connector::{ConnectorError, Result};
use waybill_model::{Clock, ConnectionId, FailureKind, Millis, Retry, RunId, Side};
use waybill_store::{AttentionKind, AttentionRow, Health, Lane, Store, StoreError};

use crate::{Caps, Connections, OpenConnection, bandwidth::Bandwidth, connections::question_about, retry::is_to_come};

/// How long a connection rests after it said that it is asked too often without saying for how long.
const REST: i64 = 2_000;

/// The longest rest that a remote may ask for.
const LONGEST_REST: i64 = 60 * 60 * 1000;

/// An opened connection with what its transfers share.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) open: OpenConnection,
    pub(crate) bandwidth: Bandwidth,
    /// What all connections share.
    pub(crate) all: Bandwidth,
}

#[derive(Debug, Default)]
struct Busy {
    seat: Option<Seat>,
    small: u32,
    large: u32,
    rests_until: Millis,
    health: Option<Health>,
}

impl Busy {
    /// How many more files there may be in a lane, whichever way they go. `usual` is the cap of a connection that names
    /// none.
    fn room(&self, lane: Lane, usual: Option<u32>) -> u32 {
        let Some(seat) = &self.seat else { return waybill_store::Claim::STRANGERS };
        let limits = seat.open.connector.descriptor().limits;
        let (files, small) = (limits.parallel_files.max(1), limits.parallel_small_files.max(1));
        // A cap that somebody set holds for all files together, and so does a remote's single session.
        let (files, small, all) = match seat.open.parallel.or(usual.filter(|_| !seat.open.id.is_local())) {
            Some(cap) => (cap.max(1), small.min(cap.max(1)), cap.max(1)),
            None if small == 1 => (files, 1, 1),
            None => (files, small, files.saturating_add(small)),
        };
        let own = match lane {
            Lane::Large => files.saturating_sub(self.large),
            Lane::Small => small.saturating_sub(self.small),
        };
        own.min(all.saturating_sub(self.large + self.small))
    }

    fn rests(&self, now: Millis) -> bool {
        self.health == Some(Health::Stopped) || is_to_come(self.rests_until, now)
    }
}

/// The opened connections.
#[derive(Debug)]
pub(crate) struct Pool {
    connections: Arc<dyn Connections>,
    store: Store,
    clock: Arc<dyn Clock>,
    busy: Mutex<HashMap<ConnectionId, Busy>>,
    caps: Mutex<Caps>,
    /// Files that have a place now.
    files: AtomicU32,
    bandwidth: Bandwidth,
}

impl Pool {
    pub(crate) fn new(connections: Arc<dyn Connections>, store: Store, clock: Arc<dyn Clock>) -> Self {
        Self {
            connections,
            store,
            clock,
            busy: Mutex::default(),
            caps: Mutex::default(),
            files: AtomicU32::new(0),
            bandwidth: Bandwidth::new(None),
        }
    }

    /// These caps hold from now on, for what runs too. Answers whether they are others than before.
    pub(crate) fn obey(&self, caps: Caps) -> bool {
        self.bandwidth.set(caps.bytes_per_second);
        let mut held = self.caps.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *held, caps) != caps
    }

    fn caps(&self) -> Caps {
        *self.caps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the connections share a number of files.
    pub(crate) fn shares_files(&self) -> bool {
        self.caps().files.is_some()
    }

    /// How many more files there may be over all connections.
    fn files_left(&self) -> u32 {
        self.caps().files.map_or(u32::MAX, |most| most.max(1).saturating_sub(self.files.load(Ordering::Acquire)))
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
        let seat = Seat { bandwidth: Bandwidth::new(open.bandwidth), all: self.bandwidth.clone(), open };
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
        self.lock().get(&id).is_some_and(|busy| busy.rests(now))
    }

    /// Whether some connection still waits for its rest to end.
    pub(crate) fn next_rest_ends(&self) -> Option<Millis> {
        let now = self.clock.now();
        self.lock().values().map(|busy| busy.rests_until).filter(|until| is_to_come(*until, now)).min()
    }

    /// Where nothing may be read from now, and how much may be read elsewhere. This computer is no bottleneck.
    pub(crate) fn sources(&self, lane: Lane) -> (Vec<ConnectionId>, Vec<(ConnectionId, u32)>) {
        let (now, usual) = (self.clock.now(), self.caps().files_per_connection);
        let busy = self.lock();
        let mut without = Vec::new();
        let mut rooms = vec![(ConnectionId::LOCAL, u32::MAX)];
        for (id, busy) in busy.iter().filter(|(id, _)| !id.is_local()) {
            let room = busy.room(lane, usual);
            if busy.rests(now) || room == 0 {
                without.push(*id);
            } else {
                rooms.push((*id, room));
            }
        }
        (without, rooms)
    }

    /// How many more transfers the target takes in that lane. One that cannot be opened takes a few, to fail them.
    pub(crate) async fn room(&self, id: ConnectionId, lane: Lane) -> Result<u32> {
        self.seat(id).await?;
        let (usual, left) = (self.caps().files_per_connection, self.files_left());
        Ok(self.lock().get(&id).map_or(0, |busy| busy.room(lane, usual).min(left)))
    }

    /// Counts a transfer in at both its ends until the place is dropped.
    pub(crate) fn take_place(self: &Arc<Self>, source: ConnectionId, target: ConnectionId, lane: Lane) -> Place {
        let mut ends = vec![target];
        if !source.is_local() && source != target {
            ends.push(source);
        }
        let mut busy = self.lock();
        for id in &ends {
            let entry = busy.entry(*id).or_default();
            match lane {
                Lane::Small => entry.small += 1,
                Lane::Large => entry.large += 1,
            }
        }
        self.files.fetch_add(1, Ordering::AcqRel);
        Place { pool: Arc::clone(self), ends, lane }
    }

    /// Whether the connection ever answered.
    pub(crate) async fn is_known(&self, id: ConnectionId) -> bool {
        id.is_local() || self.store.connection(id).await.is_ok_and(|row| row.last_good_at.is_some())
    }

    /// A call went well. Writes only where that is news; then what failed for a passing reason starts again.
    pub(crate) async fn went_well(&self, id: ConnectionId) {
        if id.is_local() {
            return;
        }
        {
            let mut busy = self.lock();
            let entry = busy.entry(id).or_default();
            // What stops a connection is solved by a person, not by a straggler that still got through.
            if matches!(entry.health, Some(Health::Well | Health::Stopped)) {
                return;
            }
            entry.health = Some(Health::Well);
        }
        let now = self.clock.now();
        let written = self.store.set_health(id, Health::Well, String::new(), None, now).await;
        let revived = self.store.queue().revive(id, now).await;
        if let Err(error) = written.and(revived) {
            tracing::warn!(%error, "the connection's health could not be stored");
        }
    }

    /// A transfer has failed for want of an answer, and that is stored. Where another got through in the meantime, the
    /// reviving came too early for it, and nothing else would start it again.
    pub(crate) async fn failed_at_last(&self, id: ConnectionId) {
        if self.lock().get(&id).is_none_or(|busy| busy.health != Some(Health::Well)) {
            return;
        }
        if let Err(error) = self.store.queue().revive(id, self.clock.now()).await {
            tracing::warn!(%error, "what failed for a passing reason could not be put in line again");
        }
    }

    /// A call failed: the connection rests, or is marked as failed, as the kind says.
    pub(crate) async fn went_wrong(&self, id: ConnectionId, error: &ConnectorError) {
        match error.kind {
            FailureKind::RateLimited => {
                let pause = match error.retry {
                    Retry::After(milliseconds) => i64::try_from(milliseconds).unwrap_or(LONGEST_REST).min(LONGEST_REST),
                    _ => REST,
                };
                let until = self.clock.now().plus(pause);
                let mut busy = self.lock();
                let entry = busy.entry(id).or_default();
                entry.rests_until = entry.rests_until.max(until);
            }
            FailureKind::Unreachable | FailureKind::TimedOut if !id.is_local() => {
                {
                    let mut busy = self.lock();
                    let entry = busy.entry(id).or_default();
                    if matches!(entry.health, Some(Health::Failed | Health::Stopped)) {
                        return;
                    }
                    entry.health = Some(Health::Failed);
                }
                self.keep_health(id, Health::Failed, error).await;
            }
            _ => {}
        }
    }

    /// Nothing goes on there without a person, who is asked once. Nothing is done where `seat`, on which it failed, is
    /// not the one in use any more: somebody has answered since it was opened.
    pub(crate) async fn stop(
        &self,
        id: ConnectionId,
        seat: Option<&Seat>,
        error: &ConnectorError,
        now: Millis,
    ) -> std::result::Result<(), StoreError> {
        {
            let mut busy = self.lock();
            let entry = busy.entry(id).or_default();
            let current = match (seat, &entry.seat) {
                (Some(failed), Some(current)) => Arc::ptr_eq(&failed.open.connector, &current.open.connector),
                (Some(_), None) => false,
                (None, _) => true,
            };
            if !current || entry.health == Some(Health::Stopped) {
                return Ok(());
            }
            entry.health = Some(Health::Stopped);
            entry.seat = None;
        }
        // The question first: a stop that nobody is asked about would last for ever.
        self.raise(id, error, now).await?;
        self.keep_health(id, Health::Stopped, error).await;
        Ok(())
    }

    async fn keep_health(&self, id: ConnectionId, health: Health, error: &ConnectorError) {
        let failure = error.to_failure(Side::Destination);
        if let Err(error) = self.store.set_failing(id, health, failure, error.to_string()).await {
            tracing::warn!(%error, "the connection's health could not be stored");
        }
    }
}

/// A transfer's place at its ends.
#[derive(Debug)]
pub(crate) struct Place {
    pool: Arc<Pool>,
    ends: Vec<ConnectionId>,
    lane: Lane,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.pool.files.fetch_sub(1, Ordering::AcqRel);
        let mut busy = self.pool.lock();
        for id in &self.ends {
            let Some(busy) = busy.get_mut(id) else { continue };
            match self.lane {
                Lane::Small => busy.small -= 1,
                Lane::Large => busy.large -= 1,
            }
        }
    }
}

impl Pool {
    /// Asks a person about a connection that nothing can go on without.
    async fn raise(
        &self,
        id: ConnectionId,
        error: &ConnectorError,
        now: Millis,
    ) -> std::result::Result<(), StoreError> {
        self.store.raise(question_about(id, error, now)).await
    }

    /// Says once that a target has not the space that is needed.
    pub(crate) async fn raise_full(
        &self,
        id: ConnectionId,
        run: RunId,
        facts: serde_json::Value,
        now: Millis,
    ) -> std::result::Result<(), StoreError> {
        let open = self.store.open_attention().await?;
        if open.iter().any(|row| row.kind == AttentionKind::DiskFull && row.connection == Some(id)) {
            return Ok(());
        }
        let question = AttentionRow {
            id: waybill_model::AttentionId::fresh(),
            kind: AttentionKind::DiskFull,
            connection: Some(id),
            transfer: None,
            run: Some(run),
            facts: facts.as_object().cloned().unwrap_or_default(),
            raised_at: now,
        };
        self.store.raise(question).await
    }
}

#[cfg(test)]
mod tests;
