//! What a handler answers, and how it goes on the wire: JSON without nulls, XML where it is asked for, bytes, nothing.

use axum::body::Body;
use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, LAST_MODIFIED};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::dates;
use super::problem::Problem;
use super::spool::Blob;
use crate::clock::Millis;

/// What is encoded in a part of an address: all but what may stand there as it is (RFC 3986, 2.3).
pub(super) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A success.
#[derive(Debug)]
pub(super) enum Answer {
    /// 200 with an object.
    Object(Value),
    /// The same, with the time of its last change.
    Dated(Value, Millis),
    /// 304.
    Unchanged(Millis),
    /// 204.
    Nothing,
    /// 200 with the bytes of a file.
    Bytes(Download),
    /// 200 with a page.
    Page(String, &'static str),
}

/// The bytes of a file on their way out.
#[derive(Debug)]
pub(super) struct Download {
    pub(super) blob: Blob,
    pub(super) name: String,
    pub(super) modified: Millis,
}

/// What every handler answers.
pub(super) type Outcome = Result<Answer, Problem>;

/// 200 with an object.
#[expect(clippy::unnecessary_wraps, reason = "it ends handlers that can fail")]
pub(super) fn object(value: Value) -> Outcome {
    Ok(Answer::Object(value))
}

/// Puts an outcome on the wire in the form that the request accepts.
pub(super) fn render(outcome: Outcome, headers: &HeaderMap) -> Response<Body> {
    match outcome {
        Ok(Answer::Object(value)) => written(StatusCode::OK, value, headers),
        Ok(Answer::Dated(value, at)) => dated(written(StatusCode::OK, value, headers), at),
        Ok(Answer::Unchanged(at)) => dated(empty(StatusCode::NOT_MODIFIED), at),
        Ok(Answer::Nothing) => empty(StatusCode::NO_CONTENT),
        Ok(Answer::Bytes(download)) => sent(download),
        Ok(Answer::Page(page, kind)) => {
            let mut response = Response::new(Body::from(page));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            response
        }
        Err(problem) => {
            let mut response = written(problem.status, problem.value(), headers);
            let methods = problem.methods.and_then(|methods| HeaderValue::try_from(methods).ok());
            if let Some(methods) = methods {
                response.headers_mut().insert(ALLOW, methods);
            }
            response
        }
    }
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

fn dated(mut response: Response<Body>, at: Millis) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(&dates::http_date(at)) {
        response.headers_mut().insert(LAST_MODIFIED, value);
    }
    response
}

fn written(status: StatusCode, mut value: Value, headers: &HeaderMap) -> Response<Body> {
    prune(&mut value);
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wants_xml = weight(accepted, "application/xml") > weight(accepted, "application/json");
    let (kind, body) = if wants_xml {
        let mut document = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>".to_owned();
        element(&mut document, root_name(&value), &value);
        ("application/xml", document)
    } else {
        ("application/json", value.to_string())
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// How much `Accept` wants a media type that it names, in thousandths; nothing where it does not name it.
fn weight(accepted: &str, kind: &str) -> u16 {
    let named = accepted.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|named| named.eq_ignore_ascii_case(kind));
        let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
        // At most a thousand, so that no sign and no digit is lost.
        is_it.then(|| format!("{:.0}", quality.clamp(0.0, 1.0) * 1000.0).parse().unwrap_or(0))
    });
    named.max().unwrap_or(0)
}

/// Nulls are left out, at every depth.
fn prune(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(prune);
        }
        Value::Array(items) => items.iter_mut().for_each(prune),
        _ => {}
    }
}

/// Inferred: the vendor's documents show no XML of the answers; the elements here are named as the JSON fields.
fn root_name(value: &Value) -> &'static str {
    let has = |field: &str| value.get(field).is_some();
    match value {
        _ if has("code") && has("message") => "error",
        _ if has("items") || value.is_array() => "results",
        _ => match value.get("doc_type").and_then(Value::as_str) {
            Some("file") => "file",
            Some("binder") => "binder",
            Some("entry") => "entry",
            _ => "object",
        },
    }
}

fn element(out: &mut String, name: &str, value: &Value) {
    if let Value::Array(items) = value {
        if name == "results" {
            out.push_str("<results>");
            for item in items {
                element(out, "item", item);
            }
            out.push_str("</results>");
        } else {
            let single = if name == "items" { "item" } else { name };
            for item in items {
                element(out, single, item);
            }
        }
        return;
    }
    let name = name.trim_start_matches('@');
    out.push('<');
    out.push_str(name);
    out.push('>');
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| element(out, name, value)),
        Value::String(text) => out.push_str(&escape(text)),
        other => out.push_str(&other.to_string()),
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Text as it may stand in XML and HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The media type by the name's ending.
pub(super) fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("txt" | "md") => "text/plain",
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("png") => "image/png",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

/// The answer with a file's bytes. `Range` is not looked at: the server answers the whole file.
fn sent(download: Download) -> Response<Body> {
    // Inferred: the vendor's documents show no support for ranges.
    let kind = media_type(&download.name);
    let length = download.blob.length();
    let mut response = dated(Response::new(download.blob.into_body()), download.modified);
    let encoded = utf8_percent_encode(&download.name, SEGMENT);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// A body of these bytes in memory.
pub(super) fn body_of(bytes: Bytes) -> Body {
    Body::from(bytes)
}
