//! Prints how long 100,000 transfers take to be enqueued, and how long an engine that starts with them takes to its
//! first claim: one object of JSON, seconds. `cargo run --release -p waybill-engine --example queue_speed`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement says what it found, or ends")]

use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use camino::Utf8Path;
use waybill_connector::ConnectorError;
use waybill_engine::{Connections, Engine, EngineLock, EngineParts, OpenConnection, Progress, SystemClock, Unlimited};
use waybill_model::{
    Clock as _, ConnectionId, Location, Millis, RemotePath, RunId, Stamp, State, TransferId, TransferOptions,
};
use waybill_store::{EntryType, Filter, NewConnection, NewRun, NewTransfer, Origin, Store};

const TRANSFERS: usize = 100_000;
/// Rows that one transaction writes, as when the engine walks a folder.
const GROUP: usize = 500;

#[derive(Debug)]
struct Folders;

#[async_trait]
impl Connections for Folders {
    async fn open(&self, id: ConnectionId) -> Result<OpenConnection, ConnectorError> {
        Ok(OpenConnection {
            id,
            name: "folder".to_owned(),
            connector: waybill_connector_folder::this_computer(),
            parallel: None,
            bandwidth: None,
            revision: 0,
        })
    }

    async fn revision(&self, _id: ConnectionId) -> Result<u64, ConnectorError> {
        Ok(0)
    }
}

async fn enqueue(store: &Store, target: ConnectionId) -> f64 {
    let run = RunId::fresh();
    let new = NewRun {
        id: run,
        title: "speed".to_owned(),
        origin: Origin::Command,
        options: TransferOptions::default(),
        roots: Vec::new(),
    };
    store.queue().start_run(new, SystemClock.now(), "speed".to_owned()).await.unwrap();
    let name = |n: usize| format!("{:03}/document-{n:06}.pdf", n / 1_000);
    let transfers: Vec<_> = (0..TRANSFERS)
        .map(|n| NewTransfer {
            id: TransferId::fresh(),
            source: Location {
                connection: ConnectionId::LOCAL,
                path: RemotePath::new(format!("/nowhere/{}", name(n))),
            },
            target: Location { connection: target, path: RemotePath::new(format!("/nowhere/else/{}", name(n))) },
            entry: EntryType::File,
            stamp: Stamp { size: 16_384, modified: Some(Millis(1_700_000_000_123)), ..Stamp::default() },
            failure: None,
        })
        .collect();
    let begun = Instant::now();
    for group in transfers.chunks(GROUP) {
        store.queue().enqueue(run, group.to_vec(), SystemClock.now(), "speed".to_owned()).await.unwrap();
    }
    begun.elapsed().as_secs_f64()
}

async fn first_claim(home: &Utf8Path) -> f64 {
    let begun = Instant::now();
    let (store, _) = Store::open(&home.join("waybill.db"), SystemClock.now()).unwrap();
    let lock = EngineLock::try_take(home).unwrap().unwrap();
    let mut topics = store.topics();
    let parts = EngineParts {
        lock,
        store: store.clone(),
        connections: Arc::new(Folders),
        clock: Arc::new(SystemClock),
        progress: Progress::default(),
        limits: Arc::new(Unlimited),
    };
    let engine = Engine::start(parts).await.unwrap();
    while store.queue().counts().await.unwrap().queued == TRANSFERS as u64 {
        topics.recv().await.unwrap();
    }
    let took = begun.elapsed().as_secs_f64();
    engine.stop().await;
    let filter = Filter { states: vec![State::Queued], ..Filter::default() };
    assert!(!store.queue().page(filter, None, 1).await.unwrap().rows.is_empty(), "it had only begun");
    took
}

#[tokio::main]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let home = Utf8Path::from_path(dir.path()).unwrap();
    let (store, _) = Store::open(&home.join("waybill.db"), SystemClock.now()).unwrap();
    let target = ConnectionId::fresh();
    let connection = NewConnection {
        id: target,
        name: "target".to_owned(),
        kind: "folder".to_owned(),
        settings: [].into(),
        secrets: [].into(),
    };
    store.add_connection(connection, SystemClock.now(), "speed".to_owned()).await.unwrap();
    let enqueued = enqueue(&store, target).await;
    drop(store);
    // The day's copy is made by the first start of a day; the start that is measured is a later one.
    drop(Store::open(&home.join("waybill.db"), SystemClock.now()).unwrap());
    let claimed = first_claim(home).await;
    println!("{}", serde_json::json!({ "enqueued": enqueued, "claimed": claimed }));
}
