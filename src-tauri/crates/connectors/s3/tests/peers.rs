//! Against servers that other people wrote: Garage, moto and rclone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt as _;
use support::{Server, fresh_prefix};
use waybill_connector::{
    Connector, EntryKind, Learned, PageRequest, Part, ReadOptions, StepOutcome, WriteOptions, body_of,
    conformance::{self, Fixture, Place},
};
use waybill_model::{FailureKind, Md5, PartHash, Proof, Receipt, RemotePath, Sha256, Sha256Hasher, Stamp};
use waybill_peers::S3Peer;

fn server(peer: &S3Peer) -> Server {
    Server {
        endpoint: peer.endpoint.clone(),
        region: peer.region.clone(),
        bucket: peer.bucket.clone(),
        access_key_id: peer.access_key_id.clone(),
        secret_access_key: peer.secret_access_key.clone(),
    }
}

async fn started(start: fn() -> S3Peer) -> (S3Peer, Server) {
    let peer = tokio::task::spawn_blocking(start).await.unwrap();
    let server = server(&peer);
    (peer, server)
}

struct Peer {
    name: &'static str,
    server: Server,
    learned: Learned,
    excuses: &'static [(&'static str, &'static str)],
}

struct Corner {
    server: Server,
    learned: Learned,
    prefix: String,
    connector: Arc<dyn Connector>,
}

#[async_trait]
impl Fixture for Peer {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    async fn place(&self) -> Box<dyn Place> {
        let prefix = fresh_prefix();
        let connector = self.server.open(&prefix, &self.learned);
        Box::new(Corner { server: self.server.clone(), learned: self.learned.clone(), prefix, connector })
    }

    fn excuse(&self, case: &str) -> Option<String> {
        self.excuses.iter().find(|(name, _)| *name == case).map(|(_, reason)| (*reason).to_owned())
    }
}

#[async_trait]
impl Place for Corner {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    async fn reopen(&self) -> Arc<dyn Connector> {
        self.server.open(&self.prefix, &self.learned)
    }

    async fn other_spellings(&self) -> Vec<(String, Arc<dyn Connector>)> {
        let spell = |prefix: String| (prefix.clone(), self.server.open(&prefix, &self.learned));
        vec![
            spell(format!("{}/", self.prefix)),
            spell(format!("/{}", self.prefix)),
            spell(format!("/{}/", self.prefix)),
        ]
    }
}

async fn conforms(name: &'static str, start: fn() -> S3Peer, excuses: &'static [(&'static str, &'static str)]) {
    let (_peer, server) = started(start).await;
    let learned = server.learn().await;
    conformance::run(&Peer { name, server, learned, excuses }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn garage_conforms() {
    let excuses = &[
        (
            "two_writers_of_one_name_leave_one_of_them",
            "Garage ignores the condition, and the connection says that a race can overwrite",
        ),
        ("two_uploads_of_one_name_do_not_mix", "Garage drops the other uploads of a name when one is completed"),
    ];
    conforms("s3 at Garage", S3Peer::garage, excuses).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_conforms() {
    conforms("s3 at moto", S3Peer::moto, MOTO).await;
}

const MOTO: &[(&str, &str)] = &[
    ("odd_names_come_back_as_they_were_written", "moto's router finds no key with a line break"),
    ("odd_folder_names_come_back_as_they_were_written", "moto's router finds no key with a line break"),
    ("an_upload_keeps_odd_and_long_names", "moto's router finds no key with a line break"),
    ("a_finished_session_is_gone", "moto fails by itself when a part comes for an upload that is finished"),
];

#[tokio::test(flavor = "multi_thread")]
async fn moto_with_versions_and_locks_conforms() {
    let (_peer, server) = started(S3Peer::moto).await;
    let server = Server { bucket: "locked".to_owned(), ..server };
    server.sdk().create_bucket().bucket("locked").object_lock_enabled_for_bucket(true).send().await.unwrap();
    let learned = server.learn().await;
    assert_eq!((learned.flag("versions"), learned.flag("object_lock")), (Some(true), Some(true)));
    conformance::run(&Peer { name: "s3 at moto, versions and locks", server, learned, excuses: MOTO }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rclone_conforms() {
    let excuses = &[
        ("dots_for_a_folder_lead_nowhere_else", "rclone refuses keys that are no path of a file system"),
        ("a_part_of_other_bytes_is_not_held", "rclone takes no other bytes for a part that it has"),
        (
            "two_writers_of_one_name_leave_one_of_them",
            "rclone ignores the condition, and the connection says that a race can overwrite",
        ),
    ];
    conforms("s3 at rclone", S3Peer::rclone, excuses).await;
}

async fn learned_of(start: fn() -> S3Peer) -> (Learned, Vec<(String, StepOutcome)>) {
    let (_peer, server) = started(start).await;
    let connector = server.open("", &Learned::default());
    let report = connector.self_test().unwrap().run(&mut |_| ()).await;
    assert!(report.error.is_none(), "{:#?}", report.steps);
    (report.learned, report.steps.into_iter().map(|step| (step.name, step.outcome)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn garage_is_found_to_refuse_wrong_checksums_and_to_ignore_conditions() {
    let (learned, steps) = learned_of(S3Peer::garage).await;
    assert_eq!(learned.flag("enforces_sha256"), Some(true), "{steps:?}");
    assert_eq!(learned.flag("conditional_put"), Some(false));
    assert_eq!(learned.flag("conditional_complete"), Some(false));
    assert_eq!(learned.flag("tags"), Some(false));
    assert_eq!(learned.flag("object_lock"), Some(false));
    assert!(steps.contains(&("No-overwrite kept".to_owned(), StepOutcome::Noted)));
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_is_found_to_take_any_checksum() {
    let (learned, steps) = learned_of(S3Peer::moto).await;
    assert_eq!(learned.flag("enforces_sha256"), Some(false), "{steps:?}");
    assert_eq!(learned.flag("etag_is_md5"), Some(true));
    assert_eq!(learned.flag("tags"), Some(true));
    assert_eq!(learned.flag("standard_multipart"), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn rclone_is_found_to_answer_multipart_in_its_own_way() {
    let (learned, steps) = learned_of(S3Peer::rclone).await;
    assert_eq!(learned.flag("standard_multipart"), Some(false), "{steps:?}");
    assert_eq!(learned.flag("tags"), Some(false), "it writes the tags over the file");
    assert_eq!(learned.flag("folder_markers"), Some(false), "it makes a file of a folder's marker");
}

/// Sends `bytes` in parts, as the engine would.
async fn sent_in_parts(connector: &dyn Connector, path: &RemotePath, bytes: &Bytes) -> Receipt {
    let upload = connector.resumable_upload().unwrap();
    let options = WriteOptions { size: bytes.len() as u64, ..WriteOptions::default() };
    let session = upload.begin(path, options.clone()).await.unwrap();
    let needs = upload.plan(session.size).hashes;
    let mut receipts = Vec::new();
    let mut whole = Sha256Hasher::default();
    for number in 1..=session.part_count() {
        let (offset, length) = session.part_range(number);
        let piece = bytes.slice(usize::try_from(offset).unwrap()..usize::try_from(offset + length).unwrap());
        whole.update(&piece);
        let hash = PartHash {
            sha256: needs.sha256.then(|| Sha256::of(&piece)),
            md5: needs.md5.then(|| Md5(<md5::Md5 as md5::Digest>::digest(&piece).into())),
        };
        let part = Part { number, offset, bytes: piece, hash, prefix_sha256: whole.so_far() };
        receipts.push(upload.put_part(&session, part).await.unwrap());
    }
    let held = upload.held(&session, &receipts).await.unwrap();
    assert_eq!(held, (1..=session.part_count()).collect::<Vec<_>>(), "every part is proved to be there");
    let options = WriteOptions { sha256: Some(whole.finish()), ..options };
    upload.finish(&session, &receipts, options).await.unwrap()
}

fn two_parts_and_a_bit() -> Bytes {
    (0..33 * 1024 * 1024_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect::<Vec<_>>().into()
}

async fn large_file_is(start: fn() -> S3Peer, proof: Option<Proof>) -> Receipt {
    let (_peer, server) = started(start).await;
    let connector = server.open("in", &server.learn().await);
    let path = RemotePath::new("/large.bin");
    let bytes = two_parts_and_a_bit();
    let receipt = sent_in_parts(connector.as_ref(), &path, &bytes).await;
    assert_eq!(receipt.proof, proof);
    let vouched = connector.checksums().unwrap().vouched(&path, receipt.version.as_deref()).await.unwrap();
    if let Some(vouched) = vouched {
        let mut checker = vouched.clone().checker();
        checker.update(&bytes);
        assert_eq!(checker.finish(), proof, "{vouched:?}");
    } else {
        assert_eq!(proof, None);
    }
    let stamp = Stamp { size: receipt.size, version: receipt.version.clone(), ..Stamp::default() };
    let options = ReadOptions { range: None, stamp: Some(stamp) };
    let back: Vec<Bytes> = connector.read().unwrap().read(&path, options).await.unwrap().try_collect().await.unwrap();
    assert!(back.concat() == bytes, "other bytes came back");
    receipt
}

#[tokio::test(flavor = "multi_thread")]
async fn garage_proves_a_large_file_by_sha256_and_keeps_the_whole_digest_nowhere() {
    let receipt = large_file_is(S3Peer::garage, Some(Proof::Sha256)).await;
    assert!(receipt.remarks.iter().any(|remark| remark.contains("ledger only")), "{:?}", receipt.remarks);
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_proves_a_large_file_by_md5() {
    let receipt = large_file_is(S3Peer::moto, Some(Proof::Md5)).await;
    assert_eq!(receipt.remarks, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn rclone_takes_a_large_file_and_says_that_its_answer_was_odd() {
    let receipt = large_file_is(S3Peer::rclone, Some(Proof::Md5)).await;
    assert!(receipt.remarks.iter().any(|remark| remark.contains("not standard")), "{:?}", receipt.remarks);
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_keeps_the_digest_of_the_whole_as_metadata_or_tag() {
    let (_peer, server) = started(S3Peer::moto).await;
    let connector = server.open("", &server.learn().await);
    let small = Bytes::from_static(b"small");
    let options = WriteOptions { size: 5, sha256: Some(Sha256::of(&small)), ..WriteOptions::default() };
    let path = RemotePath::new("/small");
    connector.write().unwrap().write(&path, body_of(small.clone()), options).await.unwrap();
    let metadata = connector.metadata().unwrap();
    let kept = metadata.metadata(&path, None).await.unwrap();
    assert_eq!(kept.metadata["waybill-sha256"], Sha256::of(&small).to_string());

    let bytes = two_parts_and_a_bit();
    let path = RemotePath::new("/large");
    sent_in_parts(connector.as_ref(), &path, &bytes).await;
    let kept = metadata.metadata(&path, None).await.unwrap();
    assert_eq!(kept.tags, BTreeMap::from([("waybill-sha256".to_owned(), Sha256::of(&bytes).to_string())]));
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_shows_its_buckets_and_takes_files_into_each() {
    let (_peer, server) = started(S3Peer::moto).await;
    server.sdk().create_bucket().bucket("second").send().await.unwrap();
    let connector = server.without_bucket().open("", &Learned::default());
    assert!(connector.check().await.is_ok());
    let top = connector.list().unwrap().list(&RemotePath::root(), PageRequest::default()).await.unwrap();
    let mut names: Vec<_> = top.entries.iter().map(|entry| entry.name.as_str()).collect();
    names.sort_unstable();
    let mut expected = [server.bucket.as_str(), "second"];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(top.entries.iter().all(|entry| entry.kind == EntryKind::Folder && entry.modified.is_some()));

    let bytes = two_parts_and_a_bit();
    let path = RemotePath::root().join(&server.bucket).join("in/large.bin");
    let receipt = sent_in_parts(connector.as_ref(), &path, &bytes).await;
    assert_eq!(receipt.size, bytes.len() as u64);
    let other = RemotePath::new("/second/large.bin");
    connector.rename().unwrap().rename(&path, &other, false).await.unwrap();
    let list = connector.list().unwrap();
    assert_eq!(list.stat(&path).await.unwrap(), None);
    let body = connector.read().unwrap().read(&other, ReadOptions::default()).await.unwrap();
    let back: Vec<Bytes> = body.try_collect().await.unwrap();
    assert!(back.concat() == bytes, "other bytes came back");
    assert_eq!(list.stat(&RemotePath::new("/second")).await.unwrap().map(|entry| entry.kind), Some(EntryKind::Folder));
    assert_eq!(list.stat(&RemotePath::new("/third")).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_is_left_untouched_by_a_test_without_a_bucket() {
    let (_peer, server) = started(S3Peer::moto).await;
    let connector = server.without_bucket().open("", &Learned::default());
    let report = connector.self_test().unwrap().run(&mut |_| ()).await;
    assert!(report.error.is_none() && report.learned.is_empty(), "{:#?}", report.steps);
    let objects = server.sdk().list_objects_v2().bucket(&server.bucket).send().await.unwrap();
    assert_eq!(objects.contents().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn garage_vouches_for_what_another_client_uploaded_in_parts() {
    let (_peer, server) = started(S3Peer::garage).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let content: Vec<u8> = (0..13_000_000_u32).map(|n| (n % 251) as u8).collect();
    std::io::Write::write_all(&mut file.as_file(), &content).unwrap();
    let target = format!("s3://{}/of-another.bin", server.bucket);
    let mut upload = std::process::Command::new(waybill_peers::tool("s5cmd"));
    upload.args(["--endpoint-url", &server.endpoint, "cp", "--part-size", "5"]).arg(file.path()).arg(&target);
    upload.env("AWS_ACCESS_KEY_ID", &server.access_key_id).env("AWS_SECRET_ACCESS_KEY", &server.secret_access_key);
    upload.env("AWS_REGION", &server.region);
    assert!(tokio::task::spawn_blocking(move || upload.status()).await.unwrap().unwrap().success());
    let connector = server.open("", &Learned::default());
    let test = connector.self_test().unwrap().run(&mut |_| {}).await;
    let connector = server.open("", &test.learned);
    let path = RemotePath::new("/of-another.bin");
    let vouched = connector.checksums().unwrap().vouched(&path, None).await.unwrap().unwrap();
    let mut checker = vouched.checker();
    checker.update(&content);
    assert!(checker.finish().is_some(), "three parts with a digest each");
}

#[tokio::test(flavor = "multi_thread")]
async fn garage_says_what_is_wrong_with_key_secret_region_and_bucket() {
    let (_peer, good) = started(S3Peer::garage).await;
    let failing = async |server: Server| {
        let connector = server.open("", &Learned::default());
        let error = connector.check().await.unwrap_err();
        (error.kind, error.message)
    };
    let (kind, message) = failing(Server { bucket: "nobody-has-this".to_owned(), ..good.clone() }).await;
    assert!(matches!(kind, FailureKind::NotFound | FailureKind::Denied), "{message}");
    assert!(message.contains("`nobody-has-this`"), "{message}");
    let (kind, message) = failing(Server { region: "elsewhere".to_owned(), ..good.clone() }).await;
    assert_eq!(kind, FailureKind::Invalid, "{message}");
    assert!(message.contains("region"), "{message}");
    let wrong = "00000000000000000000000000000000000000000000000000000000deadbeef".to_owned();
    let (kind, message) = failing(Server { secret_access_key: wrong, ..good.clone() }).await;
    assert!(matches!(kind, FailureKind::Unauthenticated | FailureKind::Denied), "{kind:?} {message}");
    let (kind, message) = failing(Server { endpoint: "http://127.0.0.1:1".to_owned(), ..good.clone() }).await;
    assert_eq!(kind, FailureKind::Unreachable, "{message}");
    let (kind, message) = failing(Server { endpoint: "http://no.such.host.invalid".to_owned(), ..good }).await;
    assert_eq!(kind, FailureKind::Unreachable, "{message}");
    assert!(message.contains("no address"), "{message}");
}
