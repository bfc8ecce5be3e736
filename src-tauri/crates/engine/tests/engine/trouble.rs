//! Connections that stop, slow down, break and come back.

use std::time::Duration;

use rstest::rstest;
use waybill_model::{ConflictRule, Event, FailureKind, Millis, State, TransferOptions};
use waybill_store::{AttentionKind, Health};

use crate::{
    desk::{Desk, bytes, now, options, until},
    remote::{Call, Fault},
};

fn hundred(desk: &Desk) {
    for n in 0..100 {
        desk.src.put(&format!("/in/{n:03}"), bytes(50, n));
    }
}

#[rstest]
#[case(FailureKind::Unauthenticated, AttentionKind::Unauthenticated)]
#[case(FailureKind::HostKeyUnknown, AttentionKind::HostKeyUnknown)]
#[case(FailureKind::HostKeyChanged, AttentionKind::HostKeyChanged)]
#[tokio::test]
async fn one_question_for_a_hundred_files_and_all_go_on_after_the_answer(
    #[case] kind: FailureKind,
    #[case] asked: AttentionKind,
    #[values(true, false)] at_target: bool,
) {
    let mut desk = Desk::new().await;
    hundred(&desk);
    let (remote, call, id) = if at_target {
        (desk.dst.clone(), Call::Write, desk.target)
    } else {
        (desk.src.clone(), Call::Read, desk.source)
    };
    remote.fault(call, "", 0, Fault::Fail(kind));
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    let question = desk.questions(1).await.remove(0);
    assert_eq!((question.kind, question.connection), (asked, Some(id)));
    until("rest", async || desk.run(run).await.running == 0 && desk.run(run).await.walked).await;
    let calls = remote.count(call);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(remote.count(call), calls, "nobody knocks on a closed door");
    assert_eq!((desk.run(run).await.queued, desk.run(run).await.failed), (100, 0));
    remote.mend();
    desk.store.settle_connection_attention(id, "mended".to_owned(), now(), "tester".to_owned()).await.unwrap();
    desk.store.set_health(id, Health::Untested, String::new(), None, now()).await.unwrap();
    desk.matched(run, 100).await;
    assert_eq!(desk.store.open_attention().await.unwrap(), []);
}

#[tokio::test]
async fn a_connection_whose_secret_is_missing_asks_once_and_keeps_still() {
    let mut desk = Desk::new().await;
    hundred(&desk);
    let target = desk.target;
    desk.start().await;
    let run = desk.send("/in/000", "/out/000", TransferOptions::default()).await;
    desk.matched(run, 1).await;
    desk.place(target, |place| {
        place.refuses = Some(FailureKind::Unauthenticated);
        place.revision += 1;
    });
    desk.store.set_health(target, Health::Untested, String::new(), None, now()).await.unwrap();
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.questions(1).await;
    let before = desk.store.audit(0, 100_000).await.unwrap().len();
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(desk.store.audit(0, 100_000).await.unwrap().len(), before, "nothing is tried meanwhile");
    desk.place(target, |place| place.refuses = None);
    desk.store.set_health(target, Health::Untested, String::new(), None, now()).await.unwrap();
    desk.over(run).await;
}

#[tokio::test]
async fn transfers_of_a_removed_connection_fail_with_the_reason() {
    let mut desk = Desk::new().await;
    hundred(&desk);
    desk.dst.fault(Call::Write, "", 0, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    until("the walk", async || desk.run(run).await.walked).await;
    desk.crash();
    desk.places.0.lock().unwrap().remove(&desk.target);
    desk.start().await;
    assert_eq!(desk.over(run).await.failed, 100);
    assert!(desk.row(run, "007").await.failure.unwrap().message.contains("removed"));
    assert_eq!(desk.store.open_attention().await.unwrap(), []);
}

#[tokio::test]
async fn a_remote_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says() {
    let mut desk = Desk::new().await;
    hundred(&desk);
    desk.dst.fault(Call::Write, "", 1, Fault::After(1_500));
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.dst.reached(Call::Write, 1).await;
    until("the wait", async || desk.run(run).await.waiting == 1).await;
    until("what was on its way", async || desk.run(run).await.running == 0).await;
    assert!(desk.run(run).await.queued > 50, "the rest waits in line");
    desk.matched(run, 100).await;
}

#[tokio::test]
async fn the_time_of_the_next_attempt_survives_a_crash() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(50, 1));
    desk.dst.fault(Call::Write, "", 0, Fault::After(3_600_000));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    let id = desk.id(run, "a").await;
    desk.in_state(id, State::Waiting).await;
    let due = desk.row(run, "a").await.due_at.unwrap();
    assert!(due.since(now()) > 3_000_000);
    desk.crash();
    desk.start().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.due_at, row.attempts), (State::Waiting, Some(due), 1));
    assert_eq!(desk.dst.count(Call::Write), 1);
}

#[rstest]
#[case(FailureKind::Denied)]
#[case(FailureKind::QuotaExceeded)]
#[case(FailureKind::Held)]
#[case(FailureKind::Unsupported)]
#[tokio::test]
async fn lasting_failures_fail_at_once(#[case] kind: FailureKind, #[values(100, 2_500)] size: usize) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    let call = if size == 100 { Call::Write } else { Call::PutPart };
    desk.dst.fault(call, "", 1, Fault::Fail(kind));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.failure.unwrap().kind, row.attempts), (State::Failed, kind, 1));
    if kind == FailureKind::QuotaExceeded {
        assert_eq!(desk.questions(1).await[0].kind, AttentionKind::DiskFull);
    }
}

#[tokio::test]
async fn a_full_target_asks_once_for_all_files_and_what_fits_still_goes() {
    let mut desk = Desk::new().await;
    hundred(&desk);
    desk.src.put("/in/fits", bytes(1, 1));
    desk.dst.fault(Call::Write, "/out/0", 0, Fault::Fail(FailureKind::QuotaExceeded));
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    let totals = desk.over(run).await;
    assert_eq!((totals.failed, totals.done), (100, 1));
    assert_eq!(desk.questions(1).await[0].kind, AttentionKind::DiskFull);
}

#[tokio::test]
async fn a_stranger_that_does_not_answer_fails_quickly_and_an_acquaintance_is_waited_for() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(50, 1));
    desk.dst.fault(Call::Write, "", 0, Fault::Fail(FailureKind::Unreachable));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.over(run).await;
    assert_eq!((desk.row(run, "a").await.attempts, desk.dst.count(Call::Write)), (2, 2));
    desk.store.set_health(desk.target, Health::Well, String::new(), None, now()).await.unwrap();
    desk.command(desk.id(run, "a").await, Event::RetryAsked).await;
    desk.dst.reached(Call::Write, 5).await;
    assert_ne!(desk.row(run, "a").await.state, State::Failed);
}

#[tokio::test]
async fn what_failed_for_a_passing_reason_starts_again_when_the_connection_answers() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(50, 1));
    desk.src.put("/in/b", bytes(50, 1));
    desk.dst.fault(Call::Write, "/out/a", 0, Fault::Fail(FailureKind::Unreachable));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.in_state(desk.id(run, "a").await, State::Failed).await;
    desk.dst.mend();
    let other = desk.send("/in/b", "/out/b", TransferOptions::default()).await;
    desk.matched(other, 1).await;
    desk.in_state(desk.id(run, "a").await, State::Done).await;
    desk.matched(run, 1).await;
}

#[tokio::test]
async fn progress_makes_attempts_count_anew() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(12_000, 1));
    desk.store.set_health(desk.target, Health::Well, String::new(), None, now()).await.unwrap();
    for nth in [3, 6, 9] {
        desk.dst.fault(Call::PutPart, "", nth, Fault::Fail(FailureKind::Unreachable));
    }
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.row(run, "a").await.attempts, 1, "each failure came after progress");
}

#[tokio::test]
async fn a_straggler_that_succeeds_does_not_open_a_stopped_connection() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(50, 1));
    desk.src.put("/in/b", bytes(50, 1));
    desk.src.put("/in/c", bytes(50, 1));
    desk.dst.fault(Call::Write, "/out/a", 1, Fault::Hold);
    desk.dst.fault(Call::Write, "/out/b", 0, Fault::Fail(FailureKind::Unauthenticated));
    desk.start().await;
    let slow = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::Write, 1).await;
    desk.send("/in/b", "/out/b", TransferOptions::default()).await;
    desk.questions(1).await;
    desk.dst.release();
    desk.matched(slow, 1).await;
    let third = desk.send("/in/c", "/out/c", TransferOptions::default()).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(desk.run(third).await.done, 0, "a person has to answer first");
    assert_eq!(desk.store.connection(desk.target).await.unwrap().health, Health::Stopped);
}

#[tokio::test]
async fn an_idle_engine_writes_nothing_and_asks_nobody() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(50, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.matched(run, 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut topics = desk.store.topics();
    let calls = desk.dst.calls().len() + desk.src.calls().len();
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(topics.try_recv().is_err(), "no commit touched anything");
    assert_eq!(desk.dst.calls().len() + desk.src.calls().len(), calls);
    assert!(now() > Millis(0));
}

#[tokio::test]
async fn a_database_that_is_locked_when_a_file_has_arrived_costs_no_second_sending() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(50, 1));
    desk.dst.fault(Call::Write, "", 1, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::Write, 1).await;
    let other = rusqlite::Connection::open(desk.home().join("waybill.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    desk.dst.release();
    // Longer than the desk waits for a lock.
    tokio::time::sleep(Duration::from_secs(7)).await;
    other.execute_batch("ROLLBACK").unwrap();
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.count(Call::Write), 1);
    assert!(desk.row(run, "a").await.claims > 1, "the outcome could not be stored at first");
}
