//! All routes of the platform in one, and how it words what a fault asks for.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
};
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::errors::{Answer, Refused, error_in_success, expired, refusal, speak_as_gateway};
use super::rest::json_of;
use super::shared::{Settings, Shared, State};
use super::{content, metadata, openid, rest};
use crate::web::{Manners, Refusal};

/// Bytes of a body of JSON or of a model.
const MAX_BODY: usize = 16 * 1024 * 1024;

/// The platform's manners.
#[derive(Clone)]
pub(super) struct Manner(pub(super) Arc<Shared>);

impl Manners for Manner {
    fn refuse(&self, asked: &Refusal) -> Response<Body> {
        match asked {
            Refusal::Status { status, code, retry_after } => refusal(*status, code.as_deref(), *retry_after),
            Refusal::ErrorInSuccess => error_in_success(),
            Refusal::ExpiredCredentials => expired().into_response(),
        }
    }

    fn dress(&self, response: &mut Response<Body>) {
        if self.0.settings().gateway_faults {
            speak_as_gateway(response);
        }
        // Web applications of other origins are clients too.
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
    }
}

async fn settings(shared: State) -> Response {
    Json(shared.settings()).into_response()
}

/// Changes the settings that are in the body.
async fn set(shared: State, body: Bytes) -> Answer {
    let changes = json_of(&body)?;
    let mut wanted = json!(shared.settings());
    if let (Value::Object(wanted), Value::Object(changes)) = (&mut wanted, changes) {
        wanted.extend(changes);
    }
    let wanted: Settings = serde_json::from_value(wanted).map_err(|error| Refused::invalid(error.to_string()))?;
    shared.change_settings(|settings| *settings = wanted);
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn advance(shared: State, body: Bytes) -> Answer {
    let by = json_of(&body)?["advance_ms"].as_u64();
    let by = by.ok_or_else(|| Refused::invalid("'advance_ms' must be a whole number"))?;
    shared.clock.advance(Duration::from_millis(by));
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The mails of all processes; the documented interface has no such thing.
async fn outbox(shared: State) -> Answer {
    if !shared.control.is_extended() {
        return Err(Refused::absent("The extensions are switched off."));
    }
    let mut all = Vec::new();
    for tenant in shared.tenants.values() {
        let mut engine = tenant.engine();
        engine.begin(shared.clock.now(), shared.settings().history_lag_ms);
        all.extend(engine.outbox.iter().map(|mail| json!(mail)));
    }
    Ok(Json(all).into_response())
}

/// Where nothing else answers: the question of a browser whether it may ask, or a wrong address.
async fn nothing(request: axum::extract::Request) -> Response {
    if request.method() == Method::OPTIONS {
        let allowed = [
            (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
            (ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, Accept, Range, X-Requested-With"),
            (ACCESS_CONTROL_MAX_AGE, "600"),
        ];
        return (StatusCode::NO_CONTENT, allowed).into_response();
    }
    Refused::absent(format!("No resource at '{}'.", request.uri().path())).into_response()
}

async fn wrong_method(request: axum::extract::Request) -> Response {
    if request.method() == Method::OPTIONS {
        return nothing(request).await;
    }
    let reason = format!("Request method '{}' is not supported", request.method());
    Refused { status: StatusCode::METHOD_NOT_ALLOWED, reason, gateway_code: None }.into_response()
}

/// All routes.
pub(super) fn all(shared: Arc<Shared>) -> Router {
    Router::new()
        .merge(openid::routes())
        .merge(rest::routes())
        .merge(metadata::routes())
        .route("/sandbox/settings", get(settings).put(set))
        .route("/sandbox/clock", post(advance))
        .route("/sandbox/outbox", get(outbox))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .merge(content::routes())
        .fallback(nothing)
        .method_not_allowed_fallback(wrong_method)
        .with_state(shared)
}
