//! What goes over the wire, and what odd answers mean: a server of a few lines that says exactly what a test wants.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use support::Server;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use waybill_connector::{Connector, Learned, PageRequest, Part, ReadOptions, WriteOptions, body_of};
use waybill_model::{FailureKind, PartHash, PartReceipt, Proof, RemotePath, Retry, Sha256, UploadSession};

/// A request as it came: its head in lower case and its body.
#[derive(Debug, Clone)]
struct Asked {
    head: String,
    body: Vec<u8>,
}

/// Answers the given answers one after the other, then the last one for ever.
async fn scripted(answers: &[&str]) -> (Arc<dyn Connector>, Arc<Mutex<Vec<Asked>>>) {
    scripted_with(answers, &Learned::default()).await
}

async fn scripted_with(answers: &[&str], learned: &Learned) -> (Arc<dyn Connector>, Arc<Mutex<Vec<Asked>>>) {
    scripted_in("store", answers, learned).await
}

/// The same with the bucket's name, or without any.
async fn scripted_in(
    bucket: &str,
    answers: &[&str],
    learned: &Learned,
) -> (Arc<dyn Connector>, Arc<Mutex<Vec<Asked>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server {
        endpoint: format!("http://{}", listener.local_addr().unwrap()),
        region: "eu-central-1".to_owned(),
        bucket: bucket.to_owned(),
        access_key_id: "AKIAEXAMPLE".to_owned(),
        secret_access_key: "canary-secret".to_owned(),
    };
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (seen, answers) = (Arc::clone(&asked), answers.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
    tokio::spawn(async move {
        let mut next = 0;
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let Some(request) = read_request(&mut stream).await else { continue };
            seen.lock().unwrap().push(request);
            let answer = answers[next.min(answers.len() - 1)].clone();
            next += 1;
            drop(stream.write_all(answer.as_bytes()).await);
            drop(stream.shutdown().await);
        }
    });
    (server.open("", learned), asked)
}

async fn read_request(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let split = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..split]).to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0_usize);
    let mut body = bytes.split_off(split + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Asked { head, body })
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len())
}

fn failing(status: &str, code: &str, more: &str) -> String {
    answer(status, "", &format!("<Error><Code>{code}</Code><Message>As it says.</Message>{more}</Error>"))
}

async fn write(connector: &dyn Connector, replace: bool) -> waybill_connector::Result<waybill_model::Receipt> {
    let options = WriteOptions { size: 5, replace, ..WriteOptions::default() };
    connector.write().unwrap().write(&RemotePath::new("/a b"), body_of(Bytes::from_static(b"hello")), options).await
}

#[tokio::test]
async fn bytes_go_up_with_a_signed_checksum_and_an_unsigned_payload() {
    let stored = answer("200 OK", "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\n", "");
    let (connector, asked) = scripted(&[&stored]).await;
    let receipt = write(connector.as_ref(), true).await.unwrap();
    assert_eq!(receipt.proof, Some(Proof::Md5), "the MD5 is equal, and the SHA-256 was never seen refused");
    let asked = asked.lock().unwrap();
    let Asked { head, body } = &asked[0];
    assert_eq!(body, b"hello", "the body is not wrapped in chunks of its own");
    assert!(head.starts_with("put /store/a%20b?"), "{head}");
    assert!(head.contains("x-amz-content-sha256: unsigned-payload"), "{head}");
    let digest = Sha256::of(b"hello");
    assert!(head.contains(&format!("x-amz-checksum-sha256: {}", digest.to_base64().to_lowercase())), "{head}");
    let signed = head.split("signedheaders=").nth(1).unwrap().split(',').next().unwrap();
    assert!(signed.split(';').any(|name| name == "x-amz-checksum-sha256"), "{signed}");
    assert!(head.contains(&format!("x-amz-meta-waybill-sha256: {digest}")), "{head}");
    assert!(!head.contains("crc32") && !head.contains("aws-chunked"), "{head}");
}

#[tokio::test]
async fn a_new_name_is_written_under_a_condition() {
    let stored = answer("200 OK", "ETag: \"x\"\r\n", "");
    let (connector, asked) = scripted(&[&answer("404 Not Found", "", ""), &stored]).await;
    assert_eq!(write(connector.as_ref(), false).await.unwrap().proof, None);
    let asked = asked.lock().unwrap();
    assert!(asked[0].head.starts_with("head "), "a server that was not tried is asked first");
    assert!(asked[1].head.contains("if-none-match: *"), "{}", asked[1].head);
}

#[tokio::test]
async fn a_success_that_names_nothing_stored_is_an_error() {
    let odd = answer("200 OK", "", "<Error><Code>InternalError</Code></Error>");
    let (connector, _) = scripted(&[&odd]).await;
    let error = write(connector.as_ref(), true).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Vendor, Retry::Backoff));
}

#[tokio::test]
async fn other_bytes_by_the_servers_own_digest_are_a_mismatch() {
    let other = Sha256::of(b"jello").to_base64();
    let stored = answer("200 OK", &format!("ETag: \"x\"\r\nx-amz-checksum-sha256: {other}\r\n"), "");
    let (connector, _) = scripted(&[&stored]).await;
    assert_eq!(write(connector.as_ref(), true).await.unwrap_err().kind, FailureKind::ChecksumMismatch);
}

#[tokio::test]
async fn an_etag_that_is_no_md5_there_proves_nothing() {
    let stored = answer("200 OK", "ETag: \"00000000000000000000000000000000\"\r\n", "");
    let (connector, _) = scripted(&[&stored]).await;
    assert_eq!(write(connector.as_ref(), true).await.unwrap().proof, None);
    let mut learned = Learned::default();
    learned.set("etag_is_md5", true);
    let (connector, _) = scripted_with(&[&stored], &learned).await;
    assert_eq!(write(connector.as_ref(), true).await.unwrap_err().kind, FailureKind::ChecksumMismatch);
}

async fn checked(answer: &str) -> waybill_connector::ConnectorError {
    let (connector, _) = scripted(&[answer]).await;
    connector.check().await.unwrap_err()
}

#[tokio::test]
async fn a_redirect_names_the_right_region() {
    let moved = answer(
        "301 Moved Permanently",
        "x-amz-bucket-region: us-west-2\r\n",
        "<Error><Code>PermanentRedirect</Code></Error>",
    );
    let error = checked(&moved).await;
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(error.message.contains("`us-west-2`"), "{error}");
    let malformed = failing("400 Bad Request", "AuthorizationHeaderMalformed", "<Region>us-west-2</Region>");
    assert!(checked(&malformed).await.message.contains("`us-west-2`"));
}

#[tokio::test]
async fn a_wrong_clock_is_named_with_both_times() {
    let more = "<RequestTime>20261121T060000Z</RequestTime><ServerTime>2026-11-21T08:00:00Z</ServerTime>";
    let error = checked(&failing("403 Forbidden", "RequestTimeTooSkewed", more)).await;
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    assert!(error.message.contains("20261121T060000Z") && error.message.contains("2026-11-21T08:00:00Z"), "{error}");
}

#[tokio::test]
async fn a_wait_in_seconds_or_as_a_date_is_kept() {
    let body = "<Error><Code>SlowDown</Code></Error>";
    let seconds = answer("503 Slow Down", "Retry-After: 7\r\n", body);
    assert_eq!(checked(&seconds).await.retry, Retry::After(7000));
    let dates = "Date: Sat, 21 Nov 2026 08:00:00 GMT\r\nRetry-After: Sat, 21 Nov 2026 08:00:09 GMT\r\n";
    assert_eq!(checked(&answer("503 Slow Down", dates, body)).await.retry, Retry::After(9000));
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let error = checked(&failing("403 Forbidden", "SignatureDoesNotMatch", "")).await;
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
}

fn session() -> UploadSession {
    UploadSession {
        version: waybill_model::SESSION_VERSION,
        path: RemotePath::new("/x"),
        size: 5,
        part_size: 5,
        replace: true,
        handle: serde_json::json!({"upload_id": "7", "checksums": true, "sha256_in_metadata": false}),
    }
}

fn receipt() -> PartReceipt {
    let digest = Sha256::of(b"hello");
    let hash = PartHash { sha256: Some(digest), md5: None };
    PartReceipt { number: 1, offset: 0, length: 5, hash, prefix_sha256: digest, token: "t".to_owned() }
}

#[tokio::test]
async fn an_error_behind_the_success_of_completing_is_an_error() {
    let odd = failing("200 OK", "InternalError", "");
    let (connector, _) = scripted(&[&odd]).await;
    let upload = connector.resumable_upload().unwrap();
    let error = upload.finish(&session(), &[receipt()], WriteOptions::default()).await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Vendor, Retry::Backoff));
}

#[tokio::test]
async fn a_composite_of_other_parts_is_a_mismatch() {
    let other = Sha256::of(b"other").to_base64();
    let body = format!(
        "<CompleteMultipartUploadResult><ETag>\"e-1\"</ETag><ChecksumSHA256>{other}-1</ChecksumSHA256></CompleteMultipartUploadResult>"
    );
    let (connector, _) = scripted(&[&answer("200 OK", "", &body), &answer("404 Not Found", "", "")]).await;
    let upload = connector.resumable_upload().unwrap();
    let error = upload.finish(&session(), &[receipt()], WriteOptions::default()).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::ChecksumMismatch);
}

#[tokio::test]
async fn a_part_of_an_upload_that_is_gone_is_not_found() {
    let (connector, _) = scripted(&[&failing("404 Not Found", "NoSuchUpload", "")]).await;
    let hash = receipt().hash;
    let part =
        Part { number: 1, offset: 0, bytes: Bytes::from_static(b"hello"), hash, prefix_sha256: Sha256::of(b"hello") };
    let error = connector.resumable_upload().unwrap().put_part(&session(), part).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::NotFound);
}

/// A server that refuses a part before it has read it may close so soon that its words are lost.
#[tokio::test]
async fn an_upload_that_is_gone_is_recognised_where_the_connection_breaks_instead() {
    let gone = failing("404 Not Found", "NoSuchUpload", "");
    for (then, expected) in [(gone.as_str(), FailureKind::NotFound), ("", FailureKind::Unreachable)] {
        let (connector, asked) = scripted(&["", then]).await;
        let part = Part {
            number: 1,
            offset: 0,
            bytes: Bytes::from_static(b"hello"),
            hash: PartHash::default(),
            prefix_sha256: Sha256::of(b"hello"),
        };
        let error = connector.resumable_upload().unwrap().put_part(&session(), part).await.unwrap_err();
        assert_eq!(error.kind, expected);
        let heads: Vec<_> = asked.lock().unwrap().iter().map(|asked| asked.head[..4].to_owned()).collect();
        assert_eq!(heads, ["put ", "get "], "the parts are asked for once");
    }
}

#[tokio::test]
async fn a_multipart_answer_with_an_odd_root_is_read_and_noted() {
    let odd = "<InitiateMultipartUpload><UploadId>77</UploadId></InitiateMultipartUpload>";
    let (connector, asked) = scripted(&[&answer("200 OK", "", odd)]).await;
    let options = WriteOptions { size: 5, replace: true, ..WriteOptions::default() };
    let session = connector.resumable_upload().unwrap().begin(&RemotePath::new("/x"), options).await.unwrap();
    assert_eq!(session.handle["upload_id"], "77");
    assert_eq!(session.handle["odd"], true);
    assert!(asked.lock().unwrap()[0].head.contains("x-amz-checksum-algorithm: sha256"));
}

#[tokio::test]
async fn the_answer_to_a_look_is_explained_by_a_listing() {
    let expired = failing("400 Bad Request", "ExpiredToken", "");
    let (connector, _) = scripted(&[&answer("400 Bad Request", "", ""), &expired]).await;
    let error = connector.list().unwrap().stat(&RemotePath::new("/x")).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated, "an answer to HEAD has no body: {error}");
}

#[tokio::test]
async fn a_body_that_ends_early_is_truncated() {
    use futures::TryStreamExt as _;

    let short = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\nETag: \"e\"\r\n\r\nhello";
    let (connector, _) = scripted(&[short]).await;
    let body = connector.read().unwrap().read(&RemotePath::new("/x"), ReadOptions::default()).await.unwrap();
    let error = body.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Truncated);
}

/// Tells a test that it runs as a child, and where the server is.
#[cfg(unix)]
const ENDPOINT: &str = "WAYBILL_TEST_ENDPOINT";

/// What a test below does when it was started by itself, in an environment of its own.
#[cfg(unix)]
async fn check_as_child(endpoint: String) {
    let settings = [
        ("endpoint", endpoint),
        ("region", "eu-central-1".to_owned()),
        ("bucket", "store".to_owned()),
        ("profile", "renewing".to_owned()),
    ];
    let context = waybill_connector::OpenContext {
        name: "store".to_owned(),
        settings: settings.into_iter().collect(),
        secrets: waybill_connector::Secrets::new(),
        learned: Learned::default(),
        ask: Arc::new(waybill_connector::NobodyToAsk),
        network: waybill_connector::Network::default(),
    };
    let connector = waybill_connector_s3::open_with(&context, support::patience()).unwrap();
    let identity = connector.check().await.map_err(|error| format!("{:?}: {error}", error.kind));
    assert_eq!(identity.unwrap().name, "profile renewing");
}

/// Runs `test` again as a child against a server that gives `answers`; says how it ended, its output and who signed each request.
#[cfg(unix)]
async fn child_against(test: &str, answers: &[&str]) -> (bool, String, Vec<String>) {
    let (connector, asked) = scripted(answers).await;
    let place = format!("{connector:?}");
    let host = place.split("host: \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let script = format!(
        "echo x >> {count}\nn=$(wc -l < {count} | tr -d ' ')\nprintf '{{\"Version\":1,\"AccessKeyId\":\"AKIA%s\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"2999-01-01T00:00:00Z\"}}' \"$n\"\n",
        count = path("count")
    );
    fs_err::write(path("give"), script).unwrap();
    fs_err::write(path("config"), format!("[profile renewing]\ncredential_process = sh {}\n", path("give"))).unwrap();
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]);
    child.env("AWS_CONFIG_FILE", path("config")).env("AWS_SHARED_CREDENTIALS_FILE", path("none"));
    child.env_remove("AWS_ACCESS_KEY_ID").env(ENDPOINT, format!("http://{host}"));
    let output = child.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let signer = |asked: &Asked| asked.head.split("credential=").nth(1).unwrap().split('/').next().unwrap().to_owned();
    (output.status.success(), said, asked.lock().unwrap().iter().map(signer).collect())
}

#[cfg(unix)]
#[tokio::test]
async fn credentials_that_expired_are_fetched_again_without_a_word() {
    if let Ok(endpoint) = std::env::var(ENDPOINT) {
        return check_as_child(endpoint).await;
    }
    let test = "credentials_that_expired_are_fetched_again_without_a_word";
    let listed = answer("200 OK", "", "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>");
    let (passed, said, signers) =
        child_against(test, &[&failing("400 Bad Request", "ExpiredToken", ""), &listed]).await;
    assert!(passed, "{said}");
    assert_eq!(signers, ["akia1", "akia2"]);
}

#[cfg(unix)]
#[tokio::test]
async fn credentials_that_stay_expired_are_fetched_again_once_and_named() {
    if let Ok(endpoint) = std::env::var(ENDPOINT) {
        return check_as_child(endpoint).await;
    }
    let test = "credentials_that_stay_expired_are_fetched_again_once_and_named";
    let (passed, said, signers) = child_against(test, &[&failing("400 Bad Request", "ExpiredToken", "")]).await;
    assert!(!passed && said.contains("Unauthenticated") && said.contains("profile `renewing`"), "{said}");
    assert_eq!(signers, ["akia1", "akia2"]);
}

#[tokio::test]
async fn what_is_wrong_with_a_bucket_names_the_one_in_the_path() {
    let denied = failing("403 Forbidden", "AccessDenied", "");
    let (connector, asked) = scripted_in("", &[&denied], &Learned::default()).await;
    let page = PageRequest::default();
    let error = connector.list().unwrap().list(&RemotePath::new("/invoices/in"), page).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied);
    assert!(error.message.contains("the bucket `invoices`"), "{}", error.message);
    let head = asked.lock().unwrap()[0].head.clone();
    assert!(head.starts_with("get /invoices") && head.contains("prefix=in%2f"), "{head}");
}

#[tokio::test]
async fn a_bucket_of_another_region_is_told_with_its_region() {
    let moved = answer("301 Moved Permanently", "x-amz-bucket-region: eu-west-3\r\n", "");
    let (connector, _) = scripted_in("", &[&moved], &Learned::default()).await;
    let error = connector.list().unwrap().stat(&RemotePath::new("/invoices")).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(error.message.contains("the bucket `invoices` is in the region `eu-west-3`"), "{}", error.message);
}

#[tokio::test]
async fn who_may_not_list_the_buckets_is_told_what_to_do() {
    let denied = failing("403 Forbidden", "AccessDenied", "");
    let (connector, _) = scripted_in("", &[&denied], &Learned::default()).await;
    let error = connector.check().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Denied);
    assert!(error.message.contains("a bucket has to be named"), "{}", error.message);
    assert!(!error.message.contains("``"), "no bucket stands where none is meant: {}", error.message);
}

#[tokio::test]
async fn a_copy_between_buckets_names_both() {
    let head = answer("200 OK", "ETag: \"x\"\r\n", "");
    let copied = answer("200 OK", "", "<CopyObjectResult><ETag>\"x\"</ETag></CopyObjectResult>");
    let (connector, asked) = scripted_in("", &[&head, &copied], &Learned::default()).await;
    let (from, to) = (RemotePath::new("/one/a b"), RemotePath::new("/two/c"));
    connector.server_copy().unwrap().copy(&from, &to, true).await.unwrap();
    let asked = asked.lock().unwrap();
    assert!(asked[1].head.starts_with("put /two/c?"), "{}", asked[1].head);
    assert!(asked[1].head.contains("x-amz-copy-source: one/a%20b"), "{}", asked[1].head);
}

#[tokio::test]
async fn buckets_come_page_by_page() {
    let page = |name: &str, token: &str| {
        let bucket =
            format!("<Bucket><Name>{name}</Name><CreationDate>2026-02-03T04:05:06.000Z</CreationDate></Bucket>");
        let body = format!("<ListAllMyBucketsResult><Buckets>{bucket}</Buckets>{token}</ListAllMyBucketsResult>");
        answer("200 OK", "", &body)
    };
    let answers = [page("one", "<ContinuationToken>next</ContinuationToken>"), page("two", "")];
    let (connector, asked) = scripted_in("", &[&answers[0], &answers[1]], &Learned::default()).await;
    let list = connector.list().unwrap();
    let first = list.list(&RemotePath::root(), PageRequest { cursor: None, limit: 1 }).await.unwrap();
    assert_eq!(first.entries[0].path, RemotePath::new("/one"));
    assert_eq!(
        first.entries[0].modified.map(waybill_model::Millis::to_rfc3339).as_deref(),
        Some("2026-02-03T04:05:06Z")
    );
    let second = list.list(&RemotePath::root(), PageRequest { cursor: first.next, limit: 1 }).await.unwrap();
    assert_eq!((second.entries[0].name.as_str(), second.next), ("two", None));
    let asked = asked.lock().unwrap();
    assert!(asked[0].head.contains("max-buckets=1"), "{}", asked[0].head);
    assert!(asked[1].head.contains("continuation-token=next"), "{}", asked[1].head);
}
