//! A folder that could not be looked into is one failed row, and trying that again looks through the folder.

use rstest::rstest;
use waybill_model::{Event, FailureKind, State, TransferOptions};

use crate::{
    desk::{Desk, bytes, until},
    remote::{Call, Fault},
};

/// A run in which the folder called `closed` could not be looked into.
async fn with_a_closed_folder(closed: &str, sent: &str) -> (Desk, waybill_model::RunId) {
    let mut desk = Desk::new().await;
    for n in 0..25 {
        desk.src.put(&format!("/in/closed/{n:02}"), bytes(10, n));
    }
    desk.src.put("/in/closed/below/large", bytes(2_500, 1));
    desk.src.put("/in/open", bytes(10, 1));
    desk.src.fault(Call::List, closed, 0, Fault::Fail(FailureKind::Denied));
    desk.start().await;
    let run = desk.send(sent, "/out", TransferOptions::default()).await;
    assert_eq!(desk.over(run).await.failed, 1);
    (desk, run)
}

#[rstest]
#[case("/in/closed", "/in", "closed", 27)]
// The root itself.
#[case("/in/closed", "/in/closed", "closed", 26)]
#[tokio::test]
async fn trying_it_again_brings_everything_in_it(
    #[case] closed: &str,
    #[case] sent: &str,
    #[case] row: &str,
    #[case] files: u64,
) {
    let (desk, run) = with_a_closed_folder(closed, sent).await;
    desk.src.mend();
    desk.command(desk.row(run, row).await.id, Event::RetryAsked).await;
    until("everything", async || desk.run(run).await.matched == files).await;
    let totals = desk.over(run).await;
    assert_eq!((totals.files, totals.failed, totals.skipped), (files + 1, 0, 1), "the folder's own row is done with");
    assert_eq!(desk.dst.names().len() as u64, files);
    let story = desk.store.queue().story(desk.row(run, row).await.id).await.unwrap();
    assert!(story.last().unwrap().detail.contains("looked through again"), "{story:?}");
}

#[tokio::test]
async fn one_that_stays_closed_fails_again_and_can_be_tried_again() {
    let (desk, run) = with_a_closed_folder("/in/closed", "/in").await;
    let id = desk.row(run, "closed").await.id;
    desk.command(id, Event::RetryAsked).await;
    until("the second failure", async || desk.story(id).await.last().is_some_and(|event| event == "failed")).await;
    let row = desk.row(run, "closed").await;
    assert_eq!((row.state, row.failure.unwrap().kind), (State::Failed, FailureKind::Denied));
    desk.src.mend();
    desk.command(id, Event::RetryAsked).await;
    until("everything", async || desk.run(run).await.matched == 27).await;
}

#[tokio::test]
async fn a_folder_below_it_that_is_closed_too_is_a_row_of_its_own() {
    let (desk, run) = with_a_closed_folder("/in/closed", "/in").await;
    desk.src.mend();
    desk.src.fault(Call::List, "/in/closed/below", 0, Fault::Fail(FailureKind::Denied));
    desk.command(desk.row(run, "closed").await.id, Event::RetryAsked).await;
    until("the open part", async || desk.run(run).await.matched == 26).await;
    assert_eq!(desk.over(run).await.failed, 1);
    desk.src.mend();
    desk.command(desk.row(run, "below").await.id, Event::RetryAsked).await;
    until("everything", async || desk.run(run).await.matched == 27).await;
}

#[tokio::test]
async fn one_that_turns_out_to_be_empty_is_made() {
    let (desk, run) = with_a_closed_folder("/in/closed", "/in").await;
    desk.src.state().files.retain(|path, _| !path.starts_with("/in/closed/"));
    desk.src.state().folders.retain(|path| !path.starts_with("/in/closed/"));
    desk.src.mend();
    desk.command(desk.row(run, "closed").await.id, Event::RetryAsked).await;
    until("the folder", async || desk.run(run).await.matched == 2).await;
    assert!(desk.dst.state().folders.contains("/out/closed"));
}

#[tokio::test]
async fn a_crash_while_it_is_looked_through_again_misses_and_doubles_nothing() {
    let (mut desk, run) = with_a_closed_folder("/in/closed", "/in").await;
    desk.src.mend();
    desk.src.forget_calls();
    // The second page of the folder never comes.
    desk.src.fault(Call::List, "/in/closed", 3, Fault::Hold);
    desk.command(desk.row(run, "closed").await.id, Event::RetryAsked).await;
    desk.src.reached(Call::List, 3).await;
    desk.crash();
    desk.src.mend();
    desk.start().await;
    until("everything", async || desk.run(run).await.matched == 27).await;
    let totals = desk.over(run).await;
    assert_eq!((totals.files, totals.failed, desk.dst.names().len()), (28, 0, 27));
}
