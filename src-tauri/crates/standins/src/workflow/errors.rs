//! How the service and its gateway word a refusal.

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};

/// A request that is not done.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    pub(super) status: StatusCode,
    pub(super) reason: String,
    /// The gateway's code, where the gateway itself refuses.
    pub(super) gateway_code: Option<&'static str>,
}

/// The result of a handler.
pub(super) type Answer<T = Response> = std::result::Result<T, Refused>;

impl Refused {
    fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into(), gateway_code: None }
    }

    /// 400: the body or a parameter is wrong.
    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }

    /// 401: the token is missing, unknown or over.
    pub(super) fn unauthorized(reason: &str, gateway_code: &'static str) -> Self {
        Self { gateway_code: Some(gateway_code), ..Self::new(StatusCode::UNAUTHORIZED, reason) }
    }

    /// 403: known, and not allowed.
    pub(super) fn forbidden(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, reason)
    }

    /// 404: nothing has this id.
    pub(super) fn missing(what: &str, id: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("Could not find {what} with id '{id}'."))
    }

    /// 404 with its own text.
    pub(super) fn absent(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, reason)
    }

    /// 409: the state does not allow it.
    pub(super) fn conflict(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, reason)
    }
}

/// The short text that stands beside a status.
fn message(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "Bad request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not found",
        405 => "Method not allowed",
        409 => "Conflict",
        413 => "Content too large",
        415 => "Unsupported media type",
        416 => "Range not satisfiable",
        429 => "Too many requests",
        503 => "Service unavailable",
        _ => "Internal server error",
    }
}

// Inferred: only `exception` is sure; `status` and `message` stand beside it as in the engine that the service is built on.
fn service_body(refused: &Refused) -> Value {
    json!({
        "status": refused.status.as_u16(),
        "message": message(refused.status),
        "exception": refused.reason,
        "details": refused.reason,
    })
}

/// The body that the gateway in front of the service writes.
pub(super) fn gateway_body(reason: &str, code: &str) -> Value {
    json!({ "fault": { "faultstring": reason, "detail": { "errorcode": code } } })
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(service_body(&self))).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer error=\"invalid_token\""));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Puts the gateway's wording in place of the service's.
pub(super) fn speak_as_gateway(response: &mut Response) {
    let Some(refused) = response.extensions().get::<Refused>().cloned() else { return };
    let code = refused.gateway_code.unwrap_or(match refused.status.as_u16() {
        400 => "protocol.http.BadRequest",
        403 => "oauth.v2.InsufficientScope",
        404 => "protocol.http.NotFound",
        429 => "policies.ratelimit.SpikeArrestViolation",
        503 => "messaging.adaptors.http.flow.ServiceUnavailable",
        _ => "messaging.adaptors.http.flow.ErrorResponseCode",
    });
    let body = gateway_body(&refused.reason, code).to_string();
    response.headers_mut().remove(CONTENT_LENGTH);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *response.body_mut() = Body::from(body);
}

/// A refusal that a fault asks for. 429 and 503 come from the gateway, the rest from the service.
pub(super) fn refusal(status: u16, code: Option<&str>, retry_after: Option<u64>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = match status.as_u16() {
        400 => "The request cannot be read.",
        401 => "Invalid access token",
        403 => "You are not allowed to do this.",
        404 => "Nothing was found.",
        409 => "The object was changed by another request.",
        413 => "The request is too large.",
        415 => "The content coding is not supported.",
        429 => "Spike arrest violation. Allowed rate : 20ps",
        503 => "The Service is temporarily unavailable",
        _ => "Internal server error",
    };
    let usual = match status.as_u16() {
        429 => Some("policies.ratelimit.SpikeArrestViolation"),
        503 => Some("messaging.adaptors.http.flow.ServiceUnavailable"),
        _ => None,
    };
    let mut response = match code.or(usual) {
        Some(code) => (status, Json(gateway_body(reason, code))).into_response(),
        None => Refused::new(status, reason).into_response(),
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// 200 with the body of an error.
pub(super) fn error_in_success() -> Response {
    Json(service_body(&Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error"))).into_response()
}

/// The answer to a token that ran out.
pub(super) fn expired() -> Refused {
    Refused::unauthorized("Access Token expired", "keymanagement.service.access_token_expired")
}
