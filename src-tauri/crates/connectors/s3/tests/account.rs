//! Connections that name no bucket, against the embedded S3: the top, what only buckets refuse, and two buckets at once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt as _;
use support::Server;
use waybill_connector::{
    Connector, EntryKind, Learned, PageRequest, Part, ReadOptions, StepOutcome, TestReport, WriteOptions, body_of,
};
use waybill_model::{FailureKind, PartHash, RemotePath, Sha256, UploadSession};
use waybill_standins::s3::{BucketOptions, Options, S3Standin};

const WHY: &str = "no bucket is set, so nothing is tried out; proofs rest on MD5 or on reading back";

async fn started(buckets: &[&str]) -> (S3Standin, Server) {
    let buckets = buckets.iter().map(|name| BucketOptions::plain(*name)).collect();
    let standin = S3Standin::start(Options { buckets, ..Options::default() }).await.unwrap();
    let server = Server {
        endpoint: standin.endpoint(),
        region: standin.region().to_owned(),
        bucket: String::new(),
        access_key_id: standin.access_key_id().to_owned(),
        secret_access_key: standin.secret_access_key().to_owned(),
    };
    (standin, server)
}

async fn opened(buckets: &[&str]) -> (S3Standin, Server, Arc<dyn Connector>) {
    let (standin, server) = started(buckets).await;
    let connector = server.open("", &Learned::default());
    (standin, server, connector)
}

async fn put(connector: &dyn Connector, path: &str, text: &'static str) {
    let options = WriteOptions { size: text.len() as u64, ..WriteOptions::default() };
    let body = body_of(Bytes::from_static(text.as_bytes()));
    connector.write().unwrap().write(&RemotePath::new(path), body, options).await.unwrap();
}

async fn text_of(connector: &dyn Connector, path: &str) -> String {
    let body = connector.read().unwrap().read(&RemotePath::new(path), ReadOptions::default()).await.unwrap();
    let pieces: Vec<Bytes> = body.try_collect().await.unwrap();
    String::from_utf8(pieces.concat()).unwrap()
}

async fn stat(connector: &dyn Connector, path: &str) -> Option<EntryKind> {
    connector.list().unwrap().stat(&RemotePath::new(path)).await.unwrap().map(|entry| entry.kind)
}

async fn tested(connector: &dyn Connector) -> TestReport {
    connector.self_test().unwrap().run(&mut |_| ()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_top_lists_the_accounts_buckets_as_folders() {
    let (_standin, _, connector) = opened(&["alpha", "beta", "gamma"]).await;
    let (mut names, mut cursor) = (Vec::new(), None);
    loop {
        let page = connector.list().unwrap().list(&RemotePath::root(), PageRequest { cursor, limit: 2 }).await.unwrap();
        assert!(page.entries.len() <= 2);
        for entry in page.entries {
            assert_eq!(entry.kind, EntryKind::Folder);
            assert!(entry.modified.is_some(), "a bucket tells when it was made");
            names.push(entry.path.as_str().to_owned());
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(names, ["/alpha", "/beta", "/gamma"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_a_folder_and_a_missing_one_is_nothing() {
    let (_standin, _, connector) = opened(&["alpha"]).await;
    assert_eq!(stat(connector.as_ref(), "/").await, Some(EntryKind::Folder));
    assert_eq!(stat(connector.as_ref(), "/alpha").await, Some(EntryKind::Folder));
    assert_eq!(stat(connector.as_ref(), "/beta").await, None);
    assert_eq!(stat(connector.as_ref(), "/beta/in/a").await, None);
    connector.delete().unwrap().delete(&RemotePath::new("/beta/in/a")).await.unwrap();
    let page = connector.list().unwrap().list(&RemotePath::new("/beta"), PageRequest::default()).await;
    assert_eq!(page.unwrap_err().kind, FailureKind::NotFound);
}

#[tokio::test(flavor = "multi_thread")]
async fn buckets_are_neither_made_nor_deleted() {
    let (_standin, server, connector) = opened(&["alpha"]).await;
    let folders = connector.create_folder().unwrap();
    folders.create_folder(&RemotePath::new("/alpha")).await.unwrap();
    let error = folders.create_folder(&RemotePath::new("/beta")).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(error.message.contains("no bucket `beta`") && error.message.contains("owner"), "{}", error.message);
    let error = connector.delete().unwrap().delete(&RemotePath::new("/alpha")).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unsupported);
    assert!(error.message.contains("the bucket `alpha` is not deleted"), "{}", error.message);
    let buckets = server.sdk().list_buckets().send().await.unwrap();
    assert_eq!(buckets.buckets().iter().filter_map(|bucket| bucket.name()).collect::<Vec<_>>(), ["alpha"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_is_no_file() {
    let (_standin, _, connector) = opened(&["alpha"]).await;
    let path = RemotePath::new("/alpha");
    let Err(error) = connector.read().unwrap().read(&path, ReadOptions::default()).await else {
        panic!("a bucket was read")
    };
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(error.message.contains("only the bucket `alpha`"), "{}", error.message);
    let options = WriteOptions { size: 1, ..WriteOptions::default() };
    let error = connector.write().unwrap().write(&path, body_of(Bytes::from_static(b"x")), options).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_copied_and_moved_from_bucket_to_bucket() {
    let (_standin, _, connector) = opened(&["alpha", "beta"]).await;
    put(connector.as_ref(), "/alpha/in/a b", "hello").await;
    let from = RemotePath::new("/alpha/in/a b");
    connector.server_copy().unwrap().copy(&from, &RemotePath::new("/beta/a b"), false).await.unwrap();
    assert_eq!(text_of(connector.as_ref(), "/beta/a b").await, "hello");
    connector.rename().unwrap().rename(&from, &RemotePath::new("/beta/moved"), false).await.unwrap();
    assert_eq!(text_of(connector.as_ref(), "/beta/moved").await, "hello");
    assert_eq!(stat(connector.as_ref(), "/alpha/in/a b").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_in_another_bucket_is_another_file() {
    let (_standin, _, connector) = opened(&["alpha", "beta"]).await;
    put(connector.as_ref(), "/alpha/a", "one").await;
    put(connector.as_ref(), "/beta/a", "other").await;
    connector
        .server_copy()
        .unwrap()
        .copy(&RemotePath::new("/alpha/a"), &RemotePath::new("/beta/b"), false)
        .await
        .unwrap();
    assert_eq!(text_of(connector.as_ref(), "/alpha/a").await, "one");
    assert_eq!(text_of(connector.as_ref(), "/beta/a").await, "other");
}

async fn begun(connector: &dyn Connector, path: &str) -> UploadSession {
    let options = WriteOptions { size: 40 * 1024 * 1024, ..WriteOptions::default() };
    connector.resumable_upload().unwrap().begin(&RemotePath::new(path), options).await.unwrap()
}

async fn open_uploads(server: &Server, bucket: &str) -> usize {
    server.sdk().list_multipart_uploads().bucket(bucket).send().await.unwrap().uploads().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_stays_in_its_bucket_when_the_connection_leads_elsewhere() {
    let (_standin, server, connector) = opened(&["alpha", "beta"]).await;
    let session = begun(connector.as_ref(), "/alpha/large").await;
    let elsewhere = Server { bucket: "beta".to_owned(), ..server.clone() }.open("", &Learned::default());
    let upload = elsewhere.resumable_upload().unwrap();
    let bytes = Bytes::from_static(b"other");
    let part = Part { number: 1, offset: 0, bytes, hash: PartHash::default(), prefix_sha256: Sha256::of(b"other") };
    assert_eq!(upload.put_part(&session, part).await.unwrap_err().kind, FailureKind::NotFound);
    assert_eq!(upload.held(&session, &[]).await.unwrap_err().kind, FailureKind::NotFound);
    assert_eq!(open_uploads(&server, "alpha").await, 1);
    upload.abort(&session).await.unwrap();
    assert_eq!(open_uploads(&server, "alpha").await, 0, "it is freed where it was begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_a_restart() {
    let (_standin, server, connector) = opened(&["alpha"]).await;
    let session = begun(connector.as_ref(), "/alpha/large").await;
    let again = server.open("", &Learned::default());
    assert_eq!(again.resumable_upload().unwrap().held(&session, &[]).await.unwrap(), Vec::<u32>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_signs_in_lists_the_buckets_and_writes_into_none() {
    for buckets in [&["alpha"][..], &["alpha", "beta"], &[]] {
        let (_standin, server, connector) = opened(buckets).await;
        let report = tested(connector.as_ref()).await;
        assert!(report.error.is_none(), "{:#?}", report.steps);
        assert!(report.learned.is_empty(), "what holds in one bucket is not known of another");
        let outcome = |name: &str| report.steps.iter().find(|step| step.name == name).unwrap().outcome.clone();
        assert_eq!(outcome("Signed in"), StepOutcome::Passed);
        let listed = if buckets.is_empty() { StepOutcome::Noted } else { StepOutcome::Passed };
        assert_eq!(outcome("List"), listed);
        for name in ["Write", "Wrong checksum refused", "Upload in parts", "Delete"] {
            assert_eq!(outcome(name), StepOutcome::Skipped, "{name}");
        }
        let skipped = report.steps.iter().filter(|step| step.outcome == StepOutcome::Skipped);
        assert!(skipped.clone().count() > 10 && skipped.clone().all(|step| step.detail == WHY));
        for bucket in buckets {
            let versions = server.sdk().list_object_versions().bucket(*bucket).send().await.unwrap();
            assert!(versions.versions().is_empty() && versions.delete_markers().is_empty(), "nothing was written");
            assert_eq!(open_uploads(&server, bucket).await, 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_secret_fails_the_test_where_it_signs_in() {
    let (_standin, server) = started(&["alpha"]).await;
    let connector = Server { secret_access_key: "wrong".to_owned(), ..server }.open("", &Learned::default());
    let report = tested(connector.as_ref()).await;
    assert_eq!(report.error.unwrap().kind, FailureKind::Unauthenticated);
    let last = report.steps.last().unwrap();
    assert_eq!((last.name.as_str(), &last.outcome), ("Signed in", &StepOutcome::Failed));
}
