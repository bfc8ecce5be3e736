//! The listener: what it answers, when, and that nothing is handled twice and nothing lost.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bench::{RealClock, open, pairs};
use data_encoding::BASE64;
use futures::TryStreamExt as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use waybill_connector::{Connector, ConnectorError, Delivery, EventFile, RemoteEvent, Result};
use waybill_connector_xconnector::{Accept, Accepted, ListenOptions, Listener, inbound_of};
use waybill_model::{Clock as _, FailureKind};
use waybill_standins::xconnector::DEMO_SIGNING_SECRET;

const STRUCTURED: &str = "application/cloudevents+json";

/// Keeps events as a database with a unique row would.
#[derive(Debug)]
struct Kept {
    rows: Mutex<BTreeSet<(String, String)>>,
    started: Mutex<Vec<String>>,
    asked: AtomicUsize,
    fails: AtomicBool,
    waits: tokio::sync::Semaphore,
    is_slow: AtomicBool,
}

impl Kept {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            rows: Mutex::default(),
            started: Mutex::default(),
            asked: AtomicUsize::new(0),
            fails: AtomicBool::new(false),
            waits: tokio::sync::Semaphore::new(0),
            is_slow: AtomicBool::new(false),
        })
    }

    fn started(&self) -> Vec<String> {
        self.started.lock().unwrap().clone()
    }
}

#[async_trait]
impl Accept for Kept {
    async fn accept(&self, event: RemoteEvent) -> Result<Accepted> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.is_slow.load(Ordering::SeqCst) {
            self.waits.acquire().await.unwrap().forget();
        }
        if self.fails.load(Ordering::SeqCst) {
            return Err(ConnectorError::new(FailureKind::QuotaExceeded, "accept", "the disk is full"));
        }
        if self.rows.lock().unwrap().insert((event.source, event.id.clone())) {
            self.started.lock().unwrap().push(event.id);
            return Ok(Accepted::New);
        }
        Ok(Accepted::Known)
    }
}

async fn listening(accept: &Arc<Kept>, more: &[(&'static str, &str)]) -> Listener {
    let mut settings = pairs([("listener", "true"), ("listener_bytes", "4096")]);
    settings.extend(more.iter().map(|(key, value)| (*key, (*value).to_owned())));
    let connector: Arc<dyn Connector> =
        Arc::new(open(&settings, &pairs([("signing_secret", DEMO_SIGNING_SECRET)])).unwrap());
    let options =
        ListenOptions { host: "127.0.0.1".to_owned(), port: 0, path: "/events".to_owned(), clock: Arc::new(RealClock) };
    Listener::open(options, inbound_of(connector).unwrap(), Arc::<Kept>::clone(accept)).await.unwrap()
}

fn event(id: &str) -> Value {
    json!({ "specversion": "1.0", "id": id, "source": "urn:shop", "type": "order.placed", "data": { "order": 1 } })
}

/// The headers of a delivery that is signed right, at so many seconds from now.
fn signed(delivery: &str, off: i64, body: &str) -> String {
    let seconds = RealClock.now().0 / 1000 + off;
    let key = BASE64.decode(DEMO_SIGNING_SECRET.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{delivery}.{seconds}.{body}").as_bytes());
    let signature = BASE64.encode(&mac.finalize().into_bytes());
    format!("webhook-id: {delivery}\r\nwebhook-timestamp: {seconds}\r\nwebhook-signature: v1,{signature}\r\n")
}

/// Sends bytes as they are, and reads the answer to its end.
async fn say(listener: &Listener, request: String) -> (u16, String) {
    let mut stream = TcpStream::connect(listener.address()).await.unwrap();
    // Who is refused early may not take the rest.
    drop(stream.write_all(request.as_bytes()).await);
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

fn post(kind: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST /events HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    )
}

async fn tell(listener: &Listener, delivery: &str, event: &Value) -> (u16, String) {
    let body = event.to_string();
    say(listener, post(STRUCTURED, &signed(delivery, 0, &body), &body)).await
}

#[tokio::test]
async fn a_known_event_is_taken_again_and_starts_nothing() {
    let kept = Kept::new();
    let listener = listening(&kept, &[]).await;
    for delivery in ["d-1", "d-1", "d-2"] {
        let (status, answer) = tell(&listener, delivery, &event("e-1")).await;
        assert_eq!(status, 202, "{answer}");
        assert!(answer.contains(r#"{"ids":["e-1"]}"#), "{answer}");
    }
    assert_eq!(kept.started(), ["e-1"]);
    assert_eq!(kept.asked.load(Ordering::SeqCst), 2, "a replayed message is known by its own id");
    listener.close().await;
}

#[tokio::test]
async fn what_comes_out_of_order_is_taken_as_it_comes() {
    let kept = Kept::new();
    let listener = listening(&kept, &[]).await;
    for id in ["e-3", "e-1", "e-2"] {
        assert_eq!(tell(&listener, &format!("d-{id}"), &event(id)).await.0, 202);
    }
    assert_eq!(kept.started(), ["e-3", "e-1", "e-2"]);
}

#[tokio::test]
async fn nothing_is_answered_before_the_event_is_kept() {
    let kept = Kept::new();
    kept.is_slow.store(true, Ordering::SeqCst);
    let listener = listening(&kept, &[]).await;
    let body = event("e-1").to_string();
    let request = post(STRUCTURED, &signed("d-1", 0, &body), &body);
    let mut stream = TcpStream::connect(listener.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let early = tokio::time::timeout(Duration::from_millis(300), stream.read_exact(&mut answer)).await;
    assert!(early.is_err(), "it was answered before the event was kept");
    assert!(kept.started().is_empty());
    kept.waits.add_permits(1);
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 202");
    assert_eq!(kept.started(), ["e-1"]);
}

#[tokio::test]
async fn what_cannot_be_kept_is_asked_for_again_and_then_taken() {
    let kept = Kept::new();
    let listener = listening(&kept, &[]).await;
    kept.fails.store(true, Ordering::SeqCst);
    let (status, answer) = tell(&listener, "d-1", &event("e-1")).await;
    assert_eq!(status, 503);
    assert!(answer.to_lowercase().contains("retry-after: 10") && !answer.contains("disk"), "{answer}");
    kept.fails.store(false, Ordering::SeqCst);
    assert_eq!(tell(&listener, "d-1", &event("e-1")).await.0, 202);
    assert_eq!(kept.started(), ["e-1"]);
}

#[tokio::test]
async fn a_batch_of_which_half_was_kept_is_made_whole_by_sending_it_again() {
    let kept = Kept::new();
    let listener = listening(&kept, &[]).await;
    kept.is_slow.store(true, Ordering::SeqCst);
    kept.waits.add_permits(1);
    let body = json!([event("e-1"), event("e-2")]).to_string();
    let kind = "application/cloudevents-batch+json";
    let request = post(kind, &signed("d-1", 0, &body), &body);
    // The sender gives up while the second one is being kept.
    let cut = tokio::time::timeout(Duration::from_millis(300), say(&listener, request.clone())).await;
    assert!(cut.is_err());
    kept.is_slow.store(false, Ordering::SeqCst);
    kept.waits.add_permits(1);
    assert_eq!(say(&listener, request).await.0, 202);
    let mut started = kept.started();
    started.sort();
    assert_eq!(started, ["e-1", "e-2"]);
}

#[rstest]
#[case::unsigned(post(STRUCTURED, "", &event("e").to_string()), 401, "unsigned")]
#[case::too_old({ let body = event("e").to_string(); post(STRUCTURED, &signed("d", -301, &body), &body) }, 401, "too-old")]
#[case::from_the_future({ let body = event("e").to_string(); post(STRUCTURED, &signed("d", 310, &body), &body) }, 401, "too-old")]
#[case::changed({ let body = event("e").to_string(); post(STRUCTURED, &signed("d", 0, "{}"), &body) }, 401, "wrong-signature")]
#[case::too_long({ let body = "x".repeat(4097); post(STRUCTURED, &signed("d", 0, &body), &body) }, 413, "too-large")]
#[case::text(post("text/plain", &signed("d", 0, "hello"), "hello"), 415, "media-type")]
#[case::no_json(post(STRUCTURED, &signed("d", 0, "{"), "{"), 422, "event")]
#[case::no_event(post(STRUCTURED, &signed("d", 0, "{}"), "{}"), 422, "event")]
#[case::another_path("POST /other HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(), 404, "not-here")]
#[case::a_look("GET /events HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(), 405, "method")]
#[tokio::test]
async fn what_is_not_right_has_its_status_and_its_problem(
    #[case] request: String,
    #[case] status: u16,
    #[case] problem: &str,
) {
    let kept = Kept::new();
    let listener = listening(&kept, &[]).await;
    let (told, answer) = say(&listener, request).await;
    assert_eq!(told, status, "{answer}");
    assert!(answer.contains("application/problem+json"), "{answer}");
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
    assert_eq!(body["type"], format!("urn:waybill:problem:{problem}"));
    assert_eq!(body["status"], status);
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    assert_eq!(kept.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_without_a_length_is_cut_off_at_the_limit() {
    let kept = Kept::new();
    let listener = listening(&kept, &[]).await;
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(4096));
    let request = format!(
        "POST /events HTTP/1.1\r\nhost: x\r\ncontent-type: {STRUCTURED}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{chunk}{chunk}0\r\n\r\n"
    );
    assert_eq!(say(&listener, request).await.0, 413);
}

#[tokio::test]
async fn the_field_map_names_the_row_that_finds_nothing() {
    let kept = Kept::new();
    let map = r#"[{"target": "order", "pointer": "/data/order", "required": true}, {"target": "due", "pointer": "/data/due", "required": true}]"#;
    let listener = listening(&kept, &[("in_map", map)]).await;
    let (status, answer) = tell(&listener, "d-1", &event("e-1")).await;
    assert_eq!(status, 422);
    assert!(answer.contains("row 2 (due): nothing is at /data/due"), "{answer}");
    assert_eq!(kept.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_message_brings_its_file_along_or_names_it_at_an_allowed_host() {
    let server =
        waybill_standins::xconnector::XconnectorStandin::start(waybill_standins::xconnector::Options::default())
            .await
            .unwrap();
    server.put_file("one.pdf", b"%PDF-1");
    let base = server.base_url();
    let secrets = pairs([("signing_secret", DEMO_SIGNING_SECRET)]);
    let allowed = open(&pairs([("listener", "true"), ("file_hosts", &base)]), &secrets).unwrap();
    let shut = open(&pairs([("listener", "true")]), &secrets).unwrap();
    let receive = |event: &Value| {
        let body = event.to_string();
        let headers = format!("content-type: {STRUCTURED}\r\n{}", signed("d-1", 0, &body));
        let pairs = headers.lines().filter_map(|line| line.split_once(": "));
        let headers = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let delivery = Delivery { headers, body: body.into(), at: RealClock.now() };
        allowed.inbound().unwrap().receive(&delivery).unwrap().remove(0).file.unwrap()
    };
    let mut named = event("e-1");
    named["dataref"] = format!("{base}/files/one.pdf").into();
    let file = receive(&named);
    let fetched = async |connector: &waybill_connector_xconnector::XConnector, file: &EventFile| {
        let stream = connector.inbound().unwrap().fetch(file, 100).await?;
        stream.try_collect::<Vec<_>>().await.map(|pieces| pieces.concat())
    };
    assert_eq!(fetched(&allowed, &file).await.unwrap(), b"%PDF-1");
    assert_eq!(fetched(&shut, &file).await.unwrap_err().kind, FailureKind::Denied);
    let along = json!({ "specversion": "1.0", "id": "e-2", "source": "s", "type": "t", "data_base64": "JVBERg==" });
    assert_eq!(fetched(&shut, &receive(&along)).await.unwrap(), b"%PDF");
}

#[tokio::test]
async fn two_messages_that_share_an_id_are_both_taken() {
    let kept = Kept::new();
    let listener = listening(&kept, &[]).await;
    for id in ["e-1", "e-2"] {
        assert_eq!(tell(&listener, "constant", &event(id)).await.0, 202);
    }
    assert_eq!(kept.started(), ["e-1", "e-2"]);
}

#[tokio::test]
async fn a_port_that_is_taken_says_so_and_one_that_was_shut_is_free() {
    let kept = Kept::new();
    let first = listening(&kept, &[]).await;
    let at = first.address();
    let connector: Arc<dyn Connector> =
        Arc::new(open(&pairs([("listener", "true")]), &pairs([("signing_secret", DEMO_SIGNING_SECRET)])).unwrap());
    let options = ListenOptions {
        host: "127.0.0.1".to_owned(),
        port: at.port(),
        path: "/".to_owned(),
        clock: Arc::new(RealClock),
    };
    let inbound = inbound_of(connector).unwrap();
    let error = Listener::open(options.clone(), Arc::clone(&inbound), Arc::<Kept>::clone(&kept)).await.unwrap_err();
    assert!(error.message.contains("is taken"), "{error}");
    first.close().await;
    assert!(TcpStream::connect(at).await.is_err());
    Listener::open(options, inbound, kept).await.unwrap();
}

#[test]
fn nothing_listens_without_a_secret_or_unasked() {
    let error = open(&pairs([("listener", "true")]), &Vec::new()).unwrap_err();
    assert_eq!(error.kind, FailureKind::Unauthenticated);
    let feed = open(&pairs([("feed_url", "https://feed.example/")]), &pairs([("signing_secret", DEMO_SIGNING_SECRET)]))
        .unwrap();
    assert!(feed.inbound().is_none());
    let usual = open(&pairs([("listener", "true")]), &pairs([("signing_secret", DEMO_SIGNING_SECRET)])).unwrap();
    let at = usual.listen_options(Arc::new(RealClock)).unwrap();
    assert_eq!((at.host.as_str(), at.path.as_str()), ("127.0.0.1", "/events"));
}
