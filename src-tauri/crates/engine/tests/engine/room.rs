//! The question about a full target closes by itself when there is room again, and not before.

use std::time::Duration;

use rstest::rstest;
use waybill_model::{Event, FailureKind, RunId, TransferOptions};
use waybill_store::AttentionKind;

use crate::{
    desk::{Desk, bytes, until},
    remote::{Call, Fault},
};

/// Longer than the engine waits between two looks.
const LOOKS: Duration = Duration::from_secs(5);

/// A run of which two files did not fit.
async fn full(free: Option<u64>) -> (Desk, RunId) {
    let mut desk = Desk::new().await;
    for (n, name) in ["a", "b", "fits"].into_iter().enumerate() {
        desk.src.put(&format!("/in/{name}"), bytes(100, u8::try_from(n).unwrap()));
    }
    desk.dst.state().free = free;
    for name in ["/out/a", "/out/b"] {
        desk.dst.fault(Call::Write, name, 0, Fault::Fail(FailureKind::QuotaExceeded));
    }
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    assert_eq!(desk.over(run).await.failed, 2);
    assert_eq!(desk.questions(1).await[0].kind, AttentionKind::DiskFull);
    (desk, run)
}

async fn closed(desk: &Desk) {
    until("the end of the question", async || desk.store.open_attention().await.unwrap().is_empty()).await;
}

async fn still_asked(desk: &Desk) {
    tokio::time::sleep(LOOKS).await;
    assert_eq!(desk.store.open_attention().await.unwrap().len(), 1);
}

#[tokio::test]
async fn it_closes_when_all_that_did_not_fit_has_arrived() {
    let (desk, run) = full(None).await;
    still_asked(&desk).await;
    desk.dst.mend();
    desk.command(desk.row(run, "a").await.id, Event::RetryAsked).await;
    until("the first file", async || desk.run(run).await.matched == 2).await;
    still_asked(&desk).await;
    desk.command(desk.row(run, "b").await.id, Event::RetryAsked).await;
    closed(&desk).await;
    desk.matched(run, 3).await;
}

#[tokio::test]
async fn it_closes_when_what_did_not_fit_is_called_off() {
    let (desk, run) = full(None).await;
    for name in ["a", "b"] {
        desk.command(desk.row(run, name).await.id, Event::Cancelled).await;
    }
    closed(&desk).await;
}

#[tokio::test]
async fn it_closes_when_the_target_says_that_there_is_room_for_all_that_is_left() {
    let (desk, run) = full(Some(10)).await;
    desk.dst.state().free = Some(199);
    still_asked(&desk).await;
    desk.dst.state().free = Some(200);
    closed(&desk).await;
    assert_eq!(desk.run(run).await.failed, 2, "a person tries them again");
}

#[rstest]
#[tokio::test]
async fn a_target_that_never_saw_a_lack_of_room_is_not_believed(#[values(None, Some(1 << 30))] free: Option<u64>) {
    let (desk, _) = full(free).await;
    still_asked(&desk).await;
}

#[tokio::test]
async fn it_is_asked_again_when_a_file_does_not_fit_again() {
    let (desk, run) = full(Some(10)).await;
    desk.dst.state().free = Some(200);
    closed(&desk).await;
    desk.dst.state().free = Some(10);
    desk.command(desk.row(run, "a").await.id, Event::RetryAsked).await;
    assert_eq!(desk.questions(1).await[0].kind, AttentionKind::DiskFull);
}
