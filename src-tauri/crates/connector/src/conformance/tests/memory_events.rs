//! What happens on the remote in memory, by asking and by being told.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use waybill_model::{FailureKind, Millis, RemotePath, Sha256};

use super::memory::{Bug, Memory};
use crate::{
    BROKEN_ITEM, ByteStream, ConnectorError, Delivery, EventFile, EventKind, EventPage, Events, Inbound, RemoteEvent,
    Result, body_of,
    conformance::{EventBench, InboundBench},
};

const PAGE: usize = 5;
const LONGEST: u64 = 10_000;
const KIND: &str = "application/memory+json";

#[derive(Debug, Default)]
struct Happened {
    events: Vec<RemoteEvent>,
    files: BTreeMap<String, Vec<u8>>,
    circle: bool,
    polls: usize,
}

/// What happened, shared by all handles on one place.
#[derive(Debug, Clone, Default)]
pub(super) struct Log(Arc<Mutex<Happened>>);

fn fault(kind: FailureKind, field: &str) -> ConnectorError {
    ConnectorError::new(kind, "events", "as staged").with("field", field)
}

fn event(id: String, word: &str, data: Value) -> RemoteEvent {
    RemoteEvent {
        source: "memory".to_owned(),
        id,
        kind: EventKind::Other,
        word: word.to_owned(),
        at: None,
        by: None,
        path: None,
        subject: None,
        file: None,
        data,
    }
}

impl Log {
    fn happened(&self) -> MutexGuard<'_, Happened> {
        self.0.lock().unwrap()
    }

    fn add(&self, word: &str, data: Value, file: Option<EventFile>) -> String {
        let mut happened = self.happened();
        let id = format!("e-{}", happened.events.len());
        happened.events.push(RemoteEvent { file, ..event(id.clone(), word, data) });
        id
    }
}

#[async_trait]
impl Events for Memory {
    async fn poll(&self, cursor: Option<&str>) -> Result<EventPage> {
        self.request("poll", &RemotePath::root()).await?;
        let mut happened = self.parts.log.happened();
        happened.polls += 1;
        let from: usize = match cursor {
            None => 0,
            Some(cursor) => cursor.parse().map_err(|_| fault(FailureKind::Invalid, "cursor"))?,
        };
        if happened.circle && self.bug != Bug::WalksForEver && cursor.is_some() {
            return Err(fault(FailureKind::Vendor, "cursor"));
        }
        let skipped = usize::from(self.bug == Bug::SkipsBetweenPages && from > 0 && from.is_multiple_of(PAGE));
        let mut events: Vec<_> = happened.events.iter().skip(from + skipped).take(PAGE - skipped).cloned().collect();
        let end = from + events.len() + skipped;
        if self.bug == Bug::NewIdsEachTime {
            for event in &mut events {
                event.id = format!("{}-{}", event.id, happened.polls);
            }
        }
        if self.bug == Bug::DropsBrokenItems {
            events.retain(|event| event.word != BROKEN_ITEM);
        }
        let more = end < happened.events.len() || happened.circle;
        Ok(EventPage { events, cursor: end.min(happened.events.len()).to_string(), more })
    }

    async fn fetch(&self, file: &EventFile, limit: u64) -> Result<ByteStream> {
        let bytes = self.parts.log.happened().files.get(file.address.as_deref().unwrap_or_default()).cloned();
        let bytes = bytes.ok_or_else(|| fault(FailureKind::NotFound, "file"))?;
        let size = bytes.len() as u64;
        let wrong = if size > limit {
            Some(FailureKind::TooLarge)
        } else if file.size.is_some_and(|promised| size < promised) {
            Some(FailureKind::Truncated)
        } else {
            file.sha256.filter(|sha256| *sha256 != Sha256::of(&bytes)).map(|_| FailureKind::ChecksumMismatch)
        };
        let wrong = wrong.filter(|_| self.bug != Bug::BelievesFiles);
        let end = stream::iter(wrong.map(|kind| Err(fault(kind, "file"))));
        Ok(body_of(bytes.into()).chain(end).boxed())
    }
}

#[async_trait]
impl EventBench for Log {
    async fn happen(&self, name: &str) -> String {
        self.add("happened", json!({ "name": name }), None)
    }

    async fn happen_with_file(&self, name: &str, bytes: &[u8], promised: Option<Sha256>) -> Option<String> {
        let address = format!("memory:{name}");
        self.happened().files.insert(address.clone(), bytes.to_vec());
        let size = Some(bytes.len() as u64);
        let file =
            EventFile { name: Some(name.to_owned()), address: Some(address), inline: None, sha256: promised, size };
        Some(self.add("happened", Value::Null, Some(file)))
    }

    async fn turn_in_a_circle(&self) -> bool {
        self.happened().circle = true;
        true
    }

    async fn break_an_item(&self) -> bool {
        self.add(BROKEN_ITEM, json!({ "why": "as staged", "item": null }), None);
        true
    }
}

fn signature(body: &[u8], at: Millis) -> String {
    Sha256::of(&[body, at.0.to_string().as_bytes()].concat()).to_string()
}

impl Inbound for Memory {
    fn longest(&self) -> u64 {
        LONGEST
    }

    fn receive(&self, delivery: &Delivery) -> Result<Vec<RemoteEvent>> {
        let header =
            |name: &str| delivery.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        if delivery.body.len() as u64 > LONGEST {
            return Err(fault(FailureKind::TooLarge, "body"));
        }
        let at = header("memory-time").and_then(|at| at.parse().ok()).map(Millis);
        let is_late = at.is_none_or(|at| delivery.at.since(at).abs() > 300_000);
        let is_signed = at.is_some_and(|at| header("memory-signature") == Some(&signature(&delivery.body, at)));
        let is_believed = is_signed || self.bug == Bug::BelievesUnsigned;
        if !is_believed || is_late && self.bug != Bug::BelievesOldSignatures {
            return Err(fault(FailureKind::Unauthenticated, "signature"));
        }
        if header("content-type") != Some(KIND) {
            return Err(fault(FailureKind::Unsupported, "content-type"));
        }
        let items = serde_json::from_slice::<Vec<Value>>(&delivery.body);
        let items = items.map_err(|_| fault(FailureKind::Invalid, "body"))?;
        let read = |item: &Value| {
            let id = item["id"].as_str().ok_or_else(|| fault(FailureKind::Invalid, "id"))?;
            Ok(event(id.to_owned(), "told", item["data"].clone()))
        };
        items.iter().map(read).collect()
    }
}

impl InboundBench for Log {
    fn message(&self, events: &[(String, Value)]) -> (String, Bytes) {
        let items: Vec<_> = events.iter().map(|(id, data)| json!({ "id": id, "data": data })).collect();
        (KIND.to_owned(), Value::Array(items).to_string().into())
    }

    fn sign(&self, kind: &str, body: Bytes, at: Millis) -> Delivery {
        let headers = [
            ("content-type", kind.to_owned()),
            ("memory-time", at.0.to_string()),
            ("memory-signature", signature(&body, at)),
        ];
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Delivery { headers, body, at }
    }

    fn signature_headers(&self) -> Vec<String> {
        vec!["memory-time".to_owned(), "memory-signature".to_owned()]
    }
}
