//! What the other side answers, judged: a success that is none is told from one, and what was asked to be found in it is found.

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use serde_json::Value;
use waybill_connector::{ConnectorError, Result};
use waybill_model::{FailureKind, Retry};
use waybill_net::{Answer, Refusal, is_page};

use crate::{config::invalid, template::plain};

/// Bytes of an acknowledgement.
const ANSWER_BYTES: u64 = 4 * 1024 * 1024;

/// Where something stands in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Pointer(String),
    Header(HeaderName),
}

impl Place {
    /// Reads `/a/b` or `header:X-Name`.
    pub(crate) fn parse(text: &str, key: &str) -> Result<Self> {
        let text = text.trim();
        if text.starts_with('/') {
            return Ok(Self::Pointer(text.to_owned()));
        }
        let header = text.strip_prefix("header:").and_then(|name| name.trim().parse().ok());
        header.map(Self::Header).ok_or_else(|| invalid(format!("{key} is neither a JSON Pointer nor header:NAME")))
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pointer(pointer) => f.write_str(pointer),
            Self::Header(name) => write!(f, "the header {name}"),
        }
    }
}

/// A success with its whole body.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    headers: HeaderMap,
    json: Option<Value>,
}

impl Taken {
    /// Reads a success. One that is a web page, or carries an error in its body, is an error.
    pub(crate) async fn read(operation: &'static str, answer: Answer) -> Result<Self> {
        let (kind, headers, host) = (answer.kind(), answer.headers().clone(), answer.host().to_owned());
        let status = answer.status().as_u16().to_string();
        let page = answer.page("an acknowledgement");
        let body: Bytes = answer.bytes(ANSWER_BYTES).await?;
        if is_page(&kind, &body) {
            return Err(page);
        }
        let json = serde_json::from_slice::<Value>(&body).ok();
        if let Some(why) = json.as_ref().and_then(|json| error_in(&kind, json)) {
            let why = format!("{host} answered success with an error in it: {why}");
            let error = ConnectorError::new(FailureKind::Vendor, operation, why).retry(Retry::Backoff);
            return Err(error.with("status", status));
        }
        Ok(Self { headers, json })
    }

    /// The value at a place: a JSON value, or a header as text.
    pub(crate) fn value(&self, place: &Place) -> Option<Value> {
        match place {
            Place::Pointer(pointer) => self.json.as_ref()?.pointer(pointer).cloned(),
            Place::Header(name) => self.headers.get(name)?.to_str().ok().map(Value::from),
        }
    }

    /// The text at a place.
    pub(crate) fn text(&self, place: &Place) -> Option<String> {
        self.value(place).as_ref().and_then(plain)
    }

    /// The whole body as JSON.
    pub(crate) fn json(&self) -> Option<&Value> {
        self.json.as_ref()
    }
}

/// The error that a body of success holds.
fn error_in(kind: &str, json: &Value) -> Option<String> {
    let words = || {
        let named = ["detail", "title", "message", "error"];
        named.iter().find_map(|name| json.get(*name).and_then(plain)).unwrap_or_else(|| "no reason is given".to_owned())
    };
    let is_status = json.get("status").and_then(Value::as_u64).is_some_and(|status| (400..600).contains(&status));
    let is_error =
        json.get("error").is_some_and(|error| error.is_object() || error.as_str().is_some_and(|text| !text.is_empty()));
    (kind == "application/problem+json" || is_status || is_error).then(words)
}

/// Whether a refusal repeats `id`, so that what it refuses is what was sent.
pub(crate) fn echoes(refusal: &Refusal, id: &str) -> bool {
    fn holds(value: &Value, id: &str) -> bool {
        match value {
            Value::String(text) => text == id,
            Value::Array(values) => values.iter().any(|value| holds(value, id)),
            Value::Object(values) => values.values().any(|value| holds(value, id)),
            _ => false,
        }
    }
    refusal.json.as_ref().map_or_else(|| refusal.words.trim() == id, |json| holds(json, id))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("application/json", json!({ "id": "1" }), None)]
    #[case("application/json", json!({ "id": "1", "status": "ok", "error": null }), None)]
    #[case("application/json", json!({ "status": 201, "id": "1" }), None)]
    #[case("application/json", json!({ "status": 500, "title": "failed" }), Some("failed"))]
    #[case("application/problem+json", json!({ "detail": "not stored" }), Some("not stored"))]
    #[case("application/json", json!({ "error": "quota" }), Some("quota"))]
    fn an_error_in_a_success_is_found(#[case] kind: &str, #[case] body: Value, #[case] expected: Option<&str>) {
        assert_eq!(error_in(kind, &body).as_deref(), expected);
    }

    #[test]
    fn a_place_is_a_pointer_or_a_header() {
        assert_eq!(Place::parse("/a/b", "x").unwrap(), Place::Pointer("/a/b".to_owned()));
        assert_eq!(Place::parse("header:X-Ack", "x").unwrap(), Place::Header("x-ack".parse().unwrap()));
        assert!(Place::parse("a", "x").is_err());
    }

    #[test]
    fn an_id_is_echoed_as_a_whole_and_not_as_a_part() {
        let refusal = |json: Option<Value>, words: &str| Refusal {
            status: 409,
            code: None,
            words: words.to_owned(),
            retry_after: None,
            is_page: false,
            json,
        };
        assert!(echoes(&refusal(Some(json!({ "known": ["e-1"] })), ""), "e-1"));
        assert!(!echoes(&refusal(Some(json!({ "known": "e-11" })), ""), "e-1"));
        assert!(echoes(&refusal(None, "e-1"), "e-1"));
    }
}
