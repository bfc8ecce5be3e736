//! Refusals as problem details (RFC 9457).

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, StatusCode, Uri};
use serde_json::{Map, Value, json};

use crate::web::{Manners, Refusal};

/// A problem: status, the end of its type's address, what it is, what is wrong here.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    status: StatusCode,
    kind: &'static str,
    detail: String,
    more: Map<String, Value>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, detail: detail.into(), more: Map::new() }
    }

    /// Adds a member of its own to the body.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("https://errors.example/{}", self.kind),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(body) = body.as_object_mut() {
            body.extend(self.more);
        }
        let mut response = (self.status, body.to_string()).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

pub(super) async fn no_such_address(method: Method, uri: Uri) -> Response {
    if uri.path().split('/').any(|part| part.starts_with('_')) {
        return super::catalogue::no_such_address(&method, &uri);
    }
    Problem::new(StatusCode::NOT_FOUND, "no-such-address", "nothing is served at this address").into_response()
}

pub(super) async fn no_such_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "this address does not know the method")
}

/// How faults are worded.
#[derive(Debug, Clone, Copy)]
pub(super) struct ProblemManners;

impl Manners for ProblemManners {
    fn refuse(&self, refusal: &Refusal) -> Response<Body> {
        match refusal {
            Refusal::Status { status, code, retry_after } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let detail = code.clone().unwrap_or_else(|| "try again later".to_owned());
                let mut response = Problem::new(status, "refused", detail).into_response();
                if let Some(seconds) = retry_after {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
                }
                response
            }
            Refusal::ErrorInSuccess => {
                let mut response =
                    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", "it was not stored").into_response();
                *response.status_mut() = StatusCode::OK;
                response
            }
            Refusal::ExpiredCredentials => {
                Problem::new(StatusCode::UNAUTHORIZED, "expired", "what signed in has run out").into_response()
            }
        }
    }
}
