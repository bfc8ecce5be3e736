//! A source that is not what it was.

use std::sync::Arc;

use rstest::rstest;
use waybill_model::{ConflictRule, ConnectionId, FailureKind, Location, RemotePath, Side, State, TransferOptions};

use crate::{
    desk::{Desk, bytes, options},
    remote::{Call, Fault, State as Inside},
};

/// Changes the source when the target is first spoken to, or before anything is read.
async fn changed(
    size: usize,
    midway: bool,
    change: impl Fn(&mut Inside) + Send + Sync + 'static,
) -> (Desk, waybill_model::RunId) {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(size, 1));
    if midway {
        let src = desk.src.clone();
        let once = std::sync::atomic::AtomicBool::new(false);
        let change = Arc::new(move |_: &mut Inside| {
            if !once.swap(true, std::sync::atomic::Ordering::SeqCst) {
                change(&mut src.state());
            }
        });
        desk.dst.fault(Call::PutPart, "", 1, Fault::Do(change));
    } else {
        // The walk has seen it; whoever reads it or looks again finds another.
        let once = std::sync::atomic::AtomicBool::new(false);
        let change: Arc<dyn Fn(&mut Inside) + Send + Sync> = Arc::new(move |state: &mut Inside| {
            if !once.swap(true, std::sync::atomic::Ordering::SeqCst) {
                change(state);
            }
        });
        if size <= 500 {
            desk.src.fault(Call::Read, "/in/a", 1, Fault::Do(change));
        } else {
            desk.src.fault(Call::Stat, "/in/a", 2, Fault::Do(change));
        }
    }
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", options(ConflictRule::Ask)).await;
    desk.over(run).await;
    (desk, run)
}

#[rstest]
#[case::changed(100, false, 100)]
#[case::grew(100, false, 200)]
#[case::grew_over_the_limit(100, false, 3_500)]
#[case::shrank(100, false, 10)]
#[case::shrank_to_nothing(100, false, 0)]
#[case::large_changed(5_000, false, 5_000)]
#[case::large_grew(5_000, false, 6_500)]
#[case::large_shrank(5_000, false, 2_000)]
#[case::large_shrank_under_the_limit(5_000, false, 100)]
#[case::changed_in_mid_send(9_000, true, 9_000)]
#[case::grew_in_mid_send(9_000, true, 9_500)]
#[case::shrank_in_mid_send(9_000, true, 3_000)]
#[case::shrank_under_the_limit_in_mid_send(9_000, true, 100)]
#[tokio::test]
async fn what_a_source_has_become_is_sent_and_never_a_mixture(
    #[case] size: usize,
    #[case] midway: bool,
    #[case] then: usize,
) {
    let (desk, run) = changed(size, midway, move |state| state.put("/in/a", bytes(then, 2))).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.get("/out/a").unwrap(), bytes(then, 2));
    let totals = desk.run(run).await;
    assert_eq!((totals.bytes, totals.bytes_done), (then as u64, then as u64));
    assert_eq!(desk.dst.sessions(), 0, "nothing is left behind");
}

#[rstest]
#[case::vanished(100, false, FailureKind::NotFound, |state: &mut Inside| { state.files.clear(); })]
#[case::large_vanished(5_000, false, FailureKind::NotFound, |state: &mut Inside| { state.files.clear(); })]
#[case::vanished_in_mid_send(9_000, true, FailureKind::NotFound, |state: &mut Inside| { state.files.clear(); })]
#[case::became_a_folder(100, false, FailureKind::Invalid, |state: &mut Inside| { state.files.clear(); state.folders.insert("/in/a".to_owned()); })]
#[case::large_became_a_folder(5_000, false, FailureKind::Invalid, |state: &mut Inside| { state.files.clear(); state.folders.insert("/in/a".to_owned()); })]
#[case::became_a_pipe(100, false, FailureKind::Invalid, |state: &mut Inside| { state.files.clear(); state.odd.insert("/in/a".to_owned()); })]
#[case::large_became_a_pipe(5_000, false, FailureKind::Invalid, |state: &mut Inside| { state.files.clear(); state.odd.insert("/in/a".to_owned()); })]
#[tokio::test]
async fn a_source_that_is_no_file_any_more_fails_at_once_and_by_name(
    #[case] size: usize,
    #[case] midway: bool,
    #[case] kind: FailureKind,
    #[case] change: fn(&mut Inside),
) {
    let (desk, run) = changed(size, midway, change).await;
    let row = desk.row(run, "a").await;
    let failure = row.failure.unwrap();
    assert_eq!((row.state, failure.kind, failure.side), (State::Failed, kind, Side::Source));
    assert!(failure.message.contains("/in/a"), "{failure}");
    assert_eq!(desk.dst.names(), Vec::<String>::new(), "nothing under the final name");
    assert_eq!(row.attempts, 1);
}

#[cfg(unix)]
#[tokio::test]
async fn pipes_links_that_dangle_and_folders_that_were_files_are_named_and_the_rest_goes() {
    let mut desk = Desk::new().await;
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    fs_err::write(root.join("good"), b"good").unwrap();
    fs_err::create_dir(root.join("empty")).unwrap();
    fs_err::os::unix::fs::symlink("nowhere", root.join("dangling")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
    desk.start().await;
    let from = Location { connection: ConnectionId::LOCAL, path: RemotePath::new(root.to_str().unwrap()) };
    let to = Location { connection: desk.target, path: RemotePath::new("/out") };
    let run = desk.send_roots(vec![(from, to)], TransferOptions::default()).await;
    let totals = desk.over(run).await;
    assert_eq!((totals.done, totals.failed), (2, 2));
    for name in ["dangling", "pipe"] {
        let failure = desk.row(run, name).await.failure.unwrap();
        assert!(failure.message.contains(name), "{failure}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_became_a_pipe_in_the_queue_hangs_nobody() {
    let mut desk = Desk::new().await;
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    fs_err::write(root.join("a"), b"bytes").unwrap();
    let id = desk.target;
    desk.store.set_health(id, waybill_store::Health::Stopped, String::new(), None, crate::desk::now()).await.unwrap();
    let from = Location { connection: ConnectionId::LOCAL, path: RemotePath::new(root.join("a").to_str().unwrap()) };
    let to = Location { connection: id, path: RemotePath::new("/out/a") };
    let run = desk.send_roots(vec![(from.clone(), to.clone())], TransferOptions::default()).await;
    let new = waybill_store::NewTransfer {
        id: waybill_model::TransferId::fresh(),
        source: from,
        target: to,
        entry: waybill_store::EntryType::File,
        stamp: waybill_model::Stamp { size: 5, ..Default::default() },
        failure: None,
    };
    desk.store.queue().enqueue(run, vec![new], crate::desk::now(), "tester".to_owned()).await.unwrap();
    fs_err::remove_file(root.join("a")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(root.join("a")).status().unwrap().success());
    desk.store.set_health(id, waybill_store::Health::Untested, String::new(), None, crate::desk::now()).await.unwrap();
    desk.start().await;
    desk.over(run).await;
    let row = desk.row(run, "a").await;
    assert_eq!((row.state, row.failure.unwrap().side), (State::Failed, Side::Source));
}

#[tokio::test]
async fn a_root_that_is_not_there_is_seen_as_one_failed_transfer() {
    let mut desk = Desk::new().await;
    desk.start().await;
    let run = desk.send("/nowhere", "/out", TransferOptions::default()).await;
    let totals = desk.over(run).await;
    assert_eq!((totals.files, totals.failed), (1, 1));
    assert_eq!(desk.row(run, "nowhere").await.failure.unwrap().kind, FailureKind::NotFound);
}
