//! Files on their way out: what counts as stored, what is sent again, and what is not.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use axum::{Router, extract::Request, http::StatusCode, response::Html, routing::any};
use bench::{Pairs, open, pairs};
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use rstest::rstest;
use serde_json::json;
use waybill_connector::{ByteStream, Connector as _, Result, WriteOptions, body_of};
use waybill_connector_xconnector::XConnector;
use waybill_model::{FailureKind, Proof, Receipt, RemotePath, Retry, Sha256, Sha256Hasher};
use waybill_standins::{
    faults::{Fault, Rule},
    xconnector::{Options, XconnectorStandin},
};

async fn started() -> XconnectorStandin {
    XconnectorStandin::start(Options::default()).await.unwrap()
}

fn connection(server: &XconnectorStandin, more: &Pairs) -> XConnector {
    let mut settings = pairs([
        ("file_url", format!("{}/files/{{path}}", server.base_url())),
        ("file_hash", "/sha256".to_owned()),
        ("file_reference", "/receipt/id".to_owned()),
    ]);
    settings.retain(|(key, _)| !more.iter().any(|(other, _)| other == key));
    settings.extend(more.iter().cloned());
    open(&settings, &Vec::new()).unwrap()
}

fn form(server: &XconnectorStandin) -> Pairs {
    pairs([("file_method", "multipart".to_owned()), ("file_url", format!("{}/files", server.base_url()))])
}

async fn write(connector: &XConnector, path: &str, bytes: &'static [u8]) -> Result<Receipt> {
    let options = WriteOptions { size: bytes.len() as u64, sha256: Some(Sha256::of(bytes)), ..WriteOptions::default() };
    connector.write().unwrap().write(&RemotePath::new(path), body_of(Bytes::from_static(bytes)), options).await
}

fn stored(server: &XconnectorStandin, name: &str) -> Option<Vec<u8>> {
    server.files().into_iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes)
}

#[tokio::test]
async fn a_file_is_matched_where_the_answers_hash_is_ours_and_accepted_where_it_tells_none() {
    let server = started().await;
    let receipt = write(&connection(&server, &Vec::new()), "in/a b%.txt", b"abc").await.unwrap();
    assert_eq!(receipt.proof, Some(Proof::Sha256));
    assert!(receipt.version.is_some_and(|id| !id.is_empty()));
    assert_eq!(stored(&server, "in/a b%.txt").unwrap(), b"abc");
    let silent = XconnectorStandin::start(Options { tells_digest: false, ..Options::default() }).await.unwrap();
    assert_eq!(write(&connection(&silent, &Vec::new()), "b", b"abc").await.unwrap().proof, None);
}

#[tokio::test]
async fn a_hash_in_the_answer_that_is_not_ours_is_a_failure() {
    let server = started().await;
    server.faults().inject(Rule::new(Fault::CorruptStored(1)));
    let error = write(&connection(&server, &Vec::new()), "a", b"abc").await.unwrap_err();
    assert_eq!(error.kind, FailureKind::ChecksumMismatch);
}

#[tokio::test]
async fn metadata_goes_by_templates_in_headers_query_and_parts() {
    let server = started().await;
    let more = pairs([
        ("file_headers", r#"{"X-Meta-Matter": "{folder}", "X-Meta-Hash": "{sha256}"}"#),
        ("file_query", r#"{"n": "{name}"}"#),
    ]);
    write(&connection(&server, &more), "2291/ä.txt", b"abc").await.unwrap();
    let mut more = form(&server);
    more.push(("file_parts", r#"{"matter": "{folder}", "bytes": "{size}"}"#.to_owned()));
    write(&connection(&server, &more), "2291/\"two\".txt", b"abc").await.unwrap();
    assert!(stored(&server, "\"two\".txt").is_some() || stored(&server, "%22two%22.txt").is_some());
}

#[tokio::test]
async fn an_answer_that_was_lost_is_made_up_for_by_the_same_file_again() {
    let server = started().await;
    let connector = connection(&server, &pairs([("conflict_is_success", "true")]));
    server.faults().inject(Rule::new(Fault::DropAnswer));
    let error = write(&connector, "once", b"abc").await.unwrap_err();
    assert_ne!(error.retry, Retry::Never, "{error}");
    let receipt = write(&connector, "once", b"abc").await.unwrap();
    assert_eq!(receipt.proof, Some(Proof::Sha256));
    assert!(receipt.version.is_some());
    assert_eq!(write(&connector, "once", b"abd").await.unwrap_err().kind, FailureKind::AlreadyExists);
    let strict = connection(&server, &Vec::new());
    assert_eq!(write(&strict, "once", b"abc").await.unwrap_err().kind, FailureKind::AlreadyExists);
}

#[rstest]
#[case::lost(Fault::DropAnswer)]
#[case::hung(Fault::Hang)]
#[case::failed(Fault::refuse(500))]
#[tokio::test]
async fn a_form_that_may_have_been_taken_is_not_sent_again_by_itself(#[case] fault: Fault) {
    let server = started().await;
    server.faults().inject(Rule::new(fault.clone()));
    let error = write(&connection(&server, &form(&server)), "once", b"abc").await.unwrap_err();
    assert_eq!((error.retry, error.fact("taken")), (Retry::Never, Some("unknown")), "{error}");
    server.faults().clear();
    server.faults().inject(Rule::new(fault));
    let mut safe = form(&server);
    safe.push(("file_repeatable", "true".to_owned()));
    let error = write(&connection(&server, &safe), "once", b"abc").await.unwrap_err();
    assert_ne!(error.retry, Retry::Never, "{error}");
}

#[tokio::test]
async fn a_form_that_certainly_was_not_taken_may_go_again() {
    let server = started().await;
    let connector = connection(&server, &form(&server));
    server.faults().inject(Rule::new(Fault::Refuse { status: 429, code: None, retry_after: Some(7) }));
    assert_eq!(write(&connector, "a", b"abc").await.unwrap_err().retry, Retry::After(7000));
    server.faults().inject(Rule::new(Fault::Refuse { status: 503, code: None, retry_after: Some(9) }));
    assert_eq!(write(&connector, "a", b"abc").await.unwrap_err().retry, Retry::After(9000));
    server.stop().await;
    assert_eq!(write(&connector, "a", b"abc").await.unwrap_err().retry, Retry::Backoff);
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

#[rstest]
#[case::page("<html>Sign in</html>", "text/html", FailureKind::Invalid)]
#[case::page_in_disguise("<!DOCTYPE html><p>Sign in", "application/json", FailureKind::Invalid)]
#[case::without_acknowledgement(r#"{"ok": true}"#, "application/json", FailureKind::Vendor)]
#[case::problem(r#"{"detail": "not stored"}"#, "application/problem+json", FailureKind::Vendor)]
#[tokio::test]
async fn a_success_that_is_none_is_a_failure(
    #[case] body: &'static str,
    #[case] kind: &'static str,
    #[case] expected: FailureKind,
) {
    let answer = move || async move { ([("content-type", kind)], body) };
    let base = serve(Router::new().fallback(any(answer))).await;
    let settings = pairs([("file_url", format!("{base}/{{name}}")), ("file_reference", "/id".to_owned())]);
    let error = write(&open(&settings, &Vec::new()).unwrap(), "a", b"abc").await.unwrap_err();
    assert_eq!(error.kind, expected, "{error}");
}

#[tokio::test]
async fn a_redirection_is_not_followed_with_a_file() {
    let base =
        serve(Router::new().fallback(any(|| async { (StatusCode::FOUND, [("location", "/login")], Html("x")) }))).await;
    let settings = pairs([("file_url", format!("{base}/{{name}}"))]);
    let error = write(&open(&settings, &Vec::new()).unwrap(), "a", b"abc").await.unwrap_err();
    assert_eq!((error.kind, error.retry), (FailureKind::Invalid, Retry::Never));
}

#[rstest]
#[case("in/../../etc/passwd")]
#[case("in/./x")]
#[case("in//x")]
#[tokio::test]
async fn no_name_leads_out_of_its_place(#[case] path: &str) {
    let server = started().await;
    let error = write(&connection(&server, &Vec::new()), path, b"abc").await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Invalid);
    assert!(server.faults().journal().is_empty());
}

#[tokio::test]
async fn names_that_mean_something_in_an_address_stay_names() {
    let server = started().await;
    for name in ["@evil.example", "a?b=c#d", "%2e%2e", "a;b&c", "..a", "ä\u{301}"] {
        write(&connection(&server, &Vec::new()), name, b"abc").await.unwrap();
        assert!(stored(&server, name).is_some(), "{name}: {:?}", server.files());
    }
}

#[tokio::test]
async fn a_large_file_streams_through() {
    const PIECES: u64 = 48;
    const PIECE: u64 = 1 << 20;
    async fn take(request: Request) -> axum::Json<serde_json::Value> {
        let mut body = request.into_body().into_data_stream();
        let (mut hasher, mut size) = (Sha256Hasher::default(), 0);
        while let Some(piece) = body.next().await {
            let piece = piece.unwrap();
            size += piece.len();
            hasher.update(&piece);
        }
        axum::Json(json!({ "sha256": hasher.finish(), "size": size }))
    }
    let base = serve(Router::new().fallback(any(take))).await;
    let settings = pairs([("file_url", format!("{base}/{{name}}")), ("file_hash", "/sha256".to_owned())]);
    let piece = |number: u64| Bytes::from(vec![u8::try_from(number % 251).unwrap(); usize::try_from(PIECE).unwrap()]);
    let body: ByteStream = stream::iter((0..PIECES).map(piece)).map(Ok).boxed();
    let options = WriteOptions { size: PIECES * PIECE, ..WriteOptions::default() };
    let connector = open(&settings, &Vec::new()).unwrap();
    let receipt = connector.write().unwrap().write(&RemotePath::new("large"), body, options).await.unwrap();
    assert_eq!((receipt.size, receipt.proof), (PIECES * PIECE, Some(Proof::Sha256)));
}

#[tokio::test]
async fn a_file_over_the_limit_is_not_begun() {
    let server = started().await;
    let connector = connection(&server, &pairs([("file_bytes", "2")]));
    let error = write(&connector, "a", b"abc").await.unwrap_err();
    assert_eq!((error.kind, error.fact("limit")), (FailureKind::TooLarge, Some("2")));
    assert!(server.faults().journal().is_empty());
}
