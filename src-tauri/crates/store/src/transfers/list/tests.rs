use proptest::prelude::*;
use waybill_model::{ConnectionId, Event, Proof, TransferOptions};

use super::*;
use crate::{
    Change, Direction, EntryType, Lane, NewRun, NewTransfer, Origin,
    transfers::tests::{Desk, T0, desk, local},
};

/// Every name that a filter finds, page by page.
async fn found(desk: &Desk, filter: &Filter, limit: u32) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = desk.store.queue().page(filter.clone(), after, limit).await.unwrap();
        names.extend(page.rows.iter().map(|row| row.source.path.name().to_owned()));
        after = page.next;
        if after.is_none() {
            return names;
        }
    }
}

async fn index(desk: &Desk) {
    while desk.store.index_more().await.unwrap() {}
}

async fn match_all(desk: &Desk) {
    for row in desk.claim(Lane::Small, 100).await {
        let matched = Change { evidence: Some(Evidence::Matched), proof: Some(Proof::Sha256), ..Change::default() };
        let life =
            vec![(Event::Started, Change::default()), (Event::Accepted, Change::default()), (Event::Settled, matched)];
        desk.store.queue().apply(row.id, life, T0, "engine").await.unwrap();
    }
}

/// Another run with one fetch and one copy between connections.
async fn second_run(desk: &Desk, at: Millis) -> RunId {
    let run = RunId::fresh();
    let new = NewRun {
        id: run,
        title: "Quarterly figures".to_owned(),
        origin: Origin::Window,
        options: TransferOptions::default(),
        roots: Vec::new(),
    };
    desk.store.queue().start_run(new, at, "tester".to_owned()).await.unwrap();
    let there = |name: &str| waybill_model::Location {
        connection: desk.target,
        path: waybill_model::RemotePath::new(format!("/there/{name}")),
    };
    let fetch = NewTransfer { source: there("fetched.pdf"), target: local("/here/fetched.pdf"), ..desk.draft("x", 1) };
    let copy = NewTransfer { source: there("copied.pdf"), target: there("copy.pdf"), ..desk.draft("x", 1) };
    desk.store.queue().enqueue(run, vec![fetch, copy], at, "tester".to_owned()).await.unwrap();
    run
}

#[tokio::test]
async fn each_filter_finds_the_same_before_and_after_the_index_has_the_rows() {
    let desk = desk().await;
    desk.add(&[("sent.pdf", 1), ("other.txt", 1)]).await;
    match_all(&desk).await;
    let later = T0.plus(86_400_000);
    let run = second_run(&desk, later).await;
    let filters = [
        (Filter { words: "sent".to_owned(), ..Filter::default() }, vec!["sent.pdf"]),
        (Filter { words: "quarterly fetch".to_owned(), ..Filter::default() }, vec!["fetched.pdf"]),
        (Filter { direction: Some(Direction::Fetched), ..Filter::default() }, vec!["fetched.pdf"]),
        (Filter { direction: Some(Direction::Between), ..Filter::default() }, vec!["copied.pdf"]),
        (
            Filter { connection: Some(desk.target), ..Filter::default() },
            vec!["copied.pdf", "fetched.pdf", "other.txt", "sent.pdf"],
        ),
        (Filter { connection: Some(ConnectionId::fresh()), ..Filter::default() }, vec![]),
        (Filter { run: Some(run), ..Filter::default() }, vec!["copied.pdf", "fetched.pdf"]),
        (Filter { run: Some(RunId::fresh()), ..Filter::default() }, vec![]),
        (Filter { since: Some(later), ..Filter::default() }, vec!["copied.pdf", "fetched.pdf"]),
        (Filter { until: Some(later), words: "pdf".to_owned(), ..Filter::default() }, vec!["sent.pdf"]),
        (
            Filter { evidence: vec![Evidence::Matched], words: "o".to_owned(), ..Filter::default() },
            vec!["other.txt", "sent.pdf"],
        ),
        (Filter { evidence: vec![Evidence::Accepted], ..Filter::default() }, vec![]),
        (
            Filter { states: vec![State::Queued], words: "pdf".to_owned(), ..Filter::default() },
            vec!["copied.pdf", "fetched.pdf"],
        ),
        (Filter { states: vec![State::Failed], words: "pdf".to_owned(), ..Filter::default() }, vec![]),
    ];
    for indexed in [false, true] {
        if indexed {
            index(&desk).await;
        }
        for (filter, names) in &filters {
            assert_eq!(&found(&desk, filter, 10).await, names, "{filter:?}, indexed: {indexed}");
            assert_eq!(&found(&desk, filter, 1).await, names, "one by one: {filter:?}, indexed: {indexed}");
        }
    }
}

#[tokio::test]
async fn of_more_open_rows_than_are_read_at_once_each_is_found_once() {
    let desk = desk().await;
    let count = FEW + 300;
    let names: Vec<String> = (0..count).map(|n| format!("{n:05}")).collect();
    desk.add(&names.iter().map(|name| (name.as_str(), 1)).collect::<Vec<_>>()).await;
    let ids: Vec<_> = desk.store.queue().ids(Filter::default(), None, 10_000).await.unwrap().0;
    // Every third one is stopped, so that two states lie in each other.
    let stopped: Vec<_> = ids.into_iter().step_by(3).collect();
    desk.store.queue().command(stopped, Event::Paused, T0, "tester".to_owned()).await.unwrap();
    let filter = Filter { states: vec![State::Queued, State::Paused], ..Filter::default() };
    let expected: Vec<String> = names.into_iter().rev().collect();
    assert_eq!(found(&desk, &filter, 500).await, expected);
}

#[tokio::test]
async fn a_run_is_listed_in_the_order_of_its_line_and_by_pace() {
    let desk = desk().await;
    let ids = desk.add(&[("a", 1), ("b", 1), ("c", 1), ("d", 1)]).await;
    let queue = desk.store.queue();
    queue.move_before(vec![ids[3], ids[2]], ids[0]).await.unwrap();
    queue.move_last(vec![ids[0]]).await.unwrap();
    queue.command(vec![ids[1]], Event::Cancelled, T0, "tester".to_owned()).await.unwrap();
    let names = async |pace, skipped| {
        let rows = queue.block(desk.run, pace, skipped, 2).await.unwrap();
        rows.iter().map(|row| row.source.path.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!([names(None, 0).await, names(None, 2).await].concat(), ["d", "c", "b", "a"]);
    assert_eq!(names(Some(Pace::Waiting), 1).await, ["c", "a"]);
    assert_eq!(names(Some(Pace::Failed), 0).await, ["b"]);
    assert_eq!(names(Some(Pace::Done), 0).await, [] as [&str; 0]);
}

#[tokio::test]
async fn runs_are_paged_newest_first_and_narrowed_to_those_with_transfers_at_a_pace() {
    let desk = desk().await;
    desk.add(&[("a", 1)]).await;
    match_all(&desk).await;
    let second = second_run(&desk, T0).await;
    let first = desk.store.runs_page(None, None, 1).await.unwrap();
    let after = crate::RunCursor { created_at: first[0].created_at, id: first[0].id };
    let rest = desk.store.runs_page(None, Some(after), 10).await.unwrap();
    assert_eq!([first[0].id, rest[0].id], [second, desk.run], "started at the same moment");
    assert_eq!(rest.len(), 1);
    let waiting = desk.store.runs_page(Some(Pace::Waiting), None, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|run| run.id).collect::<Vec<_>>(), [second]);
    assert_eq!((waiting[0].at(Pace::Waiting), waiting[0].at(Pace::Done)), (2, 0));
}

#[tokio::test]
async fn what_was_matched_counts_from_the_quarter_in_which_the_day_begins() {
    let desk = desk().await;
    desk.add(&[("a", 7), ("b", 5)]).await;
    match_all(&desk).await;
    let queue = desk.store.queue();
    let today = queue.matched_since(T0).await.unwrap();
    assert_eq!((today.transfers, today.bytes), (2, 12));
    assert_eq!(queue.matched_since(T0.plus(900_000)).await.unwrap().transfers, 0);
}

#[test]
fn a_pace_is_the_same_in_sql_and_in_the_model() {
    let sql = rusqlite::Connection::open_in_memory().unwrap();
    for migration in [
        include_str!("../../../migrations/0001_desk.sql"),
        include_str!("../../../migrations/0002_upload_begins.sql"),
        include_str!("../../../migrations/0003_history.sql"),
    ] {
        sql.execute_batch(migration).unwrap();
    }
    sql.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for state in State::ALL {
        sql.execute(
            "INSERT INTO transfers (id, run_id, source_connection, source_path, target_connection, target_path, entry, lane, size,
                                    stamp, state, place, created_at)
             VALUES (randomblob(16), x'00', x'00', '', x'00', '', 'file', 'small', 0, '{}', ?1, 0, 0)",
            [state.as_str()],
        )
        .unwrap();
        let pace: String =
            sql.query_row("SELECT pace FROM transfers WHERE state = ?1", [state.as_str()], |row| row.get(0)).unwrap();
        assert_eq!(pace, state.pace().as_str());
    }
    for pace in [None, Some(Pace::Waiting)] {
        let plan: Vec<String> = sql
            .prepare(&format!("EXPLAIN QUERY PLAN {}", block_sql(pace)))
            .unwrap()
            .query_map(rusqlite::params_from_iter((0..if pace.is_some() { 4 } else { 3 }).map(|_| 1)), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert!(plan.len() == 1 && plan[0].contains("USING INDEX transfers_run"), "nothing is sorted: {plan:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn every_run_and_time_leaves_the_rows_that_looking_at_each_leaves(
        spans in prop::collection::vec((0_i64..5, 0_usize..2), 1..8),
        since in 0_i64..6,
        until in 0_i64..6,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let desk = desk().await;
            let other = second_run(&desk, T0).await;
            // The clock may be set back between two runs.
            let hour = |n: i64| T0.plus(n * 3_600_000);
            for (n, (at, run)) in spans.iter().enumerate() {
                let run = if *run == 0 { desk.run } else { other };
                let new = vec![NewTransfer { entry: EntryType::File, ..desk.draft(&format!("{n}"), 1) }];
                desk.store.queue().enqueue(run, new, hour(*at), "tester".to_owned()).await.unwrap();
            }
            let all = desk.store.queue().page(Filter::default(), None, 100).await.unwrap().rows;
            for run in [None, Some(desk.run), Some(other)] {
                let filter = Filter { run, since: Some(hour(since)), until: Some(hour(until)), ..Filter::default() };
                let expected: Vec<_> = all.iter()
                    .filter(|row| row.created_at >= hour(since) && row.created_at < hour(until) && run.is_none_or(|run| run == row.run))
                    .map(|row| row.source.path.name().to_owned())
                    .collect();
                assert_eq!(found(&desk, &filter, 2).await, expected);
            }
        });
    }
}
