//! An HTTP event collector with acknowledgement, as the vendor of the most common one documents it.

use std::sync::Arc;

use axum::extract::{Query, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use serde_json::{Map, Value, json};

use super::state::State;
use crate::web::{basic, credentials};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/services/collector", post(event))
        .route("/services/collector/event", post(event))
        .route("/services/collector/event/1.0", post(event))
        .route("/services/collector/raw", post(raw))
        .route("/services/collector/raw/1.0", post(raw))
        .route("/services/collector/health", get(health))
        .route("/services/collector/health/1.0", get(health))
        .route("/services/collector/ack", post(acknowledge))
}

fn answer(status: StatusCode, text: &str, code: u8) -> Response {
    (status, Json(json!({ "text": text, "code": code }))).into_response()
}

type Asked = Query<Vec<(String, String)>>;

/// Whether the sender is let in, and its channel.
fn judge(state: &State, headers: &HeaderMap, asked: &Asked) -> Result<Option<String>, Box<Response>> {
    if !headers.contains_key(AUTHORIZATION) {
        return Err(Box::new(answer(StatusCode::UNAUTHORIZED, "Token is required", 2)));
    }
    // The token is the password of `Basic`, too, under any name.
    let by_name = basic(headers).map(|(_, token)| token);
    let Some(token) = credentials(headers, "Splunk").or(by_name.as_deref()) else {
        return Err(Box::new(answer(StatusCode::UNAUTHORIZED, "Invalid authorization", 3)));
    };
    if token != state.options.token {
        return Err(Box::new(answer(StatusCode::FORBIDDEN, "Invalid token", 4)));
    }
    let named = headers.get("x-splunk-request-channel").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let asked = asked.iter().find(|(name, _)| name == "channel").map(|(_, channel)| channel.clone());
    Ok(named.or(asked).filter(|channel| !channel.is_empty()))
}

async fn health() -> Response {
    answer(StatusCode::OK, "HEC is healthy", 17)
}

/// Every line is an event.
async fn raw(Shared(state): Shared<Arc<State>>, headers: HeaderMap, asked: Asked, body: Bytes) -> Response {
    let channel = match judge(&state, &headers, &asked) {
        Ok(channel) => channel,
        Err(refusal) => return *refusal,
    };
    let text = String::from_utf8_lossy(&body);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let events: Vec<Value> = lines.map(|line| json!({ "event": line })).collect();
    if events.is_empty() {
        return answer(StatusCode::BAD_REQUEST, "No data", 5);
    }
    state.collect(events);
    taken(&state, channel.is_some())
}

async fn event(Shared(state): Shared<Arc<State>>, headers: HeaderMap, asked: Asked, body: Bytes) -> Response {
    let channel = match judge(&state, &headers, &asked) {
        Ok(channel) => channel,
        Err(refusal) => return *refusal,
    };
    if body.trim_ascii().is_empty() {
        return answer(StatusCode::BAD_REQUEST, "No data", 5);
    }
    // Objects follow one another, with or without line breaks.
    let mut events = Vec::new();
    for read in serde_json::Deserializer::from_slice(&body).into_iter::<Value>() {
        match read {
            Ok(Value::Object(event)) => match event.get("event") {
                None | Some(Value::Null) => return answer(StatusCode::BAD_REQUEST, "Event field is required", 12),
                Some(blank) if blank == "" => {
                    return answer(StatusCode::BAD_REQUEST, "Event field cannot be blank", 13);
                }
                Some(_) => events.push(Value::Object(event)),
            },
            _ => return answer(StatusCode::BAD_REQUEST, "Invalid data format", 6),
        }
    }
    state.collect(events);
    taken(&state, channel.is_some())
}

/// With a channel, what was taken can be asked for.
fn taken(state: &State, is_numbered: bool) -> Response {
    if is_numbered {
        let number = state.next_ack();
        return Json(json!({ "text": "Success", "code": 0, "ackId": number })).into_response();
    }
    answer(StatusCode::OK, "Success", 0)
}

async fn acknowledge(Shared(state): Shared<Arc<State>>, headers: HeaderMap, asked: Asked, body: Bytes) -> Response {
    match judge(&state, &headers, &asked) {
        Ok(Some(_)) => {}
        Ok(None) => return answer(StatusCode::BAD_REQUEST, "Data channel is missing", 10),
        Err(refusal) => return *refusal,
    }
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(numbers) = asked["acks"].as_array() else {
        return answer(StatusCode::BAD_REQUEST, "Invalid data format", 6);
    };
    let acks: Map<String, Value> = numbers
        .iter()
        .filter_map(Value::as_u64)
        .map(|number| (number.to_string(), state.is_acknowledged(number).into()))
        .collect();
    Json(json!({ "acks": acks })).into_response()
}
