//! How a search catalogue words a refusal: one error with its root cause, and the status beside it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, Uri};
use serde_json::{Value, json};

/// A request that is not done.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    error: Value,
}

impl Refusal {
    fn new(status: StatusCode, kind: &str, reason: impl Into<String>) -> Self {
        Self { status, error: json!({ "type": kind, "reason": reason.into() }) }
    }

    /// 400: the request is wrong.
    pub(super) fn bad(kind: &str, reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, kind, reason)
    }

    /// 400: an argument has a value that it cannot have.
    pub(super) fn argument(reason: impl Into<String>) -> Self {
        Self::bad("illegal_argument_exception", reason)
    }

    /// 400: the body is not read.
    pub(super) fn unread(reason: impl Into<String>) -> Self {
        Self::bad("parsing_exception", reason)
    }

    /// 404: no index has this name.
    pub(super) fn no_index(name: &str) -> Self {
        let mut refusal =
            Self::new(StatusCode::NOT_FOUND, "index_not_found_exception", format!("no such index [{name}]"));
        for (key, value) in
            [("index", name), ("resource.id", name), ("resource.type", "index_or_alias"), ("index_uuid", "_na_")]
        {
            refusal.error[key] = value.into();
        }
        refusal
    }

    /// 404: the index has no such document.
    pub(super) fn no_document(index: &str, id: &str) -> Self {
        let reason = format!("Document not found [{index}]/[{id}]");
        Self::new(StatusCode::NOT_FOUND, "resource_not_found_exception", reason)
    }

    /// 400: an index has this name already.
    pub(super) fn index_is_there(name: &str, uuid: &str) -> Self {
        let reason = format!("index [{name}/{uuid}] already exists");
        let mut refusal = Self::bad("resource_already_exists_exception", reason);
        refusal.error["index"] = name.into();
        refusal.error["index_uuid"] = uuid.into();
        refusal
    }

    /// 409: the document is not as the request supposes.
    pub(super) fn conflict(id: &str, why: &str) -> Self {
        let reason = format!("[{id}]: version conflict, {why}");
        Self::new(StatusCode::CONFLICT, "version_conflict_engine_exception", reason)
    }

    /// The same as the failure of every shard, which is how a search says what it cannot do.
    pub(super) fn of_search(mut self) -> Self {
        let cause = self.error.clone();
        self.error = json!({ "type": "search_phase_execution_exception", "reason": "all shards failed", "phase": "query", "grouped": true, "root_cause": [cause.clone()], "failed_shards": [{ "shard": 0, "reason": cause }] });
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut error = self.error;
        if error.get("root_cause").is_none() {
            error["root_cause"] = json!([error.clone()]);
        }
        (self.status, Json(json!({ "error": error, "status": self.status.as_u16() }))).into_response()
    }
}

/// A known address, and a method that it does not have; the answer names those that it has in `Allow`.
pub(super) async fn no_such_method(method: Method, uri: Uri) -> Response {
    let error = format!("Incorrect HTTP method for uri [{uri}] and method [{method}]");
    (StatusCode::METHOD_NOT_ALLOWED, Json(json!({ "error": error, "status": 405 }))).into_response()
}

/// An address with a part that begins with `_`, as only those of the catalogue do, and which it does not know.
pub(in crate::xconnector) fn no_such_address(method: &Method, uri: &Uri) -> Response {
    let error = format!("no handler found for uri [{uri}] and method [{method}]");
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response()
}
