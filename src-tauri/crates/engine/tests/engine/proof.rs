//! No tick for a file that is not there.

use rstest::rstest;
use waybill_model::{AfterSource, ConflictRule, Evidence, FailureKind, Proof, RemotePath, State};

use crate::{
    desk::{Desk, bytes, options, then},
    remote::{Call, Fault, Powers},
};

const NOTHING: Powers = Powers {
    list: true,
    read_back: false,
    checksums: false,
    resumable: true,
    folds_case: false,
    forms: false,
    files: 4,
    small_files: 16,
    slow: std::time::Duration::ZERO,
};

#[rstest]
#[tokio::test]
async fn wrong_bytes_never_become_matched_and_the_source_stays(
    #[values(100, 2_500)] size: usize,
    #[values(true, false)] checksums: bool,
    #[values(ConflictRule::Overwrite, ConflictRule::Skip, ConflictRule::Ask)] rule: ConflictRule,
) {
    let mut desk = Desk::with(Powers::default(), Powers { checksums, ..Powers::default() }).await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.dst.fault(if size == 100 { Call::Write } else { Call::Finish }, "", 0, Fault::Corrupt);
    desk.start().await;
    let run = desk
        .send("/in/a", "/out/a", waybill_model::TransferOptions { conflict: rule, ..then(AfterSource::Delete) })
        .await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.failure.unwrap().kind), (State::Failed, FailureKind::ChecksumMismatch));
    assert!(row.evidence < Evidence::Matched);
    assert!(desk.src.get("/in/a").is_some(), "the source stays");
    assert_eq!(row.attempts, 4, "tried as often as damage is");
}

#[rstest]
#[tokio::test]
async fn bytes_that_arrive_damaged_once_are_replaced_by_the_right_ones(
    #[values(100, 2_500)] size: usize,
    #[values(ConflictRule::Overwrite, ConflictRule::Skip, ConflictRule::KeepBoth, ConflictRule::Ask)]
    rule: ConflictRule,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.dst.fault(if size == 100 { Call::Write } else { Call::Finish }, "", 1, Fault::Corrupt);
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(rule)).await;
    desk.matched(run, 1).await;
    assert_eq!((desk.dst.names(), desk.dst.get("/out/a").unwrap()), (vec!["/out/a".to_owned()], bytes(size, 1).into()));
}

#[rstest]
#[tokio::test]
async fn a_target_that_can_prove_nothing_ends_accepted_with_a_remark(#[values(100, 2_500)] size: usize) {
    let mut desk = Desk::with(Powers::default(), NOTHING).await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.evidence, row.proof), (State::Done, Evidence::Accepted, None));
    assert_eq!(row.receipt.unwrap().remarks.len(), 1);
    assert_eq!(desk.run(run).await.matched, 0);
}

#[rstest]
#[case(AfterSource::Delete)]
#[case(AfterSource::Move(RemotePath::new("/sent")))]
#[tokio::test]
async fn where_nothing_can_be_proved_the_source_stays(#[case] after: AfterSource) {
    let mut desk = Desk::with(Powers::default(), NOTHING).await;
    desk.src.put("/in/a", bytes(100, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", then(after)).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.failure.unwrap().kind), (State::Failed, FailureKind::Unsupported));
    assert!(desk.src.get("/in/a").is_some());
}

#[tokio::test]
async fn reading_back_proves_where_there_is_no_checksum() {
    let mut desk = Desk::with(Powers::default(), Powers { checksums: false, ..Powers::default() }).await;
    desk.src.put("/in/a", bytes(2_500, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.row(run, "a").await.proof, Some(Proof::ReadBack));
}

#[rstest]
#[tokio::test]
async fn a_source_is_deleted_or_moved_after_matched(
    #[values(100, 2_500)] size: usize,
    #[values(true, false)] moves: bool,
) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    desk.start().await;
    let after = if moves { AfterSource::Move(RemotePath::new("/sent")) } else { AfterSource::Delete };
    let run = desk.send("/in/a", "/out/a", then(after)).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.src.names(), if moves { vec!["/sent/a".to_owned()] } else { vec![] });
    let story = desk.store.queue().story(desk.row(run, "a").await.id).await.unwrap();
    assert!(story.last().unwrap().detail.starts_with("Source "), "{story:?}");
}

#[tokio::test]
async fn a_source_that_changed_after_it_was_proved_stays() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(100, 1));
    let src = desk.src.clone();
    let change = std::sync::Arc::new(move |_: &mut crate::remote::State| src.put("/in/a", bytes(100, 2)));
    desk.dst.fault(Call::Vouched, "", 1, Fault::Do(change));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", then(AfterSource::Delete)).await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.failure.unwrap().kind), (State::Failed, FailureKind::Changed));
    assert_eq!(desk.src.get("/in/a").unwrap(), bytes(100, 2));
}
