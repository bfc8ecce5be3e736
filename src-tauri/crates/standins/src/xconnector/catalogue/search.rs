//! Searches and counts over the documents of a catalogue.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::super::state::{DocumentsGuard, State};
use super::documents::narrowed;
use super::indices::{named, properties};
use super::mapping::{Fields, fields};
use super::query::{Looked, Query, compare, plain};
use super::refusal::Refusal;
use super::{Asked, body_of, flag, given};

/// What one search reaches at most.
const WINDOW: usize = 10_000;
/// Parts of a search that change what is counted or shown, so that they cannot be passed over.
const LEFT_OUT: [&str; 12] = [
    "aggs",
    "aggregations",
    "collapse",
    "highlight",
    "suggest",
    "script_fields",
    "post_filter",
    "rescore",
    "knn",
    "pit",
    "slice",
    "runtime_mappings",
];

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/_search", get(search_all).post(search_all))
        .route("/{index}/_search", get(search).post(search))
        .route("/_count", get(count_all).post(count_all))
        .route("/{index}/_count", get(count).post(count))
}

/// A hit before it is shown.
struct Hit<'a> {
    index: &'a str,
    id: &'a str,
    source: &'a Value,
    score: f64,
    keys: Vec<Value>,
}

/// One key of an order.
struct Key {
    field: String,
    descends: bool,
    /// Documents without a value stand before the others.
    is_missing_first: bool,
}

/// The query of a body or of the address (`q=field:word`, `q=word`).
fn query_of(body: &Map<String, Value>, asked: &Asked) -> Result<Query, Refusal> {
    if let Some(query) = body.get("query") {
        return Query::read(query);
    }
    match given(asked, "q").map(|text| text.split_once(':').unwrap_or(("", text))) {
        None | Some(("*" | "", "*")) => Ok(Query::All),
        // Inferred: of the language of the address a single word in a named field is understood.
        Some((field, text)) if !field.is_empty() => Query::read(&json!({ "match": { field: text } })),
        Some(_) => Err(Refusal::argument("q is understood as field:word here")),
    }
}

fn found<'a>(
    documents: &'a DocumentsGuard<'_>,
    names: &'a [String],
    all_fields: &'a [Fields],
    query: &Query,
) -> Vec<(Hit<'a>, &'a Fields)> {
    let mut hits = Vec::new();
    for (index, fields) in names.iter().zip(all_fields) {
        for (id, document) in documents.of(index) {
            let looked = Looked { id, source: &document.source, fields };
            if let Some(score) = query.score(looked) {
                let hit = Hit { index, id, source: &document.source, score, keys: Vec::new() };
                hits.push((document.sequence, hit, fields));
            }
        }
    }
    // As they were written, where nothing else orders them.
    hits.sort_by_key(|(sequence, ..)| *sequence);
    hits.into_iter().map(|(_, hit, fields)| (hit, fields)).collect()
}

async fn count_all(state: Shared<Arc<State>>, asked: Asked, body: Bytes) -> Result<Response, Refusal> {
    count(state, Path("_all".to_owned()), asked, body).await
}

async fn count(
    Shared(state): Shared<Arc<State>>,
    Path(names): Path<String>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    let body = body_of(&body)?;
    if let Some(key) = body.keys().find(|key| *key != "query") {
        return Err(Refusal::unread(format!("request does not support [{key}]")));
    }
    let query = query_of(&body, &asked)?;
    let documents = state.documents();
    let names = named(&documents, &names, &asked)?;
    let fields: Vec<Fields> = names.iter().map(|name| fields(&properties(&documents, name))).collect();
    let count = found(&documents, &names, &fields, &query).len();
    Ok(Json(json!({ "count": count, "_shards": shards(names.len()) })).into_response())
}

fn shards(count: usize) -> Value {
    json!({ "total": count, "successful": count, "skipped": 0, "failed": 0 })
}

/// A whole number of the body or the address.
fn whole(body: &Map<String, Value>, asked: &Asked, name: &str, usual: usize) -> Result<usize, Refusal> {
    let said = body.get(name).map(plain).or_else(|| given(asked, name).map(str::to_owned));
    let Some(said) = said else { return Ok(usual) };
    match said.parse::<i64>() {
        Ok(number) => usize::try_from(number)
            .map_err(|_| Refusal::argument(format!("[{name}] parameter cannot be negative, found [{number}]"))),
        Err(_) => Err(Refusal::argument(format!("Failed to parse int parameter [{name}] with value [{said}]"))),
    }
}

fn order_of(body: &Map<String, Value>, asked: &Asked, all_fields: &[Fields]) -> Result<Vec<Key>, Refusal> {
    let from_address = || {
        let pairs = given(asked, "sort")?.split(',').map(|one| match one.split_once(':') {
            Some((field, order)) => json!({ field: order }),
            None => one.into(),
        });
        Some(Value::Array(pairs.collect()))
    };
    let said = body.get("sort").cloned().or_else(from_address).unwrap_or_default();
    let said = match said {
        Value::Null => Vec::new(),
        Value::Array(keys) => keys,
        one => vec![one],
    };
    let mut keys = Vec::new();
    for one in said {
        let pairs: Vec<(String, Value)> = match one {
            Value::String(field) => vec![(field, Value::Null)],
            Value::Object(pairs) => pairs.into_iter().collect(),
            other => return Err(Refusal::argument(format!("malformed sort format, [{other}] is no key"))),
        };
        for (field, how) in pairs {
            let word = how.as_str().or_else(|| how["order"].as_str()).unwrap_or(if field == "_score" {
                "desc"
            } else {
                "asc"
            });
            let descends = match word {
                "asc" => false,
                "desc" => true,
                other => return Err(Refusal::argument(format!("No enum constant for the sort order [{other}]"))),
            };
            check_key(&field, &how, all_fields)?;
            keys.push(Key { field, descends, is_missing_first: how["missing"] == "_first" });
        }
    }
    Ok(keys)
}

/// Every index has to know what it is ordered by, and words have no order.
fn check_key(field: &str, how: &Value, all_fields: &[Fields]) -> Result<(), Refusal> {
    if matches!(field, "_score" | "_doc" | "_id") {
        return Ok(());
    }
    for fields in all_fields {
        match fields.get(field).map(|field| field.kind.as_str()) {
            None if how.get("unmapped_type").is_none() => {
                let reason = format!("No mapping found for [{field}] in order to sort on");
                return Err(Refusal::bad("query_shard_exception", reason).of_search());
            }
            Some("text") => {
                let reason = format!("The text field [{field}] cannot be sorted by; a keyword field can");
                return Err(Refusal::argument(reason).of_search());
            }
            _ => {}
        }
    }
    Ok(())
}

fn arrange(hits: &mut [(Hit<'_>, &Fields)], keys: &[Key]) {
    for (hit, fields) in hits.iter_mut() {
        let looked = Looked { id: hit.id, source: hit.source, fields };
        let value = |key: &Key| match key.field.as_str() {
            "_score" => json!(hit.score),
            "_id" => hit.id.into(),
            "_doc" => Value::Null,
            name => {
                let mut values = looked.values(name);
                values.sort_by(|one, other| compare(one, other));
                // Of several values the one that stands first in the order counts.
                let one = if key.descends { values.last() } else { values.first() };
                one.map_or(Value::Null, |value| (*value).clone())
            }
        };
        hit.keys = keys.iter().map(value).collect();
    }
    hits.sort_by(|(one, fields), (other, _)| {
        for (at, key) in keys.iter().enumerate() {
            let order = match (&one.keys[at], &other.keys[at]) {
                (Value::Null, Value::Null) => Ordering::Equal,
                (Value::Null, _) => {
                    if key.is_missing_first {
                        Ordering::Less
                    } else {
                        Ordering::Greater
                    }
                }
                (_, Value::Null) => {
                    if key.is_missing_first {
                        Ordering::Greater
                    } else {
                        Ordering::Less
                    }
                }
                (one, other) => {
                    let is_plain =
                        key.field == "_id" || fields.get(&key.field).is_some_and(|field| field.kind == "keyword");
                    let order = if is_plain { plain(one).cmp(&plain(other)) } else { compare(one, other) };
                    if key.descends { order.reverse() } else { order }
                }
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    });
}

async fn search_all(state: Shared<Arc<State>>, asked: Asked, body: Bytes) -> Result<Response, Refusal> {
    search(state, Path("_all".to_owned()), asked, body).await
}

async fn search(
    Shared(state): Shared<Arc<State>>,
    Path(names): Path<String>,
    asked: Asked,
    body: Bytes,
) -> Result<Response, Refusal> {
    let body = body_of(&body)?;
    if let Some(key) = body.keys().find(|key| LEFT_OUT.contains(&key.as_str())) {
        return Err(Refusal::unread(format!("Unknown key for a START_OBJECT in [{key}].")));
    }
    if let Some(name) =
        ["scroll", "search_after"].into_iter().find(|name| body.contains_key(*name) || given(&asked, name).is_some())
    {
        return Err(Refusal::argument(format!("[{name}] is not offered")));
    }
    let query = query_of(&body, &asked)?;
    let (from, size) = (whole(&body, &asked, "from", 0)?, whole(&body, &asked, "size", 10)?);
    if from.saturating_add(size) > WINDOW {
        let reach = from.saturating_add(size);
        let reason = format!(
            "Result window is too large, from + size must be less than or equal to: [{WINDOW}] but was [{reach}]."
        );
        return Err(Refusal::argument(reason).of_search());
    }
    let documents = state.documents();
    let names = named(&documents, &names, &asked)?;
    let all_fields: Vec<Fields> = names.iter().map(|name| fields(&properties(&documents, name))).collect();
    let keys = order_of(&body, &asked, &all_fields)?;
    let mut hits = found(&documents, &names, &all_fields, &query);
    if keys.is_empty() {
        hits.sort_by(|(one, _), (other, _)| other.score.total_cmp(&one.score));
    } else {
        arrange(&mut hits, &keys);
    }
    let is_scored = keys.is_empty() || keys.iter().any(|key| key.field == "_score");
    let best = hits.iter().map(|(hit, _)| hit.score).max_by(f64::total_cmp);
    let page: Vec<Value> =
        hits.iter().skip(from).take(size).map(|(hit, _)| shown(hit, is_scored, &body, &asked)).collect();
    let mut answer = json!({
        "took": 1, "timed_out": false, "_shards": shards(names.len()),
        "hits": { "max_score": best.filter(|_| is_scored && size > 0), "hits": page },
    });
    let counts =
        body.get("track_total_hits").map(plain).or_else(|| given(&asked, "track_total_hits").map(str::to_owned));
    if counts.as_deref() != Some("false") {
        let total = hits.len();
        answer["hits"]["total"] = if flag(&asked, "rest_total_hits_as_int") {
            total.into()
        } else {
            json!({ "value": total, "relation": "eq" })
        };
    }
    Ok(Json(answer).into_response())
}

fn shown(hit: &Hit<'_>, is_scored: bool, body: &Map<String, Value>, asked: &Asked) -> Value {
    let mut one = json!({ "_index": hit.index, "_id": hit.id, "_score": is_scored.then_some(hit.score) });
    if let Some(source) = narrowed(hit.source, body.get("_source"), asked) {
        one["_source"] = source;
    }
    if !hit.keys.is_empty() {
        one["sort"] = hit.keys.clone().into();
    }
    one
}
