//! What the remote in memory is told, and the catalogue that it keeps.
#![expect(clippy::result_large_err, reason = "the contract's own error")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use async_trait::async_trait;
use serde_json::{Value, json};
use waybill_model::{FailureKind, RemotePath, Retry};

use super::memory::{Bug, Memory};
use crate::{
    Acknowledged, Catalogue, CatalogueItem, ConnectorError, OutboundEvent, Publish, Result,
    conformance::{CatalogueBench, Fault, PublishBench, Taken},
};

#[derive(Debug, Default)]
struct Heard {
    events: Vec<Taken>,
    documents: BTreeMap<String, Value>,
}

/// What was told, shared by all handles on one place.
#[derive(Debug, Clone, Default)]
pub(super) struct Told(Arc<Mutex<Heard>>);

impl Told {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap()
    }
}

fn fault(kind: FailureKind, id: &str) -> ConnectorError {
    ConnectorError::new(kind, "told", format!("{id} as staged"))
}

#[async_trait]
impl Publish for Memory {
    fn most_at_once(&self) -> usize {
        4
    }

    async fn publish(&self, events: &[OutboundEvent]) -> Result<Vec<Acknowledged>> {
        let mut acknowledged = Vec::new();
        for event in events {
            self.request("publish", &RemotePath::root()).await?;
            if self.take(Fault::ErrorInSuccess) && self.bug != Bug::BelievesSuccess {
                return Err(fault(FailureKind::Vendor, &event.id).retry(Retry::Backoff));
            }
            if event.data.is_null() {
                return Err(fault(FailureKind::Invalid, &event.id));
            }
            let mut heard = self.parts.told.heard();
            let suffix = if self.bug == Bug::TellsAnew { heard.events.len().to_string() } else { String::new() };
            let id = format!("{}{suffix}", event.id);
            if !heard.events.iter().any(|known| known.id == id) {
                let (word, subject, data) = (event.word.clone(), event.subject.clone(), event.data.clone());
                heard.events.push(Taken { id, word, subject, data });
            }
            if self.take(Fault::AfterPart) {
                return Err(fault(FailureKind::Unreachable, &event.id));
            }
            acknowledged.push(Acknowledged { id: event.id.clone(), reference: None, answered: true });
        }
        Ok(acknowledged)
    }
}

#[async_trait]
impl PublishBench for Told {
    async fn taken(&self) -> Vec<Taken> {
        self.heard().events.clone()
    }

    fn drops_twins(&self) -> bool {
        true
    }

    fn refused(&self) -> Option<Value> {
        Some(Value::Null)
    }
}

#[async_trait]
impl Catalogue for Memory {
    async fn index(&self, items: &[CatalogueItem]) -> Result<Vec<Result<()>>> {
        self.request("index", &RemotePath::root()).await?;
        let mut heard = self.parts.told.heard();
        let put = |item: &CatalogueItem| match &item.document {
            None => {
                heard.documents.remove(&item.id);
                Ok(())
            }
            Some(document) if document.is_object() => {
                heard.documents.insert(item.id.clone(), document.clone());
                Ok(())
            }
            Some(_) if self.bug == Bug::BelievesBulks => Ok(()),
            Some(_) => Err(fault(FailureKind::Invalid, &item.id)),
        };
        Ok(items.iter().map(put).collect())
    }
}

#[async_trait]
impl CatalogueBench for Told {
    async fn document(&self, id: &str) -> Option<Value> {
        self.heard().documents.get(id).cloned()
    }

    fn refused(&self) -> Option<Value> {
        Some(json!([1]))
    }
}
