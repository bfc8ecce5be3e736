//! The engine's loop: wakes what is due, walks what is new, claims where there is room, and stops what somebody paused.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use waybill_model::{Clock, ConnectionId, RemotePath, Side, State, TransferId, TransferOptions};
use waybill_store::{Claim, Lane, Queue, Store, StoreError, Topic, Topics, TransferRow};

use crate::{
    Connections, EngineLock, Progress,
    job::Job,
    pool::{Place, Pool},
    runner, walk,
};

/// The longest time between two looks when nothing is heard.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The shortest time between two looks, so that a storm of commits is one look.
const LOOK_PAUSE: Duration = Duration::from_millis(4);
/// Walks at once.
const WALKS: usize = 4;
/// How long the engine lets its work land when it is stopped.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// What an engine is made of.
#[derive(Debug)]
pub struct EngineParts {
    /// The home's lock; it is held until the engine has stopped.
    pub lock: EngineLock,
    /// The home's database.
    pub store: Store,
    /// Where connectors come from.
    pub connections: Arc<dyn Connections>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where to count what moves.
    pub progress: Progress,
}

/// A running engine.
#[derive(Debug)]
pub struct Engine {
    token: CancellationToken,
    main: JoinHandle<()>,
}

impl Engine {
    /// Puts back what a dead process worked on, and starts to work.
    pub async fn start(parts: EngineParts) -> Result<Self, StoreError> {
        let queue = parts.store.queue();
        let recovered = queue.recover(parts.clock.now()).await?;
        if recovered > 0 {
            tracing::info!(recovered, "transfers of a process that ended are in line again");
        }
        let token = CancellationToken::new();
        let inner = Arc::new(Inner {
            pool: Arc::new(Pool::new(parts.connections, parts.store.clone(), Arc::clone(&parts.clock))),
            queue,
            store: parts.store,
            clock: parts.clock,
            progress: parts.progress,
            token: token.clone(),
            tracker: TaskTracker::new(),
            active: Mutex::default(),
            walking: Mutex::default(),
            freed: Notify::new(),
        });
        let lock = parts.lock;
        #[expect(clippy::disallowed_methods, reason = "the engine owns its tasks")]
        let main = tokio::spawn(async move {
            inner.run().await;
            inner.tracker.close();
            if tokio::time::timeout(STOP_GRACE, inner.tracker.wait()).await.is_err() {
                tracing::warn!("some transfers did not end in time; they are found again at the next start");
            }
            drop(lock);
        });
        Ok(Self { token, main })
    }

    /// Stops at part boundaries and waits for it. What was running is in line again.
    pub async fn stop(self) {
        self.token.cancel();
        if let Err(error) = self.main.await {
            tracing::error!(%error, "the engine ended badly; nothing is lost, the next start goes on");
        }
    }
}

struct Active {
    token: CancellationToken,
    target: RemotePath,
    connection: ConnectionId,
}

struct Inner {
    pool: Arc<Pool>,
    queue: Queue,
    store: Store,
    clock: Arc<dyn Clock>,
    progress: Progress,
    token: CancellationToken,
    tracker: TaskTracker,
    active: Mutex<HashMap<TransferId, Active>>,
    walking: Mutex<HashSet<i64>>,
    freed: Notify,
}

impl Inner {
    async fn run(self: &Arc<Self>) {
        let mut topics = self.store.topics();
        self.pool.refresh().await;
        let mut heard = Topics::ALL;
        let mut sleep = Duration::ZERO;
        loop {
            match self.look(heard).await {
                Ok(next) => sleep = next.unwrap_or(LOOK_EVERY).min(LOOK_EVERY),
                Err(error) => {
                    tracing::error!(%error, "the queue cannot be read; trying again");
                    sleep = sleep.max(LOOK_EVERY);
                }
            }
            heard = Topics::default();
            tokio::select! {
                () = self.token.cancelled() => return,
                () = tokio::time::sleep(sleep) => {}
                () = self.freed.notified() => {}
                news = topics.recv() => heard = news.unwrap_or(Topics::ALL),
            }
            tokio::time::sleep(LOOK_PAUSE).await;
            while let Ok(more) = topics.try_recv() {
                heard = heard.union(more);
            }
        }
    }

    /// One look at everything. Answers how long the next one may wait.
    async fn look(self: &Arc<Self>, heard: Topics) -> Result<Option<Duration>, StoreError> {
        if heard.has(Topic::Connections) {
            self.pool.refresh().await;
        }
        if heard.has(Topic::Transfers) {
            self.stop_what_was_paused().await?;
            self.end_abandoned().await?;
        }
        let now = self.clock.now();
        let due = self.queue.wake_due(now).await?;
        self.walk_new().await?;
        for (target, lane) in self.queue.lines().await? {
            self.fill(target, lane).await?;
        }
        Ok(due.map(|due| Duration::from_millis(u64::try_from(due.since(now)).unwrap_or(0))))
    }

    async fn walk_new(self: &Arc<Self>) -> Result<(), StoreError> {
        for root in self.store.pending_roots().await? {
            if self.pool.rests(root.source.connection) || self.pool.rests(root.target.connection) {
                continue;
            }
            {
                let mut walking = self.walking.lock().unwrap_or_else(PoisonError::into_inner);
                if walking.len() >= WALKS || !walking.insert(root.id) {
                    continue;
                }
            }
            let inner = Arc::clone(self);
            self.tracker.spawn(async move {
                let id = root.id;
                if let Err(error) = walk::walk(&inner.pool, &inner.queue, &inner.clock, root, &inner.token).await {
                    tracing::error!(%error, "a walk could not be stored; it starts again");
                }
                inner.walking.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
                inner.freed.notify_one();
            });
        }
        Ok(())
    }

    async fn fill(self: &Arc<Self>, target: ConnectionId, lane: Lane) -> Result<(), StoreError> {
        if self.pool.rests(target) {
            return Ok(());
        }
        let room = match self.pool.room(target, lane).await {
            Ok(room) => room,
            Err(error) => {
                self.pool.went_wrong(target, &error).await;
                self.pool.raise(target, &error, self.clock.now()).await?;
                return Ok(());
            }
        };
        if room == 0 {
            return Ok(());
        }
        let without_paths = {
            let active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
            let same = active.values().filter(|active| active.connection == target);
            same.map(|active| active.target.as_str().to_owned()).collect()
        };
        let claim = Claim { target, lane, limit: room, without_sources: self.pool.resting(), without_paths };
        for (row, options) in self.queue.claim(claim, self.clock.now()).await? {
            self.start(row, options, lane);
        }
        Ok(())
    }

    fn start(self: &Arc<Self>, row: TransferRow, options: TransferOptions, lane: Lane) {
        let token = self.token.child_token();
        let id = row.id;
        let active = Active { token: token.clone(), target: row.target.path.clone(), connection: row.target.connection };
        self.active.lock().unwrap_or_else(PoisonError::into_inner).insert(id, active);
        let place = self.pool.take_place(row.target.connection, lane);
        let inner = Arc::clone(self);
        self.tracker.spawn(async move {
            inner.work(row, options, token, place).await;
            inner.active.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            inner.freed.notify_one();
        });
    }

    async fn work(&self, row: TransferRow, options: TransferOptions, token: CancellationToken, place: Place) {
        let meter = self.progress.meter(row.id, row.size);
        let source = self.pool.seat(row.source.connection).await.map_err(|error| (Side::Source, error));
        let target = self.pool.seat(row.target.connection).await.map_err(|error| (Side::Destination, error));
        match (source, target) {
            (Ok(source), Ok(target)) => {
                let queue = self.queue.clone();
                let clock = Arc::clone(&self.clock);
                let job = Job { row, options, source, target, queue, clock, meter, token };
                runner::run(job, &self.pool).await;
            }
            (Err((side, error)), _) | (_, Err((side, error))) => {
                runner::could_not_open(&self.queue, &self.pool, &row, side, &error, self.clock.now()).await;
            }
        }
        drop(place);
    }

    /// Another process or the window changed the state of something that runs here.
    async fn stop_what_was_paused(&self) -> Result<(), StoreError> {
        let ids: Vec<TransferId> = self.active.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let states = self.queue.states(ids.clone()).await?;
        let active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, state) in ids.into_iter().zip(states) {
            if !state.is_some_and(State::is_active)
                && let Some(active) = active.get(&id)
            {
                active.token.cancel();
            }
        }
        Ok(())
    }

    /// Frees at the remotes what cancelled transfers left there.
    async fn end_abandoned(self: &Arc<Self>) -> Result<(), StoreError> {
        for (id, session) in self.queue.abandoned().await? {
            let running = self.active.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&id);
            let target = self.queue.get(id).await?.target.connection;
            if running || self.pool.rests(target) {
                continue;
            }
            let Ok(seat) = self.pool.seat(target).await else { continue };
            let Some(upload) = seat.open.connector.resumable_upload() else { continue };
            match upload.abort(&session).await {
                Ok(()) => self.queue.forget_session(id).await?,
                Err(error) => tracing::warn!(%error, "what a cancelled upload left could not be removed; trying again later"),
            }
        }
        Ok(())
    }
}
