//! What the server keeps, and what it begins with.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::Options;
use crate::clock::{Clock, Millis};
use crate::web::Tokens;

/// An event as it was taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TakenEvent {
    /// What the sender is answered with.
    pub acknowledgement: String,
    /// The event in structured form.
    pub event: Value,
}

/// A message of syslog as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedMessage {
    /// The message without its frame.
    pub text: String,
    /// The SHA-256 of the sender's certificate, in hexadecimal; `None` where it showed none.
    pub certificate: Option<String>,
}

/// A file.
#[derive(Debug, Clone)]
pub(super) struct StoredFile {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) bytes: Bytes,
    pub(super) sha256: String,
    pub(super) metadata: BTreeMap<String, String>,
}

#[derive(Debug, Default)]
struct Inner {
    events: Vec<TakenEvent>,
    /// Acknowledgements by source and id.
    known: HashMap<(String, String), String>,
    /// Answers by the id of the delivery, and when it came.
    deliveries: HashMap<String, (Millis, Vec<String>)>,
    files: BTreeMap<String, StoredFile>,
    feed: Vec<Value>,
    repeats: bool,
    acks: u64,
    documents: BTreeMap<(String, String), Document>,
    indices: BTreeMap<String, Index>,
    /// Changes of the catalogue so far.
    changes: u64,
    logged: Vec<LoggedMessage>,
    collected: Vec<Value>,
}

/// A document of the catalogue.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) version: u64,
    /// The number of its last change among all of the catalogue.
    pub(super) sequence: u64,
    pub(super) source: Value,
}

/// An index of the catalogue.
#[derive(Debug, Clone)]
pub(super) struct Index {
    pub(super) uuid: String,
    pub(super) made: Millis,
    /// Its fields, as far as somebody said what they are.
    pub(super) properties: Map<String, Value>,
    /// What else its mapping says.
    pub(super) more: Map<String, Value>,
    pub(super) settings: Map<String, Value>,
}

impl Index {
    pub(super) fn new(made: Millis) -> Self {
        let uuid = uuid::Uuid::now_v7().simple().to_string();
        Self { uuid, made, properties: Map::new(), more: Map::new(), settings: Map::new() }
    }
}

/// The server's state.
#[derive(Debug)]
pub(super) struct State {
    pub(super) options: Options,
    pub(super) base_url: String,
    pub(super) clock: Arc<Clock>,
    pub(super) tokens: Tokens<String>,
    /// The keys behind the signing secrets.
    pub(super) keys: Vec<Vec<u8>>,
    inner: Mutex<Inner>,
}

impl State {
    pub(super) fn new(options: Options, base_url: String, clock: Arc<Clock>) -> std::io::Result<Self> {
        let key = |secret: &String| {
            let encoded = secret.strip_prefix("whsec_").unwrap_or(secret);
            BASE64.decode(encoded.as_bytes()).map_err(|_| std::io::Error::other("a signing secret is no base64"))
        };
        let keys = options.signing_secrets.iter().map(key).collect::<std::io::Result<_>>()?;
        let tokens = Tokens::new(Arc::clone(&clock));
        let state = Self { options, base_url, clock, tokens, keys, inner: Mutex::default() };
        state.seed();
        Ok(state)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Three suppliers' documents, as a purchasing system would announce them.
    fn seed(&self) {
        let rows = [
            (
                "PO-4711",
                "Brightwell Paper",
                "invoice-88120.txt",
                "Invoice 88120\nBrightwell Paper\nTotal 1,204.50 EUR\n",
            ),
            (
                "PO-4712",
                "Kestrel Freight",
                "delivery-note-3391.txt",
                "Delivery note 3391\nKestrel Freight\n12 pallets\n",
            ),
            (
                "PO-4713",
                "Alder & Stone",
                "contract-2026-07.txt",
                "Framework contract 2026-07\nAlder & Stone\nTwo years\n",
            ),
        ];
        for (number, (order, vendor, name, text)) in rows.into_iter().enumerate() {
            drop(self.put_file(name, "text/plain", Bytes::from_static(text.as_bytes()), BTreeMap::new(), false));
            let digest = HEXLOWER.encode(&Sha256::digest(text));
            self.add_to_feed(json!({
                "specversion": "1.0",
                "id": format!("purchasing-{}", number + 1),
                "source": "urn:example:purchasing",
                "type": "com.example.purchasing.document.issued",
                "subject": order,
                "time": format!("2026-03-0{}T08:30:00Z", number + 1),
                "datacontenttype": "application/json",
                "dataref": format!("{}/files/{name}", self.base_url),
                "data": { "order": order, "vendor": { "name": vendor }, "file": { "name": name, "sha256": digest, "size": text.len() } },
            }));
        }
    }

    pub(super) fn events(&self) -> Vec<TakenEvent> {
        self.inner().events.clone()
    }

    /// What an earlier delivery with this id was answered with, within a day.
    pub(super) fn delivered(&self, id: &str) -> Option<Vec<String>> {
        let day_ago = self.clock.now() - 24 * 3_600_000;
        self.inner().deliveries.get(id).filter(|(at, _)| *at > day_ago).map(|(_, answers)| answers.clone())
    }

    /// Takes the events of a delivery; one that is known by source and id keeps its first acknowledgement.
    pub(super) fn take(&self, delivery: &str, events: Vec<Value>) -> Vec<String> {
        let mut inner = self.inner();
        let mut answers = Vec::new();
        for event in events {
            let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
            let key = (text("source"), text("id"));
            let acknowledgement = if let Some(known) = inner.known.get(&key) {
                known.clone()
            } else {
                let fresh = uuid::Uuid::now_v7().to_string();
                inner.known.insert(key, fresh.clone());
                inner.events.push(TakenEvent { acknowledgement: fresh.clone(), event });
                fresh
            };
            answers.push(acknowledgement);
        }
        inner.deliveries.insert(delivery.to_owned(), (self.clock.now(), answers.clone()));
        answers
    }

    /// Keeps a file, unless with `only_new` one is there already. Answers what is there now, and whether it is this one.
    pub(super) fn put_file(
        &self,
        name: &str,
        kind: &str,
        bytes: Bytes,
        metadata: BTreeMap<String, String>,
        only_new: bool,
    ) -> (StoredFile, bool) {
        let file = StoredFile {
            id: uuid::Uuid::now_v7().to_string(),
            kind: kind.to_owned(),
            sha256: HEXLOWER.encode(&Sha256::digest(&bytes)),
            bytes,
            metadata,
        };
        let mut inner = self.inner();
        if let Some(there) = inner.files.get(name).filter(|_| only_new) {
            return (there.clone(), false);
        }
        inner.files.insert(name.to_owned(), file.clone());
        (file, true)
    }

    pub(super) fn file(&self, name: &str) -> Option<StoredFile> {
        self.inner().files.get(name).cloned()
    }

    pub(super) fn remove_file(&self, name: &str) -> bool {
        self.inner().files.remove(name).is_some()
    }

    pub(super) fn add_to_feed(&self, item: Value) {
        self.inner().feed.push(item);
    }

    pub(super) fn repeat_feed(&self, on: bool) {
        self.inner().repeats = on;
    }

    /// Items from a position on, and whether more follow.
    pub(super) fn page(&self, from: usize, limit: usize) -> (Vec<Value>, usize, bool) {
        let inner = self.inner();
        let from = if inner.repeats { 0 } else { from.min(inner.feed.len()) };
        let items: Vec<Value> = inner.feed.iter().skip(from).take(limit).cloned().collect();
        let next = from + items.len();
        (items, next, inner.repeats || next < inner.feed.len())
    }

    /// The number of a batch of the collector; it is written as soon as it is numbered.
    pub(super) fn next_ack(&self) -> u64 {
        let mut inner = self.inner();
        inner.acks += 1;
        inner.acks - 1
    }

    pub(super) fn is_acknowledged(&self, number: u64) -> bool {
        number < self.inner().acks
    }

    pub(super) fn log(&self, message: LoggedMessage) {
        self.inner().logged.push(message);
    }

    pub(super) fn logged(&self) -> Vec<LoggedMessage> {
        self.inner().logged.clone()
    }

    /// Every file with its bytes.
    pub(super) fn file_bytes(&self) -> Vec<(String, Bytes)> {
        self.inner().files.iter().map(|(name, file)| (name.clone(), file.bytes.clone())).collect()
    }

    /// Keeps what a collector took.
    pub(super) fn collect(&self, events: Vec<Value>) {
        self.inner().collected.extend(events);
    }

    pub(super) fn collected(&self) -> Vec<Value> {
        self.inner().collected.clone()
    }

    pub(super) fn documents(&self) -> DocumentsGuard<'_> {
        DocumentsGuard { inner: self.inner(), now: self.clock.now() }
    }
}

/// The catalogue's documents while they are worked on.
pub(super) struct DocumentsGuard<'a> {
    inner: MutexGuard<'a, Inner>,
    now: Millis,
}

impl DocumentsGuard<'_> {
    pub(super) fn get(&self, key: &(String, String)) -> Option<&Document> {
        self.inner.documents.get(key)
    }

    /// Those of one index, with their ids.
    pub(super) fn of<'s>(&'s self, index: &'s str) -> impl Iterator<Item = (&'s str, &'s Document)> {
        let from = (index.to_owned(), String::new());
        let rows = self.inner.documents.range(from..).take_while(move |((of, _), _)| of == index);
        rows.map(|((_, id), document)| (id.as_str(), document))
    }

    /// Keeps a document; an index that is not there is made by its first one.
    pub(super) fn keep(&mut self, key: &(String, String), version: u64, source: Value) {
        let now = self.now;
        self.inner.indices.entry(key.0.clone()).or_insert_with(|| Index::new(now));
        let sequence = self.count();
        self.inner.documents.insert(key.clone(), Document { version, sequence, source });
    }

    /// Removes a document, and answers what it was.
    pub(super) fn take(&mut self, key: &(String, String)) -> Option<Document> {
        let gone = self.inner.documents.remove(key)?;
        self.count();
        Some(gone)
    }

    /// Counts a change, and answers its number.
    fn count(&mut self) -> u64 {
        self.inner.changes += 1;
        self.last_sequence()
    }

    /// The number of the last change.
    pub(super) fn last_sequence(&self) -> u64 {
        self.inner.changes.saturating_sub(1)
    }

    pub(super) fn indices(&self) -> &BTreeMap<String, Index> {
        &self.inner.indices
    }

    pub(super) fn index(&mut self, name: &str) -> Option<&mut Index> {
        self.inner.indices.get_mut(name)
    }

    pub(super) fn make(&mut self, name: &str, index: Index) {
        self.inner.indices.insert(name.to_owned(), index);
    }

    /// Removes an index with its documents.
    pub(super) fn drop_index(&mut self, name: &str) {
        self.inner.indices.remove(name);
        self.inner.documents.retain(|(of, _), _| of != name);
    }
}
