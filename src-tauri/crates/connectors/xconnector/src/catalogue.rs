//! Feeding a search catalogue by the bulk interface of `OpenSearch`. A bulk answers 200 whatever became of its items, so each item's own
//! status is read.

use async_trait::async_trait;
use serde_json::{Value, json};
use waybill_connector::{Catalogue, CatalogueItem, ConnectorError, Result};
use waybill_model::{FailureKind, Retry};
use waybill_net::{Payload, below};

use crate::{answers::Taken, config::Catalog, connector::XConnector, errors::refused, template::plain};

/// Items, and bytes, of one bulk.
const ITEMS: usize = 500;
const BYTES: usize = 5 << 20;

fn fault(kind: FailureKind, why: impl Into<String>) -> ConnectorError {
    ConnectorError::new(kind, "index", why)
}

/// The lines of one item.
fn lines(item: &CatalogueItem) -> String {
    match &item.document {
        Some(document) => format!("{}\n{document}\n", json!({ "index": { "_id": item.id } })),
        None => format!("{}\n", json!({ "delete": { "_id": item.id } })),
    }
}

impl XConnector {
    async fn bulk(&self, to: &Catalog, items: &[&CatalogueItem], body: String) -> Result<Vec<Result<()>>> {
        let url = below(&to.base, [to.index.as_str(), "_bulk"]);
        let body = bytes::Bytes::from(body);
        let call = || {
            let payload = Payload::Bytes { kind: "application/x-ndjson".to_owned(), bytes: body.clone() };
            self.http.post("index", url.clone()).payload(payload)
        };
        let answer = self.acknowledged("index", call).await?;
        let told = answer.json().and_then(|json| json.get("items")).and_then(Value::as_array);
        let unread = || {
            let why = "the search catalogue did not answer for each item";
            fault(FailureKind::Vendor, why).retry(Retry::Backoff)
        };
        let told = told.filter(|told| told.len() == items.len()).ok_or_else(unread)?;
        items.iter().zip(told).map(|(item, told)| outcome(item, told).ok_or_else(unread)).collect()
    }

    /// How many documents the index holds; `None` where there is no such index yet.
    pub(crate) async fn count_indexed(&self, to: &Catalog, operation: &'static str) -> Result<Option<u64>> {
        let url = below(&to.base, [to.index.as_str(), "_count"]);
        let answer = self.send(|| self.http.get(operation, url.clone())).await?;
        match answer.success().await {
            Ok(answer) => {
                let answer = Taken::read(operation, answer).await?;
                let count = answer.json().and_then(|json| json.get("count")).and_then(Value::as_u64);
                let why = "what answers at the address of the search catalogue is none";
                count.map(Some).ok_or_else(|| ConnectorError::new(FailureKind::Invalid, operation, why))
            }
            Err(refusal) if refusal.status == 404 && is_missing_index(refusal.json.as_ref()) => Ok(None),
            Err(refusal) => Err(refused(operation, &refusal)),
        }
    }
}

fn is_missing_index(body: Option<&Value>) -> bool {
    body.and_then(|body| body.pointer("/error/type")).is_some_and(|kind| kind == "index_not_found_exception")
}

/// What became of one item; `None` where the answer is about another.
fn outcome(item: &CatalogueItem, told: &Value) -> Option<Result<()>> {
    let (action, told) = told.as_object()?.iter().next()?;
    if told.get("_id").and_then(Value::as_str) != Some(&item.id) {
        return None;
    }
    let status = told.get("status").and_then(Value::as_u64)?;
    let why = || {
        let reason = told.pointer("/error/reason").and_then(plain).unwrap_or_else(|| "no reason is given".to_owned());
        let kind = told.pointer("/error/type").and_then(plain).unwrap_or_default();
        (format!("the search catalogue does not take {}: {reason}", item.id), kind)
    };
    Some(match status {
        200..=299 => Ok(()),
        404 if action == "delete" => Ok(()),
        429 => Err(coded(FailureKind::RateLimited, why())),
        500..=599 => Err(coded(FailureKind::Unreachable, why())),
        403 => Err(coded(FailureKind::Denied, why())),
        409 => Err(coded(FailureKind::Changed, why())),
        _ => Err(coded(FailureKind::Invalid, why())),
    })
}

fn coded(kind: FailureKind, (why, code): (String, String)) -> ConnectorError {
    fault(kind, why).code(code)
}

/// The same error for each item of a bulk that failed as a whole.
fn again(error: &ConnectorError) -> ConnectorError {
    let again = fault(error.kind, error.message.clone()).retry(error.retry);
    match &error.code {
        Some(code) => again.code(code.clone()),
        None => again,
    }
}

#[async_trait]
impl Catalogue for XConnector {
    async fn index(&self, items: &[CatalogueItem]) -> Result<Vec<Result<()>>> {
        let nowhere = || ConnectorError::unsupported("index", "no search catalogue is set");
        let to = self.config.catalog.as_ref().ok_or_else(nowhere)?;
        let mut outcomes: Vec<Result<()>> = Vec::with_capacity(items.len());
        let (mut waiting, mut body): (Vec<&CatalogueItem>, String) = (Vec::new(), String::new());
        let mut left = items.iter().peekable();
        while let Some(item) = left.next() {
            body.push_str(&lines(item));
            waiting.push(item);
            let next = left.peek().map(|next| lines(next).len());
            let goes = next.is_none_or(|next| waiting.len() >= ITEMS || body.len() + next > BYTES);
            if !goes {
                continue;
            }
            match self.bulk(to, &waiting, std::mem::take(&mut body)).await {
                Ok(told) => outcomes.extend(told),
                // What went before was taken, so the rest is told of item by item.
                Err(error) if !outcomes.is_empty() => {
                    let rest = items.len() - outcomes.len();
                    outcomes.extend((0..rest).map(|_| Err(again(&error))));
                    return Ok(outcomes);
                }
                Err(error) => return Err(error),
            }
            waiting.clear();
        }
        Ok(outcomes)
    }
}
