use camino::Utf8PathBuf;
use proptest::prelude::*;
use waybill_model::{
    AttentionId, ConnectionId, Event, Evidence, Location, Millis, PartHash, PartReceipt, Proof, RemotePath, RunId,
    SESSION_VERSION, Sha256, Stamp, State, StoryNote, TransferId, TransferOptions, UploadSession,
};

use super::*;
use crate::{
    AttentionKind, AttentionRow, Health, NewConnection, NewRoot, NewRun, Origin, Store, StoreError, Topic, Topics,
};

pub(super) const T0: Millis = Millis(1_000_000);

pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) run: RunId,
    pub(super) target: ConnectionId,
    dir: tempfile::TempDir,
}

pub(super) async fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let path = Utf8PathBuf::from_path_buf(dir.path().join("waybill.db")).unwrap();
    let (store, opened) = Store::open(&path, T0).unwrap();
    assert!(opened.created);
    let target = ConnectionId::fresh();
    let connection = NewConnection {
        id: target,
        name: "evidence".to_owned(),
        kind: "s3".to_owned(),
        settings: [("bucket".to_owned(), "b".to_owned())].into(),
        secrets: [].into(),
    };
    store.add_connection(connection, T0, "tester".to_owned()).await.unwrap();
    let run = RunId::fresh();
    let root = NewRoot { source: local("/in"), target: Location { connection: target, path: RemotePath::new("/in") } };
    let new = NewRun {
        id: run,
        title: "in".to_owned(),
        origin: Origin::Command,
        options: TransferOptions::default(),
        roots: vec![root],
    };
    store.queue().start_run(new, T0, "tester".to_owned()).await.unwrap();
    Desk { store, run, target, dir }
}

pub(super) fn local(path: &str) -> Location {
    Location { connection: ConnectionId::LOCAL, path: RemotePath::new(path) }
}

impl Desk {
    pub(super) fn draft(&self, name: &str, size: u64) -> NewTransfer {
        NewTransfer {
            id: TransferId::fresh(),
            source: local(&format!("/in/{name}")),
            target: Location { connection: self.target, path: RemotePath::new(format!("/out/{name}")) },
            entry: EntryType::File,
            stamp: Stamp { size, ..Stamp::default() },
            failure: None,
        }
    }

    pub(super) async fn add(&self, names: &[(&str, u64)]) -> Vec<TransferId> {
        let new: Vec<_> = names.iter().map(|(name, size)| self.draft(name, *size)).collect();
        let ids = new.iter().map(|transfer| transfer.id).collect();
        self.store.queue().enqueue(self.run, new, T0, "tester".to_owned()).await.unwrap();
        ids
    }

    pub(super) async fn claim(&self, lane: Lane, limit: u32) -> Vec<TransferRow> {
        let claim =
            Claim { source_rooms: vec![(ConnectionId::LOCAL, u32::MAX)], ..Claim::of(self.target, lane, limit) };
        self.store.queue().claim(claim, T0).await.unwrap().into_iter().map(|(row, _)| row).collect()
    }

    pub(super) async fn apply(&self, id: TransferId, event: Event, change: Change) -> Result<Applied, StoreError> {
        self.store.queue().apply(id, vec![(event, change)], T0, "engine").await
    }
}

#[tokio::test]
async fn claims_follow_priority_then_place() {
    let desk = desk().await;
    let ids = desk.add(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)]).await;
    desk.store.queue().set_priority(vec![ids[2]], 5).await.unwrap();
    desk.store.queue().move_first(vec![ids[3]]).await.unwrap();
    desk.store.queue().move_before(vec![ids[1]], ids[0]).await.unwrap();
    let order: Vec<_> =
        desk.claim(Lane::Small, 10).await.into_iter().map(|row| row.source.path.name().to_owned()).collect();
    assert_eq!(order, ["c", "d", "b", "a"]);
}

#[tokio::test]
async fn small_and_large_files_stand_in_different_lanes() {
    let desk = desk().await;
    desk.add(&[("small", SMALL_FILE_BYTES), ("large", SMALL_FILE_BYTES + 1)]).await;
    let small = desk.claim(Lane::Small, 10).await;
    assert_eq!(small.iter().map(|row| row.source.path.name()).collect::<Vec<_>>(), ["small"]);
    assert_eq!(desk.store.queue().lines().await.unwrap(), [(desk.target, Lane::Large)]);
}

#[tokio::test]
async fn two_transfers_to_one_target_are_never_taken_together() {
    let desk = desk().await;
    let mut second = desk.draft("a", 1);
    second.source = local("/elsewhere/a");
    desk.add(&[("a", 1)]).await;
    desk.store.queue().enqueue(desk.run, vec![second], T0, "tester".to_owned()).await.unwrap();
    assert_eq!(desk.claim(Lane::Small, 10).await.len(), 1);
    let claim = Claim { without_paths: vec!["/out/a".to_owned()], ..Claim::of(desk.target, Lane::Small, 10) };
    assert!(desk.store.queue().claim(claim, T0).await.unwrap().is_empty(), "the path is being written");
}

#[tokio::test]
async fn a_run_has_each_source_and_target_once() {
    let desk = desk().await;
    desk.add(&[("a", 1)]).await;
    let stored = desk.store.queue().enqueue(desk.run, vec![desk.draft("a", 1)], T0, "tester".to_owned()).await.unwrap();
    assert_eq!(stored, 0);
    assert_eq!(desk.store.run(desk.run).await.unwrap().files, 1);
}

#[tokio::test]
async fn an_illegal_event_changes_nothing() {
    let desk = desk().await;
    let id = desk.add(&[("a", 1)]).await[0];
    let refused = desk.apply(id, Event::Settled, Change { detail: "x".to_owned(), ..Change::default() }).await;
    assert!(matches!(refused, Err(StoreError::Illegal(_))));
    assert_eq!(desk.store.queue().get(id).await.unwrap().state, State::Queued);
    assert!(desk.store.queue().story(id).await.unwrap().is_empty());
}

#[tokio::test]
async fn of_several_events_all_or_none_are_applied() {
    let desk = desk().await;
    let id = desk.add(&[("a", 1)]).await[0];
    let events = vec![(Event::Claimed, Change::default()), (Event::Settled, Change::default())];
    assert!(desk.store.queue().apply(id, events, T0, "engine").await.is_err());
    assert_eq!(desk.store.queue().state(id).await.unwrap(), Some(State::Queued));
}

#[tokio::test]
async fn a_whole_life_leaves_row_story_totals_and_audit_in_step() {
    let desk = desk().await;
    let id = desk.add(&[("a", 7)]).await[0];
    desk.claim(Lane::Small, 1).await;
    let digest = Sha256::of(b"content");
    let accepted = Change { evidence: Some(Evidence::Accepted), sha256: Some(digest), ..Change::default() };
    let settled = Change { evidence: Some(Evidence::Matched), proof: Some(Proof::Sha256), ..Change::default() };
    let events = vec![(Event::Started, Change::default()), (Event::Accepted, accepted), (Event::Settled, settled)];
    desk.store.queue().apply(id, events, T0.plus(5), "engine").await.unwrap();
    let row = desk.store.queue().get(id).await.unwrap();
    assert_eq!((row.state, row.evidence, row.proof), (State::Done, Evidence::Matched, Some(Proof::Sha256)));
    assert_eq!((row.sha256, row.ended_at), (Some(digest), Some(T0.plus(5))));
    let run = desk.store.run(desk.run).await.unwrap();
    assert_eq!((run.done, run.matched, run.bytes_done, run.queued, run.running), (1, 1, 7, 0, 0));
    let story: Vec<_> = desk.store.queue().story(id).await.unwrap().into_iter().map(|event| event.event).collect();
    assert_eq!(story, ["claimed", "started", "accepted", "settled"]);
    let acts: Vec<_> = desk.store.audit(0, 100).await.unwrap().into_iter().map(|line| line.act).collect();
    assert_eq!(acts, ["connection-added", "run-started", "enqueued", "claimed", "started", "accepted", "settled"]);
}

#[tokio::test]
async fn evidence_does_not_sink_but_a_new_start_begins_anew() {
    let desk = desk().await;
    let id = desk.add(&[("a", 1)]).await[0];
    desk.claim(Lane::Small, 1).await;
    desk.apply(id, Event::Started, Change::default()).await.unwrap();
    desk.apply(id, Event::Accepted, Change { evidence: Some(Evidence::Accepted), ..Change::default() }).await.unwrap();
    desk.apply(id, Event::Delayed, Change { due_at: Some(T0), ..Change::default() }).await.unwrap();
    assert_eq!(desk.store.queue().get(id).await.unwrap().evidence, Evidence::Accepted);
    assert_eq!(desk.store.queue().wake_due(T0).await.unwrap(), None);
    desk.claim(Lane::Small, 1).await;
    desk.apply(id, Event::Started, Change::default()).await.unwrap();
    let row = desk.store.queue().get(id).await.unwrap();
    assert_eq!((row.evidence, row.attempts), (Evidence::None, 1));
}

#[tokio::test]
async fn what_a_dead_process_worked_on_is_claimed_again() {
    let desk = desk().await;
    let ids = desk.add(&[("a", 1), ("b", 1)]).await;
    desk.claim(Lane::Small, 1).await;
    assert_eq!(desk.store.queue().recover(T0).await.unwrap(), 1);
    assert_eq!(desk.store.queue().get(ids[0]).await.unwrap().state, State::Queued);
    let line = desk.store.queue().story(ids[0]).await.unwrap().pop().unwrap();
    assert_eq!((line.note, line.detail.as_str()), (Some(StoryNote::AppClosed), "the app was closed"));
    assert_eq!(desk.claim(Lane::Small, 10).await.len(), 2);
}

#[tokio::test]
async fn a_line_without_a_note_that_can_be_read_keeps_its_text() {
    let desk = desk().await;
    let ids = desk.add(&[("a", 1)]).await;
    desk.claim(Lane::Small, 1).await;
    desk.store.queue().recover(T0).await.unwrap();
    for note in [None, Some(r#"{"code":"of-another-version"}"#)] {
        let kept = desk.store.write(move |tx| Ok(tx.sql.execute("UPDATE transfer_events SET note = ?1", [note])?));
        kept.await.unwrap();
        let line = desk.store.queue().story(ids[0]).await.unwrap().pop().unwrap();
        assert_eq!((line.note, line.detail.as_str()), (None, "the app was closed"));
    }
}

#[tokio::test]
async fn sessions_and_receipts_survive_reopening_and_end_with_the_transfer() {
    let desk = desk().await;
    let id = desk.add(&[("a", 20)]).await[0];
    let session = UploadSession {
        version: SESSION_VERSION,
        path: RemotePath::new("/out/a"),
        size: 20,
        part_size: 10,
        replace: false,
        handle: serde_json::json!({"upload_id": "u"}),
    };
    let receipt = |number| PartReceipt {
        number,
        offset: u64::from(number - 1) * 10,
        length: 10,
        hash: PartHash::default(),
        prefix_sha256: Sha256::of_nothing(),
        token: String::new(),
    };
    let queue = desk.store.queue();
    queue.store_session(id, session.clone(), T0).await.unwrap();
    queue.store_part(id, receipt(2)).await.unwrap();
    queue.store_part(id, receipt(1)).await.unwrap();
    queue.store_part(id, receipt(1)).await.unwrap();
    let path = Utf8PathBuf::from_path_buf(desk.dir.path().join("waybill.db")).unwrap();
    let (again, _) = Store::open(&path, T0).unwrap();
    assert_eq!(again.queue().session(id).await.unwrap(), Some((session, vec![receipt(1), receipt(2)])));
    assert_eq!(again.queue().confirmed(id).await.unwrap(), (2, 20));
    queue.keep_only_parts(id, vec![2]).await.unwrap();
    assert_eq!(queue.confirmed(id).await.unwrap(), (1, 10));
    desk.claim(Lane::Small, 1).await;
    let life = [Event::Started, Event::Accepted, Event::Settled].map(|event| (event, Change::default()));
    queue.apply(id, life.to_vec(), T0, "engine").await.unwrap();
    assert_eq!(queue.session(id).await.unwrap(), None);
}

#[tokio::test]
async fn names_are_found_before_and_after_the_index_has_them() {
    let desk = desk().await;
    desk.add(&[("Price list Ä 2027.pdf", 1), ("other.txt", 1)]).await;
    let find = async |words: &str| {
        let filter = Filter { words: words.to_owned(), ..Filter::default() };
        desk.store.queue().page(filter, None, 10).await.unwrap().rows.len()
    };
    assert_eq!(find("price list").await, 1, "not indexed yet");
    while desk.store.index_more().await.unwrap() {}
    assert_eq!(find("pric 2027").await, 1);
    assert_eq!(find("a 2027").await, 1, "without its dots");
    assert_eq!(find("missing").await, 0);
}

#[tokio::test]
async fn pages_show_each_transfer_once() {
    let desk = desk().await;
    let names: Vec<String> = (0..25).map(|n| n.to_string()).collect();
    desk.add(&names.iter().map(|name| (name.as_str(), 1)).collect::<Vec<_>>()).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = desk.store.queue().page(Filter::default(), after, 10).await.unwrap();
        seen.extend(page.rows.iter().map(|row| row.source.path.name().to_owned()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, names.into_iter().rev().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_question_is_raised_once_and_answered_once() {
    let desk = desk().await;
    let id = desk.add(&[("a", 1)]).await[0];
    desk.claim(Lane::Small, 1).await;
    let question = AttentionRow {
        id: AttentionId::fresh(),
        kind: AttentionKind::Conflict,
        connection: Some(desk.target),
        transfer: Some(id),
        run: Some(desk.run),
        facts: serde_json::Map::new(),
        raised_at: T0,
    };
    let queue = desk.store.queue();
    queue.ask(id, Change::default(), question.clone(), T0).await.unwrap();
    desk.store.raise(AttentionRow { id: AttentionId::fresh(), ..question }).await.unwrap();
    let open = desk.store.open_attention().await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].transfer, Some(id));
    let change = Change { conflict: Some(ConflictRule::Overwrite), ..Change::default() };
    queue
        .answer(open[0].clone(), Event::Answered, change, "overwrite".to_owned(), T0, "tester".to_owned())
        .await
        .unwrap();
    assert_eq!(desk.store.open_attention().await.unwrap(), []);
    let row = queue.get(id).await.unwrap();
    assert_eq!((row.state, row.conflict), (State::Queued, Some(ConflictRule::Overwrite)));
}

#[tokio::test]
async fn another_process_is_noticed() {
    let desk = desk().await;
    let path = Utf8PathBuf::from_path_buf(desk.dir.path().join("waybill.db")).unwrap();
    let (other, _) = Store::open(&path, T0).unwrap();
    let mut topics = desk.store.topics();
    while topics.try_recv().is_ok() {}
    other.set_setting("x", "y".to_owned()).await.unwrap();
    let heard = tokio::time::timeout(std::time::Duration::from_secs(10), topics.recv()).await.unwrap().unwrap();
    assert_eq!(heard, Topics::ALL);
    assert!(heard.has(Topic::Attention));
}

#[tokio::test]
async fn names_of_connections_differ_in_more_than_case() {
    let desk = desk().await;
    let twin = NewConnection {
        id: ConnectionId::fresh(),
        name: "EVIDENCE".to_owned(),
        kind: "s3".to_owned(),
        settings: [].into(),
        secrets: [].into(),
    };
    let refused = desk.store.add_connection(twin.clone(), T0, "tester".to_owned()).await;
    assert!(matches!(refused, Err(StoreError::NameTaken(_))));
    desk.store.remove_connection(desk.target, T0, "tester".to_owned()).await.unwrap();
    desk.store.add_connection(twin, T0, "tester".to_owned()).await.unwrap();
    assert_eq!(desk.store.connections().await.unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// Whatever happens to whom, the totals of the run are what the rows say.
    #[test]
    fn totals_equal_the_rows(events in prop::collection::vec((0_usize..4, prop::sample::select(Event::ALL.to_vec())), 0..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let desk = desk().await;
            let ids = desk.add(&[("a", 1), ("b", 2), ("c", 4), ("d", 8)]).await;
            for (at, event) in events {
                drop(desk.apply(ids[at], event, Change::default()).await);
            }
            let run = desk.store.run(desk.run).await.unwrap();
            let rows = desk.store.queue().page(Filter::default(), None, 100).await.unwrap().rows;
            let count = |states: &[State]| rows.iter().filter(|row| states.contains(&row.state)).count() as u64;
            assert_eq!(run.queued, count(&[State::Queued]));
            assert_eq!(run.running, count(&[State::Preparing, State::Transferring, State::Verifying]));
            assert_eq!(run.done, count(&[State::Done]));
            assert_eq!(run.waiting, count(&[State::Waiting]));
            assert_eq!(run.paused, count(&[State::Paused]));
            assert_eq!(run.attention, count(&[State::NeedsAttention]));
            assert_eq!(run.failed, count(&[State::Failed]));
            assert_eq!(run.cancelled, count(&[State::Cancelled]));
            assert_eq!(run.skipped, count(&[State::Skipped]));
            let done: u64 = rows.iter().filter(|row| row.state == State::Done).map(|row| row.size).sum();
            assert_eq!((run.files, run.bytes, run.bytes_done), (4, 15, done));
        });
    }
}

#[tokio::test]
async fn a_source_gives_no_more_than_it_has_room_for() {
    let desk = desk().await;
    let names: Vec<String> = (0..10).map(|n| n.to_string()).collect();
    desk.add(&names.iter().map(|name| (name.as_str(), 1)).collect::<Vec<_>>()).await;
    let claim = |rooms| Claim { source_rooms: rooms, ..Claim::of(desk.target, Lane::Small, 10) };
    let queue = desk.store.queue();
    assert_eq!(queue.claim(claim(vec![]), T0).await.unwrap().len(), 1, "a stranger gives one");
    assert_eq!(queue.claim(claim(vec![(ConnectionId::LOCAL, 3)]), T0).await.unwrap().len(), 3);
    assert_eq!(queue.claim(claim(vec![(ConnectionId::LOCAL, 0)]), T0).await.unwrap().len(), 0);
}

#[tokio::test]
async fn something_can_move_until_all_is_over_or_stands_before_a_stopped_connection() {
    let desk = desk().await;
    let can_move = async || desk.store.can_move().await.unwrap();
    let health = async |health| {
        desk.store.set_health(desk.target, health, String::new(), None, T0).await.unwrap();
    };
    assert!(can_move().await, "a folder is still to be looked through");
    health(Health::Stopped).await;
    assert!(!can_move().await, "nobody can look through it");
    health(Health::Well).await;
    let root = desk.store.pending_roots().await.unwrap().remove(0);
    desk.store.queue().root_walked(root, None).await.unwrap();
    assert!(!can_move().await, "it was empty");

    let ids = desk.add(&[("a", 1), ("b", 1)]).await;
    assert!(can_move().await, "both are queued");
    assert_eq!(desk.claim(Lane::Small, 1).await.len(), 1);
    health(Health::Stopped).await;
    assert!(can_move().await, "one is in work");
    desk.apply(ids[0], Event::Failed, Change::default()).await.unwrap();
    assert!(!can_move().await, "the other one waits for somebody");
    health(Health::Well).await;
    assert!(can_move().await);
    assert_eq!(desk.claim(Lane::Small, 1).await.len(), 1);
    assert!(can_move().await, "none is queued, and one is in work");
    desk.apply(ids[1], Event::Skipped, Change::default()).await.unwrap();
    assert!(!can_move().await, "all are over");
}

#[tokio::test]
async fn work_that_has_not_ended_is_not_taken_again() {
    let desk = desk().await;
    let ids = desk.add(&[("a", 1), ("b", 1)]).await;
    let claim = Claim { without: vec![ids[0]], ..Claim::of(desk.target, Lane::Small, 10) };
    let taken = desk.store.queue().claim(claim, T0).await.unwrap();
    assert_eq!(taken.into_iter().map(|(row, _)| row.id).collect::<Vec<_>>(), [ids[1]]);
}

#[tokio::test]
async fn calling_off_everything_that_asks_closes_its_questions() {
    let desk = desk().await;
    let id = desk.add(&[("a", 1)]).await[0];
    desk.claim(Lane::Small, 1).await;
    let question = AttentionRow {
        id: AttentionId::fresh(),
        kind: AttentionKind::Conflict,
        connection: Some(desk.target),
        transfer: Some(id),
        run: Some(desk.run),
        facts: serde_json::Map::new(),
        raised_at: T0,
    };
    let queue = desk.store.queue();
    queue.ask(id, Change::default(), question, T0).await.unwrap();
    let states = vec![State::NeedsAttention, State::Done];
    assert_eq!(queue.command_all(states, Event::Cancelled, T0, "tester".to_owned()).await.unwrap(), 1);
    assert_eq!(desk.store.open_attention().await.unwrap(), []);
}

#[tokio::test]
async fn the_same_question_raised_again_touches_nothing() {
    let desk = desk().await;
    let question = || AttentionRow {
        id: AttentionId::fresh(),
        kind: AttentionKind::Unauthenticated,
        connection: Some(desk.target),
        transfer: None,
        run: None,
        facts: serde_json::Map::new(),
        raised_at: T0,
    };
    desk.store.raise(question()).await.unwrap();
    // A commit is answered first and told then.
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let mut topics = desk.store.topics();
    desk.store.raise(question()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(topics.try_recv().is_err());
}

#[tokio::test]
async fn what_waits_goes_on_when_the_clock_is_set_back() {
    let desk = desk().await;
    let id = desk.add(&[("a", 1)]).await[0];
    desk.claim(Lane::Small, 1).await;
    desk.apply(id, Event::Delayed, Change { due_at: Some(T0.plus(60_000)), ..Change::default() }).await.unwrap();
    let a_day_before = T0.plus(-24 * 3_600_000);
    assert_eq!(desk.store.queue().wake_due(a_day_before).await.unwrap(), None);
    assert_eq!(desk.store.queue().state(id).await.unwrap(), Some(State::Queued));
}

#[tokio::test]
async fn looking_for_what_is_due_writes_nothing() {
    let desk = desk().await;
    let id = desk.add(&[("a", 1)]).await[0];
    desk.claim(Lane::Small, 1).await;
    desk.apply(id, Event::Delayed, Change { due_at: Some(T0.plus(10)), ..Change::default() }).await.unwrap();
    let lines = desk.store.audit(0, 100).await.unwrap().len();
    assert_eq!(desk.store.queue().wake_due(T0.plus(9)).await.unwrap(), Some(T0.plus(10)));
    assert_eq!(desk.store.audit(0, 100).await.unwrap().len(), lines);
    assert_eq!(desk.store.queue().wake_due(T0.plus(10)).await.unwrap(), None);
    assert_eq!(desk.store.queue().state(id).await.unwrap(), Some(State::Queued));
}

#[tokio::test]
async fn an_upload_that_was_ended_is_not_taken_for_the_one_that_came_after_it() {
    let desk = desk().await;
    let id = desk.add(&[("a", 20)]).await[0];
    let session = |handle: &str| UploadSession {
        version: SESSION_VERSION,
        path: RemotePath::new("/out/a"),
        size: 20,
        part_size: 10,
        replace: false,
        handle: handle.into(),
    };
    let queue = desk.store.queue();
    queue.store_session(id, session("new"), T0).await.unwrap();
    queue.forget_this_session(id, session("old")).await.unwrap();
    assert!(queue.session(id).await.unwrap().is_some());
    queue.forget_this_session(id, session("new")).await.unwrap();
    assert_eq!(queue.session(id).await.unwrap(), None);
}
