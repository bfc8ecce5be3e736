//! An HTTP event collector with acknowledgement, as the vendor of the most common one documents it.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use serde_json::{Map, Value, json};

use super::state::State;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/services/collector", post(event))
        .route("/services/collector/event", post(event))
        .route("/services/collector/ack", post(acknowledge))
}

fn answer(status: StatusCode, text: &str, code: u8) -> Response {
    (status, Json(json!({ "text": text, "code": code }))).into_response()
}

/// Whether the sender is let in, and its channel.
fn judge(state: &State, headers: &HeaderMap) -> Result<Option<String>, Box<Response>> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(header) = text(AUTHORIZATION.as_str()) else {
        return Err(Box::new(answer(StatusCode::UNAUTHORIZED, "Token is required", 2)));
    };
    let Some(token) = header.strip_prefix("Splunk ") else {
        return Err(Box::new(answer(StatusCode::UNAUTHORIZED, "Invalid authorization", 3)));
    };
    if token != state.options.token {
        return Err(Box::new(answer(StatusCode::FORBIDDEN, "Invalid token", 4)));
    }
    Ok(text("x-splunk-request-channel").map(str::to_owned))
}

async fn event(Shared(state): Shared<Arc<State>>, headers: HeaderMap, body: Bytes) -> Response {
    let channel = match judge(&state, &headers) {
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
            Ok(Value::Object(event)) if event.get("event").is_some_and(|event| !event.is_null() && event != "") => {
                events.push(Value::Object(event));
            }
            Ok(Value::Object(_)) => return answer(StatusCode::BAD_REQUEST, "Event field is required", 12),
            _ => return answer(StatusCode::BAD_REQUEST, "Invalid data format", 6),
        }
    }
    state.collect(events);
    match channel {
        Some(_) => {
            let number = state.next_ack();
            Json(json!({ "text": "Success", "code": 0, "ackId": number })).into_response()
        }
        None => answer(StatusCode::OK, "Success", 0),
    }
}

async fn acknowledge(Shared(state): Shared<Arc<State>>, headers: HeaderMap, body: Bytes) -> Response {
    match judge(&state, &headers) {
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
