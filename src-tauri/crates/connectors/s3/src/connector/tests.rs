//! Abilities that a server has to be known for, in a bucket that only the path names.

use std::collections::BTreeMap;

use bytes::Bytes;
use waybill_connector::{Learned, NobodyToAsk, Retention, RetentionMode, Settings, WriteOptions, body_of};
use waybill_model::{FailureKind, Millis};
use waybill_standins::s3::{BucketOptions, Options, S3Standin};

use super::*;

async fn account() -> (S3Standin, S3) {
    let buckets = vec![BucketOptions::plain("plain"), BucketOptions::locked("kept")];
    let standin = S3Standin::start(Options { buckets, ..Options::default() }).await.unwrap();
    let endpoint = standin.endpoint();
    let settings: Settings =
        [("endpoint", endpoint.as_str()), ("region", standin.region()), ("access_key_id", standin.access_key_id())]
            .into_iter()
            .collect();
    let mut learned = Learned::default();
    learned.set(crate::facts::key::TAGS, false);
    let context = OpenContext {
        name: "account".to_owned(),
        settings,
        secrets: [("secret_access_key".to_owned(), standin.secret_access_key().into())].into(),
        learned,
        ask: Arc::new(NobodyToAsk),
        network: waybill_connector::Network::default(),
    };
    let s3 = S3::new(&context, Patience::default()).unwrap();
    (standin, s3)
}

/// As on Amazon's own service, which is trusted to have them.
async fn trusted() -> (S3Standin, Arc<dyn Connector>) {
    let (standin, s3) = account().await;
    let yes = Some(true);
    let facts = Facts { tags: yes, versions: yes, object_lock: yes, unfinished: yes, ..s3.facts };
    (standin, Arc::new(S3 { facts, ..s3 }))
}

async fn put(s3: &dyn Connector, path: &RemotePath, text: &'static str) {
    let options = WriteOptions { size: text.len() as u64, replace: true, ..WriteOptions::default() };
    s3.write().unwrap().write(path, body_of(Bytes::from_static(text.as_bytes())), options).await.unwrap();
}

#[tokio::test]
async fn what_was_learned_about_one_bucket_says_nothing_about_an_account() {
    assert_eq!(account().await.1.facts, Facts::default());
}

#[tokio::test]
async fn versions_tags_and_locks_are_those_of_the_bucket_in_the_path() {
    let (_standin, s3) = trusted().await;
    let path = RemotePath::new("/kept/in/a");
    put(s3.as_ref(), &path, "first").await;
    put(s3.as_ref(), &path, "second").await;
    let versions = s3.versions().unwrap().versions(&path).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.size).collect::<Vec<_>>(), [6, 5]);

    let tags = BTreeMap::from([("case".to_owned(), "7".to_owned())]);
    s3.metadata().unwrap().set_tags(&path, &tags).await.unwrap();
    assert_eq!(s3.metadata().unwrap().metadata(&path, None).await.unwrap().tags, tags);

    let retention = Retention { mode: RetentionMode::Governance, until: Millis(4_000_000_000_000) };
    s3.records().unwrap().set_retention(&path, None, retention).await.unwrap();
    assert_eq!(s3.records().unwrap().retention(&path, None).await.unwrap(), Some(retention));
    let error = s3.versions().unwrap().delete_version(&path, &versions[0].id).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Held);
}

#[tokio::test]
async fn unfinished_uploads_are_those_of_one_bucket() {
    let (_standin, s3) = trusted().await;
    let path = RemotePath::new("/plain/in/large");
    let options = WriteOptions { size: 40 * 1024 * 1024, ..WriteOptions::default() };
    s3.resumable_upload().unwrap().begin(&path, options.clone()).await.unwrap();
    s3.resumable_upload().unwrap().begin(&RemotePath::new("/kept/large"), options).await.unwrap();
    let found = s3.unfinished_uploads().unwrap().unfinished(&RemotePath::new("/plain")).await.unwrap();
    assert_eq!(found.iter().map(|upload| &upload.path).collect::<Vec<_>>(), [&path]);
    s3.unfinished_uploads().unwrap().abort_unfinished(&found[0]).await.unwrap();
    assert_eq!(s3.unfinished_uploads().unwrap().unfinished(&RemotePath::new("/plain")).await.unwrap(), []);
    assert_eq!(s3.unfinished_uploads().unwrap().unfinished(&RemotePath::new("/kept")).await.unwrap().len(), 1);
    let error = s3.unfinished_uploads().unwrap().unfinished(&RemotePath::root()).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
}
