//! Copies in parts, encryption and storage class: at moto and at the stand-in, by what each says afterwards.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;
use futures::TryStreamExt as _;
use waybill_connector::{
    Learned, Metadata as _, NobodyToAsk, OpenContext, Read as _, ReadOptions, Rename as _, Settings, Write as _,
    WriteOptions, body_of,
};
use waybill_model::Sha256;
use waybill_peers::S3Peer;
use waybill_standins::{
    faults::{Fault, Rule},
    s3::{BucketOptions, Options, S3Standin},
};

use super::*;
use crate::watch::Patience;

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/11112222-3333-4444-5555-666677778888";
/// The smallest part that S3 takes.
const PART: u64 = 5 * 1024 * 1024;

#[test]
fn ranges_cover_the_object_and_stay_under_ten_thousand() {
    let limits = CopyLimits::default();
    for size in [1, limits.part, limits.part + 1, MAX_PART_BYTES * 10_000] {
        let ranges = limits.ranges(size);
        assert_eq!(ranges.iter().map(|(_, range)| range.end - range.start).sum::<u64>(), size);
        assert!(ranges.len() <= 10_000 && ranges.iter().all(|(_, range)| range.end - range.start <= MAX_PART_BYTES));
    }
}

/// A connection that copies in parts from 5 MiB on.
fn opened(address: &[(&str, &str)], secret: &str, more: &[(&str, &str)]) -> S3 {
    let settings: Settings = address.iter().chain(more).copied().collect();
    let context = OpenContext {
        name: "store".to_owned(),
        settings,
        secrets: [("secret_access_key".to_owned(), secret.into())].into(),
        learned: Learned::default(),
        ask: Arc::new(NobodyToAsk),
        network: waybill_connector::Network::default(),
    };
    let mut s3 = S3::new(&context, Patience::default()).unwrap();
    s3.copy_limits = CopyLimits { whole: PART, part: PART };
    s3.facts.tags = Some(true);
    s3
}

async fn at_moto(more: &[(&str, &str)]) -> (S3Peer, S3) {
    let moto = tokio::task::spawn_blocking(S3Peer::moto).await.unwrap();
    let address = [
        ("endpoint", moto.endpoint.as_str()),
        ("region", &moto.region),
        ("bucket", &moto.bucket),
        ("access_key_id", &moto.access_key_id),
    ];
    let s3 = opened(&address, &moto.secret_access_key, more);
    (moto, s3)
}

async fn at_standin(more: &[(&str, &str)]) -> (S3Standin, S3) {
    let buckets = vec![BucketOptions::plain("store")];
    let standin = S3Standin::start(Options { buckets, ..Options::default() }).await.unwrap();
    let endpoint = standin.endpoint();
    let address = [
        ("endpoint", endpoint.as_str()),
        ("region", standin.region()),
        ("bucket", "store"),
        ("access_key_id", standin.access_key_id()),
    ];
    let s3 = opened(&address, standin.secret_access_key(), more);
    (standin, s3)
}

fn content() -> Bytes {
    (0..12 * 1024 * 1024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>().into()
}

async fn put(s3: &S3, path: &RemotePath, bytes: &Bytes) -> Receipt {
    let options = WriteOptions { size: bytes.len() as u64, sha256: Some(Sha256::of(bytes)), ..WriteOptions::default() };
    s3.write(path, body_of(bytes.clone()), options).await.unwrap()
}

async fn bytes_of(s3: &S3, path: &RemotePath) -> Vec<u8> {
    let pieces: Vec<Bytes> = s3.read(path, ReadOptions::default()).await.unwrap().try_collect().await.unwrap();
    pieces.concat()
}

/// What the server itself says of a file.
async fn head(s3: &S3, path: &RemotePath) -> HeadObjectOutput {
    s3.requests.head("test", &s3.file("test", path).unwrap(), None, false).await.unwrap().unwrap()
}

/// A copy in three parts has the bytes, metadata and tags of its source, and counts as one in parts.
async fn copies_in_parts(s3: &S3) {
    let (from, to, bytes) = (RemotePath::new("/in/a b+ü"), RemotePath::new("/out/copy"), content());
    put(s3, &from, &bytes).await;
    let tags = BTreeMap::from([("case".to_owned(), "a b+c".to_owned())]);
    s3.requests.set_tags(&s3.file("test", &from).unwrap(), None, &tags).await.unwrap();
    let receipt = s3.copy(&from, &to, false).await.unwrap();
    assert_eq!(receipt.size, bytes.len() as u64);
    assert!(receipt.etag.as_deref().is_some_and(|etag| etag.ends_with("-3")), "{receipt:?}");
    assert!(bytes_of(s3, &to).await == bytes, "other bytes came back");
    let (before, after) = (head(s3, &from).await, head(s3, &to).await);
    assert_eq!(after.metadata, before.metadata);
    assert_eq!(after.metadata.unwrap()["waybill-sha256"], Sha256::of(&bytes).to_string());
    assert_eq!(s3.requests.tags(&s3.file("test", &to).unwrap(), None).await.unwrap(), tags);
    let error = s3.copy(&from, &to, false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::AlreadyExists);
    s3.rename(&from, &RemotePath::new("/out/moved"), false).await.unwrap();
    assert!(bytes_of(s3, &RemotePath::new("/out/moved")).await == bytes, "other bytes were moved");
    assert!(s3.requests.head("test", &s3.file("test", &from).unwrap(), None, false).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_copies_a_large_object_in_parts() {
    let (_moto, s3) = at_moto(&[]).await;
    Box::pin(copies_in_parts(&s3)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_standin_copies_a_large_object_in_parts() {
    let (standin, s3) = at_standin(&[]).await;
    Box::pin(copies_in_parts(&s3)).await;
    let parts = standin.faults().journal().iter().filter(|seen| seen.operation == "UploadPartCopy").count();
    assert_eq!(parts, 6, "three for the copy and three for the move; no byte passed through this computer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_in_parts_that_fails_leaves_no_upload_open() {
    let (standin, s3) = at_standin(&[]).await;
    let (from, to) = (RemotePath::new("/a"), RemotePath::new("/b"));
    put(&s3, &from, &content()).await;
    standin.faults().inject(Rule::new(Fault::refuse(403)).operation("UploadPartCopy").skip(1));
    let error = s3.copy(&from, &to, false).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied, "{error}");
    let within = s3.folder("test", &RemotePath::root()).unwrap();
    let open = s3.requests.unfinished(&within, None).await.unwrap();
    assert_eq!(open.uploads().len(), 0, "{open:?}");
}

const ASKED: &[(&str, &str)] = &[("sse", "aws:kms"), ("kms_key_id", KEY), ("storage_class", "STANDARD_IA")];

/// Every way that a file gets there asks for the key and the class, and the server says so of the file.
async fn keeps_key_and_class(s3: &S3) {
    let (small, large) = (Bytes::from_static(b"small"), Bytes::from(vec![7; 17 * 1024 * 1024]));
    let paths = ["/small", "/large", "/small-copy", "/large-copy"].map(RemotePath::new);
    let mut receipts = vec![put(s3, &paths[0], &small).await, put(s3, &paths[1], &large).await];
    receipts.push(s3.copy(&paths[0], &paths[2], false).await.unwrap());
    receipts.push(s3.copy(&paths[1], &paths[3], false).await.unwrap());
    for (path, receipt) in paths.iter().zip(receipts) {
        let said = s3.metadata(path, None).await.unwrap();
        assert_eq!(said.encryption.as_deref(), Some("aws:kms"), "{path}");
        assert_eq!(said.encryption_key.as_deref(), Some(KEY), "{path}");
        assert_eq!(said.storage_class.as_deref(), Some("STANDARD_IA"), "{path}");
        assert!(!receipt.remarks.iter().any(|remark| remark.contains("aws:kms")), "{path}: {:?}", receipt.remarks);
    }
    assert!(bytes_of(s3, &paths[3]).await == large, "other bytes came back");
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_keeps_files_under_the_key_and_in_the_class_of_the_connection() {
    let (_moto, s3) = at_moto(ASKED).await;
    keeps_key_and_class(&s3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_standin_keeps_files_under_the_key_and_in_the_class_of_the_connection() {
    let (_standin, s3) = at_standin(ASKED).await;
    keeps_key_and_class(&s3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_does_not_encrypt_as_asked_is_told_on_the_receipt() {
    let peer = tokio::task::spawn_blocking(S3Peer::rclone).await.unwrap();
    let address = [
        ("endpoint", peer.endpoint.as_str()),
        ("region", &peer.region),
        ("bucket", &peer.bucket),
        ("access_key_id", &peer.access_key_id),
        ("sse", "AES256"),
    ];
    let s3 = opened(&address, &peer.secret_access_key, &[]);
    let receipt = put(&s3, &RemotePath::new("/a"), &Bytes::from_static(b"a")).await;
    let said = "The connection asks for AES256, and the server does not say that it encrypted the file.";
    assert_eq!(receipt.remarks, [said]);
}
