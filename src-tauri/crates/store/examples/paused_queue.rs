//! Makes a home whose queue holds many paused files, so that a window has a full list in which nothing moves:
//! `cargo run --release -p waybill-store --example paused_queue -- FOLDER ROWS`.

#![expect(clippy::unwrap_used, reason = "a home is made, or not")]

use camino::Utf8PathBuf;
use waybill_model::{
    ConnectionId, Event, Location, Millis, RemotePath, RunId, Stamp, State, TransferId, TransferOptions,
};
use waybill_store::{EntryType, NewConnection, NewRun, NewTransfer, Origin, Store};

const GROUP: usize = 500;
const RUN: usize = 10_000;
const AT: Millis = Millis(1_790_000_000_000);
const MAKER: &str = "maker";

fn draft(n: usize, target: ConnectionId) -> NewTransfer {
    let name = format!("{:03}/document {n:06}.pdf", n / 1_000);
    NewTransfer {
        id: TransferId::fresh(),
        source: Location { connection: ConnectionId::LOCAL, path: RemotePath::new(format!("/home/records/{name}")) },
        target: Location { connection: target, path: RemotePath::new(format!("/archive/{name}")) },
        entry: EntryType::File,
        stamp: Stamp { size: 40_000 + (n as u64 * 7_919) % 900_000, modified: Some(AT), ..Stamp::default() },
        failure: None,
    }
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = Utf8PathBuf::from(&arguments[0]);
    let rows: usize = arguments[1].parse().unwrap();
    fs_err::create_dir_all(&folder).unwrap();
    let (store, _) = Store::open(&folder.join("waybill.db"), AT).unwrap();
    let target = ConnectionId::fresh();
    let connection = NewConnection {
        id: target,
        name: "archive".to_owned(),
        kind: "folder".to_owned(),
        settings: [("root".to_owned(), folder.to_string())].into(),
        secrets: [].into(),
    };
    store.add_connection(connection, AT, MAKER.to_owned()).await.unwrap();
    for from in (0..rows).step_by(RUN) {
        let run = RunId::fresh();
        let new = NewRun {
            id: run,
            title: format!("Delivery {}", from / RUN + 1),
            origin: Origin::Command,
            options: TransferOptions::default(),
            roots: Vec::new(),
        };
        store.queue().start_run(new, AT, MAKER.to_owned()).await.unwrap();
        let drafts: Vec<_> = (from..rows.min(from + RUN)).map(|n| draft(n, target)).collect();
        for group in drafts.chunks(GROUP) {
            store.queue().enqueue(run, group.to_vec(), AT, MAKER.to_owned()).await.unwrap();
        }
    }
    store.queue().command_all(vec![State::Queued], Event::Paused, AT, MAKER.to_owned()).await.unwrap();
    while store.index_more().await.unwrap() {}
}
