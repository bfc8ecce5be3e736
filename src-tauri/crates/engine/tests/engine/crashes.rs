//! A crash costs nothing, and neither does an answer that is lost.

use rstest::rstest;
use waybill_model::{AfterSource, ConflictRule, Event, FailureKind, RemotePath, State, TransferOptions};

use crate::{
    desk::{Desk, bytes, options, then, until},
    remote::{Call, Fault},
};

const FILE: usize = 6_000;

/// Lets the process die at a call, and starts another one.
async fn crash_at(desk: &mut Desk, call: Call, count: usize) {
    let remote =
        if matches!(call, Call::Delete | Call::Rename | Call::List) { desk.src.clone() } else { desk.dst.clone() };
    remote.reached(call, count).await;
    desk.crash();
    desk.src.mend();
    desk.dst.mend();
    desk.dst.forget_calls();
    desk.src.forget_calls();
    desk.start().await;
}

#[rstest]
// Before the session is stored; after it; after some parts.
#[case(Call::Begin, Fault::Silent, 1, 6)]
#[case(Call::PutPart, Fault::Hold, 1, 6)]
#[case(Call::PutPart, Fault::Silent, 4, 4)]
// All parts are there, nothing is finished.
#[case(Call::Finish, Fault::Hold, 1, 0)]
// Finished, without a record of it.
#[case(Call::Finish, Fault::Silent, 1, 0)]
#[tokio::test]
async fn a_crash_sends_again_only_what_was_in_flight(
    #[case] call: Call,
    #[case] fault: Fault,
    #[case] nth: u32,
    #[case] again: usize,
    #[values(ConflictRule::Overwrite, ConflictRule::KeepBoth, ConflictRule::Ask, ConflictRule::Skip)]
    rule: ConflictRule,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(FILE, 1));
    desk.dst.fault(call, "", nth, fault);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(rule)).await;
    crash_at(&mut desk, call, nth as usize).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.names(), ["/out/a"], "neither lost nor doubled");
    assert_eq!(desk.dst.get("/out/a").unwrap(), bytes(FILE, 1));
    assert!(desk.dst.count(Call::PutPart) <= again, "{} parts were sent again", desk.dst.count(Call::PutPart));
}

#[rstest]
#[tokio::test]
async fn a_crash_between_write_and_record_does_not_write_again(
    #[values(ConflictRule::Overwrite, ConflictRule::KeepBoth, ConflictRule::Ask, ConflictRule::Skip)]
    rule: ConflictRule,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(100, 1));
    desk.dst.fault(Call::Write, "", 1, Fault::Silent);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(rule)).await;
    until("the write", async || desk.dst.get("/out/a").is_some()).await;
    crash_at(&mut desk, Call::Write, 1).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.names(), ["/out/a"]);
    assert_eq!(desk.dst.count(Call::Write), 0);
}

#[rstest]
#[tokio::test]
async fn a_crash_while_it_is_proved_sends_nothing_again(#[values(100, FILE)] size: usize) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.dst.fault(Call::Vouched, "", 1, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Overwrite)).await;
    crash_at(&mut desk, Call::Vouched, 1).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.count(Call::PutPart) + desk.dst.count(Call::Write) + desk.dst.count(Call::Begin), 0);
}

#[rstest]
#[tokio::test]
async fn a_crash_between_what_happens_to_the_source_and_its_record_is_settled_by_looking(
    #[values(100, FILE)] size: usize,
    #[values(true, false)] moves: bool,
    #[values(true, false)] happened: bool,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    let (call, after) = if moves {
        (Call::Rename, AfterSource::Move(RemotePath::new("/sent")))
    } else {
        (Call::Delete, AfterSource::Delete)
    };
    desk.src.fault(call, "", 1, if happened { Fault::Silent } else { Fault::Hold });
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", then(after)).await;
    desk.src.reached(call, 1).await;
    until("the source", async || desk.src.get("/in/a").is_none() == happened).await;
    crash_at(&mut desk, call, 1).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.names(), ["/out/a"]);
    assert_eq!(desk.src.names(), if moves { vec!["/sent/a".to_owned()] } else { vec![] });
    assert_eq!(desk.src.count(call), usize::from(!happened), "never done twice");
    assert_eq!(desk.dst.count(Call::PutPart) + desk.dst.count(Call::Write), 0, "nothing is sent again");
}

#[tokio::test]
async fn a_crash_in_mid_walk_misses_and_doubles_nothing() {
    let mut desk = Desk::new().await;
    for folder in 0..4 {
        for n in 0..300 {
            desk.src.put(&format!("/in/{folder}/{n:03}"), bytes(10, folder));
        }
    }
    desk.src.fault(Call::List, "/in/1", 2, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    until("some files", async || desk.run(run).await.done > 0).await;
    crash_at(&mut desk, Call::List, 1).await;
    desk.matched(run, 1_200).await;
    assert_eq!(desk.dst.names().len(), 1_200);
}

#[rstest]
#[case(Call::Write, 100)]
#[case(Call::Finish, FILE)]
#[tokio::test]
async fn a_lost_answer_is_reconciled_without_doubling(
    #[case] call: Call,
    #[case] size: usize,
    #[values(
        ConflictRule::Overwrite,
        ConflictRule::KeepBoth,
        ConflictRule::Ask,
        ConflictRule::Skip,
        ConflictRule::Newer
    )]
    rule: ConflictRule,
    #[values(false, true)] occupied: bool,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    let target = if occupied && rule == ConflictRule::KeepBoth { "/out/a (2)" } else { "/out/a" };
    if occupied && rule == ConflictRule::KeepBoth {
        desk.dst.put("/out/a", bytes(7, 1));
    }
    desk.dst.fault(call, target, 1, Fault::Lost(FailureKind::TimedOut));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(rule)).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!(row.state, State::Done, "{:?}", row.failure);
    assert_eq!(desk.dst.get(target).unwrap(), bytes(size, 1));
    let stored = desk.dst.calls().iter().filter(|(one, path)| *one == call && path == target).count();
    assert_eq!(stored, 1, "it was there already");
    assert_eq!(desk.dst.names().len(), if target == "/out/a" { 1 } else { 2 });
}

#[rstest]
#[tokio::test]
async fn a_lost_answer_about_the_source_is_settled_by_looking(#[values(true, false)] moves: bool) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(100, 1));
    let (call, after) = if moves {
        (Call::Rename, AfterSource::Move(RemotePath::new("/sent")))
    } else {
        (Call::Delete, AfterSource::Delete)
    };
    desk.src.fault(call, "", 1, Fault::Lost(FailureKind::TimedOut));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", then(after)).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.src.count(call), 1);
}

#[tokio::test]
async fn a_pause_while_the_source_is_deleted_still_ends_well() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(100, 1));
    desk.src.fault(Call::Delete, "", 1, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", then(AfterSource::Delete)).await;
    desk.src.reached(Call::Delete, 1).await;
    let id = desk.id(run, "a").await;
    desk.command(id, Event::Paused).await;
    desk.src.release();
    until("the deletion", async || desk.src.get("/in/a").is_none()).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    desk.command(id, Event::Resumed).await;
    desk.matched(run, 1).await;
}

#[tokio::test]
async fn an_upload_that_the_remote_threw_away_begins_anew() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(FILE, 1));
    let lose = std::sync::Arc::new({
        let dst = desk.dst.clone();
        move |_: &mut crate::remote::State| {
            let dst = dst.clone();
            std::thread::spawn(move || dst.lose_sessions());
        }
    });
    desk.dst.fault(Call::PutPart, "", 3, Fault::Do(lose));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.get("/out/a").unwrap(), bytes(FILE, 1));
}
