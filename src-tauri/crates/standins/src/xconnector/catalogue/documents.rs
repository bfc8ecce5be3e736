//! Single documents of a catalogue.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::super::state::{Document, DocumentsGuard, State};
use super::refusal::Refusal;
use super::{Asked, Outcome, body_of, delete, given, write};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/{index}/_doc", post(add))
        .route("/{index}/_doc/{id}", get(show).put(put).post(put).delete(remove))
        .route("/{index}/_create/{id}", post(create).put(create))
        .route("/{index}/_source/{id}", get(source))
        .route("/{index}/_update/{id}", post(update))
        .route("/_mget", get(several).post(several))
        .route("/{index}/_mget", get(several_of).post(several_of))
}

/// The outer fields of a document that are asked for; nothing where none of it is.
// Inferred: fields within fields are left out and taken with the outer one.
pub(super) fn narrowed(source: &Value, said: Option<&Value>, asked: &Asked) -> Option<Value> {
    let texts = |value: &Value| match value {
        Value::Array(names) => names.iter().map(super::query::plain).collect::<Vec<_>>(),
        one => super::query::plain(one).split(',').map(str::to_owned).collect(),
    };
    let by_address = given(asked, "_source").map(Value::from);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    match said.or(by_address.as_ref()) {
        Some(Value::Bool(false)) => return None,
        Some(Value::String(word)) if word == "false" => return None,
        None | Some(Value::Bool(true) | Value::Null) => {}
        Some(Value::String(word)) if word == "true" => {}
        Some(Value::Object(parts)) => {
            with = parts.get("includes").or_else(|| parts.get("include")).map(texts).unwrap_or_default();
            without = parts.get("excludes").or_else(|| parts.get("exclude")).map(texts).unwrap_or_default();
        }
        Some(names) => with = texts(names),
    }
    with.extend(given(asked, "_source_includes").into_iter().flat_map(|names| texts(&names.into())));
    without.extend(given(asked, "_source_excludes").into_iter().flat_map(|names| texts(&names.into())));
    let is_named = |names: &[String], field: &str| {
        names.iter().any(|name| name == field || name.strip_suffix('*').is_some_and(|start| field.starts_with(start)))
    };
    let kept = source
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(field, _)| (with.is_empty() || is_named(&with, field)) && !is_named(&without, field));
    Some(kept.map(|(field, value)| (field.clone(), value.clone())).collect::<Map<_, _>>().into())
}

/// What a single change is answered with.
fn changed(documents: &DocumentsGuard<'_>, (index, id): (String, String), (status, mut answer): Outcome) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if answer.get("error").is_some() {
        answer["status"] = status.as_u16().into();
        answer["error"]["root_cause"] = json!([answer["error"].clone()]);
    } else {
        answer["_index"] = index.into();
        answer["_id"] = id.into();
        answer["_shards"] = json!({ "total": 2, "successful": 1, "failed": 0 });
        answer["_seq_no"] = documents.last_sequence().into();
        answer["_primary_term"] = 1.into();
    }
    (status, Json(answer)).into_response()
}

/// A change that supposes what it found: the number of the last change, under the one leader there is.
fn judge(there: Option<&Document>, id: &str, asked: &Asked) -> Result<(), Refusal> {
    let (number, term) = (given(asked, "if_seq_no"), given(asked, "if_primary_term"));
    let (Some(number), Some(term)) = (number, term) else {
        return match number.or(term) {
            None => Ok(()),
            Some(_) => Err(Refusal::bad(
                "action_request_validation_exception",
                "Validation Failed: 1: if_seq_no and if_primary_term go together;",
            )),
        };
    };
    let is_so = there.is_some_and(|there| there.sequence.to_string() == number) && term == "1";
    if is_so { Ok(()) } else { Err(Refusal::conflict(id, "the document is not the one that was seen")) }
}

async fn put(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<(String, String)>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    let action = if given(&asked, "op_type") == Some("create") { "create" } else { "index" };
    stored(&state, key, action, &asked, &body)
}

async fn create(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<(String, String)>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    stored(&state, key, "create", &asked, &body)
}

/// A document that gets its id here.
async fn add(
    Shared(state): Shared<Arc<State>>,
    Path(index): Path<String>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    stored(&state, (index, uuid::Uuid::now_v7().to_string()), "create", &asked, &body)
}

fn stored(state: &State, key: (String, String), action: &str, asked: &Asked, body: &[u8]) -> Result<Response, Refusal> {
    if body.trim_ascii().is_empty() {
        return Err(Refusal::bad("parse_exception", "request body is required"));
    }
    let mut documents = state.documents();
    judge(documents.get(&key), &key.1, asked)?;
    let outcome = write(&mut documents, &key, action, serde_json::from_slice(body).unwrap_or_default());
    Ok(changed(&documents, key, outcome))
}

async fn update(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<(String, String)>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    let body = Value::from(body_of(&body)?);
    let mut documents = state.documents();
    judge(documents.get(&key), &key.1, &asked)?;
    let outcome = write(&mut documents, &key, "update", body);
    Ok(changed(&documents, key, outcome))
}

async fn remove(
    Shared(state): Shared<Arc<State>>,
    Path(key): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let mut documents = state.documents();
    if !documents.indices().contains_key(&key.0) {
        return Err(Refusal::no_index(&key.0));
    }
    judge(documents.get(&key), &key.1, &asked)?;
    let outcome = delete(&mut documents, &key);
    Ok(changed(&documents, key, outcome))
}

/// A document as it is given, or that there is none.
fn told(documents: &DocumentsGuard<'_>, index: &str, id: &str, said: Option<&Value>, asked: &Asked) -> (bool, Value) {
    let Some(document) = documents.get(&(index.to_owned(), id.to_owned())) else {
        return (false, json!({ "_index": index, "_id": id, "found": false }));
    };
    let mut answer = json!({
        "_index": index, "_id": id, "_version": document.version, "_seq_no": document.sequence, "_primary_term": 1,
        "found": true,
    });
    if let Some(source) = narrowed(&document.source, said, asked) {
        answer["_source"] = source;
    }
    (true, answer)
}

async fn show(
    Shared(state): Shared<Arc<State>>,
    Path((index, id)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let documents = state.documents();
    if !documents.indices().contains_key(&index) {
        return Err(Refusal::no_index(&index));
    }
    let (is_there, answer) = told(&documents, &index, &id, None, &asked);
    let status = if is_there { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok((status, Json(answer)).into_response())
}

async fn source(
    Shared(state): Shared<Arc<State>>,
    Path((index, id)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Refusal> {
    let documents = state.documents();
    let (_, mut answer) = told(&documents, &index, &id, None, &asked);
    match answer["_source"].take() {
        Value::Null => Err(Refusal::no_document(&index, &id)),
        source => Ok(Json(source).into_response()),
    }
}

async fn several(state: Shared<Arc<State>>, asked: Asked, body: Bytes) -> Result<Response, Refusal> {
    looked_up(&state, None, &asked, &body)
}

async fn several_of(
    state: Shared<Arc<State>>,
    Path(index): Path<String>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    looked_up(&state, Some(&index), &asked, &body)
}

fn looked_up(state: &State, usual: Option<&str>, asked: &Asked, body: &[u8]) -> Result<Response, Refusal> {
    let body = body_of(body)?;
    let ids = body.get("ids").and_then(Value::as_array).into_iter().flatten().map(|id| json!({ "_id": id }));
    let wanted: Vec<Value> =
        body.get("docs").and_then(Value::as_array).into_iter().flatten().cloned().chain(ids).collect();
    if wanted.is_empty() {
        let reason = "Validation Failed: 1: no documents to get;";
        return Err(Refusal::bad("action_request_validation_exception", reason));
    }
    let documents = state.documents();
    let mut answers = Vec::new();
    for one in wanted {
        let Some(index) = one["_index"].as_str().or(usual) else {
            let reason = "Validation Failed: 1: index is missing for doc 0;";
            return Err(Refusal::bad("action_request_validation_exception", reason));
        };
        answers.push(told(&documents, index, &super::query::plain(&one["_id"]), one.get("_source"), asked).1);
    }
    Ok(Json(json!({ "docs": answers })).into_response())
}
