//! Files out, whole or in part.

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::workflow::errors::{Answer, Refused};
use crate::workflow::shared::Caller;

/// First byte and count of one range; `None` where the header is to be passed over.
fn range(headers: &HeaderMap, length: u64) -> Option<Result<(u64, u64), ()>> {
    let text = headers.get(RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (first, last) = text.split_once('-').filter(|_| !text.contains(','))?;
    if first.is_empty() {
        let count = last.parse::<u64>().ok()?.min(length);
        return Some(if count == 0 { Err(()) } else { Ok((length - count, count)) });
    }
    let first = first.parse::<u64>().ok()?;
    let last = if last.is_empty() { u64::MAX } else { last.parse().ok()? };
    if last < first {
        return None;
    }
    Some(if first >= length { Err(()) } else { Ok((first, last.min(length - 1) - first + 1)) })
}

/// `GET /v3/files/{id}/stream`
pub(super) async fn stream(caller: Caller, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let stored = caller.tenant.store.find(&id)?;
    let length = stored.blob.length();
    // Inferred: the documents say nothing of ranges; one range is honoured.
    let wanted = match range(&headers, length) {
        None => None,
        Some(Ok(wanted)) => Some(wanted),
        Some(Err(())) => {
            let all = [(CONTENT_RANGE, format!("bytes */{length}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, all).into_response());
        }
    };
    let (start, count) = wanted.unwrap_or((0, length));
    let name = percent_encoding::utf8_percent_encode(&stored.name, percent_encoding::NON_ALPHANUMERIC).to_string();
    let body = stored.blob.read(start, count).await;
    let mut response = Response::new(body.map_err(|error| Refused::absent(error.to_string()))?);
    let kind = HeaderValue::from_str(&stored.kind);
    let out = response.headers_mut();
    out.insert(CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream")));
    out.insert(CONTENT_LENGTH, HeaderValue::from(count));
    out.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename*=UTF-8''{name}")) {
        out.insert(CONTENT_DISPOSITION, value);
    }
    if wanted.is_some() {
        if let Ok(value) = HeaderValue::try_from(format!("bytes {start}-{}/{length}", start + count - 1)) {
            out.insert(CONTENT_RANGE, value);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// `GET /v3/files/{id}`
pub(super) async fn about(caller: Caller, Path(id): Path<String>) -> Answer {
    // Inferred: that a file can be looked at without its bytes.
    Ok(Json(caller.tenant.store.find(&id)?.show(&caller.shared.base)).into_response())
}

/// `DELETE /v3/files/{id}`
pub(super) async fn remove(caller: Caller, Path(id): Path<String>) -> Answer {
    // Inferred: that a file can be removed; that of an attachment can.
    if caller.tenant.store.remove(&id) {
        Ok(StatusCode::NO_CONTENT.into_response())
    } else {
        Err(Refused::missing("a file", &id))
    }
}
