//! What the server refuses, in its words: a status, the name of a code, a sentence, and what stood in the way.

use axum::body::Body;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::web::Refusal;

/// An error as the interface words it.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The object that stood in the way; it carries no `@type`.
    pub(super) data: Option<Box<Value>>,
    /// What `Allow` names.
    pub(super) methods: Option<String>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), data: None, methods: None }
    }

    /// 400: what was sent cannot be used.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_INPUT", message)
    }

    /// 400 with a code of its own.
    pub(super) fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 403 without more.
    pub(super) fn denied() -> Self {
        Self::forbidden("ACCESS_DENIED", "You do not have the right to do this.")
    }

    /// 403 with a code of its own.
    pub(super) fn forbidden(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, message)
    }

    /// 404.
    pub(super) fn missing(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 409.
    pub(super) fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 405: the address is known with these methods. What is read has its headers, too.
    pub(super) fn other_method(mut methods: Vec<&'static str>) -> Self {
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.sort_unstable();
        methods.dedup();
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let problem = Self::new(status, "METHOD_NOT_ALLOWED", "This address does not know the method.");
        Self { methods: Some(methods.join(", ")), ..problem }
    }

    pub(super) fn with(mut self, data: Value) -> Self {
        self.data = Some(Box::new(data));
        self
    }

    pub(super) fn value(&self) -> Value {
        json!({ "code": self.code, "message": self.message, "data": self.data })
    }
}

/// The refusal of one who did not sign in: HTML, unlike every other error.
pub(super) fn unauthorized(realm: &str) -> Response<Body> {
    let page = "<html><head><title>Error 401</title></head><body><h1>HTTP Status 401</h1>\
        <p>This request requires HTTP authentication.</p></body></html>";
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html;charset=utf-8"));
    if let Ok(challenge) = HeaderValue::from_str(&format!("Basic realm=\"{realm}\"")) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// The answer that a fault asks for.
pub(super) fn of_fault(refusal: &Refusal, realm: &str) -> Response<Body> {
    match refusal {
        Refusal::ExpiredCredentials | Refusal::Status { status: 401, .. } => unauthorized(realm),
        // Inferred: the interface documents no error in a success; this is its error object under 200.
        Refusal::ErrorInSuccess => worded(StatusCode::OK, "SERVER_ERROR", None),
        Refusal::Status { status, code, retry_after } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            worded(status, code.as_deref().unwrap_or_else(|| usual_code(status)), *retry_after)
        }
    }
}

fn usual_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "BAD_INPUT",
        403 => "ACCESS_DENIED",
        404 => "NOT_FOUND",
        409 => "OPTIMISTIC_LOCKING_FAILURE",
        415 => "UNSUPPORTED_MEDIA_TYPE",
        503 => "MIRRORED_SERVER_DOWN",
        _ => "SERVER_ERROR",
    }
}

fn worded(status: StatusCode, code: &str, retry_after: Option<u64>) -> Response<Body> {
    let message = "The server cannot do this at the moment.";
    let mut response = Response::new(Body::from(json!({ "code": code, "message": message }).to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
