//! What a sender is answered: 202, or problem details (RFC 9457).

use bytes::Bytes;
use http::{
    HeaderValue, Response, StatusCode,
    header::{ALLOW, CONTENT_TYPE, RETRY_AFTER},
};
use http_body_util::Full;
use serde_json::json;
use waybill_connector::ConnectorError;
use waybill_model::FailureKind;

/// Seconds after which a sender may come again.
const AGAIN: u64 = 10;

pub(super) type Answer = Response<Full<Bytes>>;

fn with(status: StatusCode, kind: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

/// Everything of the message is kept.
pub(super) fn accepted(ids: &[String]) -> Answer {
    with(StatusCode::ACCEPTED, "application/json", json!({ "ids": ids }).to_string())
}

/// A problem: its code, and what is wrong in one sentence.
pub(super) fn problem(status: StatusCode, code: &str, detail: &str) -> Answer {
    let body = json!({
        "type": format!("urn:waybill:problem:{code}"),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    let mut answer = with(status, "application/problem+json", body.to_string());
    match status {
        StatusCode::METHOD_NOT_ALLOWED => {
            answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(AGAIN));
        }
        _ => {}
    }
    answer
}

/// The status that a message deserves which cannot be read.
pub(super) fn status_of(kind: FailureKind) -> StatusCode {
    match kind {
        FailureKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        FailureKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FailureKind::Unsupported => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        FailureKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A message that cannot be read.
pub(super) fn refused(error: &ConnectorError) -> Answer {
    problem(status_of(error.kind), error.code.as_deref().unwrap_or("refused"), &error.message)
}
