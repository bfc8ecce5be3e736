//! The suite against the other side in process: by PUT, as a form, to a collector and to a log server.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod bench;

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use bench::{Pairs, open, pairs};
use bytes::Bytes;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use waybill_connector::{
    Connector, Delivery,
    conformance::{
        CatalogueBench, EventBench, Fault, Faults, Fixture, InboundBench, Outside, Place, PublishBench, Taken, run,
    },
};
use waybill_model::{Millis, RemotePath, Sha256};
use waybill_standins::{
    faults::{Fault as Wrong, Rule},
    xconnector::{DEMO_SIGNING_SECRET, Options, XconnectorStandin},
};

/// What of the other side a connection uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Everything over HTTP, files by PUT, events one by one.
    Put,
    /// Files as forms whose twins are dropped, events in batches.
    Form,
    /// Events in headers.
    Binary,
    /// Events to the collector.
    Collector,
    /// Events to the log server.
    Syslog,
}

struct OtherSide {
    kind: Kind,
    server: XconnectorStandin,
    connector: Arc<dyn Connector>,
    count: AtomicUsize,
}

/// Lets everything through that the suite tells, and refuses an event without a number.
const OUT_MAP: &str = r#"[{"target": "number", "pointer": "/number", "type": "number", "required": true}, {"target": "name", "pointer": "/name"}]"#;
const IN_MAP: &str = r#"[{"target": "n", "pointer": "/data/n", "default": 0, "type": "number"}, {"target": "due", "pointer": "/data/due", "type": "date"}]"#;

fn settings(kind: Kind, server: &XconnectorStandin) -> (Pairs, Pairs) {
    let (base, options) = (server.base_url(), server.options());
    let mut settings = pairs([
        ("auth", "oauth".to_owned()),
        ("token_url", format!("{base}/oauth2/token")),
        ("client_id", options.client.0.clone()),
        ("out_map", OUT_MAP.to_owned()),
        ("in_map", IN_MAP.to_owned()),
    ]);
    let mut add = |key: &'static str, value: String| settings.push((key, value));
    match kind {
        Kind::Put | Kind::Form | Kind::Binary => {
            add("events_url", format!("{base}/oauth/events"));
            let (mode, reference) = match kind {
                Kind::Form => ("batch", "/ids"),
                Kind::Binary => ("binary", "header:x-acknowledgement"),
                _ => ("structured", "/id"),
            };
            add("event_mode", mode.to_owned());
            add("event_reference", reference.to_owned());
        }
        Kind::Collector => {
            add("sink", "hec".to_owned());
            add("hec_url", format!("{base}/"));
        }
        Kind::Syslog => {
            add("sink", "syslog".to_owned());
            add("syslog_address", server.syslog_address().to_string());
            add("certificate", server.syslog_tls().fingerprint().to_owned());
        }
    }
    if matches!(kind, Kind::Put | Kind::Form) {
        let is_form = kind == Kind::Form;
        add("file_method", if is_form { "multipart" } else { "put" }.to_owned());
        add("file_url", format!("{base}/oauth/files{}", if is_form { "" } else { "/{path}" }));
        add("file_reference", "/receipt/id".to_owned());
        add("file_hash", "/sha256".to_owned());
        add("file_repeatable", is_form.to_string());
    }
    if kind == Kind::Put {
        add("feed_url", format!("{base}/oauth/feed"));
        add("feed_limit", "5".to_owned());
        add("catalogue_url", base.clone());
        add("listener", "true".to_owned());
        add("listener_port", "0".to_owned());
        add("listener_bytes", "20000".to_owned());
    }
    let secrets = pairs([
        ("client_secret", options.client.1.clone()),
        ("signing_secret", options.signing_secrets[0].clone()),
        ("hec_token", options.token.clone()),
    ]);
    (settings, secrets)
}

#[async_trait]
impl Fixture for Kind {
    fn name(&self) -> String {
        format!("the other side, {self:?}")
    }

    async fn place(&self) -> Box<dyn Place> {
        let server = XconnectorStandin::start(Options::default()).await.unwrap();
        let (settings, secrets) = settings(*self, &server);
        let connector = Arc::new(open(&settings, &secrets).unwrap());
        Box::new(OtherSide { kind: *self, server, connector, count: AtomicUsize::new(0) })
    }

    fn excuse(&self, case: &str) -> Option<String> {
        let of_forms = [
            "what_is_there_is_not_overwritten",
            "two_writers_of_one_name_leave_one_of_them",
            "missing_folders_are_made",
        ];
        if *self == Kind::Form && of_forms.contains(&case) {
            return Some("a form makes something new each time, and has no folders".to_owned());
        }
        None
    }
}

#[async_trait]
impl Place for OtherSide {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    fn base(&self) -> RemotePath {
        if self.kind == Kind::Form { RemotePath::root() } else { RemotePath::new("/in") }
    }

    async fn reopen(&self) -> Arc<dyn Connector> {
        let (settings, secrets) = settings(self.kind, &self.server);
        Arc::new(open(&settings, &secrets).unwrap())
    }

    fn faults(&self) -> Option<&dyn Faults> {
        Some(self)
    }

    fn outside(&self) -> Option<&dyn Outside> {
        Some(self)
    }

    fn event_bench(&self) -> Option<&dyn EventBench> {
        Some(self)
    }

    fn inbound_bench(&self) -> Option<&dyn InboundBench> {
        Some(self)
    }

    fn publish_bench(&self) -> Option<&dyn PublishBench> {
        Some(self)
    }

    fn catalogue_bench(&self) -> Option<&dyn CatalogueBench> {
        Some(self)
    }
}

#[async_trait]
impl Faults for OtherSide {
    async fn arm(&self, fault: Fault) -> bool {
        let is_log = self.kind == Kind::Syslog;
        let wrong = match fault {
            Fault::ServerError => Wrong::refuse(500),
            Fault::RateLimited { seconds } if !is_log => {
                Wrong::Refuse { status: 429, code: None, retry_after: seconds }
            }
            Fault::TokenExpires if !is_log => Wrong::ExpiredCredentials,
            Fault::Hang => Wrong::Hang,
            Fault::BeforePart => Wrong::DropRequestAfter(0),
            Fault::InPart => Wrong::DropRequestAfter(50_000),
            Fault::AfterPart => Wrong::DropAnswer,
            Fault::ErrorInSuccess if !is_log => Wrong::ErrorInSuccess,
            _ => return false,
        };
        for path in ["/oauth/", "/_bulk", "/services/", "/syslog"] {
            self.server.faults().inject(Rule::new(wrong.clone()).path(path));
        }
        true
    }

    async fn clear(&self) {
        self.server.faults().clear();
    }
}

/// The name as the other side has it: a form tells no folders.
fn stored_name(kind: Kind, path: &RemotePath) -> String {
    if kind == Kind::Form { path.name().to_owned() } else { path.relative().to_owned() }
}

#[async_trait]
impl Outside for OtherSide {
    async fn put(&self, path: &RemotePath, bytes: &[u8]) {
        self.server.put_file(&stored_name(self.kind, path), bytes);
    }

    async fn get(&self, path: &RemotePath) -> Option<Vec<u8>> {
        let name = stored_name(self.kind, path);
        self.server.files().into_iter().find(|(known, _)| *known == name).map(|(_, bytes)| bytes)
    }

    async fn remove(&self, path: &RemotePath) {
        self.server.remove_file(&stored_name(self.kind, path));
    }

    async fn everything_below(&self, folder: &RemotePath) -> Option<Vec<String>> {
        // Three files lie there from the beginning.
        let all = self.server.files().into_iter().map(|(name, _)| RemotePath::new(name));
        let all = all.filter(|path| !path.name().ends_with("88120.txt") && !path.name().ends_with("3391.txt"));
        let all = all.filter(|path| path.name() != "contract-2026-07.txt");
        Some(all.filter_map(|path| path.below(folder).map(str::to_owned)).collect())
    }
}

impl OtherSide {
    fn next(&self) -> usize {
        self.count.fetch_add(1, Ordering::SeqCst)
    }
}

#[async_trait]
impl EventBench for OtherSide {
    async fn happen(&self, name: &str) -> String {
        let id = format!("bench-{}", self.next());
        self.server.feed(json!({
            "specversion": "1.0", "id": id, "source": "urn:bench", "type": "bench.thing.changed", "subject": name,
            "time": "2026-03-01T08:30:00Z", "data": { "n": 1 },
        }));
        id
    }

    async fn happen_with_file(&self, name: &str, bytes: &[u8], promised: Option<Sha256>) -> Option<String> {
        let id = format!("bench-{}", self.next());
        self.server.put_file(&format!("out/{id}"), bytes);
        let file = json!({ "name": name, "sha256": promised, "size": bytes.len() });
        self.server.feed(json!({
            "specversion": "1.0", "id": id, "source": "urn:bench", "type": "bench.file.created",
            "dataref": format!("files/out/{id}"), "data": { "file": file },
        }));
        Some(id)
    }

    async fn turn_in_a_circle(&self) -> bool {
        self.server.repeat_feed(true);
        true
    }

    async fn break_an_item(&self) -> bool {
        self.server
            .feed(json!({ "id": "bench-broken", "source": "urn:bench", "type": "x", "data": { "due": "soon" } }));
        true
    }
}

impl InboundBench for OtherSide {
    fn message(&self, events: &[(String, Value)]) -> (String, Bytes) {
        let event = |(id, data): &(String, Value)| json!({ "specversion": "1.0", "id": id, "source": "urn:bench", "type": "bench.thing.changed", "data": data });
        let all: Vec<Value> = events.iter().map(event).collect();
        match all.as_slice() {
            [one] => ("application/cloudevents+json".to_owned(), one.to_string().into()),
            _ => ("application/cloudevents-batch+json".to_owned(), Value::Array(all).to_string().into()),
        }
    }

    fn sign(&self, kind: &str, body: Bytes, at: Millis) -> Delivery {
        let key = BASE64.decode(DEMO_SIGNING_SECRET.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
        let (id, seconds) = (format!("d-{}", self.next()), at.0 / 1000);
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(&body);
        let signature = format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()));
        let headers = [
            ("content-type", kind.to_owned()),
            ("webhook-id", id),
            ("webhook-timestamp", seconds.to_string()),
            ("webhook-signature", signature),
        ];
        Delivery { headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), body, at }
    }

    fn signature_headers(&self) -> Vec<String> {
        ["webhook-id", "webhook-timestamp", "webhook-signature"].map(str::to_owned).to_vec()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn taken(event: &Value) -> Taken {
    let subject = event["subject"].as_str().map(str::to_owned);
    Taken { id: text(&event["id"]), word: text(&event["type"]), subject, data: event["data"].clone() }
}

/// The value of a parameter of the structured data.
fn parameter(message: &str, name: &str) -> Option<String> {
    let (_, rest) = message.split_once(&format!(" {name}=\""))?;
    let (mut value, mut escaped) = (String::new(), false);
    for sign in rest.chars() {
        match sign {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => break,
            sign => {
                value.push(sign);
                escaped = false;
            }
        }
    }
    Some(value)
}

fn logged(message: &str) -> Taken {
    let data = message.split_once('\u{feff}').map(|(_, data)| serde_json::from_str(data).unwrap()).unwrap_or_default();
    Taken {
        id: parameter(message, "id").unwrap(),
        word: parameter(message, "type").unwrap(),
        subject: parameter(message, "subject"),
        data,
    }
}

#[async_trait]
impl PublishBench for OtherSide {
    async fn taken(&self) -> Vec<Taken> {
        match self.kind {
            Kind::Syslog => self.server.logged().iter().map(|message| logged(&message.text)).collect(),
            Kind::Collector => self.server.collected().iter().map(|entry| taken(&entry["event"])).collect(),
            _ => self.server.events().iter().map(|event| taken(&event.event)).collect(),
        }
    }

    fn drops_twins(&self) -> bool {
        !matches!(self.kind, Kind::Syslog | Kind::Collector)
    }

    fn refused(&self) -> Option<Value> {
        Some(json!({ "name": "without a number" }))
    }
}

#[async_trait]
impl CatalogueBench for OtherSide {
    async fn document(&self, id: &str) -> Option<Value> {
        self.server.document("waybill", id)
    }

    fn refused(&self) -> Option<Value> {
        Some(json!([1]))
    }
}

#[rstest::rstest]
#[case(Kind::Put)]
#[case(Kind::Form)]
#[case(Kind::Binary)]
#[case(Kind::Collector)]
#[case(Kind::Syslog)]
#[tokio::test]
async fn the_other_side_keeps_the_contract(#[case] kind: Kind) {
    run(&kind).await;
}
