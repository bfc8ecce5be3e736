//! From a line of the queue to work: what is claimed where there is room, and the task that moves it.

use std::sync::{Arc, Mutex, PoisonError, atomic::AtomicBool};

use tokio_util::sync::CancellationToken;
use waybill_model::{ConnectionId, RemotePath, Side, TransferOptions};
use waybill_store::{Claim, Lane, StoreError, TransferRow};

use super::{Active, Inner};
use crate::{job::Job, pool::Place, runner};

/// Failed transfers of a connection that cannot be opened at one look.
const UNOPENED: u32 = 64;

impl Inner {
    /// Claims as many of a line as there is room for, and starts them.
    pub(super) async fn fill(self: &Arc<Self>, target: ConnectionId, lane: Lane) -> Result<(), StoreError> {
        if self.pool.rests(target) {
            return Ok(());
        }
        let limit = match self.pool.room(target, lane).await {
            Ok(room) => room,
            Err(error) if error.kind.stops_the_connection() => {
                return self.pool.stop(target, None, &error, self.clock.now()).await;
            }
            // Each of them fails with that reason, or waits.
            Err(_) => UNOPENED,
        };
        if limit == 0 {
            return Ok(());
        }
        let mut claim = Claim::of(target, lane, limit);
        (claim.without_sources, claim.source_rooms) = self.pool.sources(lane);
        claim.without = self.endings.running();
        for (id, active) in self.active().iter() {
            claim.without.push(*id);
            if active.connection == target {
                let writing = active.writing.lock().unwrap_or_else(PoisonError::into_inner);
                claim.without_paths.push(writing.as_str().to_owned());
            }
        }
        for (row, options) in self.queue.claim(claim, self.clock.now()).await? {
            self.start(row, options, lane);
        }
        Ok(())
    }

    fn start(self: &Arc<Self>, row: TransferRow, options: TransferOptions, lane: Lane) {
        let token = self.token.child_token();
        let id = row.id;
        let writing = Arc::new(Mutex::new(row.target.path.clone()));
        let active = Active { token: token.clone(), writing: Arc::clone(&writing), connection: row.target.connection };
        self.active().insert(id, active);
        let place = self.pool.take_place(row.source.connection, row.target.connection, lane);
        let inner = Arc::clone(self);
        self.spawn(async move {
            inner.work(row, options, token, writing, place).await;
            inner.active().remove(&id);
        });
    }

    async fn work(
        &self,
        row: TransferRow,
        options: TransferOptions,
        token: CancellationToken,
        writing: Arc<Mutex<RemotePath>>,
        place: Place,
    ) {
        let meter = self.progress.meter(row.id, row.size);
        let source = self.pool.seat(row.source.connection).await.map_err(|error| (Side::Source, error));
        let target = self.pool.seat(row.target.connection).await.map_err(|error| (Side::Destination, error));
        match (source, target) {
            (Ok(source), Ok(target)) => {
                let queue = self.queue.clone();
                let clock = Arc::clone(&self.clock);
                let progressed = AtomicBool::new(false);
                let job = Job { row, options, source, target, queue, clock, meter, token, writing, progressed };
                runner::run(job, &self.pool).await;
            }
            (Err((side, error)), _) | (_, Err((side, error))) => {
                runner::could_not_open(&self.queue, &self.pool, &row, side, &error, &self.clock).await;
            }
        }
        drop(place);
    }
}
