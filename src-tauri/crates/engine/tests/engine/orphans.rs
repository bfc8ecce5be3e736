//! An upload whose begin was answered to nobody is ended, and never another.

use std::collections::BTreeSet;

use rstest::rstest;
use waybill_model::{ConflictRule, Event, FailureKind, State};

use crate::{
    desk::{Desk, bytes, options, until},
    remote::{Call, Fault},
};

const FILE: usize = 3_000;

/// Kills the process when the remote has begun an upload and the desk has not heard of it.
async fn crash_between_begin_and_record(desk: &mut Desk) {
    until("the orphan", async || desk.dst.sessions() > 0 && desk.dst.count(Call::Begin) == 1).await;
    desk.crash();
    desk.dst.mend();
    desk.start().await;
}

#[rstest]
#[tokio::test]
async fn an_upload_that_a_crash_left_without_a_record_is_ended(
    #[values(0, 3_600_000, -3_600_000)] ahead: i64,
    #[values(ConflictRule::Ask, ConflictRule::Overwrite)] rule: ConflictRule,
) {
    let mut desk = Desk::new().await;
    desk.dst.state().ahead = ahead;
    desk.src.put("/in/a", bytes(FILE, 1));
    desk.dst.fault(Call::Begin, "", 1, Fault::Silent);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(rule)).await;
    crash_between_begin_and_record(&mut desk).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.session_ids(), BTreeSet::new(), "nothing is left that nobody knows of");
    assert_eq!(desk.dst.get("/out/a").unwrap(), bytes(FILE, 1));
}

#[tokio::test]
async fn an_upload_whose_answer_was_lost_on_the_way_is_ended() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(FILE, 1));
    desk.dst.fault(Call::Begin, "", 1, Fault::Lost(FailureKind::TimedOut));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.session_ids(), BTreeSet::new());
}

#[tokio::test]
async fn uploads_of_others_stay_at_the_same_path_before_and_elsewhere_at_the_same_time() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(FILE, 1));
    desk.dst.state().ahead = -60_000;
    desk.dst.state().begin("/out/a", "an earlier one of somebody else");
    desk.dst.state().ahead = 0;
    desk.dst.fault(Call::Begin, "", 1, Fault::Silent);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.dst.reached(Call::Begin, 1).await;
    desk.dst.state().begin("/out/b", "somebody else's, beside it");
    until("the orphan", async || desk.dst.sessions() == 3).await;
    desk.crash();
    desk.dst.mend();
    desk.start().await;
    desk.matched(run, 1).await;
    let left = ["an earlier one of somebody else", "somebody else's, beside it"].map(str::to_owned);
    assert_eq!(desk.dst.session_ids(), left.into());
}

#[tokio::test]
async fn where_two_could_be_the_lost_one_both_stay() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(FILE, 1));
    desk.dst.fault(Call::Begin, "", 1, Fault::Silent);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.dst.reached(Call::Begin, 1).await;
    desk.dst.state().begin("/out/a", "somebody else's");
    until("the orphan", async || desk.dst.sessions() == 2).await;
    desk.crash();
    desk.dst.mend();
    desk.start().await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.sessions(), 2, "nobody can say which is whose");
}

#[tokio::test]
async fn an_upload_that_another_transfer_goes_on_with_stays() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(FILE, 1));
    desk.src.put("/in/b", bytes(FILE, 2));
    desk.dst.fault(Call::PutPart, "", 1, Fault::Fail(FailureKind::Denied));
    desk.start().await;
    // Fails with its session kept, right before the other one is begun.
    let first = desk.send("/in/a", "/out/x", options(ConflictRule::Overwrite)).await;
    desk.over(first).await;
    let kept = desk.dst.session_ids();
    desk.dst.forget_calls();
    desk.dst.fault(Call::Begin, "", 1, Fault::Silent);
    let second = desk.send("/in/b", "/out/x", options(ConflictRule::Overwrite)).await;
    until("the orphan", async || desk.dst.sessions() == 2).await;
    desk.crash();
    desk.dst.mend();
    desk.start().await;
    desk.matched(second, 1).await;
    assert_eq!(desk.dst.session_ids(), kept, "only the orphan was ended");
    let id = desk.id(first, "a").await;
    desk.command(id, Event::RetryAsked).await;
    desk.in_state(id, State::Done).await;
}

#[tokio::test]
async fn unfinished_uploads_are_not_listed_where_no_answer_was_lost() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(FILE, 1));
    desk.dst.fault(Call::PutPart, "", 2, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.dst.reached(Call::PutPart, 2).await;
    desk.crash();
    desk.dst.mend();
    desk.start().await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.count(Call::Unfinished), 0);
}
