//! Uploads on bad days: what the storage refuses, what Canto never works off, answers that are lost.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod stage;

use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt as _, stream};
use rstest::rstest;
use stage::{Bench, bytes_at, names, open, options, store};
use waybill_connector::{Checksums as _, Connector as _, Vouched, WriteOptions, body_of};
use waybill_model::{FailureKind, RemotePath, Retry};
use waybill_standins::{
    canto::{DEMO_CONSUMER, Options, Region},
    faults::{Fault, Rule},
};

/// How often the storage was sent a form.
fn forms(bench: &Bench) -> usize {
    bench.server.faults().journal().iter().filter(|record| record.path.starts_with("/s3/")).count()
}

/// The names of all assets, first names shortened.
async fn left(bench: &Bench) -> Vec<String> {
    let names = bench.assets().await.into_iter().map(|asset| asset["name"].as_str().unwrap().to_owned());
    let mut names: Vec<_> =
        names.map(|name| if name.starts_with("waybill-part-") { "unfinished".to_owned() } else { name }).collect();
    names.sort();
    names
}

#[tokio::test]
async fn an_upload_that_is_taken_and_never_processed_says_so_and_is_not_sent_again() {
    let bench = Bench::with_folder(Options { processing: Duration::from_hours(1), ..options() }).await;
    let connector = open(&bench.server, &[("processing_seconds", "1")]);
    let error = store(&connector, "/in/a.pdf", b"abc", false).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Vendor, Retry::Never));
    assert_eq!(error.code.as_deref(), Some("never-processed"));
    let upload = error.fact("upload").unwrap().to_owned();
    assert!(error.message.contains(&upload), "{error}");
    assert_eq!(forms(&bench), 1);
    assert_eq!(names(&connector, "/in").await, Vec::<String>::new());
    // It is done after all: nobody sees it as a file, and it does not stay unnoticed.
    bench.server.advance_clock(Duration::from_hours(2));
    assert_eq!(names(&connector, "/in").await, Vec::<String>::new());
    let unfinished = connector.unfinished_uploads().unwrap().unfinished(&RemotePath::root()).await.unwrap();
    assert_eq!(unfinished.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/in/a.pdf"]);
}

#[tokio::test]
async fn what_canto_cannot_process_leaves_nothing() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    let error = store(&connector, "/in/corrupt.pdf", b"abc", false).await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (FailureKind::Vendor, Some("processing-failed")));
    assert_eq!(left(&bench).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_version_that_canto_cannot_process_leaves_the_file_as_it_was() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.pdf", b"before", false).await.unwrap();
    let (from, to) = (RemotePath::new("/in/a.pdf"), RemotePath::new("/in/corrupt.pdf"));
    connector.rename().unwrap().rename(&from, &to, false).await.unwrap();
    let error = store(&connector, "/in/corrupt.pdf", b"after", true).await.unwrap_err();
    assert_eq!(error.code.as_deref(), Some("processing-failed"), "{error}");
    assert_eq!(bytes_at(&connector, "/in/corrupt.pdf").await.unwrap(), b"before");
}

#[rstest]
#[case::of_the_form("/s3/", 1)]
#[case::of_the_name("/rename", 1)]
#[case::of_the_status("/upload/status", 1)]
#[tokio::test]
async fn a_lost_answer_is_looked_for_and_nothing_is_sent_twice(#[case] path: &str, #[case] due: usize) {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    bench.server.faults().inject(Rule::new(Fault::DropAnswer).path(path));
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    assert_eq!((forms(&bench), bench.server.faults().pending()), (due, 0));
    assert_eq!(left(&bench).await, ["a.pdf"]);
    assert_eq!(bytes_at(&connector, "/in/a.pdf").await.unwrap(), b"abc");
}

#[tokio::test]
async fn a_lost_answer_to_a_new_version_makes_one_version() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    store(&connector, "/in/a.pdf", b"one", false).await.unwrap();
    bench.server.faults().inject(Rule::new(Fault::DropAnswer).path("/s3/"));
    store(&connector, "/in/a.pdf", b"two!", true).await.unwrap();
    let versions = connector.versions().unwrap().versions(&RemotePath::new("/in/a.pdf")).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.size).collect::<Vec<_>>(), [4, 3]);
    assert_eq!((forms(&bench), left(&bench).await), (2, vec!["a.pdf".to_owned()]));
}

#[rstest]
#[case::an_album("/api/v1/album/", "/in/a.pdf")]
#[case::a_folder("/api/v1/folder/", "/above/in/a.pdf")]
#[tokio::test]
async fn a_lost_answer_to_a_new_folder_makes_one_folder(#[case] call: &str, #[case] path: &str) {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    bench.server.faults().inject(Rule::new(Fault::DropAnswer).path(call));
    store(&connector, path, b"abc", false).await.unwrap();
    assert_eq!(bench.server.faults().pending(), 0);
    assert_eq!(names(&connector, "/").await.len(), 1);
    assert_eq!(bytes_at(&connector, path).await.unwrap(), b"abc");
}

#[tokio::test]
async fn a_form_that_the_storage_refuses_leaves_nothing() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    let refuse = Fault::Refuse { status: 403, code: Some("SignatureDoesNotMatch".to_owned()), retry_after: None };
    bench.server.faults().inject(Rule::new(refuse).path("/s3/"));
    let error = store(&connector, "/in/a.pdf", b"abc", false).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Denied, Retry::Never), "{error}");
    assert_eq!(left(&bench).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_error_of_the_storage_is_tried_again_once_nothing_came_of_it() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    bench.server.faults().inject(Rule::new(Fault::refuse(503)).path("/s3/"));
    let error = store(&connector, "/in/a.pdf", b"abc", false).await.unwrap_err();
    assert_eq!(error.retry, Retry::Backoff, "{error}");
    assert_eq!(left(&bench).await, Vec::<String>::new());
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
}

#[tokio::test]
async fn a_file_over_the_limit_is_too_large() {
    let bench = Bench::with_folder(Options { max_upload: 1000, ..options() }).await;
    let connector = open(&bench.server, &[]);
    let error = store(&connector, "/in/a.pdf", &[7; 1001], false).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::TooLarge, Retry::Never), "{error}");
    let options = WriteOptions { size: 6 << 30, ..WriteOptions::default() };
    let error = connector
        .write()
        .unwrap()
        .write(&RemotePath::new("/in/b.pdf"), stream::empty().boxed(), options)
        .await
        .unwrap_err();
    assert_eq!(error.kind, FailureKind::TooLarge, "{error}");
    assert_eq!((forms(&bench), left(&bench).await), (1, Vec::<String>::new()));
}

#[tokio::test]
async fn an_account_that_may_not_upload_is_refused_before_the_first_byte() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[("user", DEMO_CONSUMER)]);
    let error = store(&connector, "/a.pdf", b"abc", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied, "{error}");
    assert_eq!((forms(&bench), left(&bench).await), (0, Vec::<String>::new()));
}

#[tokio::test]
async fn a_name_that_is_not_given_takes_the_file_back() {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    bench.server.faults().inject(Rule::new(Fault::refuse(500)).path("/rename"));
    let error = store(&connector, "/in/a.pdf", b"abc", false).await.unwrap_err();
    assert_eq!(error.retry, Retry::Backoff, "{error}");
    assert_eq!(left(&bench).await, Vec::<String>::new());
    // Not even that: the error says what stayed, and it is found as unfinished.
    bench.server.faults().inject(Rule::new(Fault::refuse(500)).path("/rename"));
    bench.server.faults().inject(Rule::new(Fault::refuse(500)).path("/batch/content"));
    let error = store(&connector, "/in/a.pdf", b"abc", false).await.unwrap_err();
    assert!(error.fact("left").is_some(), "{error}");
    assert_eq!(left(&bench).await, ["unfinished"]);
    let unfinished = connector.unfinished_uploads().unwrap();
    let found = unfinished.unfinished(&RemotePath::root()).await.unwrap();
    unfinished.abort_unfinished(&found[0]).await.unwrap();
    assert_eq!(left(&bench).await, Vec::<String>::new());
}

#[rstest]
#[case::an_error(Fault::refuse(500))]
#[case::too_many(Fault::Refuse { status: 429, code: None, retry_after: Some(1) })]
#[case::a_token_that_ends(Fault::ExpiredCredentials)]
#[tokio::test]
async fn an_upload_that_was_taken_is_waited_for_whatever_happens_meanwhile(#[case] fault: Fault) {
    let bench = Bench::with_folder(options()).await;
    let connector = open(&bench.server, &[]);
    bench.server.faults().inject(Rule::new(fault).path("/upload/status"));
    store(&connector, "/in/a.pdf", b"abc", false).await.unwrap();
    assert_eq!((forms(&bench), left(&bench).await), (1, vec!["a.pdf".to_owned()]));
}

#[rstest]
#[case(Region::Us)]
#[case(Region::De)]
#[tokio::test]
async fn both_kinds_of_forms_are_filled_in_and_a_large_file_streams(#[case] region: Region) {
    const PIECE: usize = 256 * 1024;
    let bench = Bench::with_folder(Options { region, ..options() }).await;
    let connector = open(&bench.server, &[]);
    let pieces = stream::iter(0..128_u8).flat_map(|n| body_of(Bytes::from(vec![n; PIECE])));
    let size = 128 * PIECE as u64;
    let options = WriteOptions { size, ..WriteOptions::default() };
    let path = RemotePath::new("/film/large.mov");
    let receipt = connector.write().unwrap().write(&path, pieces.boxed(), options).await.unwrap();
    assert_eq!(receipt.size, size);
    let mut vouched =
        connector.vouched(&path, receipt.version.as_deref()).await.unwrap().map(Vouched::checker).unwrap();
    for n in 0..128_u8 {
        vouched.update(&vec![n; PIECE]);
    }
    assert!(vouched.finish().is_some());
}

#[tokio::test]
async fn two_desks_that_write_one_name_leave_one_file() {
    let bench = Bench::with_folder(options()).await;
    let (one, other) = (open(&bench.server, &[]), open(&bench.server, &[]));
    store(&one, "/in/first.pdf", b"x", false).await.unwrap();
    for round in 0..5 {
        let path = format!("/in/{round}.pdf");
        let (a, b) = tokio::join!(store(&one, &path, b"one", false), store(&other, &path, b"other", false));
        assert!(a.is_ok() || b.is_ok(), "nobody wrote: {a:?} {b:?}");
        let due: &[u8] = if a.is_ok() { b"one" } else { b"other" };
        for loser in [a, b].into_iter().filter_map(Result::err) {
            assert_eq!(loser.kind, FailureKind::AlreadyExists, "{loser}");
        }
        assert_eq!(bytes_at(&one, &path).await.unwrap(), due);
        assert_eq!(left(&bench).await.iter().filter(|name| **name == format!("{round}.pdf")).count(), 1);
    }
}

#[tokio::test]
async fn a_write_that_is_dropped_after_the_form_leaves_what_is_found_as_unfinished() {
    let bench = Bench::with_folder(Options { processing: Duration::from_hours(1), ..options() }).await;
    let connector = open(&bench.server, &[]);
    let path = RemotePath::new("/in/a.pdf");
    let write = store(&connector, "/in/a.pdf", b"abc", false);
    let is_taken = async {
        while !bench.server.faults().journal().iter().any(|record| record.path.contains("/upload/status")) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        written = write => panic!("{written:?}"),
        () = is_taken => {}
    }
    bench.server.advance_clock(Duration::from_hours(2));
    assert!(connector.list().unwrap().stat(&path).await.unwrap().is_none());
    let unfinished = connector.unfinished_uploads().unwrap().unfinished(&RemotePath::new("/in")).await.unwrap();
    assert_eq!(unfinished.iter().map(|one| &one.path).collect::<Vec<_>>(), [&path]);
}

#[tokio::test]
async fn a_name_that_canto_spells_otherwise_takes_the_file_back() {
    let bench = Bench::with_folder(Options { trims_names: true, ..options() }).await;
    let connector = open(&bench.server, &[]);
    let error = store(&connector, "/in/ a.pdf", b"abc", false).await.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (FailureKind::Invalid, Some("name-changed")));
    assert_eq!(left(&bench).await, Vec::<String>::new());
}
