//! Answers that say no.

use axum::Json;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::web::{Manners, Refusal};

/// A request that is not done.
#[derive(Debug, Clone)]
pub(super) struct Refused {
    status: StatusCode,
    error: String,
    description: String,
    retry_after: Option<u64>,
}

/// What a handler answers.
pub(super) type Outcome<T = Response> = Result<T, Refused>;

impl Refused {
    fn new(status: StatusCode, error: &str, description: impl Into<String>) -> Self {
        Self { status, error: error.to_owned(), description: description.into(), retry_after: None }
    }

    /// Something about the request is wrong.
    pub(super) fn bad(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", description)
    }

    /// No such thing, or nothing that the caller may see.
    pub(super) fn not_found(description: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", description)
    }

    /// The address is known, and not with this method.
    pub(super) fn other_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The method is not supported.")
    }

    /// A privilege is missing.
    pub(super) fn forbidden(description: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", description)
    }

    /// The token is unknown or over.
    pub(super) fn unauthorized(description: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_token", description)
    }

    /// The limit of a minute is reached.
    pub(super) fn too_many(retry_after: Option<u64>) -> Self {
        Self {
            retry_after,
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit", "Rate limit exceeded. Please try again later.")
        }
    }

    /// The server failed.
    pub(super) fn broken(error: &dyn std::fmt::Display) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "server_error", error.to_string())
    }

    /// Whether this is the word it refuses with.
    pub(super) fn is_about(&self, error: &str) -> bool {
        self.error == error
    }

    /// A refusal of the sign-in, with the word of the standard.
    pub(super) fn oauth(error: &str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        // Inferred: outside the sign-in no error object is documented; clients may rely on the status alone.
        let body = Json(json!({ "error": self.error, "error_description": self.description }));
        let mut response = (self.status, body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A refusal in the words of the storage that takes uploads and gives binaries.
pub(super) fn in_xml(status: StatusCode, code: &str, message: &str) -> Response {
    let message = message.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message>\
         <RequestId>0000000000000000</RequestId><HostId>standin</HostId></Error>"
    );
    (status, [(CONTENT_TYPE, "application/xml")], body).into_response()
}

/// How the tenant words what a fault asks for.
#[derive(Clone)]
pub(super) struct CantoManners;

impl Manners for CantoManners {
    fn refuse(&self, refusal: &Refusal) -> Response<Body> {
        match refusal {
            Refusal::Status { status, code, retry_after } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let error = code.as_deref().unwrap_or_else(|| usual_code(status));
                let description = status.canonical_reason().unwrap_or("Refused");
                Refused { retry_after: *retry_after, ..Refused::new(status, error, description) }.into_response()
            }
            // Batches answer 200 and name in the body what was not done.
            Refusal::ErrorInSuccess => Json(json!({
                "status": "fail",
                "docResult": [],
                "failed": [{ "id": "", "scheme": "" }],
                "permissionFail": [{ "id": "", "scheme": "" }],
                "deleteFail": [],
            }))
            .into_response(),
            Refusal::ExpiredCredentials => Refused::unauthorized("The access token expired.").into_response(),
        }
    }
}

fn usual_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "bad_request",
        401 => "invalid_token",
        403 => "forbidden",
        404 => "not_found",
        413 => "too_large",
        415 => "unsupported_media_type",
        429 => "rate_limit",
        503 => "unavailable",
        _ => "server_error",
    }
}
