//! Something with that name is there already, or turns up in the meantime.

use std::sync::Arc;

use rstest::rstest;
use waybill_model::{ConflictRule, Event, Millis, State};

use crate::{
    desk::{Desk, bytes, options},
    remote::{Call, Fault},
};

const OLD: Millis = Millis(1_600_000_000_000);
const NEW: Millis = Millis(1_900_000_000_000);

/// Sizes that take each of the two ways.
const SMALL: usize = 100;
const LARGE: usize = 2_500;

#[rstest]
#[case(ConflictRule::Overwrite, OLD, State::Done, true, 1)]
#[case(ConflictRule::Skip, OLD, State::Skipped, false, 1)]
#[case(ConflictRule::KeepBoth, OLD, State::Done, false, 2)]
#[case(ConflictRule::Newer, OLD, State::Done, true, 1)]
#[case(ConflictRule::Newer, NEW, State::Skipped, false, 1)]
#[tokio::test]
async fn each_rule_does_what_it_says(
    #[case] rule: ConflictRule,
    #[case] theirs: Millis,
    #[case] state: State,
    #[case] replaced: bool,
    #[case] files: usize,
    #[values(SMALL, LARGE)] size: usize,
    #[values(false, true)] late: bool,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a.txt", bytes(size, 1));
    if late {
        // It turns up when the upload has been begun already.
        let call = if size == SMALL { Call::Write } else { Call::Finish };
        let appear = Arc::new(move |state: &mut crate::remote::State| {
            state.put_at("/out/a.txt", bytes(77, 9), theirs);
        });
        desk.dst.fault(call, "/out/a.txt", 1, Fault::Do(appear));
    } else {
        desk.dst.state().put_at("/out/a.txt", bytes(77, 9), theirs);
    }
    desk.start().await;
    let run = desk.send("/in/a.txt", "/out/a.txt", options(rule)).await;
    desk.over(run).await;
    let row = desk.row(run, "a.txt").await;
    assert_eq!(row.state, state, "{:?}", row.failure);
    assert_eq!(desk.dst.get("/out/a.txt").unwrap() == bytes(size, 1), replaced);
    assert_eq!(desk.dst.names().len(), files);
    if files == 2 {
        assert_eq!(desk.dst.get("/out/a (2).txt").unwrap(), bytes(size, 1));
        assert_eq!(row.target.path.as_str(), "/out/a (2).txt");
    }
    crate::desk::until("freed sessions", async || desk.dst.sessions() == 0).await;
}

#[rstest]
#[case(Some(ConflictRule::Overwrite), State::Done, 1)]
#[case(Some(ConflictRule::KeepBoth), State::Done, 2)]
#[case(None, State::Skipped, 1)]
#[tokio::test]
async fn a_question_is_asked_and_its_answer_followed(
    #[case] answer: Option<ConflictRule>,
    #[case] state: State,
    #[case] files: usize,
    #[values(SMALL, LARGE)] size: usize,
    #[values(false, true)] late: bool,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    if late {
        let call = if size == SMALL { Call::Write } else { Call::Finish };
        let appear = Arc::new(|state: &mut crate::remote::State| state.put("/out/a", bytes(77, 9)));
        desk.dst.fault(call, "/out/a", 1, Fault::Do(appear));
    } else {
        desk.dst.put("/out/a", bytes(77, 9));
    }
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    let question = desk.questions(1).await.remove(0);
    assert_eq!(question.facts["target_size"], 77);
    let event = if answer.is_some() { Event::Answered } else { Event::Skipped };
    desk.answer(question, event, answer).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!(row.state, state, "{:?}", row.failure);
    assert_eq!(desk.dst.names().len(), files, "{:?}", desk.dst.names());
    assert_eq!(desk.store.open_attention().await.unwrap(), []);
    crate::desk::until("freed sessions", async || desk.dst.sessions() == 0).await;
}

#[tokio::test]
async fn an_answer_for_all_of_a_run_asks_no_more() {
    let mut desk = Desk::new().await;
    for n in 0..5 {
        desk.src.put(&format!("/in/{n}"), bytes(100, n));
        desk.dst.put(&format!("/out/{n}"), bytes(77, n));
    }
    desk.start().await;
    let run = desk.send("/in", "/out", options(ConflictRule::Ask)).await;
    let questions = desk.questions(5).await;
    desk.store.set_run_conflict(run, ConflictRule::Overwrite).await.unwrap();
    for question in questions {
        desk.answer(question, Event::Answered, None).await;
    }
    desk.matched(run, 5).await;
}

#[tokio::test]
async fn the_same_bytes_there_already_need_no_question() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(100, 1));
    desk.dst.put("/out/a", bytes(100, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.matched(run, 1).await;
}

#[tokio::test]
async fn keeping_both_counts_on_past_taken_numbers_and_proves_the_right_one() {
    let mut desk =
        Desk::with(crate::remote::Powers::default(), crate::remote::Powers { checksums: false, ..Default::default() })
            .await;
    desk.src.put("/in/a.txt", bytes(100, 1));
    desk.dst.put("/out/a.txt", bytes(100, 7));
    desk.dst.put("/out/a (2).txt", bytes(100, 8));
    desk.start().await;
    let run = desk.send("/in/a.txt", "/out/a.txt", options(ConflictRule::KeepBoth)).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.get("/out/a (3).txt").unwrap(), bytes(100, 1));
}

#[tokio::test]
async fn two_files_to_one_target_are_never_written_at_once() {
    let mut desk = Desk::with(
        crate::remote::Powers::default(),
        crate::remote::Powers { slow: std::time::Duration::from_millis(5), ..Default::default() },
    )
    .await;
    let at =
        |connection, path: String| waybill_model::Location { connection, path: waybill_model::RemotePath::new(path) };
    let roots = (0..12_u8).map(|n| {
        desk.src.put(&format!("/in/{n}/a"), bytes(100, n));
        (at(desk.source, format!("/in/{n}/a")), at(desk.target, "/out/a".to_owned()))
    });
    let roots = roots.collect();
    desk.start().await;
    let run = desk.send_roots(roots, options(ConflictRule::KeepBoth)).await;
    desk.matched(run, 12).await;
    assert_eq!(desk.dst.names().len(), 12, "all are kept");
    assert_eq!(desk.dst.most_on_one(), 1);
}
