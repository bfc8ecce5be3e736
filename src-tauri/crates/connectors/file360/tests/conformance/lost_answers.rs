//! Calls that were done and whose answers never came: nothing is done twice, nothing half-made stays unnoticed.

use bytes::Bytes;
use futures::StreamExt as _;
use http::Method;
use rstest::rstest;
use waybill_connector::{
    Connector, Result, WriteOptions, body_of,
    conformance::{Outside as _, Place as _},
};
use waybill_model::{FailureKind, Receipt, RemotePath};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    file360::{OPERATOR, Options, REVIEWER},
};

use crate::bench::Bench;

fn options(size: usize, replace: bool) -> WriteOptions {
    WriteOptions { size: size as u64, replace, ..WriteOptions::default() }
}

pub(crate) async fn write(connector: &dyn Connector, path: &str, bytes: &[u8], replace: bool) -> Result<Receipt> {
    let body = body_of(Bytes::copy_from_slice(bytes));
    connector.write().unwrap().write(&RemotePath::new(path), body, options(bytes.len(), replace)).await
}

fn lose(bench: &Bench, method: &str, path: &str) {
    bench.server.faults().inject(Rule::new(Wrong::DropAnswer).operation(method).path(path));
}

fn posts(bench: &Bench, part: &str) -> usize {
    let journal = bench.server.faults().journal();
    journal.iter().filter(|record| record.method == "POST" && record.path.contains(part)).count()
}

#[rstest]
#[case::small(1000)]
#[case::large(9 << 20)]
#[tokio::test]
async fn a_file_whose_answer_was_lost_is_there_once(#[case] size: usize) {
    let bench = Bench::start().await;
    let bytes = vec![7; size];
    lose(&bench, "POST", "library_files");
    let receipt = write(bench.connector().as_ref(), "/x.bin", &bytes, false).await.unwrap();
    assert_eq!((receipt.size, receipt.proof.is_some()), (size as u64, true));
    assert_eq!(posts(&bench, "library_files"), 1, "it was sent once");
    assert_eq!(bench.get(&RemotePath::new("/x.bin")).await.map(|bytes| bytes.len()), Some(size));
}

#[tokio::test]
async fn a_version_whose_answer_was_lost_is_there_once() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    write(connector.as_ref(), "/x.bin", b"first", false).await.unwrap();
    lose(&bench, "POST", "/rest/files/");
    write(connector.as_ref(), "/x.bin", b"second", true).await.unwrap();
    let versions = connector.versions().unwrap().versions(&RemotePath::new("/x.bin")).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.size).collect::<Vec<_>>(), [6, 5]);
    lose(&bench, "POST", "/current");
    connector.versions().unwrap().restore(&RemotePath::new("/x.bin"), &versions[1].id).await.unwrap();
    let versions = connector.versions().unwrap().versions(&RemotePath::new("/x.bin")).await.unwrap();
    assert_eq!(versions.len(), 3);
}

#[tokio::test]
async fn folders_copies_and_new_names_whose_answers_were_lost_are_there_once() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    lose(&bench, "POST", "library_folders");
    connector.create_folder().unwrap().create_folder(&RemotePath::new("/a/b")).await.unwrap();
    write(connector.as_ref(), "/a/x", b"x", false).await.unwrap();
    lose(&bench, "POST", "library_files");
    connector.server_copy().unwrap().copy(&RemotePath::new("/a/x"), &RemotePath::new("/a/b/y"), false).await.unwrap();
    for (part, from, to) in [("/name", "/a/x", "/a/z"), ("/parent_folder", "/a/z", "/a/b/z")] {
        lose(&bench, "POST", part);
        connector.rename().unwrap().rename(&RemotePath::new(from), &RemotePath::new(to), false).await.unwrap();
    }
    let mut names = bench.everything_below(&RemotePath::root()).await.unwrap();
    names.sort();
    assert_eq!(names, ["y", "z"]);
}

#[tokio::test]
async fn a_file_that_was_refused_is_not_looked_for_as_if_it_were_there() {
    let bench = Bench::start().await;
    bench.server.faults().inject(Rule::new(Wrong::refuse(500)).operation("POST").path("library_files"));
    let error = write(bench.connector().as_ref(), "/x", b"abc", false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Vendor, "{error}");
    assert_eq!(bench.get(&RemotePath::new("/x")).await, None);
}

#[tokio::test]
async fn what_another_put_there_meanwhile_is_not_taken_for_ones_own() {
    let bench = Bench::start().await;
    let connector = bench.connector();
    // The answer is lost, and what is there has other bytes.
    bench.server.faults().inject(Rule::new(Wrong::DropAnswer).operation("POST").path("library_files"));
    bench.server.faults().inject(Rule::new(Wrong::refuse(502)).operation("POST").path("library_files"));
    bench.put_elsewhere().await;
    let error = write(connector.as_ref(), "/theirs", b"mine, and longer", false).await.unwrap_err();
    assert!(matches!(error.kind, FailureKind::AlreadyExists | FailureKind::Unreachable), "{error}");
    assert_eq!(bench.get(&RemotePath::new("/theirs")).await.as_deref(), Some(&b"theirs"[..]));
}

impl Bench {
    async fn put_elsewhere(&self) {
        self.server.faults().clear();
        self.put(&RemotePath::new("/theirs"), b"theirs").await;
        lose(self, "POST", "library_files");
    }
}

#[tokio::test]
async fn a_file_over_the_limit_or_the_quota_says_so_and_leaves_nothing() {
    let options = Options { file_size_limit: Some(5000), ..Options::default() };
    let bench = Bench::start_with(options).await;
    let error = write(bench.connector().as_ref(), "/x", &vec![0; 6000], false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::TooLarge, "{error}");
    assert_eq!(bench.get(&RemotePath::new("/x")).await, None);
    let bench = Bench::start().await;
    let small = bench.connect_with(&[("user", REVIEWER), ("folder", "")]);
    let error = write(small.as_ref(), "/x", &vec![0; 3 << 20], false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::QuotaExceeded, "{error}");
    assert!(small.list().unwrap().stat(&RemotePath::new("/x")).await.unwrap().is_none());
}

#[tokio::test]
async fn a_server_with_too_much_to_do_is_left_alone_for_a_while() {
    let bench = Bench::start_with(Options { max_transfers: 0, ..Options::default() }).await;
    let error = write(bench.connector().as_ref(), "/x", b"x", false).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::RateLimited, waybill_model::Retry::Backoff), "{error}");
}

#[tokio::test]
async fn forty_megabytes_stream_through_and_are_proved() {
    const PIECES: u64 = 40 * 16;
    let bench = Bench::start().await;
    let piece = Bytes::from(vec![3; 64 * 1024]);
    let body = futures::stream::iter(0..PIECES).map(move |_| Ok(piece.clone())).boxed();
    let options = WriteOptions { size: PIECES * 64 * 1024, ..WriteOptions::default() };
    let connector = bench.connector();
    let receipt = connector.write().unwrap().write(&RemotePath::new("/large"), body, options).await.unwrap();
    assert_eq!((receipt.size, receipt.proof.is_some()), (40 << 20, true));
}

#[tokio::test]
async fn a_token_that_ran_out_is_told_and_not_tried_again() {
    let bench = Bench::start().await;
    let url: url::Url = format!("{}/sandbox/tokens", bench.server.base_url()).parse().unwrap();
    let body = serde_json::json!({ "user": OPERATOR, "lifetime_seconds": 60 });
    let answer = bench.http.call("bench", Method::POST, url).json(&body).send().await.unwrap();
    let token: serde_json::Value = answer.json(1 << 16).await.unwrap();
    let secret = secrecy::SecretString::from(token["access_token"].as_str().unwrap());
    let secrets = std::collections::BTreeMap::from([("token".to_owned(), secret)]);
    let settings = bench.changed(&[("sign_in", "token")]);
    let connector = crate::bench::connect_as(&settings, secrets, waybill_net::Inspector::default()).unwrap();
    write(connector.as_ref(), "/x", b"x", false).await.unwrap();
    bench.server.advance_clock(std::time::Duration::from_mins(2));
    let error = write(connector.as_ref(), "/y", b"y", false).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Unauthenticated, waybill_model::Retry::Never), "{error}");
}
