//! A person at the desk: pause, resume, cancel, retry, order; and other processes.

use std::time::Duration;

use camino::Utf8PathBuf;
use waybill_engine::EngineLock;
use waybill_model::{ConflictRule, Event, FailureKind, State, TransferOptions};
use waybill_store::{Health, Store};

use crate::{
    desk::{Desk, bytes, now, options, until},
    remote::{Call, Fault, Powers},
};

#[tokio::test]
async fn a_paused_file_goes_on_with_the_rest_only() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10_000, 1));
    for nth in [4, 5] {
        desk.dst.fault(Call::PutPart, "", nth, Fault::Hold);
    }
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 5).await;
    let id = desk.id(run, "a").await;
    desk.command(id, Event::Paused).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    // What is in flight lands, and is not sent again.
    desk.dst.release();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let sent = desk.dst.count(Call::PutPart);
    assert!(sent < 10, "it stopped, after {sent} parts");
    desk.command(id, Event::Resumed).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.count(Call::PutPart), 10, "each part went once");
    assert_eq!(desk.dst.get("/out/a").unwrap(), bytes(10_000, 1));
}

#[tokio::test]
async fn pausing_and_resuming_at_once_works_on_it_only_once() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10_000, 1));
    desk.dst.fault(Call::PutPart, "", 3, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 3).await;
    let id = desk.id(run, "a").await;
    for _ in 0..5 {
        desk.command(id, Event::Paused).await;
        desk.command(id, Event::Resumed).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    desk.dst.release();
    desk.matched(run, 1).await;
    assert_eq!((desk.dst.count(Call::Begin), desk.dst.most_on_one()), (1, 1));
}

#[tokio::test]
async fn cancelling_frees_what_lies_at_the_remote() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10_000, 1));
    desk.dst.fault(Call::PutPart, "", 4, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 4).await;
    desk.command(desk.id(run, "a").await, Event::Cancelled).await;
    until("the end of the upload", async || desk.dst.sessions() == 0).await;
    assert_eq!(desk.dst.names(), Vec::<String>::new());
    assert_eq!(desk.row(run, "a").await.state, State::Cancelled);
}

#[tokio::test]
async fn cancelling_while_the_last_part_flies_makes_no_object() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10_000, 1));
    desk.dst.fault(Call::PutPart, "", 10, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 10).await;
    desk.command(desk.id(run, "a").await, Event::Cancelled).await;
    // The part lands before the engine has heard of it.
    desk.dst.release();
    until("the end of the upload", async || desk.dst.sessions() == 0).await;
    assert_eq!((desk.dst.names(), desk.dst.count(Call::Finish)), (Vec::<String>::new(), 0));
    assert_eq!(desk.row(run, "a").await.state, State::Cancelled);
}

#[tokio::test]
async fn cancelling_while_no_engine_runs_frees_it_at_the_next_start() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10_000, 1));
    desk.dst.fault(Call::PutPart, "", 4, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 4).await;
    desk.crash();
    desk.command(desk.id(run, "a").await, Event::Cancelled).await;
    assert_eq!(desk.dst.sessions(), 1);
    desk.dst.fault(Call::Abort, "", 1, Fault::Fail(FailureKind::Unreachable));
    desk.start().await;
    until("the end of the upload", async || desk.dst.sessions() == 0).await;
    assert_eq!(desk.dst.count(Call::Abort), 2, "tried again after it failed");
}

#[tokio::test]
async fn a_remote_that_hangs_in_ending_an_upload_holds_up_nobody() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10_000, 1));
    desk.src.put("/in/b", bytes(100, 1));
    desk.dst.fault(Call::PutPart, "", 4, Fault::Fail(FailureKind::Denied));
    desk.dst.fault(Call::Abort, "", 0, Fault::Silent);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    let id = desk.id(run, "a").await;
    desk.in_state(id, State::Failed).await;
    desk.command(id, Event::Cancelled).await;
    desk.dst.reached(Call::Abort, 1).await;
    let next = desk.send("/in/b", "/out/b", TransferOptions::default()).await;
    desk.matched(next, 1).await;
}

#[tokio::test]
async fn a_failed_transfer_is_tried_again_when_asked() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(3_000, 1));
    desk.dst.fault(Call::PutPart, "", 2, Fault::Fail(FailureKind::Denied));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    let id = desk.id(run, "a").await;
    desk.in_state(id, State::Failed).await;
    assert_eq!(desk.row(run, "a").await.attempts, 1, "a lasting failure is not tried again by itself");
    desk.command(id, Event::RetryAsked).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.row(run, "a").await.attempts, 0);
}

#[tokio::test]
async fn priority_and_moving_first_hold_while_it_runs() {
    let mut desk = Desk::with(Powers::default(), Powers { small_files: 1, ..Powers::default() }).await;
    for n in 0..6 {
        desk.src.put(&format!("/in/{n}"), bytes(10, n));
    }
    desk.dst.fault(Call::Write, "", 1, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.dst.reached(Call::Write, 1).await;
    desk.store.queue().set_priority(vec![desk.id(run, "4").await], 5).await.unwrap();
    desk.store.queue().move_first(vec![desk.id(run, "3").await]).await.unwrap();
    desk.dst.release();
    desk.matched(run, 6).await;
    let order: Vec<_> =
        desk.dst.calls().into_iter().filter(|(call, _)| *call == Call::Write).map(|(_, path)| path).collect();
    assert_eq!(order, ["/out/0", "/out/4", "/out/3", "/out/1", "/out/2", "/out/5"]);
}

#[tokio::test]
async fn commands_and_rows_of_another_process_are_noticed() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10_000, 1));
    desk.src.put("/in/b", bytes(10, 1));
    desk.dst.fault(Call::PutPart, "", 2, Fault::Hold);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 2).await;
    let id = desk.id(run, "a").await;
    let path = Utf8PathBuf::from_path_buf(desk.dir.path().join("waybill.db")).unwrap();
    let mine = std::mem::replace(&mut desk.store, Store::open(&path, now()).unwrap().0);
    desk.command(id, Event::Cancelled).await;
    let other = desk.send("/in/b", "/out/b", options(ConflictRule::Ask)).await;
    desk.matched(other, 1).await;
    until("the end of the upload", async || desk.dst.sessions() == 0).await;
    drop(mine);
}

#[tokio::test]
async fn a_home_has_one_engine_and_the_next_takes_over() {
    let mut desk = Desk::new().await;
    desk.start().await;
    assert!(EngineLock::try_take(desk.home()).unwrap().is_none());
    let home = desk.home().to_owned();
    let waiting = tokio::spawn(async move { EngineLock::wait(&home).await.unwrap() });
    desk.stop().await;
    tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap().unwrap();
}

#[tokio::test]
async fn stopping_leaves_everything_in_line_even_where_a_remote_hangs() {
    let mut desk = Desk::new().await;
    for (name, size) in [("a", 100), ("b", 5_000), ("c", 5_000)] {
        desk.src.put(&format!("/in/{name}"), bytes(size, 1));
    }
    desk.dst.fault(Call::Write, "", 0, Fault::Silent);
    desk.dst.fault(Call::PutPart, "/out/b", 0, Fault::Hold);
    desk.dst.fault(Call::Begin, "/out/c", 0, Fault::Silent);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 1).await;
    desk.dst.reached(Call::Begin, 2).await;
    desk.dst.reached(Call::Write, 1).await;
    desk.stop().await;
    assert_eq!(desk.run(run).await.queued, 3, "all are in line");
    let lock = EngineLock::try_take(desk.home()).unwrap();
    assert!(lock.is_some(), "nothing works on in secret");
    drop(lock);
    desk.dst.mend();
    desk.start().await;
    desk.matched(run, 3).await;
}

#[tokio::test]
async fn an_engine_that_is_dropped_stops() {
    let mut desk = Desk::new().await;
    desk.start().await;
    desk.drop_engine();
    let home = desk.home().to_owned();
    tokio::time::timeout(Duration::from_secs(20), EngineLock::wait(&home)).await.unwrap().unwrap();
}

#[tokio::test]
async fn an_engine_that_falls_over_lands_what_it_moves_and_lets_the_next_one_go_on() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(100, 1));
    desk.src.put("/in/b", bytes(5_000, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.matched(run, 1).await;
    desk.dst.fault(Call::PutPart, "/out/b", 0, Fault::Hold);
    let run = desk.send("/in/b", "/out/b", TransferOptions::default()).await;
    desk.dst.reached(Call::PutPart, 1).await;
    desk.place(desk.target, |place| place.fells = true);
    // The engine hears that a connection changed, and asks.
    desk.store.set_health(desk.source, Health::Well, String::new(), None, now()).await.unwrap();
    desk.ended().await;
    assert_eq!(desk.run(run).await.running, 0, "nothing moves on in secret");
    let lock = EngineLock::try_take(desk.home()).unwrap();
    assert!(lock.is_some(), "the lock is free as soon as the end is told");
    drop(lock);
    desk.place(desk.target, |place| place.fells = false);
    desk.dst.mend();
    desk.start().await;
    desk.matched(run, 1).await;
}
