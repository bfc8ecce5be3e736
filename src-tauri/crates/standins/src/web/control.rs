//! The routes under `/sandbox/` by which another process adds faults, reads the journal and switches the extensions on.
//!
//! | call | does |
//! |---|---|
//! | `GET /sandbox` | how many faults wait, and whether the extensions are on |
//! | `POST /sandbox/faults` | adds the fault of the body, or each of a list |
//! | `DELETE /sandbox/faults` | removes all that wait |
//! | `GET /sandbox/journal`, `DELETE /sandbox/journal` | the requests seen so far, oldest first; forgets them |
//! | `PUT /sandbox/extensions` | `{"on": true}`: answers what the documented interface cannot report |
//!
//! A fault is `{"fault": "refuse", "status": 429, "retry_after": 2, "operation": "GET", "path": "/tasks", "skip": 1,
//! "times": 3}`; `"times": null` is for ever.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde::Deserialize;
use serde_json::json;

use crate::faults::{Fault, Faults, Rule};

const ROOT: &str = "/sandbox";
/// Bytes of a request to these routes.
const MAX_BODY: usize = 1024 * 1024;

/// What steers one stand-in. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Control {
    faults: Faults,
    extended: Arc<AtomicBool>,
}

/// One fault as JSON.
#[derive(Debug, Deserialize)]
struct Draft {
    #[serde(flatten)]
    fault: FaultDraft,
    operation: Option<String>,
    path: Option<String>,
    #[serde(default)]
    skip: u32,
    #[serde(default = "once")]
    times: Option<u32>,
}

#[expect(clippy::unnecessary_wraps, reason = "the default of an optional field")]
fn once() -> Option<u32> {
    Some(1)
}

#[derive(Debug, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
enum FaultDraft {
    Latency { milliseconds: u64 },
    Refuse { status: u16, code: Option<String>, retry_after: Option<u64> },
    DropRequestAfter { bytes: u64 },
    DropResponseAfter { bytes: u64 },
    DropAnswer,
    Hang,
    CorruptStored { offset: u64 },
    CorruptResponse { offset: u64 },
    WrongLength { by: i64 },
    ErrorInSuccess,
    ExpiredCredentials,
    Stale { milliseconds: u64 },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Drafts {
    Many(Vec<Draft>),
    One(Box<Draft>),
}

#[derive(Debug, Deserialize)]
struct Switch {
    on: bool,
}

impl From<Draft> for Rule {
    fn from(draft: Draft) -> Self {
        let rule = Self::new(draft.fault.into()).skip(draft.skip);
        let rule = draft.times.map_or_else(|| rule.clone().always(), |times| rule.clone().times(times));
        let rule = draft.operation.map_or_else(|| rule.clone(), |operation| rule.clone().operation(operation));
        draft.path.map_or_else(|| rule.clone(), |path| rule.clone().path(path))
    }
}

impl From<FaultDraft> for Fault {
    fn from(draft: FaultDraft) -> Self {
        match draft {
            FaultDraft::Latency { milliseconds } => Self::Latency(Duration::from_millis(milliseconds)),
            FaultDraft::Refuse { status, code, retry_after } => Self::Refuse { status, code, retry_after },
            FaultDraft::DropRequestAfter { bytes } => Self::DropRequestAfter(bytes),
            FaultDraft::DropResponseAfter { bytes } => Self::DropResponseAfter(bytes),
            FaultDraft::DropAnswer => Self::DropAnswer,
            FaultDraft::Hang => Self::Hang,
            FaultDraft::CorruptStored { offset } => Self::CorruptStored(offset),
            FaultDraft::CorruptResponse { offset } => Self::CorruptResponse(offset),
            FaultDraft::WrongLength { by } => Self::WrongLength(by),
            FaultDraft::ErrorInSuccess => Self::ErrorInSuccess,
            FaultDraft::ExpiredCredentials => Self::ExpiredCredentials,
            FaultDraft::Stale { milliseconds } => Self::Stale(Duration::from_millis(milliseconds)),
        }
    }
}

impl Control {
    /// The faults and the journal.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Whether the stand-in also answers what the documented interface cannot report. Off until it is switched on.
    pub(crate) fn is_extended(&self) -> bool {
        self.extended.load(Ordering::Acquire)
    }

    /// Switches the extensions.
    pub(crate) fn extend(&self, on: bool) {
        self.extended.store(on, Ordering::Release);
    }

    /// Whether a path belongs to these routes; others below the root are extensions of the system.
    pub(super) fn owns(path: &str) -> bool {
        let below = path.strip_prefix(ROOT).map(|rest| rest.trim_end_matches('/'));
        matches!(below, Some("" | "/faults" | "/journal" | "/extensions"))
    }

    /// Answers a request to these routes.
    pub(super) async fn answer(&self, request: Request<Body>) -> Response<Body> {
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, MAX_BODY).await else {
            return (StatusCode::PAYLOAD_TOO_LARGE, "at most one MiB").into_response();
        };
        let below = parts.uri.path().strip_prefix(ROOT).unwrap_or_default().trim_end_matches('/');
        match (parts.method, below) {
            (Method::GET, "") => {
                Json(json!({ "faults": self.faults.pending(), "extensions": self.is_extended() })).into_response()
            }
            (Method::POST, "/faults") => self.inject(&body),
            (Method::DELETE, "/faults") => {
                self.faults.clear();
                StatusCode::NO_CONTENT.into_response()
            }
            (Method::GET, "/journal") => Json(self.faults.journal()).into_response(),
            (Method::DELETE, "/journal") => {
                self.faults.clear_journal();
                StatusCode::NO_CONTENT.into_response()
            }
            (Method::PUT, "/extensions") => match serde_json::from_slice::<Switch>(&body) {
                Ok(switch) => {
                    self.extend(switch.on);
                    StatusCode::NO_CONTENT.into_response()
                }
                Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
            },
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        }
    }

    fn inject(&self, body: &Bytes) -> Response<Body> {
        match serde_json::from_slice::<Drafts>(body) {
            Ok(Drafts::One(draft)) => self.faults.inject((*draft).into()),
            Ok(Drafts::Many(drafts)) => drafts.into_iter().for_each(|draft| self.faults.inject(draft.into())),
            Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
        }
        StatusCode::NO_CONTENT.into_response()
    }
}
