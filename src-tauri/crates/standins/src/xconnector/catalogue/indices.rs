//! The indices of a catalogue: made, looked at, removed; their fields; and how the whole is.

use std::sync::Arc;

use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::state::{DocumentsGuard, Index, State};
use super::mapping::{declare, learn, shown_by};
use super::refusal::Refusal;
use super::{Asked, body_of, flag};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/{index}", get(show).put(make).delete(remove))
        .route("/_mapping", get(all_mappings))
        .route("/{index}/_mapping", get(mapping).put(declare_fields).post(declare_fields))
        .route("/{index}/_mappings", get(mapping).put(declare_fields).post(declare_fields))
        .route("/{index}/_settings", get(settings))
        .route("/_refresh", post(refresh_all).get(refresh_all))
        .route("/{index}/_refresh", post(refresh).get(refresh))
        .route("/_cluster/health", get(health))
        .route("/_cluster/health/{index}", get(health_of))
}

/// The indices that a path names: one, several behind commas, those of a pattern, or all.
pub(super) fn named(documents: &DocumentsGuard<'_>, names: &str, asked: &Asked) -> Result<Vec<String>, Refusal> {
    let mut found: Vec<String> = Vec::new();
    for name in names.split(',').filter(|name| !name.is_empty()) {
        if name == "_all" || name.contains('*') {
            let pattern = if name == "_all" { "*" } else { name };
            found.extend(documents.indices().keys().filter(|known| fits(pattern, known)).cloned());
        } else if documents.indices().contains_key(name) {
            found.push(name.to_owned());
        } else if !flag(asked, "ignore_unavailable") {
            return Err(Refusal::no_index(name));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Whether a name is of a pattern with stars.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|tail| {
            let ends = tail.char_indices().map(|(at, _)| at).chain([tail.len()]);
            ends.into_iter().any(|at| fits(rest, &tail[at..]))
        }),
    }
}

/// Why no index can have this name; nothing where one can.
fn flaw(name: &str) -> Option<&'static str> {
    if name.starts_with(['_', '-', '+']) {
        return Some("must not start with '_', '-', or '+'");
    }
    if name.chars().any(char::is_uppercase) {
        return Some("must be lowercase");
    }
    let is_bad = |sign: char| sign.is_whitespace() || "\\/*?\"<>|,#:".contains(sign);
    if name == "." || name == ".." || name.len() > 255 || name.chars().any(is_bad) {
        return Some("must not contain the signs \\ / * ? \" < > | , # : or a blank, nor be longer than 255 bytes");
    }
    None
}

/// The fields of an index: those that were said, and those that its documents show.
pub(super) fn properties(documents: &DocumentsGuard<'_>, index: &str) -> Map<String, Value> {
    let mut known = documents.indices().get(index).map(|index| index.properties.clone()).unwrap_or_default();
    for (_, document) in documents.of(index) {
        learn(&mut known, shown_by(&document.source));
    }
    known
}

fn mapping_of(documents: &DocumentsGuard<'_>, index: &str) -> Value {
    let mut rest = documents.indices().get(index).map(|index| index.more.clone()).unwrap_or_default();
    let properties = properties(documents, index);
    if !properties.is_empty() {
        rest.insert("properties".to_owned(), properties.into());
    }
    rest.into()
}

fn settings_of(name: &str, index: &Index) -> Value {
    let mut inner = json!({ "number_of_shards": "1", "number_of_replicas": "1" });
    let said = index.settings.get("index").and_then(Value::as_object).unwrap_or(&index.settings);
    for (key, value) in said.iter().filter(|(key, _)| key.as_str() != "index") {
        let key = key.strip_prefix("index.").unwrap_or(key);
        // Settings are given back as texts, whatever they came as.
        inner[key] =
            if value.is_object() || value.is_array() { value.clone() } else { super::query::plain(value).into() };
    }
    for (key, value) in
        [("creation_date", index.made.to_string()), ("uuid", index.uuid.clone()), ("provided_name", name.to_owned())]
    {
        inner[key] = value.into();
    }
    inner["version"] = json!({ "created": "136387927" });
    json!({ "index": inner })
}

async fn make(Shared(state): Shared<Arc<State>>, Path(name): Path<String>, body: Bytes) -> Result<Response, Refusal> {
    if let Some(why) = flaw(&name) {
        return Err(Refusal::bad("invalid_index_name_exception", format!("Invalid index name [{name}], {why}")));
    }
    let said = body_of(&body)?;
    if let Some(key) = said.keys().find(|key| !matches!(key.as_str(), "settings" | "mappings" | "aliases")) {
        return Err(Refusal::bad("parse_exception", format!("unknown key [{key}] for create index")));
    }
    let part = |name: &str| said.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut more = part("mappings");
    let mut properties = Map::new();
    if let Some(fields) = more.remove("properties") {
        declare(&mut properties, fields.as_object().unwrap_or(&Map::new()))?;
    }
    let mut documents = state.documents();
    if let Some(there) = documents.indices().get(&name) {
        return Err(Refusal::index_is_there(&name, &there.uuid));
    }
    documents.make(&name, Index { properties, more, settings: part("settings"), ..Index::new(state.clock.now()) });
    Ok(Json(json!({ "acknowledged": true, "shards_acknowledged": true, "index": name })).into_response())
}

async fn show(Shared(state): Shared<Arc<State>>, Path(names): Path<String>, asked: Asked) -> Result<Response, Refusal> {
    let documents = state.documents();
    let mut all = Map::new();
    for name in named(&documents, &names, &asked)? {
        if let Some(index) = documents.indices().get(&name) {
            let one = json!({ "aliases": {}, "mappings": mapping_of(&documents, &name), "settings": settings_of(&name, index) });
            all.insert(name, one);
        }
    }
    Ok(Json(all).into_response())
}

async fn remove(
    Shared(state): Shared<Arc<State>>,
    Path(names): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let mut documents = state.documents();
    for name in named(&documents, &names, &asked)? {
        documents.drop_index(&name);
    }
    Ok(Json(json!({ "acknowledged": true })).into_response())
}

async fn all_mappings(state: Shared<Arc<State>>, asked: Asked) -> Result<Response, Refusal> {
    mapping(state, Path("_all".to_owned()), asked).await
}

async fn mapping(
    Shared(state): Shared<Arc<State>>,
    Path(names): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let documents = state.documents();
    let names = named(&documents, &names, &asked)?;
    let one = |name: String| {
        let mapping = json!({ "mappings": mapping_of(&documents, &name) });
        (name, mapping)
    };
    Ok(Json(names.into_iter().map(one).collect::<Map<String, Value>>()).into_response())
}

async fn declare_fields(
    Shared(state): Shared<Arc<State>>,
    Path(names): Path<String>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    let said = body_of(&body)?;
    let fields = said.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut documents = state.documents();
    for name in named(&documents, &names, &asked)? {
        let mut known = properties(&documents, &name);
        declare(&mut known, &fields)?;
        if let Some(index) = documents.index(&name) {
            index.properties = known;
            index.more.extend(said.clone().into_iter().filter(|(key, _)| key != "properties"));
        }
    }
    Ok(Json(json!({ "acknowledged": true })).into_response())
}

async fn settings(
    Shared(state): Shared<Arc<State>>,
    Path(names): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let documents = state.documents();
    let mut all = Map::new();
    for name in named(&documents, &names, &asked)? {
        if let Some(index) = documents.indices().get(&name) {
            let settings = json!({ "settings": settings_of(&name, index) });
            all.insert(name, settings);
        }
    }
    Ok(Json(all).into_response())
}

async fn refresh_all(state: Shared<Arc<State>>, asked: Asked) -> Result<Response, Refusal> {
    refresh(state, Path("_all".to_owned()), asked).await
}

/// Everything can be found at once here.
async fn refresh(
    Shared(state): Shared<Arc<State>>,
    Path(names): Path<String>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let count = named(&state.documents(), &names, &asked)?.len();
    Ok(Json(json!({ "_shards": { "total": count, "successful": count, "failed": 0 } })).into_response())
}

async fn health(Shared(state): Shared<Arc<State>>) -> Response {
    let count = state.documents().indices().len();
    healthy(count, StatusCode::OK)
}

/// An index that is not there is waited for, and the wait is over at once.
async fn health_of(Shared(state): Shared<Arc<State>>, Path(names): Path<String>) -> Response {
    match named(&state.documents(), &names, &Query(Vec::new())) {
        Ok(found) => healthy(found.len(), StatusCode::OK),
        Err(_) => healthy(0, StatusCode::REQUEST_TIMEOUT),
    }
}

fn healthy(count: usize, status: StatusCode) -> Response {
    let is_there = status == StatusCode::OK;
    let answer = json!({
        "cluster_name": "standin", "status": if is_there { "green" } else { "red" }, "timed_out": !is_there,
        "number_of_nodes": 1, "number_of_data_nodes": 1, "discovered_master": true, "discovered_cluster_manager": true,
        "active_primary_shards": count, "active_shards": count, "relocating_shards": 0, "initializing_shards": 0,
        "unassigned_shards": 0, "delayed_unassigned_shards": 0, "number_of_pending_tasks": 0,
        "number_of_in_flight_fetch": 0, "task_max_waiting_in_queue_millis": 0, "active_shards_percent_as_number": 100.0,
    });
    (status, Json(answer)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_what_its_stars_leave_open() {
        for (pattern, name, is_so) in [
            ("*", "items", true),
            ("it*", "items", true),
            ("*ms", "items", true),
            ("i*m*", "items", true),
            ("*x*", "items", false),
            ("items", "items", true),
            ("item", "items", false),
            ("ü*", "übersicht", true),
        ] {
            assert_eq!(fits(pattern, name), is_so, "{pattern}");
        }
    }
}
