//! What is sent arrives, with right totals, story and audit.

use waybill_model::{ConflictRule, Location, Proof, RemotePath, Sha256, State, TransferOptions};
use waybill_store::EntryType;

use crate::{
    desk::{Desk, bytes, options, until},
    remote::{Call, Fault, PART, Powers, Remote},
};

#[tokio::test]
async fn small_and_large_files_arrive_matched_with_totals_story_and_audit() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/small", bytes(100, 1));
    desk.src.put("/in/large", bytes(3_500, 2));
    desk.src.put("/in/none", Vec::new());
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.matched(run, 3).await;
    for name in ["small", "large", "none"] {
        assert_eq!(desk.dst.get(&format!("/out/{name}")), desk.src.get(&format!("/in/{name}")));
    }
    let totals = desk.run(run).await;
    assert_eq!((totals.bytes, totals.bytes_done, totals.running + totals.queued), (3_600, 3_600, 0));
    let large = desk.row(run, "large").await;
    assert_eq!(large.sha256, Some(Sha256::of(&bytes(3_500, 2))));
    assert_eq!(large.proof, Some(Proof::Sha256));
    assert_eq!(desk.story(large.id).await, ["claimed", "started", "accepted", "settled"]);
    let audit = desk.store.audit(0, 1_000).await.unwrap();
    let of_large: Vec<_> =
        audit.iter().filter(|line| line.subject == format!("transfer:{}", large.id)).map(|line| &line.act).collect();
    assert_eq!(of_large, ["claimed", "started", "accepted", "settled"]);
    assert_eq!((desk.dst.count(Call::PutPart), desk.dst.sessions()), (4, 0));
    assert_eq!(desk.progress.total(), 3_600);
}

#[tokio::test]
async fn folders_keep_their_structure_and_empty_ones_are_made() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a/b/deep", bytes(10, 1));
    for n in 0..25 {
        desk.src.put(&format!("/in/many/{n:02}"), bytes(10, n));
    }
    desk.src.state().folders.insert("/in/a/empty".to_owned());
    desk.start().await;
    let run = desk.send("/in", "/out/in", TransferOptions::default()).await;
    desk.matched(run, 27).await;
    assert!(desk.dst.state().folders.contains("/out/in/a/empty"));
    assert!(desk.dst.get("/out/in/a/b/deep").is_some());
    assert_eq!(desk.row(run, "empty").await.entry, EntryType::Folder);
}

#[tokio::test]
async fn sending_begins_while_the_walk_goes_on() {
    let mut desk = Desk::new().await;
    for n in 0..600 {
        desk.src.put(&format!("/in/a/{n:03}"), bytes(10, 1));
    }
    desk.src.put("/in/Z/last", bytes(10, 1));
    desk.src.fault(Call::List, "/in/Z", 1, Fault::Hold);
    // The walk takes folders in the order in which they were found last.
    desk.src.state().folders.insert("/in".to_owned());
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    until("the first file", async || desk.run(run).await.done > 0).await;
    assert!(!desk.run(run).await.walked, "the walk is still held");
    desk.src.release();
    desk.matched(run, 601).await;
}

#[tokio::test]
async fn two_roots_with_the_same_source_both_arrive() {
    let mut desk = Desk::new().await;
    let other = Remote::default();
    let elsewhere = desk.add("other", other.clone(), Powers::default()).await;
    desk.src.put("/in/a", bytes(10, 1));
    let from = Location { connection: desk.source, path: RemotePath::new("/in/a") };
    let to = |connection, path: &str| Location { connection, path: RemotePath::new(path) };
    desk.start().await;
    let roots = vec![
        (from.clone(), to(desk.target, "/one/a")),
        (from.clone(), to(desk.target, "/two/a")),
        (from, to(elsewhere, "/one/a")),
    ];
    let run = desk.send_roots(roots, TransferOptions::default()).await;
    desk.matched(run, 3).await;
    assert_eq!(desk.dst.names(), ["/one/a", "/two/a"]);
    assert_eq!(other.names(), ["/one/a"]);
}

#[tokio::test]
async fn two_sources_with_the_same_path_both_arrive() {
    let mut desk = Desk::new().await;
    let other = Remote::default();
    other.put("/in/a", bytes(10, 2));
    let elsewhere = desk.add("other", other, Powers::default()).await;
    desk.src.put("/in/a", bytes(10, 1));
    let at = |connection, path: &str| Location { connection, path: RemotePath::new(path) };
    desk.start().await;
    let roots =
        vec![(at(desk.source, "/in"), at(desk.target, "/one")), (at(elsewhere, "/in"), at(desk.target, "/two"))];
    let run = desk.send_roots(roots, TransferOptions::default()).await;
    desk.matched(run, 2).await;
}

#[tokio::test]
async fn names_that_differ_only_in_case_fail_by_name_where_the_target_folds_them() {
    let mut desk = Desk::with(Powers::default(), Powers { folds_case: true, ..Powers::default() }).await;
    for name in ["/in/A.pdf", "/in/a.pdf", "/in/Sub/x", "/in/sub/y"] {
        desk.src.put(name, bytes(10, 1));
    }
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    let totals = desk.over(run).await;
    assert_eq!((totals.done, totals.failed), (2, 2), "one of each pair");
    assert!(desk.row(run, "sub").await.failure.unwrap().message.contains("/in/sub"));
}

#[tokio::test]
async fn a_folder_that_may_not_be_read_does_not_keep_the_others_back() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/open/a", bytes(10, 1));
    desk.src.put("/in/closed/b", bytes(10, 1));
    desk.src.fault(Call::List, "/in/closed", 0, Fault::Fail(waybill_model::FailureKind::Denied));
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    let totals = desk.over(run).await;
    assert_eq!((totals.done, totals.failed), (1, 1));
    assert_eq!(desk.row(run, "closed").await.failure.unwrap().kind, waybill_model::FailureKind::Denied);
}

#[tokio::test]
async fn a_walk_that_breaks_off_starts_again_and_doubles_nothing() {
    let mut desk = Desk::new().await;
    for n in 0..30 {
        desk.src.put(&format!("/in/{n:02}"), bytes(10, n));
    }
    desk.store
        .set_health(desk.source, waybill_store::Health::Well, String::new(), None, crate::desk::now())
        .await
        .unwrap();
    desk.src.fault(Call::List, "/in", 2, Fault::Fail(waybill_model::FailureKind::Unreachable));
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    desk.matched(run, 30).await;
}

#[tokio::test]
async fn two_thousand_small_files_each_have_their_own_row() {
    let mut desk = Desk::new().await;
    for n in 0..2_000_u32 {
        desk.src.put(&format!("/in/{n:04}"), n.to_le_bytes().to_vec());
    }
    desk.start().await;
    let run = desk.send("/in", "/out", options(ConflictRule::Overwrite)).await;
    desk.matched(run, 2_000).await;
    let rows = desk.rows(run).await;
    for row in &rows {
        let sent = desk.src.get(row.source.path.as_str()).unwrap();
        assert_eq!((row.state, row.sha256), (State::Done, Some(Sha256::of(&sent))));
    }
    assert_eq!((rows.len(), desk.dst.count(Call::Write)), (2_000, 2_000));
}

#[tokio::test]
async fn a_run_that_needs_more_than_is_free_asks_once_and_sends_what_fits() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(400, 1));
    desk.src.put("/in/large", bytes(5_000, 1));
    desk.src.fault(Call::Read, "", 0, Fault::Hold);
    desk.dst.state().free = Some(1_000);
    desk.start().await;
    let run = desk.send("/in", "/out", TransferOptions::default()).await;
    let question = desk.questions(1).await.remove(0);
    assert_eq!(question.kind, waybill_store::AttentionKind::DiskFull);
    assert_eq!((question.facts["free"].as_u64(), question.facts["needed"].as_u64()), (Some(1_000), Some(5_400)));
    let message = question.facts["message"].as_str().unwrap();
    assert!(message.contains("1000") && message.contains("5400"), "{message}");
    desk.src.release();
    until("the small file", async || desk.dst.get("/out/a").is_some()).await;
    desk.over(run).await;
}

#[tokio::test]
async fn a_part_never_holds_more_than_its_bytes() {
    let mut desk = Desk::new().await;
    desk.src.put("/in/a", bytes(10 * 1_000 + 1, 1));
    desk.start().await;
    let run = desk.send("/in/a", "/out/a", TransferOptions::default()).await;
    desk.matched(run, 1).await;
    assert_eq!(desk.dst.count(Call::PutPart) as u64, 10_001_u64.div_ceil(PART));
    assert!(desk.dst.most_moving() <= 2, "as many parts at once as were planned");
}
