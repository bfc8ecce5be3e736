//! Over a real store, with a clock that is moved by hand.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use camino::Utf8Path;
use jiff::civil::date;
use waybill_model::{Clock, Event, Evidence, Failure, FailureKind, Location, Side, Stamp, TransferId, TransferOptions};
use waybill_store::{AttentionRow, Change, EntryType, NewConnection, NewRoot, NewRun, NewTransfer, Origin};
use waybill_vault::Vaults;

use super::*;
use crate::{Paths, assemble};

const MINUTE: i64 = 60_000;

#[derive(Debug)]
struct HandClock(AtomicI64);

impl Clock for HandClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

struct Home {
    desk: Desk,
    clock: Arc<HandClock>,
    target: ConnectionId,
    dir: tempfile::TempDir,
}

/// Noon of a day, where the tests run: midnight lies behind it by half a day in every zone.
fn noon() -> Millis {
    let noon = date(2026, 3, 17).at(12, 0, 0, 0).to_zoned(TimeZone::system()).unwrap();
    Millis(noon.timestamp().as_millisecond())
}

async fn open(dir: &tempfile::TempDir, clock: &Arc<HandClock>) -> Desk {
    let home = Utf8Path::from_path(dir.path()).unwrap();
    assemble(Paths::new(home), Vaults::in_memory(), Arc::clone(clock) as Arc<dyn Clock>).await.unwrap()
}

async fn home() -> Home {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(HandClock(AtomicI64::new(noon().0)));
    let desk = open(&dir, &clock).await;
    let target = ConnectionId::fresh();
    let new = NewConnection {
        id: target,
        name: "evidence".to_owned(),
        kind: "s3".to_owned(),
        settings: [("bucket".to_owned(), "b".to_owned())].into(),
        secrets: [].into(),
    };
    desk.inner.store.add_connection(new, clock.now(), "tester".to_owned()).await.unwrap();
    Home { desk, clock, target, dir }
}

impl Home {
    fn pass(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    async fn run(&self, title: &str, files: usize) -> (RunId, Vec<TransferId>) {
        let at = |path: String| Location { connection: ConnectionId::LOCAL, path: RemotePath::new(path) };
        let to = |path: String| Location { connection: self.target, path: RemotePath::new(path) };
        let id = RunId::fresh();
        let queue = self.desk.inner.store.queue();
        let roots = vec![NewRoot { source: at(format!("/{title}")), target: to(format!("/{title}")) }];
        let (origin, options) = (Origin::Window, TransferOptions::default());
        let new = NewRun { id, title: title.to_owned(), origin, options, roots };
        queue.start_run(new, self.clock.now(), "tester".to_owned()).await.unwrap();
        for root in self.desk.inner.store.pending_roots().await.unwrap() {
            queue.root_walked(root, None).await.unwrap();
        }
        let rows: Vec<NewTransfer> = (0..files)
            .map(|number| NewTransfer {
                id: TransferId::fresh(),
                source: at(format!("/{title}/{number}")),
                target: to(format!("/{title}/{number}")),
                entry: EntryType::File,
                stamp: Stamp { size: 1000, ..Stamp::default() },
                failure: None,
            })
            .collect();
        let ids = rows.iter().map(|row| row.id).collect();
        queue.enqueue(id, rows, self.clock.now(), "tester".to_owned()).await.unwrap();
        (id, ids)
    }

    /// The day, as somebody sees it who opens the window.
    async fn look(&self) -> Today {
        self.desk.window_opened().await.unwrap();
        self.desk.today().await.unwrap()
    }

    async fn happens(&self, id: TransferId, events: Vec<(Event, Change)>) {
        self.desk.inner.store.queue().apply(id, events, self.clock.now(), "engine").await.unwrap();
    }

    async fn matched(&self, id: TransferId) {
        let proved = Change { evidence: Some(Evidence::Matched), ..Change::default() };
        let plain = |event| (event, Change::default());
        let events =
            vec![plain(Event::Claimed), plain(Event::Started), plain(Event::Accepted), (Event::Settled, proved)];
        self.happens(id, events).await;
    }

    async fn fails(&self, id: TransferId) {
        let failure =
            Failure { kind: FailureKind::Denied, side: Side::Destination, message: "no".to_owned(), code: None };
        let failed = Change { failure: Some(failure), ..Change::default() };
        self.happens(id, vec![(Event::Claimed, Change::default()), (Event::Failed, failed)]).await;
    }

    async fn raise(&self, kind: AttentionKind, run: Option<RunId>, transfer: Option<TransferId>) {
        let raised_at = self.clock.now();
        let (id, connection) = (AttentionId::fresh(), Some(self.target));
        let row = AttentionRow { id, kind, connection, transfer, run, facts: serde_json::Map::new(), raised_at };
        self.desk.inner.store.raise(row).await.unwrap();
    }
}

#[test]
fn a_day_begins_at_midnight_where_the_desk_stands_also_when_clocks_change() {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let at = |text: &str| Millis(text.parse::<Timestamp>().unwrap().as_millisecond());
    assert_eq!(midnight(at("2026-03-29T15:00:00Z"), &zone), at("2026-03-28T23:00:00Z"));
    assert_eq!(midnight(at("2026-03-29T23:30:00Z"), &zone), at("2026-03-29T22:00:00Z"));
    assert_eq!(midnight(at("2026-03-28T22:59:59Z"), &zone), at("2026-03-27T23:00:00Z"));
}

#[tokio::test]
async fn all_conflicts_of_a_run_are_one_line_and_come_in_pieces() {
    let home = home().await;
    let (run, ids) = home.run("nightly", 300).await;
    for id in &ids {
        home.raise(AttentionKind::Conflict, Some(run), Some(*id)).await;
    }
    home.raise(AttentionKind::HostKeyChanged, None, None).await;
    let needs = home.desk.needs().await.unwrap();
    let told: Vec<_> = needs.iter().map(|need| (need.kind, need.count)).collect();
    let question = NeedKind::Question;
    assert_eq!(told, [(question(AttentionKind::HostKeyChanged), 1), (question(AttentionKind::Conflict), 300)]);
    assert_eq!(needs[0].held_up, 300, "all of them wait for that server");

    let group = GroupKey { kind: AttentionKind::Conflict, connection: Some(home.target), run: Some(run) };
    let mut seen = std::collections::HashSet::new();
    let mut after = None;
    loop {
        let piece = home.desk.attention_of(group, after, 128).await.unwrap();
        seen.extend(piece.iter().map(|one| one.row.id));
        after = piece.last().map(|one| one.row.id);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 300, "each comes once");
}

#[tokio::test]
async fn what_failed_and_what_waits_for_long_is_told_until_it_is_history() {
    let home = home().await;
    let (run, ids) = home.run("invoices", 3).await;
    home.fails(ids[0]).await;
    let due = Change { due_at: Some(home.clock.now().plus(99 * 24 * HOUR_MS)), ..Change::default() };
    home.happens(ids[1], vec![(Event::Claimed, Change::default()), (Event::Delayed, due)]).await;
    home.pass(LONG_WAIT_MS - 1);
    let needs = home.desk.needs().await.unwrap();
    assert_eq!(needs.iter().map(|need| need.kind).collect::<Vec<_>>(), [NeedKind::Failed]);
    assert_eq!(needs[0].run, Some((run, "invoices".to_owned())));
    home.pass(1);
    let needs = home.desk.needs().await.unwrap();
    assert_eq!(needs.iter().map(|need| need.kind).collect::<Vec<_>>(), [NeedKind::Failed, NeedKind::WaitingLong]);
    assert_eq!(needs[1].connection, Some((home.target, "evidence".to_owned())));
    home.pass(FAILED_FOR_MS);
    let needs = home.desk.needs().await.unwrap();
    assert_eq!(needs.iter().map(|need| need.kind).collect::<Vec<_>>(), [NeedKind::WaitingLong]);
}

#[tokio::test]
async fn what_signs_in_and_ends_is_told_two_weeks_before_and_after() {
    let home = home().await;
    let store = &home.desk.inner.store;
    let ends = home.clock.now().plus(20 * 24 * HOUR_MS);
    store.set_secret_expiry(home.target, Some(ends)).await.unwrap();
    assert_eq!(home.desk.needs().await.unwrap(), [], "there are twenty days left");
    home.pass(6 * 24 * HOUR_MS);
    let needs = home.desk.needs().await.unwrap();
    assert_eq!(needs.iter().map(|need| need.kind).collect::<Vec<_>>(), [NeedKind::Ending(Ending::Secret)]);
    assert_eq!((needs[0].connection.clone(), needs[0].since), (Some((home.target, "evidence".to_owned())), ends));
    home.pass(14 * 24 * HOUR_MS);
    let needs = home.desk.needs().await.unwrap();
    assert_eq!(needs.iter().map(|need| need.kind).collect::<Vec<_>>(), [NeedKind::Ended(Ending::Secret)]);
    home.raise(AttentionKind::Unauthenticated, None, None).await;
    let needs = home.desk.needs().await.unwrap();
    let refused = NeedKind::Question(AttentionKind::Unauthenticated);
    assert_eq!(needs.iter().map(|need| need.kind).collect::<Vec<_>>(), [refused], "the question says more");
}

#[tokio::test]
async fn a_sign_on_is_told_hours_before_it_ends_and_not_missed_for_ever() {
    let home = home().await;
    let ends = home.clock.now().plus(8 * HOUR_MS);
    let found = waybill_store::FoundExpiry { of: "session".to_owned(), at: ends };
    home.desk.inner.store.set_found_expiry(home.target, Some(found)).await.unwrap();
    let mut told = Vec::new();
    for hours in [0, 6, 2, 25] {
        home.pass(hours * HOUR_MS);
        told.push(home.desk.needs().await.unwrap().first().map(|need| need.kind));
    }
    assert_eq!(told, [None, Some(NeedKind::Ending(Ending::Session)), Some(NeedKind::Ended(Ending::Session)), None]);
}

#[tokio::test]
async fn only_what_was_matched_since_midnight_counts_as_of_today() {
    let home = home().await;
    let (old, ids) = home.run("yesterday", 2).await;
    home.matched(ids[0]).await;
    home.pass(24 * HOUR_MS);
    let today = home.desk.today().await.unwrap();
    assert_eq!(today.matched, Matched::default());
    assert_eq!(today.runs[0].run.id, old, "it is not over, so it is of this day too");
    home.matched(ids[1]).await;
    let (failed, more) = home.run("today", 1).await;
    home.fails(more[0]).await;
    let today = home.desk.today().await.unwrap();
    assert_eq!(today.matched, Matched { transfers: 1, bytes: 1000 });
    assert_eq!(today.runs.iter().map(|one| one.run.id).collect::<Vec<_>>(), [failed, old]);
    home.pass(24 * HOUR_MS);
    assert!(home.desk.today().await.unwrap().runs.is_empty(), "both are over, and of another day");
}

#[tokio::test]
async fn what_ran_while_the_window_was_closed_is_told_when_it_is_opened() {
    let home = home().await;
    let (_, ids) = home.run("before", 2).await;
    home.matched(ids[0]).await;
    assert!(home.look().await.away.is_none(), "nobody was away yet");
    home.pass(MINUTE);
    home.desk.window_closed().await.unwrap();
    let closed = home.clock.now();
    home.pass(HOUR_MS);
    home.matched(ids[1]).await;
    home.pass(HOUR_MS);
    let today = home.look().await;
    assert_eq!(today.away, Some(Away { from: closed, until: home.clock.now() }));
    assert!(today.runs.iter().all(|one| one.while_away));
    let later = home.run("later", 1).await.0;
    let today = home.look().await;
    let told: Vec<_> = today.runs.iter().map(|one| (one.run.id == later, one.while_away)).collect();
    assert_eq!(told, [(true, false), (false, true)]);
}

#[tokio::test]
async fn reading_the_day_for_a_hidden_window_opens_nothing() {
    let home = home().await;
    home.look().await;
    home.desk.window_closed().await.unwrap();
    let hidden = home.clock.now();
    let (_, ids) = home.run("nightly", 1).await;
    for _ in 0..3 {
        home.pass(HOUR_MS);
        assert_eq!(home.desk.today().await.unwrap().away, None, "nobody has come back yet");
    }
    home.matched(ids[0]).await;
    let today = home.look().await;
    assert_eq!(today.away, Some(Away { from: hidden, until: home.clock.now() }));
    assert!(today.runs.iter().all(|one| one.while_away) && !today.runs.is_empty());
}

#[tokio::test]
async fn the_next_engine_tells_since_when_nothing_ran() {
    let home = home().await;
    assert!(home.desk.try_start_engine().await.unwrap());
    assert_eq!(home.desk.last_gap().await.unwrap(), None, "the first start has nothing before it");
    home.pass(10 * MINUTE);
    home.desk.stop_engine().await;
    let stopped = home.clock.now();
    home.pass(13 * HOUR_MS);
    let desk = open(&home.dir, &home.clock).await;
    assert!(desk.try_start_engine().await.unwrap());
    let gap = Gap::Idle { from: stopped, until: home.clock.now() };
    assert_eq!(desk.today().await.unwrap().gap, Some(gap));
    home.pass(36 * HOUR_MS);
    assert_eq!(desk.today().await.unwrap().gap, None, "that was another day");
    desk.stop_engine().await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_makes_no_gap_of_it() {
    let home = home().await;
    assert!(home.desk.try_start_engine().await.unwrap());
    let before = home.clock.now();
    home.desk.window_opened().await.unwrap();
    home.desk.stop_engine().await;
    home.desk.window_closed().await.unwrap();
    home.pass(-HOUR_MS);
    assert!(home.desk.try_start_engine().await.unwrap());
    let today = home.look().await;
    assert_eq!(today.gap, Some(Gap::ClockSetBack { from: before, until: home.clock.now() }));
    assert_eq!(today.away, None, "how long nobody looked is not known either");
    home.desk.stop_engine().await;
}

#[tokio::test]
async fn the_disk_of_the_home_is_told_once_with_the_folders_on_it() {
    let home = home().await;
    let folder = ConnectionId::fresh();
    let settings = [("root".to_owned(), home.desk.paths().home().to_string())].into();
    let new = NewConnection {
        id: folder,
        name: "archive".to_owned(),
        kind: "folder".to_owned(),
        settings,
        secrets: [].into(),
    };
    home.desk.inner.store.add_connection(new, home.clock.now(), "tester".to_owned()).await.unwrap();
    let today = home.desk.today().await.unwrap();
    assert_eq!(today.disks.len(), 1);
    assert!(today.disks[0].home && today.disks[0].total > 0);
    assert_eq!(today.disks[0].connections, [(folder, "archive".to_owned())]);
    assert_eq!(today.healths, Healths { untested: 2, ..Healths::default() });
}

#[tokio::test]
async fn a_run_that_nobody_could_look_through_names_the_question_that_holds_it_up() {
    let home = home().await;
    let (other, ids) = home.run("asks about a file", 1).await;
    home.raise(AttentionKind::Conflict, Some(other), Some(ids[0])).await;
    let queue = home.desk.inner.store.queue();
    let at = |connection, path: &str| Location { connection, path: RemotePath::new(path) };
    let roots =
        ["/a", "/b"].map(|path| NewRoot { source: at(ConnectionId::LOCAL, path), target: at(home.target, path) });
    let (id, origin) = (RunId::fresh(), Origin::Window);
    let new = NewRun { id, title: "new".to_owned(), origin, options: TransferOptions::default(), roots: roots.into() };
    queue.start_run(new, home.clock.now(), "tester".to_owned()).await.unwrap();
    assert_eq!(home.desk.held_runs().await.unwrap(), [], "it is only new");

    home.raise(AttentionKind::Unauthenticated, None, None).await;
    let asked = home.desk.attention().await.unwrap();
    let asked = asked.iter().find(|one| one.row.kind == AttentionKind::Unauthenticated).unwrap().row.id;
    assert_eq!(home.desk.held_runs().await.unwrap(), [(id, asked)], "once, with the question about its end");

    for root in home.desk.inner.store.pending_roots().await.unwrap() {
        queue.root_walked(root, None).await.unwrap();
    }
    assert_eq!(home.desk.held_runs().await.unwrap(), [], "its files are known; they ask for themselves");
}
