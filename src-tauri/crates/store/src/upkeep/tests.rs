use waybill_model::{ConnectionId, Event, Location, RemotePath, RunId, Stamp, State, TransferId, TransferOptions};

use super::*;
use crate::{Change, EntryType, Filter, NewConnection, NewRoot, NewRun, NewTransfer, Origin};

const DAY: i64 = 24 * 60 * 60 * 1000;
const LONG_AGO: Millis = Millis(10 * DAY);
const NOW: Millis = Millis(400 * DAY);

struct Home {
    dir: tempfile::TempDir,
    store: Store,
    target: ConnectionId,
}

async fn home() -> Home {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("waybill.db")).unwrap();
    let store = Store::open(&path, LONG_AGO).unwrap().0;
    let target = ConnectionId::fresh();
    let (name, kind) = ("there".to_owned(), "folder".to_owned());
    let new = NewConnection { id: target, name, kind, settings: [].into(), secrets: [].into() };
    store.add_connection(new, LONG_AGO, "tester".to_owned()).await.unwrap();
    Home { dir, store, target }
}

impl Home {
    fn place(&self, path: &str) -> Location {
        Location { connection: self.target, path: RemotePath::new(path) }
    }

    /// A run of so many files, each brought to an end by these events; all at `at`.
    async fn run(&self, title: &str, files: usize, events: &[Event], at: Millis) -> RunId {
        let id = RunId::fresh();
        let local = |path: &str| Location { connection: ConnectionId::LOCAL, path: RemotePath::new(path) };
        let roots = vec![NewRoot { source: local("/in"), target: self.place("/out") }];
        let options = TransferOptions::default();
        let new = NewRun { id, title: title.to_owned(), origin: Origin::Command, options, roots };
        let queue = self.store.queue();
        queue.start_run(new, at, "tester".to_owned()).await.unwrap();
        let root = self.store.pending_roots().await.unwrap().remove(0);
        queue.root_walked(root, None).await.unwrap();
        let drafts: Vec<_> = (0..files)
            .map(|n| NewTransfer {
                id: TransferId::fresh(),
                source: local(&format!("/in/{title}-{n}")),
                target: self.place(&format!("/out/{title}-{n}")),
                entry: EntryType::File,
                stamp: Stamp { size: 1, ..Stamp::default() },
                failure: None,
            })
            .collect();
        let ids: Vec<_> = drafts.iter().map(|draft| draft.id).collect();
        queue.enqueue(id, drafts, at, "tester".to_owned()).await.unwrap();
        for one in ids {
            for event in events {
                queue.apply(one, vec![(*event, Change::default())], at, "tester").await.unwrap();
            }
        }
        id
    }

    /// How many runs and transfers went.
    async fn prune(&self) -> (usize, u64) {
        let (mut runs, mut transfers, mut begun) = (0, 0, None);
        while let Some(step) = self.store.prune(Millis(NOW.0 - 30 * DAY), NOW, begun).await.unwrap() {
            runs += usize::from(step.ended);
            transfers += step.transfers;
            begun = (!step.ended).then_some(step.run);
        }
        (runs, transfers)
    }

    async fn titles(&self) -> Vec<String> {
        let mut titles: Vec<_> = self.store.runs(100).await.unwrap().into_iter().map(|run| run.title).collect();
        titles.sort();
        titles
    }
}

#[tokio::test]
async fn only_what_is_over_for_long_goes_and_nothing_that_is_open_is_touched() {
    let home = home().await;
    let over = [Event::Cancelled];
    home.run("old", 3, &over, LONG_AGO).await;
    home.run("open", 1, &[], LONG_AGO).await;
    home.run("paused", 1, &[Event::Paused], LONG_AGO).await;
    home.run("fresh", 1, &over, Millis(NOW.0 - DAY)).await;
    home.run("last", 1, &over, LONG_AGO).await;
    assert_eq!(home.prune().await, (1, 3));
    assert_eq!(home.titles().await, ["fresh", "last", "open", "paused"], "the newest transfer of all stays");
    let page = home.store.queue().page(Filter::default(), None, 100).await.unwrap();
    assert_eq!(page.rows.len(), 4);
    assert!(home.store.check().await.unwrap().is_empty());
    let acts: Vec<_> = home.store.audit(0, 1000).await.unwrap().into_iter().map(|row| row.act).collect();
    assert_eq!(acts.iter().filter(|act| *act == "history-pruned").count(), 1);
    let sizes = home.store.table_sizes().await.unwrap();
    assert!(sizes.contains(&("transfers".to_owned(), 4)), "{sizes:?}");
}

#[tokio::test]
async fn a_run_with_a_file_that_failed_waits_for_somebody_to_decide() {
    let home = home().await;
    let failure = waybill_model::Failure {
        kind: waybill_model::FailureKind::Denied,
        side: waybill_model::Side::Destination,
        message: "no".to_owned(),
        code: None,
    };
    let run = home.run("failed", 1, &[Event::Cancelled], LONG_AGO).await;
    let transfer = NewTransfer {
        id: TransferId::fresh(),
        source: Location { connection: ConnectionId::LOCAL, path: RemotePath::new("/in/x") },
        target: home.place("/out/x"),
        entry: EntryType::File,
        stamp: Stamp::default(),
        failure: Some(failure),
    };
    home.store.queue().enqueue(run, vec![transfer], LONG_AGO, "tester".to_owned()).await.unwrap();
    home.run("last", 1, &[Event::Cancelled], LONG_AGO).await;
    assert_eq!(home.prune().await, (0, 0));
}

#[tokio::test]
async fn a_large_run_goes_in_steps_and_names_are_found_after_the_index_was_made_anew() {
    let home = home().await;
    home.run("large", usize::try_from(STEP).unwrap() + 20, &[Event::Cancelled], LONG_AGO).await;
    home.run("kept", 1, &[], LONG_AGO).await;
    while home.store.index_more().await.unwrap() {}
    assert_eq!(home.prune().await, (1, u64::from(STEP) + 20));
    home.store.empty_index().await.unwrap();
    for indexed in [false, true] {
        if indexed {
            while home.store.index_more().await.unwrap() {}
        }
        let find = |words: &str| Filter { words: words.to_owned(), ..Filter::default() };
        let found = home.store.queue().page(find("kept"), None, 10).await.unwrap().rows;
        assert_eq!(found.iter().map(|row| row.state).collect::<Vec<_>>(), [State::Queued]);
        assert!(home.store.queue().page(find("large"), None, 10).await.unwrap().rows.is_empty());
    }
}

#[tokio::test]
async fn a_copy_that_is_made_now_opens_and_holds_what_was_there() {
    let home = home().await;
    home.run("old", 2, &[Event::Cancelled], LONG_AGO).await;
    let copy = home.store.copy_now().await.unwrap();
    assert!(copy.as_str().ends_with("waybill.db.copy"));
    let elsewhere = Utf8PathBuf::from_path_buf(home.dir.path().join("elsewhere.db")).unwrap();
    fs_err::copy(&copy, &elsewhere).unwrap();
    let (store, opened) = Store::open(&elsewhere, NOW).unwrap();
    assert!(!opened.created);
    assert_eq!(store.runs(10).await.unwrap().len(), 1);
    home.store.copy_now().await.unwrap();
}
