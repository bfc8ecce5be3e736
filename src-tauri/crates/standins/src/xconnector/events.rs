//! Takes `CloudEvents` 1.0 that are signed by Standard Webhooks.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State as Shared};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, StatusCode, header::CONTENT_TYPE};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::refused::Problem;
use super::state::State;
use crate::web::Encoded;

/// How far a signature's time may be from ours, in seconds.
const TOLERANCE: i64 = 300;
const NEEDED: [&str; 4] = ["id", "source", "specversion", "type"];

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/events", post(take).get(taken))
}

/// What was taken so far, for whoever looks on.
async fn taken(Shared(state): Shared<Arc<State>>) -> Json<Value> {
    Json(json!({ "items": state.events() }))
}

async fn take(Shared(state): Shared<Arc<State>>, request: Request) -> Response {
    match taking(&state, request).await {
        Ok(answer) => answer,
        Err(problem) => problem.into_response(),
    }
}

async fn taking(state: &State, request: Request<Body>) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, state.options.event_bytes).await.map_err(|_| {
        let most = state.options.event_bytes;
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("an event has at most {most} bytes"))
    })?;
    // Inferred: whether a sender signs before or after it compresses is left open, so either counts.
    let encoded = parts.extensions.get::<Encoded>().map(|encoded| encoded.0.clone());
    let bodies: Vec<&[u8]> = [Some(&body), encoded.as_ref()].into_iter().flatten().map(|bytes| &bytes[..]).collect();
    let delivery = judge_signature(state, &parts.headers, &bodies)?;
    if let Some(answers) = state.delivered(&delivery) {
        return Ok(acknowledged(&answers));
    }
    let events = read(&parts.headers, &body)?;
    for event in &events {
        judge_event(event)?;
    }
    Ok(acknowledged(&state.take(&delivery, events)))
}

fn acknowledged(answers: &[String]) -> Response {
    let first = answers.first().cloned().unwrap_or_default();
    (StatusCode::ACCEPTED, [("x-acknowledgement", first.clone())], Json(json!({ "id": first, "ids": answers })))
        .into_response()
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Answers the id of the delivery, where one of the bodies is signed.
fn judge_signature(state: &State, headers: &HeaderMap, bodies: &[&[u8]]) -> Result<String, Problem> {
    let refuse = |why: &str| Problem::new(StatusCode::UNAUTHORIZED, "signature", why);
    let (id, at) = (text(headers, "webhook-id"), text(headers, "webhook-timestamp"));
    if id.is_empty() || at.is_empty() {
        return Err(refuse("the delivery is not signed"));
    }
    let seconds: i64 = at.parse().map_err(|_| refuse("webhook-timestamp is no number of seconds"))?;
    if (state.clock.now() / 1000 - seconds).abs() > TOLERANCE {
        return Err(refuse("the signature is too old, or one of the clocks is wrong"));
    }
    let signatures = text(headers, "webhook-signature").split(' ').filter_map(|one| one.strip_prefix("v1,"));
    for signature in signatures.filter_map(|one| BASE64.decode(one.as_bytes()).ok()) {
        for (key, body) in state.keys.iter().flat_map(|key| bodies.iter().map(move |body| (key, body))) {
            let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { continue };
            mac.update(format!("{id}.{at}.").as_bytes());
            mac.update(body);
            if mac.verify_slice(&signature).is_ok() {
                return Ok(id.to_owned());
            }
        }
    }
    Err(refuse("no signature fits the body"))
}

/// The events of a body: one in structured or binary form, or a batch.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<Vec<Value>, Problem> {
    let broken = |error: serde_json::Error| {
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "json", format!("the body is no JSON: {error}"))
    };
    let kind = text(headers, CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/cloudevents+json" => Ok(vec![serde_json::from_slice(body).map_err(broken)?]),
        "application/cloudevents-batch+json" => match serde_json::from_slice(body).map_err(broken)? {
            Value::Array(events) => Ok(events),
            _ => Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "batch", "a batch is a list")),
        },
        _ if headers.contains_key("ce-id") => {
            let mut event = Map::new();
            for (name, value) in headers {
                if let Some(name) = name.as_str().strip_prefix("ce-") {
                    event.insert(name.to_owned(), Value::from(attribute(value.as_bytes())));
                }
            }
            if !kind.is_empty() {
                event.insert("datacontenttype".to_owned(), Value::from(text(headers, CONTENT_TYPE.as_str())));
            }
            // An event without data has no body, whatever its media type is.
            if kind.ends_with("json") && !body.is_empty() {
                event.insert("data".to_owned(), serde_json::from_slice(body).map_err(broken)?);
            } else if !body.is_empty() {
                event.insert("data_base64".to_owned(), Value::from(BASE64.encode(body)));
            }
            Ok(vec![Value::Object(event)])
        }
        _ => Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "the body is no CloudEvent")),
    }
}

/// An attribute in a header: what is not plain ASCII stands percent-encoded, perhaps within quotes (HTTP binding, 3.1.3.2).
/// Senders that put it there as it is are understood where it is UTF-8 or Latin-1.
fn attribute(value: &[u8]) -> String {
    let plain = std::str::from_utf8(value)
        .map_or_else(|_| value.iter().map(|byte| char::from(*byte)).collect::<String>(), str::to_owned);
    let inner = plain.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let bare = inner.map(|inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"));
    percent_decode_str(&bare.unwrap_or(plain)).decode_utf8_lossy().into_owned()
}

fn judge_event(event: &Value) -> Result<(), Problem> {
    let refuse = |why: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "event", why);
    for name in NEEDED {
        if event[name].as_str().is_none_or(str::is_empty) {
            return Err(refuse(format!("the attribute {name} is missing")));
        }
    }
    if event["specversion"] != "1.0" {
        return Err(refuse("specversion is not 1.0".to_owned()));
    }
    Ok(())
}
