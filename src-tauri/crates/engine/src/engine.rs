//! The engine and its loop: wakes what is due, stops what somebody paused, and has `beside` and `claims` look where something
//! is new.

mod beside;
mod claims;

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::FutureExt as _;
use tokio::{
    sync::{
        Notify,
        broadcast::{self, error::TryRecvError},
    },
    task::JoinHandle,
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use waybill_model::{Clock, ConnectionId, Millis, RemotePath, State, TransferId};
use waybill_store::{AttentionRow, Queue, Store, StoreError, Topic, Topics};

use crate::{Connections, EngineLock, Limits, Progress, pool::Pool, tries::Tries};

/// The longest time between two looks when nothing is heard.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The same when nothing moves and nothing was heard for a while, so that a desk at rest leaves the processor at rest.
const LOOK_AT_REST_EVERY: Duration = Duration::from_secs(5);
/// How many looks in vain make the rest.
const LOOKS_UNTIL_REST: u32 = 10;
/// The shortest time between two looks, so that a storm of commits is one look.
const LOOK_PAUSE: Duration = Duration::from_millis(4);
/// The longest time between two looks at every line when nothing is heard: news may be lost, work may not.
const LOOK_AT_ALL_EVERY: Duration = Duration::from_secs(30);
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
    /// What may go at once.
    pub limits: Arc<dyn Limits>,
}

/// A running engine. Dropping it stops it too, without waiting.
#[derive(Debug)]
pub struct Engine {
    token: CancellationToken,
    ended: CancellationToken,
    main: Option<JoinHandle<()>>,
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.token.cancel();
    }
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
            limits: parts.limits,
            token: token.clone(),
            kill: CancellationToken::new(),
            tracker: TaskTracker::new(),
            active: Mutex::default(),
            walks: Tries::default(),
            endings: Tries::default(),
            full: Mutex::default(),
            rooms: Tries::default(),
            freed: Notify::new(),
            turn: AtomicUsize::new(0),
        });
        let lock = parts.lock;
        let ended = CancellationToken::new();
        // Cancelled however the task below ends, and after the lock was let go: it is the last thing dropped.
        let over = ended.clone().drop_guard();
        let main = tokio::spawn(async move {
            let _over = over;
            if AssertUnwindSafe(inner.run()).catch_unwind().await.is_err() {
                tracing::error!("the engine fell over; nothing is lost, and what moves is brought to land");
                inner.token.cancel();
            }
            inner.tracker.close();
            if tokio::time::timeout(STOP_GRACE, inner.tracker.wait()).await.is_err() {
                tracing::warn!("some transfers did not end in time; they are found again at the next start");
                inner.kill.cancel();
                inner.tracker.wait().await;
            }
            // Only now: nobody else may work on what is still being worked on here.
            drop(lock);
        });
        Ok(Self { token, ended, main: Some(main) })
    }

    /// Ends when the engine has ended, by itself or because it was stopped. Its lock is free then.
    pub fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        self.ended.clone().cancelled_owned()
    }

    /// Stops at part boundaries and waits for it. What was running is in line again.
    pub async fn stop(mut self) {
        self.token.cancel();
        if let Some(main) = self.main.take()
            && let Err(error) = main.await
        {
            tracing::error!(%error, "the engine ended badly; nothing is lost, the next start goes on");
        }
    }
}

struct Active {
    token: CancellationToken,
    writing: Arc<Mutex<RemotePath>>,
    connection: ConnectionId,
}

struct Inner {
    pool: Arc<Pool>,
    queue: Queue,
    store: Store,
    clock: Arc<dyn Clock>,
    progress: Progress,
    limits: Arc<dyn Limits>,
    /// Asks everything to land.
    token: CancellationToken,
    /// Drops what did not land.
    kill: CancellationToken,
    tracker: TaskTracker,
    active: Mutex<HashMap<TransferId, Active>>,
    walks: Tries<i64>,
    endings: Tries<TransferId>,
    /// Open questions about full targets, and the looks at those.
    full: Mutex<Vec<AttentionRow>>,
    rooms: Tries<ConnectionId>,
    freed: Notify,
    /// Which line is filled first where they share a number of files.
    turn: AtomicUsize,
}

/// Why the loop looks.
struct Look {
    heard: Topics,
    /// Whether the lines may have something new for somebody.
    lines: bool,
}

impl Inner {
    async fn run(self: &Arc<Self>) {
        let mut topics = self.store.topics();
        self.pool.refresh().await;
        let mut look = Look { heard: Topics::ALL, lines: true };
        let mut looked_at_all = Instant::now();
        let mut in_vain = 0;
        loop {
            if looked_at_all.elapsed() >= LOOK_AT_ALL_EVERY {
                look = Look { heard: Topics::ALL, lines: true };
            }
            look.lines |= self.pool.obey(self.limits.at(self.clock.now()));
            if look.lines {
                looked_at_all = Instant::now();
            }
            let rest_ends = self.pool.next_rest_ends();
            in_vain = if look.lines || self.is_at_work() { 0 } else { in_vain + 1 };
            let longest = if in_vain < LOOKS_UNTIL_REST { LOOK_EVERY } else { LOOK_AT_REST_EVERY };
            let done = self.look(&look).await;
            let sleep = match &done {
                Ok(next) => self.until(*next, longest).min(self.until(rest_ends, longest)),
                Err(error) => {
                    tracing::error!(%error, "the queue cannot be used; trying again");
                    tokio::select! {
                        () = self.token.cancelled() => return,
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                    // What was heard is still to be done.
                    continue;
                }
            };
            look = Look { heard: Topics::default(), lines: false };
            tokio::select! {
                () = self.token.cancelled() => return,
                () = tokio::time::sleep(sleep) => look.lines = rest_ends.is_some_and(|end| end <= self.clock.now()),
                () = self.freed.notified() => look.lines = true,
                news = topics.recv() => {
                    look.heard = news.unwrap_or(Topics::ALL);
                    look.lines = true;
                }
            }
            tokio::time::sleep(LOOK_PAUSE).await;
            let more = drain(&mut topics);
            look.lines |= !more.is_empty();
            look.heard = look.heard.union(more);
        }
    }

    fn until(&self, time: Option<Millis>, longest: Duration) -> Duration {
        let until = time.map(|time| Duration::from_millis(u64::try_from(time.since(self.clock.now())).unwrap_or(0)));
        until.unwrap_or(longest).min(longest)
    }

    /// Whether something runs, is tried again soon, or waits for room.
    fn is_at_work(&self) -> bool {
        !self.tracker.is_empty() || !self.full.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    fn active(&self) -> MutexGuard<'_, HashMap<TransferId, Active>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One look at everything that may have changed. Answers when the next transfer is due.
    async fn look(self: &Arc<Self>, look: &Look) -> Result<Option<Millis>, StoreError> {
        if look.heard.has(Topic::Connections) || look.heard.has(Topic::Settings) {
            self.pool.refresh().await;
        }
        if look.heard.has(Topic::Transfers) {
            self.stop_what_was_paused().await?;
        }
        let due = self.queue.wake_due(self.clock.now()).await?;
        self.end_abandoned().await?;
        self.close_full_questions(look).await?;
        self.walk_new().await?;
        if look.lines {
            let mut lines = self.queue.lines().await?;
            if self.pool.shares_files() && !lines.is_empty() {
                let turn = self.turn.fetch_add(1, Ordering::Relaxed) % lines.len();
                lines.rotate_left(turn);
            }
            for (target, lane) in lines {
                self.fill(target, lane).await?;
            }
        }
        Ok(due)
    }

    /// Runs work that ends with the engine, at the latest when its grace is over.
    fn spawn(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        let inner = Arc::clone(self);
        self.tracker.spawn(async move {
            tokio::select! {
                biased;
                () = inner.kill.cancelled() => {}
                () = work => {}
            }
            inner.freed.notify_one();
        });
    }

    /// Another process or the window changed the state of something that runs here.
    async fn stop_what_was_paused(&self) -> Result<(), StoreError> {
        let ids: Vec<TransferId> = self.active().keys().copied().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let states = self.queue.states(ids.clone()).await?;
        let active = self.active();
        for (id, state) in ids.into_iter().zip(states) {
            if !state.is_some_and(State::is_active)
                && let Some(active) = active.get(&id)
            {
                active.token.cancel();
            }
        }
        Ok(())
    }
}

/// All that is waiting to be heard. A listener that was too slow takes it that everything changed.
fn drain(topics: &mut broadcast::Receiver<Topics>) -> Topics {
    let mut heard = Topics::default();
    loop {
        match topics.try_recv() {
            Ok(more) => heard = heard.union(more),
            Err(TryRecvError::Lagged(_)) => heard = Topics::ALL,
            Err(TryRecvError::Empty | TryRecvError::Closed) => return heard,
        }
    }
}
