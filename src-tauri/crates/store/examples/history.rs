//! Makes a home with a long history, and measures how long its searches take: one object of JSON, milliseconds, medians
//! of seven after a warm-up. `cargo run --release -p waybill-store --example history -- FOLDER [ROWS]`; a home that is
//! there already is measured as it is. With `--make` it is only made, and what is in line is paused.
//!
//! The rows are written as the engine's own last step leaves them, in one pass, so that a million take a minute.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement says what it found, or ends")]

use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::json;
use waybill_model::{
    ConnectionId, Event, Evidence, Location, Millis, Pace, Proof, RemotePath, RunId, Sha256, Stamp, State, TransferId,
    TransferOptions,
};
use waybill_store::{
    Change, Claim, Direction, EntryType, Filter, Lane, NewConnection, NewRun, NewTransfer, Origin, Store,
};

const ROUNDS: usize = 7;
const GROUP: usize = 2_000;
const RUN: usize = 20_000;
const CONNECTIONS: usize = 6;
const FIRMS: [&str; 10] =
    ["acme", "orbis", "lumen", "northwind", "harbour", "hollis", "tidewater", "maple", "quartz", "zenith"];
const KINDS: [&str; 8] = ["invoice", "contract", "statement", "deposition", "camera", "pricelist", "report", "scan"];
/// Row by row some seconds apart, over the last half year.
const STEP_MS: i64 = 15_000;

struct Maker {
    store: Store,
    connections: Vec<ConnectionId>,
    now: Millis,
}

impl Maker {
    async fn new(path: &Utf8Path, now: Millis) -> Self {
        let (store, _) = Store::open(path, now).unwrap();
        let mut connections = Vec::new();
        for n in 0..CONNECTIONS {
            let id = ConnectionId::fresh();
            let connection = NewConnection {
                id,
                name: format!("connection-{n}"),
                kind: "sftp".to_owned(),
                settings: [].into(),
                secrets: [].into(),
            };
            store.add_connection(connection, now, "maker".to_owned()).await.unwrap();
            connections.push(id);
        }
        Self { store, connections, now }
    }

    fn draft(&self, n: usize, connection: ConnectionId) -> NewTransfer {
        // Spread without a generator: the same home each time.
        let mixed = n.wrapping_mul(2_654_435_761) >> 7;
        let (firm, kind) = (FIRMS[mixed % FIRMS.len()], KINDS[(mixed / 16) % KINDS.len()]);
        let name = format!("matter {}/{firm}/{kind}-{n:07}.pdf", 2_000 + n / 2_000);
        let here = Location { connection: ConnectionId::LOCAL, path: RemotePath::new(format!("/home/records/{name}")) };
        let there = Location { connection, path: RemotePath::new(format!("/archive/{name}")) };
        let (source, target) = if n.is_multiple_of(5) { (there, here) } else { (here, there) };
        NewTransfer {
            id: TransferId::fresh(),
            source,
            target,
            entry: EntryType::File,
            stamp: Stamp { size: 40_000 + (mixed % 900_000) as u64, modified: Some(self.now), ..Stamp::default() },
            failure: None,
        }
    }

    /// Enqueues a run and brings most of it to its end; a few of each thousand fail or are only accepted.
    async fn run(&self, from: usize, count: usize, rows: usize, open: bool) {
        let connection = self.connections[(from / RUN) % CONNECTIONS];
        let at = |n: usize| self.now.plus(-STEP_MS * i64::try_from(rows - n).unwrap());
        let run = RunId::fresh();
        let new = NewRun {
            id: run,
            title: format!("Delivery {}", from / RUN),
            origin: Origin::Window,
            options: TransferOptions::default(),
            roots: Vec::new(),
        };
        let queue = self.store.queue();
        queue.start_run(new, at(from), "maker".to_owned()).await.unwrap();
        let transfers: Vec<_> = (from..from + count).map(|n| self.draft(n, connection)).collect();
        for (group, part) in transfers.chunks(GROUP).enumerate() {
            let now = at(from + group * GROUP);
            queue.enqueue(run, part.to_vec(), now, "maker".to_owned()).await.unwrap();
            if open {
                continue;
            }
            for target in [connection, ConnectionId::LOCAL] {
                let source_rooms = vec![(connection, u32::MAX), (ConnectionId::LOCAL, u32::MAX)];
                let claim = Claim { source_rooms, ..Claim::of(target, Lane::Small, u32::try_from(GROUP).unwrap()) };
                let claimed = queue.claim(claim, now).await.unwrap();
                let ends = claimed.into_iter().enumerate().map(|(n, (row, _))| {
                    let queue = queue.clone();
                    async move { queue.apply(row.id, end_of(n), now, "engine").await.unwrap() }
                });
                for end in ends.collect::<Vec<_>>() {
                    tokio::spawn(end);
                }
            }
            // All ends are in the writer's line; a look behind them waits for them.
            queue.wake_due(now).await.unwrap();
        }
        self.store.set_setting("made", from.to_string()).await.unwrap();
    }
}

fn end_of(n: usize) -> Vec<(Event, Change)> {
    if n % 997 == 3 {
        return vec![(
            Event::Failed,
            Change { detail: "the remote does not allow it".to_owned(), ..Change::default() },
        )];
    }
    let (evidence, proof) =
        if n % 211 == 5 { (Evidence::Accepted, None) } else { (Evidence::Matched, Some(Proof::Sha256)) };
    let settled =
        Change { evidence: Some(evidence), proof, sha256: Some(Sha256::of(&n.to_le_bytes())), ..Change::default() };
    vec![(Event::Started, Change::default()), (Event::Accepted, Change::default()), (Event::Settled, settled)]
}

/// Milliseconds of the first page, the median, and how many rows it has.
async fn first_page(store: &Store, filter: &Filter) -> serde_json::Value {
    let mut times = Vec::new();
    let mut found = (0, false);
    for round in 0..=ROUNDS {
        let begun = Instant::now();
        let page = store.queue().page(filter.clone(), None, 200).await.unwrap();
        if round > 0 {
            times.push(begun.elapsed());
        }
        found = (page.rows.len(), page.next.is_some());
    }
    json!({ "ms": median(&mut times), "rows": found.0, "more": found.1 })
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    (times[times.len() / 2].as_secs_f64() * 10_000.0).round() / 10.0
}

fn cases(connections: &[ConnectionId], run: RunId, now: Millis) -> Vec<(&'static str, Filter)> {
    let words = |words: &str| Filter { words: words.to_owned(), ..Filter::default() };
    let day = 86_400_000;
    vec![
        ("no filter", Filter::default()),
        ("a word that is in every name", words("records")),
        ("one letter that begins a word of every name", words("h")),
        ("two words that are in every name", words("records archive")),
        ("a word that is in one name of eight", words("invoice")),
        ("two such words", words("invoice acme")),
        ("one name", words("0000777")),
        ("a word that is in no name", words("nothinglikethis")),
        ("a word of every name and one of none", words("records nothinglikethis")),
        ("a run's title", words("delivery 7")),
        ("failed, a word of every name", Filter { states: vec![State::Failed], ..words("records") }),
        ("failed, a word of no name", Filter { states: vec![State::Failed], ..words("nothinglikethis") }),
        ("done, a word of every name", Filter { states: vec![State::Done], ..words("records") }),
        ("waiting, a word of one name in eight", Filter { states: vec![State::Queued], ..words("invoice") }),
        ("one connection", Filter { connection: Some(connections[2]), ..Filter::default() }),
        ("one connection, a word of every name", Filter { connection: Some(connections[2]), ..words("records") }),
        ("a connection that has nothing", Filter { connection: Some(ConnectionId::fresh()), ..words("records") }),
        ("fetched, a word of one name in eight", Filter { direction: Some(Direction::Fetched), ..words("invoice") }),
        ("only accepted", Filter { evidence: vec![Evidence::Accepted], ..Filter::default() }),
        ("only accepted, a word of every name", Filter { evidence: vec![Evidence::Accepted], ..words("records") }),
        ("matched, a word of every name", Filter { evidence: vec![Evidence::Matched], ..words("records") }),
        ("an old run", Filter { run: Some(run), ..Filter::default() }),
        ("an old run, a word of every name", Filter { run: Some(run), ..words("records") }),
        (
            "a day two months ago",
            Filter { since: Some(now.plus(-60 * day)), until: Some(now.plus(-59 * day)), ..Filter::default() },
        ),
        (
            "a day two months ago, a word of every name",
            Filter { since: Some(now.plus(-60 * day)), until: Some(now.plus(-59 * day)), ..words("records") },
        ),
    ]
}

async fn measure(store: &Store, now: Millis) -> serde_json::Value {
    let connections: Vec<_> = store.connections().await.unwrap().into_iter().map(|row| row.id).collect();
    let runs = store.runs(1_000).await.unwrap();
    let old = &runs[runs.len() / 2];
    let mut searches = serde_json::Map::new();
    for (name, filter) in cases(&connections, old.id, now) {
        searches.insert(name.to_owned(), first_page(store, &filter).await);
    }
    let mut blocks = Vec::new();
    let mut pages = Vec::new();
    let mut totals = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        store.queue().block(old.id, Some(Pace::Done), old.done.saturating_sub(200), 100).await.unwrap();
        blocks.push(begun.elapsed());
        let begun = Instant::now();
        store.runs_page(None, None, 100).await.unwrap();
        pages.push(begun.elapsed());
        let begun = Instant::now();
        store.queue().counts().await.unwrap();
        store.queue().matched_since(now.plus(-86_400_000)).await.unwrap();
        totals.push(begun.elapsed());
    }
    json!({
        "searches": searches,
        "the end of a run": median(&mut blocks),
        "the first hundred runs": median(&mut pages),
        "counts": median(&mut totals),
    })
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Utf8PathBuf::from(&arguments[0]);
    let rows: usize = arguments.get(1).and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    fs_err::create_dir_all(&folder).unwrap();
    let path = folder.join("waybill.db");
    let now = Millis(1_800_000_000_000);
    let (mut made, mut indexed) = (None, None);
    if !path.exists() {
        let begun = Instant::now();
        let maker = Maker::new(&path, now).await;
        for from in (0..rows).step_by(RUN) {
            // The newest run waits, so that there is a line.
            maker.run(from, RUN.min(rows - from), rows, from + RUN >= rows).await;
        }
        made = Some(begun.elapsed().as_secs_f64());
    }
    let (store, _) = Store::open(&path, now).unwrap();
    let begun = Instant::now();
    while store.index_more().await.unwrap() {
        indexed = Some(begun.elapsed().as_secs_f64());
    }
    if arguments.iter().any(|argument| argument == "--make") {
        // What is still in line has no files: a desk that opens this home would only fail at them, row by row.
        store.queue().command_all(vec![State::Queued], Event::Paused, now, "maker".to_owned()).await.unwrap();
        return;
    }
    let mut found = measure(&store, now).await;
    // The same once more while somebody writes without a pause.
    let writing = store.clone();
    let writer = tokio::spawn(async move {
        loop {
            writing.set_setting("writing", "on".to_owned()).await.unwrap();
        }
    });
    let beside = measure(&store, now).await;
    writer.abort();
    found["while the queue is written"] = beside["searches"].clone();
    found["made in s"] = json!(made);
    found["indexed in s"] = json!(indexed);
    println!("{}", serde_json::to_string_pretty(&found).unwrap());
}
