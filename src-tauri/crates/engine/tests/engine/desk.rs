//! A home with an engine on two remotes in memory, and ways to crash and go on.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use camino::{Utf8Path, Utf8PathBuf};
use waybill_connector::{Connector, ConnectorError};
use waybill_engine::{
    Caps, Connections, Engine, EngineLock, EngineParts, Limits, OpenConnection, Progress, SystemClock,
};
use waybill_model::{
    AfterSource, Clock as _, ConflictRule, ConnectionId, Event, Evidence, Location, Millis, RemotePath, RunId, State,
    TransferId, TransferOptions,
};
use waybill_store::{AttentionRow, Change, Filter, NewConnection, NewRoot, NewRun, Origin, RunRow, Store, TransferRow};

use crate::remote::{Powers, Remote};

/// How an opened place is told to behave.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) remote: Remote,
    pub(crate) powers: Powers,
    pub(crate) parallel: Option<u32>,
    pub(crate) bandwidth: Option<u64>,
    pub(crate) revision: u64,
    pub(crate) refuses: Option<waybill_model::FailureKind>,
    /// Whether the engine's own loop falls over when it asks about this one.
    pub(crate) fells: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Places(pub(crate) Mutex<HashMap<ConnectionId, Place>>);

#[async_trait]
impl Connections for Places {
    async fn open(&self, id: ConnectionId) -> Result<OpenConnection, ConnectorError> {
        let place = self.0.lock().unwrap().get(&id).cloned();
        let open = |connector: Arc<dyn Connector>, parallel, bandwidth, revision| OpenConnection {
            id,
            name: "place".to_owned(),
            connector,
            parallel,
            bandwidth,
            revision,
        };
        match place {
            None if id.is_local() => Ok(open(waybill_connector_folder::this_computer(), None, None, 0)),
            None => Err(ConnectorError::unsupported("open", "the connection was removed")),
            Some(Place { refuses: Some(kind), .. }) => Err(ConnectorError::new(kind, "open", "it does not open")),
            Some(place) => {
                Ok(open(place.remote.connect(place.powers), place.parallel, place.bandwidth, place.revision))
            }
        }
    }

    async fn revision(&self, id: ConnectionId) -> Result<u64, ConnectorError> {
        let place = self.0.lock().unwrap().get(&id).cloned();
        assert!(!place.as_ref().is_some_and(|place| place.fells), "told to fall over");
        Ok(place.map_or(0, |place| place.revision))
    }
}

/// Waits for something that has to come true; thirty seconds mean that it never does.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..3_000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{what} never came");
}

pub(crate) struct Desk {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) store: Store,
    pub(crate) places: Arc<Places>,
    pub(crate) src: Remote,
    pub(crate) dst: Remote,
    pub(crate) source: ConnectionId,
    pub(crate) target: ConnectionId,
    runtime: Option<tokio::runtime::Runtime>,
    engine: Option<Engine>,
    pub(crate) progress: Progress,
    pub(crate) limits: Arc<Set>,
}

/// Limits that a test sets.
#[derive(Debug, Default)]
pub(crate) struct Set(pub(crate) Mutex<Caps>);

impl Limits for Set {
    fn at(&self, _now: Millis) -> Caps {
        *self.0.lock().unwrap()
    }
}

pub(crate) fn now() -> Millis {
    SystemClock.now()
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Self::with(Powers::default(), Powers::default()).await
    }

    pub(crate) async fn with(source_powers: Powers, target_powers: Powers) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = open(&dir);
        let places = Arc::new(Places::default());
        let mut desk = Self {
            dir,
            store,
            places,
            src: Remote::default(),
            dst: Remote::default(),
            source: ConnectionId::LOCAL,
            target: ConnectionId::LOCAL,
            runtime: None,
            engine: None,
            progress: Progress::default(),
            limits: Arc::default(),
        };
        desk.source = desk.add("src", desk.src.clone(), source_powers).await;
        desk.target = desk.add("dst", desk.dst.clone(), target_powers).await;
        desk
    }

    pub(crate) async fn add(&self, name: &str, remote: Remote, powers: Powers) -> ConnectionId {
        let id = ConnectionId::fresh();
        let new = NewConnection {
            id,
            name: name.to_owned(),
            kind: "folder".to_owned(),
            settings: [].into(),
            secrets: [].into(),
        };
        self.store.add_connection(new, now(), "tester".to_owned()).await.unwrap();
        let place = Place { remote, powers, parallel: None, bandwidth: None, revision: 0, refuses: None, fells: false };
        self.places.0.lock().unwrap().insert(id, place);
        id
    }

    /// Fetches `from` of the source to this computer, which is a remote in memory with these powers.
    pub(crate) async fn fetch(&self, powers: Powers, from: &str, to: &str, options: TransferOptions) -> RunId {
        let here = Place {
            remote: self.dst.clone(),
            powers,
            parallel: None,
            bandwidth: None,
            revision: 0,
            refuses: None,
            fells: false,
        };
        self.places.0.lock().unwrap().insert(ConnectionId::LOCAL, here);
        let at = |connection, path: &str| Location { connection, path: RemotePath::new(path) };
        self.send_roots(vec![(at(self.source, from), at(ConnectionId::LOCAL, to))], options).await
    }

    pub(crate) fn place(&self, id: ConnectionId, change: impl FnOnce(&mut Place)) {
        change(self.places.0.lock().unwrap().get_mut(&id).unwrap());
    }

    pub(crate) fn home(&self) -> &Utf8Path {
        Utf8Path::from_path(self.dir.path()).unwrap()
    }

    /// Starts an engine in a runtime of its own, which can be taken away from it.
    pub(crate) async fn start(&mut self) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let lock = tokio::time::timeout(Duration::from_secs(20), EngineLock::wait(self.home())).await.unwrap().unwrap();
        let parts = EngineParts {
            lock,
            store: self.store.clone(),
            connections: Arc::clone(&self.places) as Arc<dyn Connections>,
            clock: Arc::new(SystemClock),
            progress: self.progress.clone(),
            limits: Arc::clone(&self.limits) as Arc<dyn Limits>,
        };
        let engine = runtime.spawn(Engine::start(parts)).await.unwrap().unwrap();
        self.engine = Some(engine);
        self.runtime = Some(runtime);
    }

    pub(crate) async fn stop(&mut self) {
        self.engine.take().unwrap().stop().await;
        self.runtime.take().unwrap().shutdown_background();
    }

    /// Waits until the engine has ended by itself.
    pub(crate) async fn ended(&mut self) {
        let ended = self.engine.as_ref().unwrap().ended();
        tokio::time::timeout(Duration::from_secs(30), ended).await.unwrap();
        drop(self.engine.take());
        self.runtime.take().unwrap().shutdown_background();
    }

    /// Lets go of the engine without stopping it.
    pub(crate) fn drop_engine(&mut self) {
        drop(self.engine.take());
    }

    /// The process is gone from one instant to the next; the home is opened anew.
    pub(crate) fn crash(&mut self) {
        let engine = self.engine.take();
        self.runtime.take().unwrap().shutdown_timeout_elsewhere();
        std::mem::forget(engine);
        self.store = open(&self.dir);
    }

    pub(crate) async fn send(&self, from: &str, to: &str, options: TransferOptions) -> RunId {
        let at = |connection, path: &str| Location { connection, path: RemotePath::new(path) };
        self.send_roots(vec![(at(self.source, from), at(self.target, to))], options).await
    }

    pub(crate) async fn send_roots(&self, roots: Vec<(Location, Location)>, options: TransferOptions) -> RunId {
        let id = RunId::fresh();
        let roots = roots.into_iter().map(|(source, target)| NewRoot { source, target }).collect();
        let run = NewRun { id, title: "run".to_owned(), origin: Origin::Command, options, roots };
        self.store.queue().start_run(run, now(), "tester".to_owned()).await.unwrap();
        id
    }

    pub(crate) async fn run(&self, run: RunId) -> RunRow {
        self.store.run(run).await.unwrap()
    }

    /// Waits until nothing of the run moves any more.
    pub(crate) async fn over(&self, run: RunId) -> RunRow {
        until("the end of the run", async || self.run(run).await.is_over()).await;
        self.run(run).await
    }

    pub(crate) async fn rows(&self, run: RunId) -> Vec<TransferRow> {
        let filter = Filter { run: Some(run), ..Filter::default() };
        self.store.queue().page(filter, None, 100_000).await.unwrap().rows
    }

    pub(crate) async fn row(&self, run: RunId, name: &str) -> TransferRow {
        self.rows(run).await.into_iter().find(|row| row.source.path.name() == name).unwrap()
    }

    pub(crate) async fn id(&self, run: RunId, name: &str) -> TransferId {
        until("the walk", async || self.rows(run).await.iter().any(|row| row.source.path.name() == name)).await;
        self.row(run, name).await.id
    }

    pub(crate) async fn in_state(&self, id: TransferId, state: State) {
        until(&format!("state {state}"), async || self.store.queue().state(id).await.unwrap() == Some(state)).await;
    }

    pub(crate) async fn command(&self, id: TransferId, event: Event) {
        let changed = self.store.queue().command(vec![id], event, now(), "tester".to_owned()).await.unwrap();
        assert_eq!(changed, 1, "{event:?} is taken");
    }

    pub(crate) async fn questions(&self, count: usize) -> Vec<AttentionRow> {
        until("the question", async || self.store.open_attention().await.unwrap().len() >= count).await;
        let open = self.store.open_attention().await.unwrap();
        assert_eq!(open.len(), count);
        open
    }

    pub(crate) async fn answer(&self, question: AttentionRow, event: Event, conflict: Option<ConflictRule>) {
        let change = Change { conflict, ..Change::default() };
        let queue = self.store.queue();
        queue.answer(question, event, change, "answered".to_owned(), now(), "tester".to_owned()).await.unwrap();
    }

    pub(crate) async fn story(&self, id: TransferId) -> Vec<String> {
        self.store.queue().story(id).await.unwrap().into_iter().map(|event| event.event).collect()
    }

    /// Everything of the run arrived, proved.
    pub(crate) async fn matched(&self, run: RunId, files: u64) {
        let row = self.over(run).await;
        for transfer in self.rows(run).await {
            assert_eq!(transfer.evidence, Evidence::Matched, "{:?}: {:?}", transfer.source.path, transfer.failure);
        }
        assert_eq!((row.files, row.done, row.matched), (files, files, files));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        std::mem::forget(self.engine.take());
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

trait Gone {
    fn shutdown_timeout_elsewhere(self);
}

impl Gone for tokio::runtime::Runtime {
    /// Waits for every task to be gone, in a thread that may block.
    fn shutdown_timeout_elsewhere(self) {
        std::thread::spawn(move || self.shutdown_timeout(Duration::from_secs(5))).join().unwrap();
    }
}

fn open(dir: &tempfile::TempDir) -> Store {
    let path = Utf8PathBuf::from_path_buf(dir.path().join("waybill.db")).unwrap();
    Store::open(&path, now()).unwrap().0
}

pub(crate) fn options(conflict: ConflictRule) -> TransferOptions {
    TransferOptions { conflict, ..TransferOptions::default() }
}

pub(crate) fn then(after: AfterSource) -> TransferOptions {
    TransferOptions { after, ..TransferOptions::default() }
}

/// Bytes that differ at every place.
pub(crate) fn bytes(size: usize, seed: u8) -> Vec<u8> {
    (0..size).map(|at| (at.wrapping_mul(31) ^ (at >> 8)) as u8 ^ seed).collect()
}
