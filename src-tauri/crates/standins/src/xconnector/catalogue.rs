//! A search catalogue as far as a common client's first calls go: indices and their fields, single documents, bulks (each item has a
//! status of its own, and the whole answers 200), searches.

mod documents;
mod indices;
mod mapping;
mod query;
mod refusal;
mod search;

use std::sync::Arc;

use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::state::{DocumentsGuard, State};
use refusal::Refusal;

pub(super) use refusal::no_such_address;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/", get(about))
        .route("/_bulk", post(bulk).put(bulk))
        .route("/{index}/_bulk", post(bulk_of).put(bulk_of))
        .merge(documents::routes())
        .merge(indices::routes())
        .merge(search::routes())
        .method_not_allowed_fallback(refusal::no_such_method)
}

/// The parameters of an address.
type Asked = Query<Vec<(String, String)>>;

fn given<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

/// A switch of an address: there without a value, or with `true`.
fn flag(asked: &Asked, name: &str) -> bool {
    asked.iter().any(|(key, value)| key == name && matches!(value.as_str(), "" | "true"))
}

/// The object of a body; an empty body is an empty one.
fn body_of(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(body)) => Ok(body),
        Ok(_) => Err(Refusal::unread("Expected [START_OBJECT]")),
        Err(error) => Err(Refusal::bad("json_parse_exception", error.to_string())),
    }
}

fn refuse(kind: &str, reason: impl Into<String>) -> Response {
    Refusal::bad(kind, reason).into_response()
}

async fn bulk(Shared(state): Shared<Arc<State>>, body: Bytes) -> Response {
    work(&state, None, &body)
}

async fn bulk_of(Shared(state): Shared<Arc<State>>, Path(index): Path<String>, body: Bytes) -> Response {
    work(&state, Some(&index), &body)
}

/// What one item of a bulk is answered with.
type Outcome = (u16, Value);

fn failed(status: u16, kind: &str, reason: impl Into<String>) -> Outcome {
    (status, json!({ "error": { "type": kind, "reason": reason.into() } }))
}

fn work(state: &State, usual: Option<&str>, body: &[u8]) -> Response {
    if body.last() != Some(&b'\n') {
        return refuse("illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
    }
    let mut lines = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let (mut items, mut errors) = (Vec::new(), false);
    let mut documents = state.documents();
    while let Some(line) = lines.next() {
        let action: Value = serde_json::from_slice(line).unwrap_or_default();
        let Some((name, target)) = action.as_object().and_then(|action| action.iter().next()) else {
            return refuse("illegal_argument_exception", "Malformed action/metadata line, expected START_OBJECT");
        };
        let index = target["_index"].as_str().or(usual).unwrap_or_default().to_owned();
        if index.is_empty() {
            return refuse("action_request_validation_exception", "Validation Failed: 1: index is missing;");
        }
        // A number is an id, too.
        let id = match &target["_id"] {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => uuid::Uuid::now_v7().to_string(),
        };
        let key = (index, id);
        let (status, mut item) = match name.as_str() {
            "delete" => delete(&mut documents, &key),
            "index" | "create" | "update" => {
                let Some(source) = lines.next() else {
                    return refuse("illegal_argument_exception", "The bulk request has an action without its source");
                };
                write(&mut documents, &key, name, serde_json::from_slice(source).unwrap_or_default())
            }
            other => {
                return refuse(
                    "illegal_argument_exception",
                    format!("Malformed action/metadata line, found [{other}]"),
                );
            }
        };
        errors |= item.get("error").is_some();
        item["_index"] = key.0.into();
        item["_id"] = key.1.into();
        item["status"] = status.into();
        items.push(Value::Object([(name.clone(), item)].into_iter().collect()));
    }
    Json(json!({ "took": 1, "errors": errors, "items": items })).into_response()
}

fn write(documents: &mut DocumentsGuard<'_>, key: &(String, String), action: &str, source: Value) -> Outcome {
    let (id, version) = (&key.1, documents.get(key).map_or(1, |document| document.version + 1));
    if action == "update" {
        let Some(doc) = source["doc"].as_object() else {
            return failed(400, "action_request_validation_exception", "script or doc is missing");
        };
        if version == 1 {
            let whole = if source["doc_as_upsert"] == true { &source["doc"] } else { &source["upsert"] };
            if !whole.is_object() {
                return failed(404, "document_missing_exception", format!("[{id}]: document missing"));
            }
            documents.keep(key, version, whole.clone());
            return (201, json!({ "result": "created", "_version": 1 }));
        }
        let mut whole = documents.get(key).and_then(|there| there.source.as_object().cloned()).unwrap_or_default();
        whole.extend(doc.clone());
        documents.keep(key, version, whole.into());
        return (200, json!({ "result": "updated", "_version": version }));
    }
    if !source.is_object() {
        return failed(400, "mapper_parsing_exception", "failed to parse");
    }
    if action == "create" && version > 1 {
        let why = format!("[{id}]: version conflict, document already exists");
        return failed(409, "version_conflict_engine_exception", why);
    }
    documents.keep(key, version, source);
    if version == 1 {
        (201, json!({ "result": "created", "_version": 1 }))
    } else {
        (200, json!({ "result": "updated", "_version": version }))
    }
}

fn delete(documents: &mut DocumentsGuard<'_>, key: &(String, String)) -> Outcome {
    match documents.take(key) {
        Some(gone) => (200, json!({ "result": "deleted", "_version": gone.version + 1 })),
        None => (404, json!({ "result": "not_found", "_version": 1 })),
    }
}

/// What a client asks first.
// Inferred: a version that clients of today take.
async fn about() -> Json<Value> {
    Json(json!({
        "name": "standin", "cluster_name": "standin", "cluster_uuid": "standin",
        "version": { "distribution": "opensearch", "number": "2.19.0", "minimum_wire_compatibility_version": "7.10.0" },
        "tagline": "The OpenSearch Project: https://opensearch.org/",
    }))
}
