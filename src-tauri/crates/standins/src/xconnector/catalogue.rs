//! A search catalogue that takes bulks: each item has a status of its own, and the whole answers 200.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use super::state::{Document, DocumentsGuard, State};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/", get(about))
        .route("/_bulk", post(bulk).put(bulk))
        .route("/{index}/_bulk", post(bulk_of).put(bulk_of))
        .route("/{index}/_doc/{id}", get(document).put(put_document).post(put_document).delete(remove_document))
        .route("/{index}/_refresh", post(refresh).get(refresh))
        .route("/{index}/_count", get(count).post(count))
}

fn refuse(kind: &str, reason: impl Into<String>) -> Response {
    let reason = reason.into();
    let error = json!({ "root_cause": [{ "type": kind, "reason": reason }], "type": kind, "reason": reason });
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error, "status": 400 }))).into_response()
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
            documents.insert(key.clone(), Document { version, source: whole.clone() });
            return (201, json!({ "result": "created", "_version": 1 }));
        }
        if let Some(entry) = documents.get_mut(key) {
            entry.version = version;
            if let Some(fields) = entry.source.as_object_mut() {
                fields.extend(doc.clone());
            }
        }
        return (200, json!({ "result": "updated", "_version": version }));
    }
    if !source.is_object() {
        return failed(400, "mapper_parsing_exception", "failed to parse");
    }
    if action == "create" && version > 1 {
        let why = format!("[{id}]: version conflict, document already exists");
        return failed(409, "version_conflict_engine_exception", why);
    }
    documents.insert(key.clone(), Document { version, source });
    if version == 1 {
        (201, json!({ "result": "created", "_version": 1 }))
    } else {
        (200, json!({ "result": "updated", "_version": version }))
    }
}

fn delete(documents: &mut DocumentsGuard<'_>, key: &(String, String)) -> Outcome {
    match documents.remove(key) {
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

/// Everything can be found at once here.
async fn refresh() -> Json<Value> {
    Json(json!({ "_shards": { "total": 1, "successful": 1, "failed": 0 } }))
}

/// What a single change is answered with.
fn changed((index, id): (String, String), (status, mut answer): Outcome) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if answer.get("error").is_some() {
        answer["status"] = status.as_u16().into();
    } else {
        answer["_index"] = index.into();
        answer["_id"] = id.into();
    }
    (status, Json(answer)).into_response()
}

async fn put_document(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<(String, String)>,
    Query(asked): Query<HashMap<String, String>>,
    body: Bytes,
) -> Response {
    let action = if asked.get("op_type").is_some_and(|kind| kind == "create") { "create" } else { "index" };
    let outcome = write(&mut state.documents(), &key, action, serde_json::from_slice(&body).unwrap_or_default());
    changed(key, outcome)
}

async fn remove_document(Shared(state): Shared<Arc<State>>, Path(key): Path<(String, String)>) -> Response {
    let outcome = delete(&mut state.documents(), &key);
    changed(key, outcome)
}

async fn document(Shared(state): Shared<Arc<State>>, Path((index, id)): Path<(String, String)>) -> Response {
    match state.documents().get(&(index.clone(), id.clone())) {
        Some(document) => Json(json!({
            "_index": index, "_id": id, "_version": document.version, "found": true, "_source": document.source,
        }))
        .into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({ "_index": index, "_id": id, "found": false }))).into_response(),
    }
}

async fn count(Shared(state): Shared<Arc<State>>, Path(index): Path<String>) -> Json<Value> {
    let count = state.documents().keys().filter(|(of, _)| *of == index).count();
    Json(json!({ "count": count }))
}
